"""Correcting a service record: by a further one; and the consent to a recording that is kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import services
from crm.forms.recordings import RecordingConsentForm
from crm.forms.records import CorrectionForm
from crm.selectors import visible_service_records
from crm.services.recordings import note_recording_consent
from crm.views.forms import FormPage


class CorrectRecord(FormPage):
    """The first record stays; the correction stands beside it."""

    permission = "crm.add_servicerecord"
    title = gettext_lazy("Correct a service record")
    submit = gettext_lazy("Add the correction")

    def load(self, pk: int) -> None:
        rows = visible_service_records(self.request.user).select_related("customer__merged_into", "text", "contact")
        self.record = get_object_or_404(rows, pk=pk)
        self.object = self.record.customer.merged_into or self.record.customer

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """It starts with what was said last, also where somebody opens what was corrected before."""
        return CorrectionForm(data, files, record=self.record.standing(), customer=self.object)

    def fresh_version(self) -> object:
        return self.record.standing().pk

    def save(self, form: Any) -> HttpResponse:
        services.correct_service_record(self.record.pk, actor=self.request.user, **form.cleaned_data)
        return self.saved(self.object, _("The correction is kept beside the first record."))


class NoteConsent(FormPage):
    """Those who are heard on a recording that is kept already have agreed."""

    permission = "crm.add_servicerecord"
    title = gettext_lazy("Note the consent to the recording")

    def load(self, pk: int) -> None:
        rows = visible_service_records(self.request.user).select_related("customer", "text")
        self.record = get_object_or_404(rows, pk=pk)
        self.object = self.record.customer

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        return RecordingConsentForm(data)

    def save(self, form: Any) -> HttpResponse:
        note_recording_consent(self.record.pk, actor=self.request.user, **form.cleaned_data)
        return self.saved(self.object, _("The consent is recorded."))
