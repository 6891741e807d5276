"""The short forms behind the verbs: only what the step needs, in the order in which it is told."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from catalog.selectors import unit_symbol
from foundation.ui import formats
from foundation.ui import forms as forms_of_house
from foundation.ui.forms import UPLOAD_HINT, ManyFilesField, ManyFilesInput, SignatureField, SubjectForm, text_area
from foundation.ui.places import countries
from logistics.models import Carrier, Shipment, TrackingEvent
from logistics.selectors import OpenLine

PHOTO_HINT = _("JPEG, PNG or WebP, at most 10 MB each, 8 at most.")
MOST_PHOTOS = 8


class MomentField(forms_of_house.MomentField):
    """A moment in the reader's time zone, which the hint names."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("In your own time zone."))
        super().__init__(**kwargs)


def now_here() -> Any:
    """This minute, as the field shows it."""
    return timezone.localtime().replace(second=0, microsecond=0)


def mode_choices() -> list[tuple[str, Any]]:
    """Modes with an empty first choice."""
    return [("", "–"), *Shipment.Mode.choices]


class DispatchForm(SubjectForm):
    """What must be known before goods leave the house."""

    carrier = forms.ModelChoiceField(
        label=_("Carrier"), queryset=Carrier.objects.filter(is_active=True), empty_label="–"
    )
    waybill_number = forms.CharField(label=_("Waybill number"), max_length=80)
    mode = forms.ChoiceField(label=_("Mode"), choices=mode_choices)
    eta = MomentField(label=_("Expected arrival"))
    container_number = forms.CharField(label=_("Container number"), max_length=80, required=False)
    vehicle = forms.CharField(label=_("Vehicle or vessel"), max_length=120, required=False)
    driver_name = forms.CharField(label=_("Driver"), max_length=120, required=False)
    driver_phone = PhoneNumberField(
        label=_("Driver's phone"), required=False, help_text=_("With the country code, such as +86 139 0000 0000.")
    )
    at = MomentField(label=_("Left at"), initial=now_here)

    def clean(self) -> dict[str, Any]:
        """Goods do not arrive before they leave."""
        cleaned = super().clean() or {}
        at, eta = cleaned.get("at"), cleaned.get("eta")
        if at and eta and eta < at:
            self.add_error("eta", gettext("The goods cannot arrive before they leave."))
        return cleaned


class DepartForm(SubjectForm):
    """When the main carriage began."""

    at = MomentField(label=_("Departed at"), initial=now_here)


class ArriveForm(SubjectForm):
    """When the goods arrived, and when they will be unloaded."""

    at = MomentField(label=_("Arrived at"), initial=now_here)
    appointment_at = MomentField(
        label=_("Unloading appointment"), required=False, help_text=_("The customer is told. In your own time zone.")
    )


class EtaForm(SubjectForm):
    """A new arrival time, and the reason that the customer will ask for."""

    eta = MomentField(label=_("New expected arrival"))
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=lambda: [("", "–"), *Shipment.DelayReason.choices],
        required=False,
        help_text=_("Needed when it arrives later. The customer reads it in their own language."),
    )
    details = text_area(_("Details"), rows=3, required=False, most=2000, help_text=_("For colleagues only."))


class TrackingForm(SubjectForm):
    """One sighting, as it was reported."""

    kind = forms.ChoiceField(
        label=_("Kind of event"), choices=TrackingEvent.Kind.choices, initial=TrackingEvent.Kind.POSITION
    )
    at = MomentField(label=_("At"), initial=now_here)
    place = forms.CharField(label=_("Place"), max_length=120)
    text = forms.CharField(
        label=_("Report in words"),
        max_length=300,
        required=False,
        help_text=_("As it was reported. The customer reads it."),
    )


