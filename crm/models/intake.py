"""How inquiries come in and go out: sources with keys, what was posted, repeats, reasons of the end, answers at hand."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.models.appointments import Worded
from foundation.ui.shelf import Shelf, follow

LANGUAGES = ("en", "zh_hans", "zh_hant", "de")


class InquirySource(models.Model):
    """Another machine that may post inquiries: a web shop, a trade platform. Its key is kept as a digest only."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    channel = models.CharField(_("channel"), max_length=12, default="platform")
    language = models.CharField(_("language where none is sent"), max_length=10, default="en")
    per_minute = models.PositiveSmallIntegerField(
        _("posts a minute"), default=60, validators=[MinValueValidator(1), MaxValueValidator(6000)]
    )
    key_hint = models.CharField(_("key begins with"), max_length=16, blank=True, editable=False)
    key_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - null is "no key"
    keyed_at = models.DateTimeField(_("key made"), null=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    class Meta:
        verbose_name = _("source of inquiries")
        verbose_name_plural = _("sources of inquiries")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def known(cls) -> list[InquirySource]:
        """Every one, in their order. They are shared: to change one, read the row."""
        return _sources.get()


_sources: Shelf[list[InquirySource]] = Shelf(lambda: list(InquirySource.objects.all()), of=(InquirySource,))
follow(InquirySource)


class InquiryPost(models.Model):
    """What a source posted, by its own key for it: the same post again is answered the same and does nothing."""

    source = models.ForeignKey(InquirySource, on_delete=models.PROTECT, related_name="posts")
    key = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    inquiry = models.ForeignKey("crm.Inquiry", on_delete=models.PROTECT, null=True, related_name="posts")
    was_joined = models.BooleanField(default=False)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("posted inquiry")
        verbose_name_plural = _("posted inquiries")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="crm_inquirypost_once")]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.key}"


