"""What a colleague chooses on the profile page: how email about their work comes."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from foundation.notifications import outbox
from foundation.notifications.digests.gathering import leaves_at, one_after_the_other
from foundation.notifications.digests.policy import Wanted
from foundation.notifications.models import DigestChoice, Message


class DigestForm(forms.ModelForm):
    """A part of the profile page. What a form does not say stays as it was."""

    title = _("Email")
    anchor = "digests"
    mode = forms.ChoiceField(
        label=_("Email about your work"),
        choices=DigestChoice.Mode.choices,
        help_text=_(
            "Urgent news, such as deadlines that are about to be missed, comes at once in any case. When very many "
            "come at the same time, they come together in one email."
        ),
    )
    at = forms.TimeField(
        label=_("Time of the daily email"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("In your own time zone."),
    )

    class Meta:
        model = DigestChoice
        fields = ("mode", "at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("mode", "at"):
            self.fields[name].required = not self.is_bound or self.add_prefix(name) in self.data

    def clean_mode(self) -> str:
        """What was there, where the form says nothing."""
        return self.cleaned_data["mode"] or self.instance.mode

    def clean_at(self) -> time:
        """What was there, where the form says nothing."""
        return self.cleaned_data["at"] or self.instance.at

    def keep(self, user: Any) -> None:
        """Save what was chosen for this colleague, whose language and zone may just have changed too."""
        choose(user, self.cleaned_data["mode"], self.cleaned_data["at"])


def profile_form(*, user: Any, data: Any, **_context: Any) -> DigestForm:
    """For the profile page."""
    row = DigestChoice.objects.filter(user=user).first() or DigestChoice(user=user)
    return DigestForm(data, instance=row, prefix="digest")


@transaction.atomic
def choose(user: Any, mode: str, at: time) -> None:
    """Keep a colleague's wish. A digest that waits leaves earlier if that is what they want now, never later."""
    one_after_the_other(user.pk)
    DigestChoice.objects.update_or_create(user=user, defaults={"mode": mode, "at": at})
    moment = leaves_at(user, Wanted(mode, at), is_flood=False)
    waiting = Message.objects.filter(
        digest__user=user, digest__closed_at=None, state=Message.State.QUEUED, next_attempt_at__gt=moment
    )
    if waiting.update(next_attempt_at=Least(F("next_attempt_at"), moment)):
        outbox.ring_on_commit()
