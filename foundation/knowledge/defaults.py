"""Rows that every installation starts with; what somebody has written stays as it is."""

from __future__ import annotations

from django.utils import timezone

from foundation.knowledge.models import (
    Article,
    ArticleVersion,
    Course,
    Exam,
    ExamOption,
    ExamQuestion,
    Level,
    LevelNeed,
    Situation,
)
from foundation.knowledge.services.articles import refresh_search
from foundation.knowledge.shipped import (
    Shipped,
    calls,
    faq,
    manners,
    service,
    shipment_gate,
    shipment_road,
    shipment_stock,
)
from foundation.knowledge.shipped.career import COURSES, LEVELS, CourseRow, QuestionRow
from foundation.knowledge.shipped.situations import SITUATIONS
from foundation.knowledge.words import worded
from foundation.ui.shelf import renew

ARTICLES: tuple[Shipped, ...] = (
    *shipment_stock.SCRIPTS,
    *shipment_road.SCRIPTS,
    *shipment_gate.SCRIPTS,
    *calls.SCRIPTS,
    *service.SCRIPTS,
    *manners.ARTICLES,
    *faq.FAQ,
)


def load() -> int:
    """Situations, articles, courses and levels that are missing; shipped words that nobody has edited are brought up to date."""
    added = _situations() + _articles() + _courses() + _levels()
    refresh_search()
    return added


def _situations() -> int:
    known = set(Situation.objects.values_list("code", flat=True))
    rows = [
        Situation(code=code, room=room, position=10 * place, **worded("title", names))
        for place, (code, room, names) in enumerate(SITUATIONS, start=1)
        if code not in known
    ]
    return len(Situation.objects.bulk_create(rows))


def _articles() -> int:
    known = {one.code: one for one in Article.objects.select_related("current", "latest")}
    changed = 0
    for place, one in enumerate(ARTICLES, start=1):
        article = known.get(one.code)
        if article is None:
            _make(one, place)
            changed += 1
        elif article.shipped and article.shipped != one.digest() and not article.has_draft:
            _publish(article, one)
            changed += 1
    if changed:
        renew()
    return changed


def _make(one: Shipped, place: int) -> None:
    article = Article(
        code=one.code,
        kind=one.kind,
        situations=list(one.situations),
        keywords=one.keywords,
        position=10 * place,
        status=Article.Status.DRAFT,
    )
    article.save()
    _publish(article, one)


def _publish(article: Article, one: Shipped) -> None:
    """The shipped words as a published version. Nobody's event: an installation begins with them."""
    number = (article.latest.number if article.latest else 0) + 1
    now = timezone.now()
    version = ArticleVersion.objects.create(
        article=article, number=number, published_at=now, written_at=now, **one.texts()
    )
    article.current = article.latest = version
    article.shipped = one.digest()
    if article.status == Article.Status.DRAFT:
        article.status = Article.Status.PUBLISHED
    article.save(update_fields=["current", "latest", "shipped", "status"])


def _courses() -> int:
    known = set(Course.objects.values_list("code", flat=True))
    missing = [(place, one) for place, one in enumerate(COURSES, start=1) if one.code not in known]
    for place, one in missing:
        _make_course(one, 10 * place)
    return len(missing)


def _make_course(one: CourseRow, position: int) -> None:
    texts = {**worded("title", one.titles), **worded("about", one.abouts)}
    course = Course(code=one.code, position=position, repeat_months=one.repeat_months, **texts)
    course.save()
    course.materials.set(Article.objects.filter(code__in=one.materials))
    if not one.questions:
        return
    exam = Exam.objects.create(course=course, number=1, pass_percent=80, attempts=3, minutes=15)
    for place, row in enumerate(one.questions, start=1):
        _make_question(exam, row, place)
    exam.published_at = timezone.now()
    exam.save(update_fields=["published_at"])


def _make_question(exam: Exam, row: QuestionRow, place: int) -> None:
    question = ExamQuestion.objects.create(
        exam=exam,
        position=place,
        kind=row.kind,
        is_true=row.is_true,
        right_number=row.number,
        **worded("text", row.texts),
    )
    ExamOption.objects.bulk_create(
        ExamOption(question=question, position=position, is_right=is_right, **worded("text", texts))
        for position, (is_right, texts) in enumerate(row.options, start=1)
    )


def _levels() -> int:
    known = set(Level.objects.values_list("code", flat=True))
    added = 0
    for place, one in enumerate(LEVELS, start=1):
        if one.code in known:
            continue
        texts = {**worded("title", one.titles), **worded("about", one.abouts)}
        level = Level.objects.create(code=one.code, position=10 * place, **texts)
        for position, need in enumerate(one.needs, start=1):
            course = Course.objects.filter(code=need.course).first() if need.course else None
            kind = (
                LevelNeed.Kind.COURSE if course else LevelNeed.Kind.MONTHS if need.months else LevelNeed.Kind.ASSESSMENT
            )
            LevelNeed.objects.create(
                level=level, code=need.code, kind=kind, course=course, months=need.months, position=position,
                **worded("title", need.titles),
            )  # fmt: skip
        added += 1
    return added
