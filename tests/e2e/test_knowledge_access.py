"""The pages of the knowledge base and of training, for everybody: axe finds nothing, nothing is pushed sideways."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from foundation.knowledge.models import Article, Course, Session
from foundation.knowledge.services import exams, training
from tests.accounts.factories import make_team, make_user
from tests.e2e.test_access import look

pytestmark = pytest.mark.django_db(transaction=True)


def test_knowledge_and_training_are_open_to_everybody(
    db: None, open_page: Callable[..., Any], session_of: Callable[[Any], str]
) -> None:
    call_command("load_defaults", verbosity=0)
    ada = make_user("Ada Roth", role="administrator", is_staff=True, is_superuser=True, team=make_team("Service"))
    article, course = Article.objects.earliest("pk"), Course.objects.get(code="telephone-manners")
    later = timezone.now() + timedelta(days=2)
    training.plan_session(
        course.pk, actor=ada, trainer=ada, begins_at=later, ends_at=later + timedelta(hours=2), place="Room 3"
    )
    session = Session.objects.get()
    attempt = exams.begin_attempt(course.pk, actor=ada)
    paths = [
        "/knowledge/",
        "/knowledge/new/",
        *(f"{article.get_absolute_url()}{part}" for part in ("", "words/", "settings/", "versions/")),
        "/training/",
        "/training/overview/",
        f"/training/people/{ada.pk}/",
        "/training/courses/",
        "/training/courses/new/",
        *(f"{course.get_absolute_url()}{part}" for part in ("", "edit/", "plan/", "test/", "sessions/new/")),
        "/training/sessions/",
        *(f"{session.get_absolute_url()}{part}" for part in ("", "edit/", "attendance/")),
        f"/training/tests/{attempt.pk}/",
    ]
    page = open_page("/ui/help/", session=session_of(ada))
    wrong = [fault for path in paths for fault in look(page, path)]
    assert not wrong, "\n".join(wrong)
