"""Fields of the house's own: what it wants to know of its customers beyond what everybody asks."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Prefetch
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models.names import Named
from foundation.ui.once import once
from foundation.ui.shelf import Shelf, follow

CODE = RegexValidator(r"^[a-z][a-z0-9_]*\Z", _("Small letters, digits and underscores, beginning with a letter."))


class OwnSection(Named):
    """A heading under which fields stand together."""

    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("section of own fields")
        verbose_name_plural = _("sections of own fields")
        ordering = ("position", "pk")


class OwnField(Named):
    """What is asked, and where it is shown. A field that is not in use any more keeps its values."""

    class Record(models.TextChoices):
        CUSTOMER = "customer", _("Customer")

    class Kind(models.TextChoices):
        TEXT = "text", pgettext_lazy("kind of field", "Text")
        NUMBER = "number", pgettext_lazy("kind of field", "Number")
        DATE = "date", pgettext_lazy("kind of field", "Day")
        CHOICE = "choice", pgettext_lazy("kind of field", "One of several")
        MANY = "many", pgettext_lazy("kind of field", "Several of several")
        YES_NO = "yes_no", pgettext_lazy("kind of field", "Yes or no")
        LINK = "link", pgettext_lazy("kind of field", "Link")

    record = models.CharField(_("of"), max_length=20, choices=Record.choices, default=Record.CUSTOMER)
    code = models.CharField(
        _("code"),
        max_length=40,
        validators=[CODE],
        help_text=_("What files call it. It cannot be changed later."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TEXT)
    help = models.CharField(_("explanation"), max_length=300, blank=True)
    help_de = models.CharField(_("explanation in German"), max_length=300, blank=True)
    help_zh_hans = models.CharField(_("explanation in Simplified Chinese"), max_length=300, blank=True)
    help_zh_hant = models.CharField(_("explanation in Traditional Chinese"), max_length=300, blank=True)
    section = models.ForeignKey(
        OwnSection, on_delete=models.PROTECT, null=True, blank=True, related_name="fields", verbose_name=_("section")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_obligatory = models.BooleanField(_("must be filled in"), default=False)
    in_list = models.BooleanField(_("a column of the list"), default=False)
    in_filter = models.BooleanField(_("narrows the list"), default=False)
    in_export = models.BooleanField(_("in exports"), default=True)
    in_import = models.BooleanField(_("in imports"), default=True)
    is_active = models.BooleanField(
        _("in use"), default=True, help_text=_("A field that is not keeps its values; nobody is asked for it.")
    )

    class Meta:
        verbose_name = _("own field")
        verbose_name_plural = _("own fields")
        ordering = ("section__position", "position", "pk")
        constraints = [models.UniqueConstraint(fields=["record", "code"], name="crm_ownfield_code")]

    def help_text(self) -> str:
        """The explanation in the reader's language."""
        language = (get_language() or "en").replace("-", "_")
        return str(getattr(self, f"help_{language}", "") or self.help)

    @classmethod
    def of(cls, record: str = Record.CUSTOMER, *, retired: bool = False) -> list[OwnField]:
        """The fields of a kind of record, in their order. They are shared: to change one, read the row."""
        return [
            one for one in once("crm.own_fields", _shelf.get) if one.record == record and (one.is_active or retired)
        ]


class OwnChoice(Named):
    """One answer that a field offers."""

    field = models.ForeignKey(OwnField, on_delete=models.CASCADE, related_name="choices", verbose_name=_("own field"))
    code = models.CharField(_("code"), max_length=40, validators=[CODE])
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("answer of an own field")
        verbose_name_plural = _("answers of own fields")
        ordering = ("position", "pk")
        constraints = [models.UniqueConstraint(fields=["field", "code"], name="crm_ownchoice_code")]


def _read() -> list[OwnField]:
    answers = Prefetch("choices", OwnChoice.objects.order_by("position", "pk"), to_attr="known_choices")
    rows = OwnField.objects.select_related("section").prefetch_related(answers)
    return list(rows.order_by("section__position", "position", "pk"))


_shelf: Shelf[list[OwnField]] = Shelf(_read, of=(OwnField, OwnChoice, OwnSection))
follow(OwnField, OwnChoice, OwnSection)
