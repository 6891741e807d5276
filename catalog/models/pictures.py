"""Pictures of products: the first one is the main one."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models.products import Product
from foundation.ui.addresses import record_url

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def picture_path(picture: ProductPicture, name: str) -> str:
    """Where a picture is kept: under a name of ours."""
    return f"catalog/{secrets.token_hex(2)}/{secrets.token_hex(16)}.{name.rpartition('.')[2]}"


class ProductPicture(models.Model):
    """One picture: judged by its content, drawn again, with a small copy for lists."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="pictures", verbose_name=_("product"))
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"), default=0)
    alt = models.CharField(_("what it shows"), max_length=200, blank=True)
    alt_de = models.CharField(_("what it shows, in German"), max_length=200, blank=True)
    alt_zh_hans = models.CharField(_("what it shows, in Simplified Chinese"), max_length=200, blank=True)
    alt_zh_hant = models.CharField(_("what it shows, in Traditional Chinese"), max_length=200, blank=True)
    file = models.FileField(_("file"), upload_to=picture_path, max_length=200)
    small = models.FileField(_("small copy"), upload_to=picture_path, max_length=200)
    media_type = models.CharField(_("kind of file"), max_length=60)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    digest = models.CharField(_("checksum"), max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"), db_default=Now())

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        default_permissions = ()
        ordering = ("product", "position", "pk")
        constraints = [models.UniqueConstraint(fields=["product", "digest"], name="catalog_picture_once")]

    def __str__(self) -> str:
        return self.alt_in(get_language() or "en") or f"#{self.pk}"

    def alt_in(self, language: str) -> str:
        """What it shows, in a language, else in English."""
        return str(getattr(self, f"alt_{language.replace('-', '_')}", "") or self.alt)

    @property
    def url(self) -> str:
        """The picture itself; another picture has another address."""
        return f"{record_url('catalog:picture', self.pk)}?v={self.digest[:8]}"

    @property
    def small_url(self) -> str:
        """The small copy."""
        return f"{record_url('catalog:picture-small', self.pk)}?v={self.digest[:8]}"