class InquiryPolicy(models.Model):
    """What the house has decided about inquiries: one row that an administrator edits."""

    repeat_days = models.PositiveSmallIntegerField(
        _("days within which the same question is the same inquiry"),
        default=7,
        validators=[MaxValueValidator(365)],
        help_text=_("From the same sender, in the same or nearly the same words. 0: never."),
    )
    repeat_percent = models.PositiveSmallIntegerField(
        _("how alike the words must be, in percent"),
        default=90,
        validators=[MinValueValidator(50), MaxValueValidator(100)],
        help_text=_("Numbers must be the same in any case: 600 m² and 900 m² are two questions."),
    )
    same_subject_hours = models.PositiveSmallIntegerField(
        _("hours within which a mail with the same subject asks again"),
        default=24,
        validators=[MaxValueValidator(720)],
        help_text=_("From the same sender, whatever its words are. 0: never."),
    )
    owner_first = models.BooleanField(
        _("the customer's own salesperson comes first"),
        default=True,
        help_text=_("If they are there and speak the sender's language. Otherwise the rules decide from the start."),
    )

    class Meta:
        verbose_name = _("rules for inquiries")
        verbose_name_plural = _("rules for inquiries")
        constraints = [models.CheckConstraint(name="crm_inquirypolicy_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(_("Rules for inquiries"))

    def save(self, *args: object, **kwargs: object) -> None:
        self.pk = 1
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @classmethod
    def current(cls) -> InquiryPolicy:
        """The rules in force; the shipped ones where nobody has saved any. They are shared: to change them, read the row."""
        return _policy.get()


_policy: Shelf[InquiryPolicy] = Shelf(lambda: InquiryPolicy.objects.filter(pk=1).first() or InquiryPolicy(pk=1))
follow(InquiryPolicy)


class ClosingReason(Worded):
    """Why an inquiry was won, lost or closed as spam; an administrator's row."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    outcome = models.CharField(
        _("outcome"), max_length=8, choices=[("won", _("Won")), ("lost", _("Lost")), ("spam", _("Spam"))]
    )
    asks_competitor = models.BooleanField(_("asks for the competitor"), default=False)
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("reason for the end of an inquiry")
        verbose_name_plural = _("reasons for the end of an inquiry")
        ordering = ("outcome", "position", "pk")

    @classmethod
    def known(cls) -> list[ClosingReason]:
        """Every reason, in their order. They are shared: to change one, read the row."""
        return _reasons.get()


_reasons: Shelf[list[ClosingReason]] = Shelf(lambda: list(ClosingReason.objects.all()), of=(ClosingReason,))
follow(ClosingReason)


class SavedAnswer(models.Model):
    """Words for a usual answer in four languages, filled in and changed before they are sent; an administrator's row."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title_en = models.CharField(_("title, English"), max_length=120)
    title_zh_hans = models.CharField(_("title, Simplified Chinese"), max_length=120, blank=True)
    title_zh_hant = models.CharField(_("title, Traditional Chinese"), max_length=120, blank=True)
    title_de = models.CharField(_("title, German"), max_length=120, blank=True)
    body_en = models.TextField(_("answer, English"), max_length=8000)
    body_zh_hans = models.TextField(_("answer, Simplified Chinese"), max_length=8000, blank=True)
    body_zh_hant = models.TextField(_("answer, Traditional Chinese"), max_length=8000, blank=True)
    body_de = models.TextField(_("answer, German"), max_length=8000, blank=True)
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("saved answer")
        verbose_name_plural = _("saved answers")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """In the reader's language, in English where nobody has translated it."""
        return self._worded("title", get_language() or "en")

    def body_in(self, language: str) -> str:
        """The words in a language; English where there are none."""
        return self._worded("body", language)

    def _worded(self, name: str, language: str) -> str:
        return getattr(self, f"{name}_{language.replace('-', '_')}", "") or getattr(self, f"{name}_en")


class RoutingRule(models.Model):
    """Who gets which inquiries. The first rule in order that fits, and has somebody who is there, decides."""

    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"), default=10)
    is_active = models.BooleanField(_("in use"), default=True)
    countries = models.JSONField(_("countries"), default=list, blank=True)
    regions = models.TextField(
        _("provinces or states"),
        max_length=2000,
        blank=True,
        help_text=_(
            "One a line, in any writing: Guangdong or 广东, California or CA. Then only inquiries from one of them."
        ),
    )
    languages = models.JSONField(_("languages"), default=list, blank=True)
    channels = models.JSONField(_("channels"), default=list, blank=True)
    families = models.ManyToManyField(
        "catalog.Family", blank=True, related_name="+", verbose_name=_("product families")
    )
    words = models.TextField(
        _("words"), max_length=2000, blank=True, help_text=_("One a line. Any of them in the question is enough.")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    team = models.ForeignKey(
        "accounts.Team", on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    must_speak = models.BooleanField(
        _("only who speaks the sender's language"),
        default=True,
        help_text=_("Without it, those who speak it come first, and the others are not left out."),
    )
    least_level = models.PositiveSmallIntegerField(
        _("how well, at least"),
        choices=[(1, _("Basic")), (2, _("Working")), (3, _("Fluent")), (4, _("Native"))],
        default=2,
    )

    class Meta:
        verbose_name = _("rule for giving out inquiries")
        verbose_name_plural = _("rules for giving out inquiries")
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(
                name="crm_routingrule_has_somebody", condition=Q(person__isnull=False) | Q(team__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def region_lines(self) -> list[str]:
        """The provinces or states as they were written, one by one."""
        return [" ".join(line.split()) for line in self.regions.splitlines() if line.strip()]


class RoutingShare(models.Model):
    """How many inquiries somebody gets, compared with colleagues: 50 is half as many, 0 none."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    percent = models.PositiveSmallIntegerField(_("share in percent"), default=100, validators=[MaxValueValidator(500)])

    class Meta:
        verbose_name = _("share of inquiries")
        verbose_name_plural = _("shares of inquiries")

    def __str__(self) -> str:
        return f"{self.person}: {self.percent} %"
