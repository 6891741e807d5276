"""Pictures of a product: taken in after judgement, put in order, taken away."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils.translation import gettext as _
from PIL import Image

from catalog.models import Product, ProductPicture
from catalog.models.pictures import ENDINGS
from foundation.journal.contents import LARGEST, MEGABYTE, Content, Unacceptable, judge
from foundation.journal.machine import Refused
from foundation.journal.services import record

MOST_PICTURES = 12
SMALL_SIDE = 320
ALTS = ("alt", "alt_de", "alt_zh_hans", "alt_zh_hant")


@dataclass(frozen=True)
class PictureChange:
    """What becomes of a picture that is there: its place, its words, or its end."""

    position: int = 0
    words: Mapping[str, str] = field(default_factory=dict)
    is_removed: bool = False


def add_pictures(product_pk: int, uploads: Sequence[Any], *, actor: Any) -> list[ProductPicture]:
    """Add pictures behind those that are there. Raises Refused, and none is kept, for what is no sound picture.

    A picture that the product has already is not kept twice.
    """
    contents = [_judged(one) for one in uploads]
    kept: list[ProductPicture] = []
    try:
        with transaction.atomic():
            product = Product.objects.select_for_update(of=("self",)).get(pk=product_pk)
            known = set(product.pictures.values_list("digest", flat=True))
            fresh = {one.digest: one for one in contents if one.digest not in known}
            if len(known) + len(fresh) > MOST_PICTURES:
                raise Refused(
                    _("A product has at most %(count)s pictures.") % {"count": MOST_PICTURES},
                    reason="input",
                    field="pictures",
                )
            last = product.pictures.aggregate(last=models.Max("position"))["last"] or 0
            for place, content in enumerate(fresh.values(), last + 1):
                kept.append(_keep(product, content, place, actor))
            if kept:
                record("product.pictured", product, actor=actor, facts={"count": len(kept)})
    except BaseException:
        for picture in kept:
            _drop_files(picture)
        raise
    return kept


def _judged(upload: Any) -> Content:
    if upload.size and upload.size > LARGEST:
        words = {"size": LARGEST // MEGABYTE}
        raise Refused(_("This file is too large: at most %(size)s MB.") % words, reason="input", field="pictures")
    upload.seek(0)
    try:
        content = judge(upload.read(LARGEST + 1), name=str(upload.name or "") or "without-ending")
    except Unacceptable as error:
        raise Refused(f"{upload.name}: {error}", reason="input", field="pictures") from error
    if content.media_type not in ENDINGS:
        raise Refused(_("A picture is JPEG, PNG or WebP."), reason="input", field="pictures")
    return content


def _keep(product: Product, content: Content, place: int, actor: Any) -> ProductPicture:
    with Image.open(io.BytesIO(content.data)) as image:
        width, height = image.size
        small = image.convert("RGB" if content.media_type == "image/jpeg" else image.mode)
        small.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        small.save(out, format=image.format)
    picture = ProductPicture(
        product=product,
        position=place,
        media_type=content.media_type,
        width=width,
        height=height,
        digest=content.digest,
        uploaded_by=actor if getattr(actor, "pk", None) else None,
    )
    ending = ENDINGS[content.media_type]
    picture.file.save(f"picture.{ending}", ContentFile(content.data), save=False)
    picture.small.save(f"small.{ending}", ContentFile(out.getvalue()), save=False)
    try:
        picture.save(force_insert=True)
    except BaseException:
        _drop_files(picture)
        raise
    return picture


@transaction.atomic
def change_pictures(product_pk: int, changes: Mapping[int, PictureChange], *, actor: Any) -> Product:
    """Put the pictures in order, write what they show, take some away: by key. Unknown keys mean nothing."""
    product = Product.objects.select_for_update(of=("self",)).get(pk=product_pk)
    removed, changed = 0, False
    left = []
    for picture in product.pictures.all():
        change = changes.get(picture.pk)
        if change is not None and change.is_removed:
            picture.delete()
            transaction.on_commit(partial(_drop_files, picture))
            removed += 1
            continue
        left.append((change.position if change is not None else picture.position, picture.position, picture))
    for place, (_wish, _old, picture) in enumerate(sorted(left, key=lambda one: one[:2]), 1):
        words = changes[picture.pk].words if picture.pk in changes else {}
        values = {"position": place, **{name: words[name].strip()[:200] for name in ALTS if name in words}}
        differing = [name for name, value in values.items() if getattr(picture, name) != value]
        if differing:
            for name in differing:
                setattr(picture, name, values[name])
            picture.save(update_fields=differing)
            changed = True
    if removed or changed:
        record("product.pictures_changed", product, actor=actor, facts={"removed": removed})
    return product


def _drop_files(picture: ProductPicture) -> None:
    for one in (picture.file, picture.small):
        if one:
            one.storage.delete(str(one.name))
