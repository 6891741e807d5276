"""Fields that several rooms ask for."""

from __future__ import annotations

import base64
import binascii
import copy
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar, cast

from django import forms
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.ui import formats
from foundation.ui.signatures import LONGEST_NAME, draw_name

TYPED = "typed:"
PNG_URL = "data:image/png;base64,"
LARGEST_SIGNATURE = 400_000
FIRST_YEAR, LAST_YEAR = 1900, 2200
UPLOAD_HINT = _("JPEG, PNG, WebP or PDF, at most 10 MB.")
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"
F = TypeVar("F", bound=forms.BaseForm)
AnyField = TypeVar("AnyField", bound=forms.Field)


class SignatureInput(forms.HiddenInput):
    """The canvas with its hidden field, and a field for the typed name, which needs neither hand nor scripts."""

    input_type = "text"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """The drawn picture, or else the typed name behind a mark."""
        typed = (data.get(f"{name}_typed") or "").strip()
        return data.get(name) or (f"{TYPED}{typed}" if typed else "")

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_typed" if id_ else id_

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        shown = value if isinstance(value, str) and value.startswith(PNG_URL) else ""
        return render_to_string(
            "ui/widgets/signature.html",
            {
                "name": name,
                "value": shown,
                "typed": str(value)[len(TYPED) :] if str(value).startswith(TYPED) else "",
                "id": (attrs or {}).get("id", name),
            },
        )


class SignatureField(forms.Field):
    """A signature drawn on screen or typed: cleaned to the bytes of a PNG, or None when there is none."""

    widget = SignatureInput

    def clean(self, value: Any) -> bytes | None:
        """Raises ValidationError for what is no picture, or none of a reasonable size."""
        value = value or ""
        if not value:
            if self.required:
                raise forms.ValidationError(gettext("A signature is missing."), code="required")
            return None
        if str(value).startswith(TYPED):
            return draw_name(str(value)[len(TYPED) :][:LONGEST_NAME])
        if not str(value).startswith(PNG_URL) or len(value) > LARGEST_SIGNATURE:
            raise forms.ValidationError(gettext("The signature could not be read. Please sign again."), code="invalid")
        try:
            return base64.b64decode(str(value)[len(PNG_URL) :], validate=True)
        except (binascii.Error, ValueError) as error:
            raise forms.ValidationError(
                gettext("The signature could not be read. Please sign again."), code="invalid"
            ) from error


class ManyFilesInput(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once: cleaned to a list."""

    widget = ManyFilesInput

    def __init__(self, *, most: int = 8, **kwargs: Any) -> None:
        self.most = most
        kwargs.setdefault("widget", ManyFilesInput(attrs={"accept": ACCEPTED}))
        kwargs.setdefault("help_text", UPLOAD_HINT)
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Every file by itself; their number is bounded."""
        many = data if isinstance(data, (list, tuple)) else [data] if data else []
        if len(many) > self.most:
            raise forms.ValidationError(
                gettext("At most %(count)s files at once.") % {"count": self.most}, code="invalid"
            )
        if not many and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        one_clean = super().clean
        return [one_clean(one, initial) for one in many if one]


class _Shared(dict[str, forms.Field]):
    """The fields of a class, of which a form gets the very same ones but for its `own`."""

    def __init__(self, fields: dict[str, forms.Field], own: tuple[str, ...]) -> None:
        super().__init__(fields)
        self.own = own

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return {name: copy.deepcopy(field, memo) if name in self.own else field for name, field in self.items()}


def share_fields(*own: str) -> Callable[[type[F]], type[F]]:
    """For a large form: what it asks is the same for everybody, so its fields are not copied for each form.

    Name in `own` the fields that learn something of the request, and those that take files, which keep what they were
    sent. None of the others may be changed by a form.
    """

    def apply(form: type[F]) -> type[F]:
        form.base_fields = _Shared(form.base_fields, own)  # type: ignore[attr-defined]
        return form

    return apply


class MomentInput(forms.DateTimeInput):
    """The browser's own field for date and time; without scripts and without support it stays a text field."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def refuse_slip(day: date) -> None:
    """Raises ValidationError for a year that must be a slip."""
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        message = gettext("Enter a day between the years %(first)s and %(last)s.")
        raise forms.ValidationError(message % {"first": FIRST_YEAR, "last": LAST_YEAR - 1}, code="year")


class MomentField(forms.DateTimeField):
    """A moment in the reader's time zone, of a year that people deal with.

    The first and the last year that Python knows cannot be shown in every zone: kept, they would break the pages
    on which they stand.
    """

    widget = MomentInput

    def to_python(self, value: Any) -> Any:
        """An hour that the end of summer time repeats is the first of the two; one that its beginning skips is refused."""
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            local: datetime = (error.params or {})["datetime"]
            moment = local.replace(tzinfo=timezone.get_current_timezone())
            if moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) == local:
                return moment
            said = gettext("On this day the clocks go forward, and there is no %(time)s. Enter another time.")
            raise forms.ValidationError(said % {"time": formats.clock_time(local.time())}, code="skipped") from error

    def validate(self, value: Any) -> None:
        """Raises ValidationError for a year that must be a slip."""
        super().validate(value)
        if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise forms.ValidationError(
                gettext("Enter a time between the years %(first)s and %(last)s.")
                % {"first": FIRST_YEAR, "last": LAST_YEAR},
                code="year",
            )


class SubjectForm(forms.Form):
    """The short form of an action: it knows the record and the person, and starts with what is known already."""

    def __init__(self, data: Any = None, files: Any = None, *, instance: Any = None, actor: Any = None) -> None:
        self.instance = instance
        self.actor = actor
        super().__init__(data, files, initial=self.first_values(instance) if instance is not None else None)

    def first_values(self, subject: Any) -> dict[str, Any]:
        """Every field named as a field of the record."""
        names = {f.name for f in subject._meta.concrete_fields}
        return {name: getattr(subject, name) for name in self.base_fields if name in names}


class ReasonForm(SubjectForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


def needed_sometimes(field: AnyField) -> AnyField:
    """A field that the form itself demands in some cases: its label does not say that it is optional."""
    field.is_needed_sometimes = True  # type: ignore[attr-defined]
    return field


def text_area(
    label: str | Promise, *, rows: int = 4, required: bool = True, most: int = 5000, help_text: str | Promise = ""
) -> forms.CharField:
    """A field for several lines."""
    return forms.CharField(
        label=cast(Any, label),
        widget=forms.Textarea(attrs={"rows": rows}),
        required=required,
        max_length=most,
        help_text=cast(Any, help_text),
    )
