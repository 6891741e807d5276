"""What customers are recognised by when somebody enters them again, and pairs that may be one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models.customers import Customer
from crm.short_names import PLACES, TRADES, NameWords
from foundation.ui.shelf import Shelf, follow

WHY: dict[str, Any] = {
    "tax": _("the same tax number"),
    "email": _("the same email address"),
    "phone": _("the same telephone number"),
    "domain": _("the same domain"),
    "name": _("the same name"),
    "similar": _("nearly the same name"),
    "short": _("a short form of the name"),
    "sound": _("a name that sounds the same"),
}


class FreeMailHost(models.Model):
    """A host whose addresses belong to people and not to a company: a row that an administrator edits."""

    domain = models.CharField(_("domain"), max_length=120, unique=True)

    class Meta:
        verbose_name = _("free mail host")
        verbose_name_plural = _("free mail hosts")
        ordering = ("domain",)

    def __str__(self) -> str:
        return self.domain

    @classmethod
    def current(cls) -> frozenset[str]:
        """All of them."""
        return _hosts.get()


_hosts: Shelf[frozenset[str]] = Shelf(
    lambda: frozenset(one.lower() for one in FreeMailHost.objects.values_list("domain", flat=True)), of=(FreeMailHost,)
)
follow(FreeMailHost)


class NameWord(models.Model):
    """A place or a trade that stands in many names and may be left out of a short one: a row that an administrator edits."""

    class Kind(models.TextChoices):
        PLACE = "place", pgettext_lazy("word of a company's name", "Place")
        TRADE = "trade", pgettext_lazy("word of a company's name", "Trade")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    word = models.CharField(_("word"), max_length=40)

    class Meta:
        verbose_name = _("word of many names")
        verbose_name_plural = _("words of many names")
        ordering = ("kind", "word")
        constraints = [models.UniqueConstraint(fields=["kind", "word"], name="crm_nameword_once")]

    def __str__(self) -> str:
        return self.word

    @classmethod
    def current(cls) -> NameWords:
        """All of them; where there are none, those that the house knows."""
        return _words.get()


def _read_words() -> NameWords:
    found: dict[str, list[str]] = {kind: [] for kind in NameWord.Kind.values}
    for kind, word in NameWord.objects.values_list("kind", "word"):
        found[kind].append(word)
    if not any(found.values()):
        return NameWords.of(PLACES.split(), TRADES.split())
    return NameWords.of(found[NameWord.Kind.PLACE], found[NameWord.Kind.TRADE])


_words: Shelf[NameWords] = Shelf(_read_words, of=(NameWord,))
follow(NameWord)


class CustomerKeys(models.Model):
    """The keys of one customer, beside it: they change with its names and people, and not with each conversation."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="match_keys")
    keys = ArrayField(models.BigIntegerField(), default=list)
    # False until the background job has looked for others like it.
    is_compared = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("keys of a customer")
        verbose_name_plural = _("keys of customers")
        default_permissions = ()
        indexes = [
            # who else has one of these keys
            GinIndex(fields=["keys"], name="crm_customerkeys_keys"),
            # what is still to be compared
            models.Index(fields=["customer"], name="crm_customerkeys_open", condition=Q(is_compared=False)),
        ]

    def __str__(self) -> str:
        return f"keys #{self.customer_id}"


class DuplicatePair(models.Model):
    """Two customers that may be one; what somebody has decided about them is remembered."""

    class Verdict(models.TextChoices):
        OPEN = "open", pgettext_lazy("pair of customers", "Not decided")
        DIFFERENT = "different", _("Not the same")
        MERGED = "merged", _("Merged")

    first = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", verbose_name=_("customer"))
    second = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", verbose_name=_("other customer"))
    reasons = ArrayField(models.CharField(max_length=10), verbose_name=_("because of"))
    weight = models.PositiveSmallIntegerField(_("how sure"), default=0)
    verdict = models.CharField(_("decision"), max_length=10, choices=Verdict.choices, default=Verdict.OPEN)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    found_at = models.DateTimeField(_("found"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("pair of likely duplicates")
        verbose_name_plural = _("pairs of likely duplicates")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="crm_duplicatepair_once"),
            models.CheckConstraint(name="crm_duplicatepair_ordered", condition=Q(first__lt=F("second"))),
        ]
        indexes = [
            # what is to be decided, the surest first
            models.Index(fields=["-weight", "id"], name="crm_duplicatepair_open", condition=Q(verdict="open")),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"

    @property
    def why(self) -> str:
        """The reasons in words."""
        return ", ".join(str(WHY[one]) for one in self.reasons if one in WHY)
