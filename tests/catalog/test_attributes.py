"""Attributes, pictures, specifications per language."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from PIL import Image

from catalog import services
from catalog.attribute_defaults import SERIES, load
from catalog.models import Attribute, AttributeOption, Family, Pack, Product, ProductPicture, ProductValue, Unit
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from tests.accounts.factories import make_user
from tests.catalog.factories import make_floor, picture, prepare

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def defaults(db: None) -> None:
    cache.clear()
    prepare()


def test_defaults_come_once_in_four_languages_and_leave_changes_alone() -> None:
    assert set(Attribute.objects.values_list("family__code", flat=True)) == set(SERIES)
    for row in [*Attribute.objects.all(), *AttributeOption.objects.all()]:
        assert row.name and row.name_de and row.name_zh_hans and row.name_zh_hant, row.pk
    Attribute.objects.filter(family__code="spc").exclude(code="thickness").delete()
    assert load() == 0


def test_the_database_refuses_values_that_are_nothing_or_two_things() -> None:
    floor = make_floor()
    size = Attribute.objects.get(family=floor.family, code="size")
    for values in ({}, {"number": 1, "text": "x"}, {"truth": True, "text": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProductValue.objects.create(product=floor, attribute=size, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attribute.objects.create(family=floor.family, code="x", name="x", kind="text", asked="range")
    with pytest.raises(ValueError, match="no number"), transaction.atomic():
        thickness = Attribute.objects.get(family=floor.family, code="thickness")
        services.save_product(floor, actor=None, values={thickness: "thick"})


def _data(**more: Any) -> dict[str, Any]:
    family = Family.objects.get(code="spc")
    return {
        "sku": "SPC-9",
        "name": "SPC plank",
        "unit": Unit.objects.get(code="m2").pk,
        "family": family.pk,
        "shown_family": str(family.pk),
        "is_active": "on",
        "attribute_thickness": "5.5",
        "attribute_use_class": str(AttributeOption.objects.get(attribute__family=family, code="33").pk),
        "attribute_underlay": "yes",
        "attribute_size": "1220 × 180 mm",
        **more,
    }


def test_a_product_is_entered_with_its_attributes_and_says_them_in_the_readers_language(client: Any) -> None:
    client.force_login(make_user("Max", role="order desk"))
    url = reverse("catalog:product-new")
    family = Family.objects.get(code="spc")
    assert "attribute_thickness" in client.get(url, {"family": family.pk}).context["form"].fields
    assert client.post(url, _data()).status_code == 302
    product = Product.objects.get()
    said = {row.attribute.code: row.value for row in product.values.all()}
    assert said["thickness"] == Decimal("5.5") and said["use_class"].code == "33"
    assert said["underlay"] is True and said["size"] == "1220 × 180 mm"
    event = Event.objects.about(product).get(code="product.created")
    assert set(event.facts["attributes"]) == {"thickness", "use_class", "underlay", "size"}
    client.cookies["django_language"] = "zh-hans"
    page = client.get(product.get_absolute_url()).content.decode()
    with translation.override("zh-hans"):
        assert "33 商用，高强度" in str(product.values.get(attribute__code="use_class"))
    assert product.sku in page


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("attribute_thickness", ""),
        ("attribute_thickness", "thick"),
        ("attribute_thickness", "-1"),
        ("attribute_use_class", "999999"),
        ("attribute_underlay", "perhaps"),
        ("attribute_size", "x" * 201),
    ],
)
def test_a_wrong_value_stands_beside_its_field_and_nothing_is_kept(client: Any, name: str, value: str) -> None:
    client.force_login(make_user("Max", role="technical"))
    answer = client.post(reverse("catalog:product-new"), _data(**{name: value}))
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [name]
    assert not Product.objects.exists()


def test_another_family_is_asked_for_its_own_attributes_first(client: Any) -> None:
    client.force_login(make_user("Max", role="order desk"))
    client.post(reverse("catalog:product-new"), _data())
    product = Product.objects.get()
    wall = Family.objects.get(code="partition")
    edit = reverse("catalog:product-edit", args=[product.pk])
    asked = client.post(edit, _data(family=wall.pk))
    assert asked.status_code == 200 and "attribute_sound" in asked.context["form"].fields
    product.refresh_from_db()
    assert product.family.code == "spc"  # type: ignore[union-attr]
    done = _data(
        family=wall.pk,
        shown_family=str(wall.pk),
        attribute_thickness="100",
        attribute_sound="42",
        attribute_use_class="",
    )
    assert client.post(edit, done).status_code == 302
    said = {row.attribute.code: row for row in product.values.select_related("attribute")}
    assert set(said) == {"thickness", "sound", "size"} and said["sound"].number == 42
    assert {row.attribute.family_id for row in said.values()} == {wall.pk}


def test_nothing_is_remembered_where_nothing_changed() -> None:
    floor = make_floor()
    before = Event.objects.count()
    values = {row.attribute: row.value for row in floor.values.select_related("attribute", "option")}
    services.save_product(floor, actor=None, values=values)
    assert Event.objects.count() == before


def test_a_specification_exists_per_language_with_a_fallback() -> None:
    product = Product(specification="EN", specification_zh_hans="简")
    assert [product.specification_in(code) for code in ("en", "de", "zh-hans", "zh-hant")] == ["EN", "EN", "简", "简"]


def test_packs_are_changed_by_form_and_one_with_prices_stays(client: Any) -> None:
    client.force_login(make_user("Max", role="order desk"))
    floor = make_floor()
    box, pallet = (Unit.objects.get(code=code) for code in ("box", "pallet"))
    url = reverse("catalog:product-packs", args=[floor.pk])
    assert client.post(url, {f"pack_{box.pk}": "2.196", f"pack_{pallet.pk}": "131.76"}).status_code == 302
    assert {one.unit.code: one.quantity for one in floor.packs.all()} == {
        "box": Decimal("2.196"),
        "pallet": Decimal("131.76"),
    }
    assert client.post(url, {f"pack_{box.pk}": "0"}).status_code == 422
    from tests.catalog.factories import make_price

    make_price(floor, "18", unit=box)
    assert client.post(url, {f"pack_{box.pk}": ""}).status_code == 422
    assert Pack.objects.filter(product=floor, unit=box).exists()
    assert client.post(url, {f"pack_{box.pk}": "2.196", f"pack_{pallet.pk}": ""}).status_code == 302
    assert not Pack.objects.filter(product=floor, unit=pallet).exists()


# ---------------------------------------------------------------- pictures


def test_pictures_are_drawn_again_put_in_order_and_shown(client: Any) -> None:
    client.force_login(make_user("Max", role="order desk"))
    floor = make_floor()
    url = reverse("catalog:product-pictures", args=[floor.pk])
    assert client.get(url).status_code == 200
    answer = client.post(url, {"pictures": [picture("a.png", "peru"), picture("b.jpg", "gray", (1200, 900))]})
    assert answer.status_code == 302
    first, second = floor.pictures.all()
    assert (first.width, second.height, second.media_type) == (640, 900, "image/jpeg")
    with Image.open(second.small.open()) as small:
        assert max(small.size) == 320
    changed = {f"place_{first.pk}": "2", f"place_{second.pk}": "1", f"alt_de_{second.pk}": "Eiche grau"}
    assert client.post(url, changed).status_code == 302
    assert [one.pk for one in floor.pictures.all()] == [second.pk, first.pk]
    second.refresh_from_db()
    assert second.alt_in("de") == "Eiche grau"
    shown = client.get(second.url)
    assert (
        shown.status_code == 200
        and shown["Content-Type"] == "image/jpeg"
        and shown["X-Content-Type-Options"] == "nosniff"
    )
    assert second.small_url in client.get(reverse("catalog:products")).content.decode().replace("&amp;", "&")
    assert client.post(url, {f"remove_{second.pk}": "on"}).status_code == 302
    assert floor.pictures.get().pk == first.pk
    codes = [e.code for e in Event.objects.about(floor).order_by("id") if "pictur" in e.code]
    assert codes == ["product.pictured", "product.pictures_changed", "product.pictures_changed"]
    client.logout()
    assert client.get(first.url).status_code == 302


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.png", b"GIF89a nothing"), ("a.pdf", b"%PDF-1.4\n%%EOF"), ("a.png", b""), ("a.svg", b"<svg onload='x'/>")],
)
def test_what_is_no_picture_is_refused_beside_the_field(client: Any, name: str, data: bytes) -> None:
    client.force_login(make_user("Max", role="order desk"))
    floor = make_floor()
    url = reverse("catalog:product-pictures", args=[floor.pk])
    answer = client.post(url, {"pictures": [picture("ok.png"), SimpleUploadedFile(name, data)]})
    assert answer.status_code == 422 and "pictures" in answer.context["form"].errors
    assert not ProductPicture.objects.exists()


def test_the_same_picture_is_kept_once_and_no_metadata_stays() -> None:
    floor = make_floor()
    out, exif = BytesIO(), Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (50, 50), "tan").save(out, "JPEG", exif=exif)
    uploads = [SimpleUploadedFile("a.jpg", out.getvalue()), SimpleUploadedFile("b.jpg", out.getvalue())]
    services.add_pictures(floor.pk, uploads, actor=None)
    services.add_pictures(floor.pk, uploads[:1], actor=None)
    kept = floor.pictures.get()
    assert b"secret" not in kept.file.read()
    with pytest.raises(Refused):
        services.add_pictures(floor.pk, [picture(f"{n}.png", size=(20 + n, 20)) for n in range(12)], actor=None)
    assert floor.pictures.count() == 1


def test_who_may_only_look_changes_no_picture(client: Any) -> None:
    client.force_login(make_user("Li", role="sales"))
    floor = make_floor()
    for name in ("product-pictures", "product-packs"):
        assert client.get(reverse(f"catalog:{name}", args=[floor.pk])).status_code == 403
        assert client.post(reverse(f"catalog:{name}", args=[floor.pk]), {"pictures": picture()}).status_code == 403
    assert not ProductPicture.objects.exists()
