"""A target as an administrator edits it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import all_types
from foundation.sla.models import Target


class TargetForm(forms.ModelForm):
    """All of a target; event codes must be known to the journal or have been there before."""

    class Meta:
        model = Target
        fields = (
            "code", "metric", "position", "is_active",
            "name", "name_zh_hans", "name_zh_hant", "name_de",
            "amount", "unit", "calendar", "warning_percent", "escalate_after",
            *Target.EVENT_FIELDS,
            *Target.CONDITIONS,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse codes that no event carries, so that a typing error does not keep a clock from starting."""
        cleaned = super().clean() or self.cleaned_data
        known = {one.code for one in all_types()}
        for name in Target.EVENT_FIELDS:
            before = set(getattr(self.instance, name) or []) if self.instance.pk else set()
            unknown = sorted(set(cleaned.get(name) or []) - known - before)
            if unknown:
                self.add_error(name, ValidationError(_("No event is called “%(code)s”."), params={"code": unknown[0]}))
        return cleaned
