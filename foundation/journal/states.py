"""The column that holds a machine's state."""

from __future__ import annotations

from typing import Any

from django_fsm import FSMField


class StateField(FSMField):
    """django-fsm's field, which is plain text to the migrations.

    Each FSM field listens to every model class that is made. Migrations make thousands of classes out of the history of
    each model, none of which has a transition; with the library's own field half of the time of `migrate` is spent on that.
    """

    def deconstruct(self) -> Any:
        """As a CharField: the same column, and no listener."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