class SignForm(SubjectForm):
    """At the customer's door, on a phone: the state of the goods, then the name, then the signature."""

    shortages = text_area(
        _("Is anything missing?"),
        rows=2,
        required=False,
        most=2000,
        help_text=_("Which goods and how many. Empty: everything is there."),
    )
    damage = text_area(
        _("Is anything damaged?"),
        rows=2,
        required=False,
        most=2000,
        help_text=_("Which goods and how. Empty: everything is whole."),
    )
    photos = ManyFilesField(
        label=_("Photos"),
        required=False,
        help_text=PHOTO_HINT,
        most=MOST_PHOTOS,
        widget=ManyFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}),
    )
    signer_name = forms.CharField(
        label=_("Name of the receiver"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    signature = SignatureField(label=_("Signature of the receiver"), required=False)
    scan = forms.FileField(
        label=_("Signed paper instead"),
        required=False,
        help_text=UPLOAD_HINT,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )
    no_signature_reason = forms.CharField(
        label=_("No signature, because"), max_length=200, required=False, help_text=_("Only if nobody can sign.")
    )
    at = MomentField(label=_("Signed at"), initial=now_here)

    def clean(self) -> dict[str, Any]:
        """Somebody signed, on the screen or on paper, or there is a reason why not."""
        cleaned = super().clean() or {}
        if not (cleaned.get("signature") or cleaned.get("scan") or cleaned.get("no_signature_reason") or self.errors):
            self.add_error(
                "signature", gettext("A signature is missing: let the receiver sign, or say why there is none.")
            )
        return cleaned


class PodForm(SubjectForm):
    """The paper that came back."""

    scan = forms.FileField(
        label=_("Scan or photo of the signed paper"),
        help_text=UPLOAD_HINT,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pod = getattr(self.instance, "pod", None)
        # A scan that was made at the door need not be made again.
        self.fields["scan"].required = pod is None or pod.scan_id is None or pod.status == "rejected"
        if not self.fields["scan"].required:
            self.fields["scan"].help_text = gettext("Leave it empty to use the scan that was made at the door.")


class RejectForm(SubjectForm):
    """What is wrong with the paper."""

    reason = forms.CharField(label=_("What is wrong with it?"), max_length=200)


class DetailsForm(SubjectForm):
    """The papers of a shipment, before it leaves and on the way."""

    carrier = forms.ModelChoiceField(
        label=_("Carrier"), queryset=Carrier.objects.filter(is_active=True), empty_label="–", required=False
    )
    mode = forms.ChoiceField(label=_("Mode"), choices=mode_choices, required=False)
    waybill_number = forms.CharField(label=_("Waybill number"), max_length=80, required=False)
    container_number = forms.CharField(label=_("Container number"), max_length=80, required=False)
    vehicle = forms.CharField(label=_("Vehicle or vessel"), max_length=120, required=False)
    driver_name = forms.CharField(label=_("Driver"), max_length=120, required=False)
    driver_phone = PhoneNumberField(label=_("Driver's phone"), required=False)
    origin = forms.CharField(label=pgettext_lazy("way of goods", "From"), max_length=160, required=False)
    destination = forms.CharField(label=pgettext_lazy("way of goods", "To"), max_length=160, required=False)
    destination_country = forms.ChoiceField(
        label=_("Destination country"), choices=lambda: [("", "–"), *countries()], required=False
    )
    etd = MomentField(label=_("Planned departure"), required=False)
    eta = MomentField(label=_("Expected arrival"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance is not None and self.instance.has_left:
            del self.fields["eta"]  # on the way the arrival has its own verb, with a reason


class PlanForm(DetailsForm):
    """How much of which order line goes, by whom and where to."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        lines: Iterable[OpenLine],
        first_order: int,
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, files)
        self.initial = initial
        for name in ("waybill_number", "container_number", "vehicle", "driver_name", "driver_phone"):
            del self.fields[name]  # known when the goods are loaded
        self.lines = list(lines)
        quantities: dict[str, forms.Field] = {}
        for one in self.lines:
            if not one.remaining:
                continue
            name = f"line_{one.line.pk}"
            shown = formats.quantity(one.remaining, unit_symbol(one.line.unit))
            quantities[name] = forms.DecimalField(
                label=one.line.description,
                min_value=Decimal(0),
                max_digits=14,
                decimal_places=3,
                required=False,
                localize=False,
                help_text=gettext("%(order)s: %(left)s still to be shipped.")
                % {"order": one.line.order.number, "left": shown},
                initial=f"{one.remaining.normalize():f}" if one.line.order_id == first_order else None,
                widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
            )
        self.fields = {**quantities, **self.fields}

    @property
    def has_goods(self) -> bool:
        """Whether anything remains that could go."""
        return any(one.remaining for one in self.lines)

    def quantities(self) -> dict[int, Decimal]:
        """Order line → quantity, for lines of which something goes."""
        named = {name: value for name, value in self.cleaned_data.items() if name.startswith("line_") and value}
        return {int(name.removeprefix("line_")): value for name, value in named.items()}

    def details(self) -> dict[str, Any]:
        """Everything but the quantities."""
        return {name: value for name, value in self.cleaned_data.items() if not name.startswith("line_")}
