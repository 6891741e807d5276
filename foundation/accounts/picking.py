"""Choosing a colleague in a form."""

from __future__ import annotations

from typing import Any

from django import forms

from foundation.accounts.models import User


class ColleagueField(forms.ModelChoiceField):
    """Active colleagues by name; a note may add how much each of them has to do."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.filter(is_active=True).order_by("name"), **kwargs)
        self.notes: dict[int, str] = {}

    def label_from_instance(self, obj: Any) -> str:
        """The name, and what is noted beside it."""
        note = self.notes.get(obj.pk)
        return f"{obj} · {note}" if note else str(obj)
