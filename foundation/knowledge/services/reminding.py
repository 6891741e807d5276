"""The daily round: whoever must take a course soon, or should have, gets a task that says so, once for each day it falls due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from foundation.knowledge.models import Errand, KnowledgePolicy
from foundation.knowledge.plan import DONE, Line, lines_of, staff
from foundation.knowledge.words import words_of
from foundation.todos.due import Due, zone_of
from foundation.todos.services.tasks import Wish, create_task

A_DAY = 24 * 60


def remind_of_courses(*, limit: int = 500) -> int:
    """Make the tasks that are missing; how many were made. May run at any time, and twice at once."""
    today = timezone.localdate()
    until = today + timedelta(days=KnowledgePolicy.current().reminder_days)
    wanted = [
        line
        for line in lines_of(staff(), today=today)
        if line.state != DONE and line.due_on is not None and line.due_on <= until
    ]
    known = set(Errand.objects.values_list("course", "person", "due_on"))
    made = 0
    for line in wanted:
        if made >= limit or (line.course.pk, line.person.pk, line.due_on) in known:
            continue
        made += _remind(line)
    return made


def _remind(line: Line) -> bool:
    person: Any = line.person
    with override(person.language):
        title = _("Training: %(course)s") % {"course": words_of(line.course, "title")}
    assert line.due_on is not None
    wish = Wish(title[:200], due=Due(line.due_on, None, zone_of(person)), remind_minutes=3 * A_DAY)
    try:
        with transaction.atomic():
            task = create_task(wish, actor=None, person=person, subject=line.course)
            Errand.objects.create(course=line.course, person=person, due_on=line.due_on, task=task)
    except IntegrityError:  # another round was faster; its task is the one
        return False
    return True
