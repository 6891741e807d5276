"""Tags: short words of the house's own that are put on customers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models.names import Named
from crm.models.customers import Customer
from foundation.ui.once import once
from foundation.ui.shelf import Shelf, follow


class Tag(Named):
    """A word with a colour, which an administrator makes."""

    class Colour(models.TextChoices):
        PLAIN = "plain", pgettext_lazy("colour", "Grey")
        ACCENT = "accent", pgettext_lazy("colour", "Blue")
        GREEN = "in-time", pgettext_lazy("colour", "Green")
        AMBER = "soon", pgettext_lazy("colour", "Amber")
        RED = "late", pgettext_lazy("colour", "Red")
        VIOLET = "paused", pgettext_lazy("colour", "Violet")

    class Who(models.TextChoices):
        EVERYBODY = "everybody", _("Whoever may change the customer")
        LEADERS = "leaders", _("Managers and administrators only")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    colour = models.CharField(_("colour"), max_length=10, choices=Colour.choices, default=Colour.PLAIN)
    who = models.CharField(_("who may set it"), max_length=12, choices=Who.choices, default=Who.EVERYBODY)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("in use"), default=True, help_text=_("A tag that is not stays where it was set."))

    class Meta:
        verbose_name = pgettext_lazy("word on a customer", "tag")
        verbose_name_plural = pgettext_lazy("words on customers", "tags")
        ordering = ("position", "pk")
        permissions = [("set_guarded_tags", "Can set tags that only leaders set")]

    @property
    def css(self) -> str:
        """The class that draws its colour."""
        return f"tag {self.colour}"

    def may_be_set_by(self, user: Any) -> bool:
        """Whether this person may put it on a customer, or take it off."""
        if not self.is_active or not user.has_perm("crm.change_customer"):
            return False
        return self.who == self.Who.EVERYBODY or user.has_perm("crm.set_guarded_tags")

    @classmethod
    def known(cls) -> dict[int, Tag]:
        """Every tag by its key, in their order. They are shared: to change one, read the row."""
        return once("crm.tags", _shelf.get)


_shelf: Shelf[dict[int, Tag]] = Shelf(lambda: {one.pk: one for one in Tag.objects.all()}, of=(Tag,))
follow(Tag)


class CustomerTag(models.Model):
    """A tag on a customer, and who put it there."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="tag_rows", verbose_name=_("customer")
    )
    tag = models.ForeignKey(
        Tag,
        on_delete=models.PROTECT,
        related_name="customers",
        verbose_name=pgettext_lazy("word on a customer", "tag"),
        db_index=False,
    )
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("set by")
    )
    set_at = models.DateTimeField(_("set"), db_default=Now())

    class Meta:
        verbose_name = _("tag of a customer")
        verbose_name_plural = _("tags of customers")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["customer", "tag"], name="crm_customertag_once")]
        # everybody with a tag
        indexes = [models.Index(fields=["tag", "customer"], name="crm_customertag_tag")]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.tag_id}"
