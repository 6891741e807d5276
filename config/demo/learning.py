"""What the demo company knows and learns: articles in work, help that was used, courses with sessions, results, and levels."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from aftersales.models import Ticket
from config.demo.learning_words import DRAFT, PRODUCT, REVISED
from config.demo.present import Stage
from foundation.knowledge.models import Article, Course, Level, LevelNeed, Session
from foundation.knowledge.services import articles, career, exams, training
from foundation.knowledge.services.training import DutyData
from logistics.models import Shipment


def play(stage: Stage) -> None:
    """Xiaoyan plans the training of after-sales; Jonas and Meiling write."""
    _articles(stage)
    _used(stage)
    _training(stage)
    _careers(stage)


def _articles(stage: Stage) -> None:
    boss, jonas = stage.staff["guohua.liang"], stage.staff["jonas.keller"]
    known = articles.create_article(
        actor=boss, texts=PRODUCT, code="spc-or-wpc", kind="product", situations=["inquiry", "price"], families=["SPC", "WPC"],
        keywords="SPC WPC floor 地板 Boden", owner=stage.staff["emily.carter"],
    )  # fmt: skip
    articles.publish_article(known.pk, actor=boss)
    revised = Article.objects.get(code="damaged")
    articles.write_words(
        revised.pk, actor=jonas, texts=REVISED, change="Photos before unpacking, as agreed with the carriers"
    )
    articles.ask_publication(revised.pk, actor=jonas)
    articles.create_article(
        actor=jonas, texts=DRAFT, code="hidden-damage", kind="article", situations=["damaged"], owner=jonas
    )  # fmt: skip
    for code, name in (
        ("damaged", "xiaoyan.feng"),
        ("telephone-manners", "xiaoyan.feng"),
        ("inquiry-answer", "emily.carter"),
    ):
        Article.objects.filter(code=code).update(owner=stage.staff[name])


def _used(stage: Stage) -> None:
    helped = {
        "damaged": ("jonas.keller", "xiaoyan.feng"),
        "complaint-received": ("jonas.keller",),
        "delay": ("emily.carter",),
    }
    tickets = list(Ticket.objects.order_by("pk")[:4])
    shipment = Shipment.objects.order_by("pk").first()
    for code, names in helped.items():
        article = Article.objects.get(code=code)
        for place, name in enumerate(names):
            record = shipment if code == "delay" else tickets[place] if place < len(tickets) else None
            if record is not None:
                articles.note_use(article.pk, record, actor=stage.staff[name])
            articles.give_verdict(article.pk, actor=stage.staff[name], has_helped=True)
    articles.send_remark(
        Article.objects.get(code="inquiry-answer").pk, actor=stage.staff["jonas.keller"],
        text="Bitte die Frage nach der Fußbodenheizung ergänzen, sie kommt in jedem zweiten Gespräch.",
    )  # fmt: skip


def _training(stage: Stage) -> None:
    boss, trainer = stage.staff["guohua.liang"], stage.staff["xiaoyan.feng"]
    service = Group.objects.get(name="service")
    manners, complaints, road = (
        Course.objects.get(code=one) for one in ("telephone-manners", "complaints", "road-exceptions")
    )
    training.add_duty(manners.pk, DutyData(role_id=service.pk, within_days=14), actor=boss)
    training.add_duty(manners.pk, DutyData(role_id=Group.objects.get(name="sales").pk, within_days=30), actor=boss)
    training.add_duty(complaints.pk, DutyData(role_id=service.pk, within_days=30), actor=boss)
    training.add_duty(
        road.pk,
        DutyData(person_id=stage.staff["jonas.keller"].pk, until_on=stage.times.today - timedelta(days=3)),
        actor=boss,
    )
    for name, right in (
        ("jonas.keller", 9),
        ("emily.carter", 9),
        ("meiling.chen", 9),
        ("xiaoyan.feng", 9),
        ("jiahao.wu", 2),
    ):
        _take(manners, stage.staff[name], right)
    _take(complaints, stage.staff["xiaoyan.feng"], 9)
    _sessions(stage, complaints, road, boss, trainer)


def _take(course: Course, person: Any, right: int) -> None:
    """The first so many answers are right, the others left out."""
    attempt = exams.begin_attempt(course.pk, actor=person)
    answers: dict[str, Any] = {}
    for one in exams.questions_of(attempt.exam)[:right]:
        if one.kind == "number":
            answers[str(one.pk)] = str(one.right_number)
        elif one.kind == "truth":
            answers[str(one.pk)] = "true" if one.is_true else "false"
        else:
            answers[str(one.pk)] = [str(option.pk) for option in one.options.all() if option.is_right]
    exams.hand_in(attempt.pk, actor=person, answers=answers)


def _sessions(stage: Stage, complaints: Course, road: Course, boss: Any, trainer: Any) -> None:
    day = datetime.combine(stage.times.today, time(14), stage.times.zone)
    values = {"trainer": trainer, "language": "en"}
    people = [stage.staff[one] for one in ("jonas.keller", "emily.carter", "jiahao.wu")]
    training.plan_session(
        road.pk, actor=boss, people=people, begins_at=day + timedelta(days=5), ends_at=day + timedelta(days=5, hours=2),
        place="Guangzhou, meeting room 2, and online", **values,
    )  # fmt: skip
    past = day - timedelta(days=9)
    held = training.plan_session(
        complaints.pk, actor=boss, people=people[:2], begins_at=past, ends_at=past + timedelta(hours=3),
        place="Guangzhou, showroom", note="With three complaints of last month", **values,
    )  # fmt: skip
    ticks = {people[0].pk: ("attended", ""), people[1].pk: ("absent", "At a customer's in Hamburg")}
    training.tick_attendance(held.pk, actor=trainer, ticks=ticks)
    if Session.objects.filter(pk=held.pk, begins_at__lt=timezone.now()).exists():
        training.hold_session(held.pk, actor=boss)


def _careers(stage: Stage) -> None:
    boss, jonas, xiaoyan = (stage.staff[one] for one in ("guohua.liang", "jonas.keller", "xiaoyan.feng"))
    levels = {one.code: one for one in Level.objects.all()}
    today = stage.times.today
    career.grant_level(jonas, levels["trainee"].pk, actor=None, since_on=today - timedelta(days=120))
    for code, days in (("trainee", 2400), ("representative", 2000), ("senior", 1100)):
        career.grant_level(xiaoyan, levels[code].pk, actor=None, since_on=today - timedelta(days=days))
    calls = LevelNeed.objects.get(level__code="representative", code="five-calls")
    career.assess(jonas, calls.pk, actor=xiaoyan, has_passed=True, note="Calm, exact, very good notes.")
    leading = LevelNeed.objects.get(level__code="lead", code="leading")
    career.assess(xiaoyan, leading.pk, actor=boss, has_passed=True)
