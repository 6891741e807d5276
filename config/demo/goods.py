"""What is known of the demo's products: attributes, specifications in the other languages, drawn pictures, prices in euros, stock."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from catalog import services
from catalog.models import Attribute, Price, PriceList, Product, ProductValue, StockPlace
from catalog.services.pictures import PictureChange, add_pictures, change_pictures
from catalog.services.products import value_row
from config.demo.times import Times

EUR_PER_USD = Decimal("0.92")
# article number -> attributes by code; a choice by the code of its option
VALUES: dict[str, dict[str, Any]] = {
    "SPC-4001": {"thickness": "4", "wear_layer": "0.3", "use_class": "31", "size": "1220 × 180 mm", "click": "angle", "underlay": False, "fire_class": "bfl-s1"},
    "SPC-5002": {"thickness": "5", "wear_layer": "0.5", "use_class": "33", "size": "1220 × 180 mm", "click": "drop", "underlay": True, "fire_class": "bfl-s1"},
    "SPC-5003": {"thickness": "5", "wear_layer": "0.5", "use_class": "33", "size": "1220 × 180 mm", "click": "drop", "underlay": True, "fire_class": "bfl-s1"},
    "SPC-5010": {"thickness": "5", "wear_layer": "0.5", "use_class": "33", "size": "610 × 305 mm", "click": "angle", "underlay": False, "fire_class": "bfl-s1"},
    "SPC-6020": {"thickness": "6", "wear_layer": "0.5", "use_class": "33", "size": "630 × 126 mm", "click": "drop", "underlay": True, "fire_class": "bfl-s1"},
    "WPC-6501": {"thickness": "6.5", "wear_layer": "0.3", "use_class": "32", "size": "1220 × 180 mm", "click": "angle", "underlay": True, "fire_class": "cfl-s1"},
    "WPC-8002": {"thickness": "8", "wear_layer": "0.55", "use_class": "33", "size": "1520 × 228 mm", "click": "drop", "underlay": True, "fire_class": "cfl-s1"},
    "PVC-2001": {"thickness": "2", "wear_layer": "0.3", "use_class": "31", "size": "914 × 152 mm", "laying": "glue", "fire_class": "bfl-s1"},
    "PVC-2510": {"thickness": "2", "wear_layer": "2", "use_class": "43", "size": "2 m × 20 m", "laying": "glue", "fire_class": "bfl-s1"},
    "LAM-1201": {"thickness": "12", "abrasion": "ac4", "use_class": "32", "size": "1215 × 195 mm", "click": "angle", "waterproof": False, "fire_class": "cfl-s1"},
    "PRT-100": {"thickness": "100", "sound": "36", "height": "3200", "glass": "single", "blinds": False, "fire_class": "b"},
    "PRT-200": {"thickness": "83", "sound": "42", "height": "3000", "glass": "double", "blinds": True, "fire_class": "b"},
    "PRT-300": {"thickness": "83", "sound": "45", "height": "3000", "glass": "none", "blinds": False, "fire_class": "b"},
    "PRT-410": {"thickness": "100", "sound": "48", "height": "3000", "glass": "none", "blinds": False, "fire_class": "c"},
    "PRT-D90": {"thickness": "44", "sound": "32", "height": "2400", "glass": "single", "blinds": False, "size": "900 × 2400 mm"},
    "PRT-PB2": {"thickness": "70", "sound": "30", "height": "2300", "glass": "single", "blinds": False, "size": "1000 × 1000 × 2300 mm"},
}  # fmt: skip
# German, Simplified Chinese, Traditional Chinese
SPECIFICATIONS: dict[str, tuple[str, str, str]] = {
    "SPC-4001": ("1220 × 180 × 4,0 mm, Nutzschicht 0,3 mm, Klasse 31, Klick", "1220 × 180 × 4.0 mm，耐磨层 0.3 mm，31 级，锁扣", "1220 × 180 × 4.0 mm，耐磨層 0.3 mm，31 級，鎖扣"),
    "SPC-5002": ("1220 × 180 × 5,0 mm + 1 mm IXPE, Nutzschicht 0,5 mm, Klasse 33", "1220 × 180 × 5.0 mm + 1 mm IXPE，耐磨层 0.5 mm，33 级", "1220 × 180 × 5.0 mm + 1 mm IXPE，耐磨層 0.5 mm，33 級"),
    "SPC-5003": ("1220 × 180 × 5,0 mm + 1 mm IXPE, Nutzschicht 0,5 mm, Klasse 33", "1220 × 180 × 5.0 mm + 1 mm IXPE，耐磨层 0.5 mm，33 级", "1220 × 180 × 5.0 mm + 1 mm IXPE，耐磨層 0.5 mm，33 級"),
    "SPC-5010": ("610 × 305 × 5,0 mm, Nutzschicht 0,5 mm, Klasse 33, lackierte Fase", "610 × 305 × 5.0 mm，耐磨层 0.5 mm，33 级，上漆倒角", "610 × 305 × 5.0 mm，耐磨層 0.5 mm，33 級，上漆倒角"),
    "SPC-6020": ("630 × 126 × 6,0 mm + 1 mm IXPE, Nutzschicht 0,5 mm, links und rechts", "630 × 126 × 6.0 mm + 1 mm IXPE，耐磨层 0.5 mm，左右片", "630 × 126 × 6.0 mm + 1 mm IXPE，耐磨層 0.5 mm，左右片"),
    "WPC-6501": ("1220 × 180 × 6,5 mm + 1,5 mm Kork, Nutzschicht 0,3 mm, Klasse 32", "1220 × 180 × 6.5 mm + 1.5 mm 软木，耐磨层 0.3 mm，32 级", "1220 × 180 × 6.5 mm + 1.5 mm 軟木，耐磨層 0.3 mm，32 級"),
    "WPC-8002": ("1520 × 228 × 8,0 mm + 1,5 mm IXPE, Nutzschicht 0,55 mm, Klasse 33", "1520 × 228 × 8.0 mm + 1.5 mm IXPE，耐磨层 0.55 mm，33 级", "1520 × 228 × 8.0 mm + 1.5 mm IXPE，耐磨層 0.55 mm，33 級"),
    "PVC-2001": ("914 × 152 × 2,0 mm, Nutzschicht 0,3 mm, Klasse 31, zu verkleben", "914 × 152 × 2.0 mm，耐磨层 0.3 mm，31 级，胶粘", "914 × 152 × 2.0 mm，耐磨層 0.3 mm，31 級，膠黏"),
    "PVC-2510": ("2 m × 20 m × 2,0 mm, homogen, R10, antibakteriell", "2 m × 20 m × 2.0 mm，同质透心，R10，抗菌", "2 m × 20 m × 2.0 mm，同質透心，R10，抗菌"),
    "LAM-1201": ("1215 × 195 × 12 mm, AC4, HDF, E1, gewachste Fugen", "1215 × 195 × 12 mm，AC4，高密度板，E1，封蜡", "1215 × 195 × 12 mm，AC4，高密度板，E1，封蠟"),
    "PRT-100": ("Aluminiumrahmen 100 mm, 12 mm ESG, bis 3,2 m hoch", "100 mm 铝框，12 mm 钢化玻璃，最高 3.2 m", "100 mm 鋁框，12 mm 強化玻璃，最高 3.2 m"),
    "PRT-200": ("Aluminiumrahmen 83 mm, 2 × 6 mm Glas, Jalousie, Rw 42 dB", "83 mm 铝框，2 × 6 mm 玻璃，内置百叶，Rw 42 dB", "83 mm 鋁框，2 × 6 mm 玻璃，內置百葉，Rw 42 dB"),
    "PRT-300": ("Aluminiumrahmen 83 mm, Melaminplatte beidseitig, Mineralwolle", "83 mm 铝框，双面三聚氰胺板，内填岩棉", "83 mm 鋁框，雙面美耐板，內填岩棉"),
    "PRT-410": ("Hängende Elemente 1200 × 3000 mm, Rw 48 dB, mit Deckenschiene", "吊挂式 1200 × 3000 mm，Rw 48 dB，含天轨", "吊掛式 1200 × 3000 mm，Rw 48 dB，含天軌"),
    "PRT-D90": ("900 × 2400 mm, Aluminiumrahmen, Schloss und Bodenschließer", "900 × 2400 mm，铝框，含锁及地弹簧", "900 × 2400 mm，鋁框，含鎖及地鉸鏈"),
}  # fmt: skip
# article number -> colours: ground, grain
COLOURS = {
    "SPC-4001": ("#c9a877", "#b08d5b"), "SPC-5002": ("#6f5742", "#57432f"), "SPC-5003": ("#7a5236", "#5f3d25"),
    "SPC-5010": ("#7d8489", "#6a7175"), "SPC-6020": ("#c4955a", "#a97a41"), "WPC-6501": ("#ddd6c8", "#c5bca9"),
    "WPC-8002": ("#a67c4e", "#8a6338"), "PVC-2001": ("#d2b48a", "#bd9b6d"), "PVC-2510": ("#b9dccb", "#a9cfbc"),
    "LAM-1201": ("#a9a294", "#928b7c"), "PRT-100": ("#cfe0e6", "#8f9aa0"), "PRT-200": ("#bcd2da", "#7d888d"),
    "PRT-300": ("#e2ddd3", "#9c978c"), "PRT-410": ("#d9cdb8", "#96897a"), "PRT-D90": ("#c9dbe2", "#6d767a"),
    "PRT-PB2": ("#d8dee2", "#5d676c"),
}  # fmt: skip
# article number -> on hand in the main warehouse, in the showroom, minimum
STOCK = {
    "SPC-4001": ("5270.4", "24", "1500"), "SPC-5002": ("420", "20", "1200"), "SPC-5003": ("3860", "20", "1200"),
    "SPC-5010": ("2233.2", "12", "800"), "SPC-6020": ("1143.4", "16", "600"), "WPC-6501": ("0", "12", "500"),
    "WPC-8002": ("1871.1", "12", "500"), "PVC-2001": ("7014", "", "2000"), "PVC-2510": ("1600", "", "400"),
    "LAM-1201": ("948.5", "10", "1000"), "PRT-100": ("310", "14", "100"), "PRT-200": ("86", "9", "120"),
    "PRT-300": ("240", "", "100"), "PRT-D90": ("34", "2", "20"), "ACC-SK60": ("4800", "", "1000"),
    "ACC-TM40": ("960", "", "300"), "ACC-UL15": ("220", "", "100"), "ACC-GL10": ("18", "", "40"),
}  # fmt: skip
# article number, quantity, days from today, reference
RESTOCKS = [
    ("SPC-5002", "2372", 16, "PO-26-118"),
    ("SPC-5002", "2372", 44, "PO-26-131"),
    ("WPC-6501", "1185.6", 9, "PO-26-115"),
    ("LAM-1201", "1895", 23, "PO-26-121"),
    ("PRT-200", "150", 30, "PO-26-126"),
    ("ACC-GL10", "120", -4, "PO-26-109"),
]


def describe(since: Any) -> None:
    """Attributes and specifications of the products, and prices in euros. Nothing is remembered: it was always so."""
    products = {one.sku: one for one in Product.objects.select_related("unit")}
    rows = []
    for sku, values in VALUES.items():
        product = products[sku]
        attributes = {one.code: one for one in Attribute.objects.filter(family=product.family_id)}
        for code, value in values.items():
            attribute = attributes[code]
            if attribute.kind == Attribute.Kind.NUMBER:
                value = Decimal(value)
            elif attribute.kind == Attribute.Kind.CHOICE:
                value = attribute.options.get(code=value)
            row = value_row(product, attribute, value)
            assert row is not None
            rows.append(row)
    ProductValue.objects.bulk_create(rows)
    for sku, (german, simplified, traditional) in SPECIFICATIONS.items():
        Product.objects.filter(sku=sku).update(
            specification_de=german, specification_zh_hans=simplified, specification_zh_hant=traditional
        )
    _euros(products, since)


def _euros(products: dict[str, Product], since: Any) -> None:
    lists = {one.code: one for one in PriceList.objects.filter(code__in=("list", "dealer"))}
    dollars = Price.objects.filter(currency="USD", price_list__in=lists.values()).select_related("unit")
    cent = Decimal("0.01")
    euros = [
        Price(
            product_id=one.product_id,
            price_list_id=one.price_list_id,
            currency="EUR",
            unit=one.unit,
            amount=(one.amount * EUR_PER_USD).quantize(cent),
            valid_from=since,
        )
        for one in dollars
    ]
    large = [
        Price(
            product_id=one.product_id,
            price_list_id=one.price_list_id,
            currency="USD",
            unit=one.unit,
            min_quantity=Decimal(3000),
            amount=(one.amount * Decimal("0.94")).quantize(cent),
            valid_from=since,
        )
        for one in dollars
        if one.unit.code == "m2" and one.amount < 20
    ]
    Price.objects.bulk_create([*euros, *large])


def play(stage: Any) -> None:
    """Pictures, stock and what is to come, through the services."""
    keeper = stage.staff["peng.xu"]
    for sku, colours in COLOURS.items():
        _picture(stage.products[sku], colours, keeper)
    places = {one.code: one for one in StockPlace.objects.all()}
    for sku, (main, showroom, minimum) in STOCK.items():
        product = stage.products[sku]
        for code, quantity in (("main", main), ("showroom", showroom)):
            if quantity and Decimal(quantity):
                services.move_stock(
                    product,
                    actor=keeper,
                    place=places[code],
                    kind="receipt",
                    quantity=Decimal(quantity),
                    reference="OB-2026",
                )
        services.set_minimum(product, actor=keeper, minimum=Decimal(minimum))
    broken = stage.products["SPC-5010"]
    services.move_stock(
        broken,
        actor=keeper,
        place=places["main"],
        kind="correction",
        quantity=Decimal("-3.722"),
        reason="Two boxes broken",
    )
    _expect(stage, places["main"], keeper)
    _next_year(stage, keeper)


def _expect(stage: Any, place: StockPlace, keeper: Any) -> None:
    from catalog.models import Restock

    times: Times = stage.times
    for sku, quantity, days, reference in RESTOCKS:
        restock = services.expect_restock(
            stage.products[sku],
            actor=keeper,
            place=place,
            quantity=Decimal(quantity),
            expected_on=times.today + timedelta(days=max(days, 0)),
            reference=reference,
        )
        if days < 0:  # it should have been here: time has passed since it was entered
            Restock.objects.filter(pk=restock.pk).update(expected_on=times.today + timedelta(days=days))


def _next_year(stage: Any, keeper: Any) -> None:
    """A price that comes, and ends the one before it."""
    product = stage.products["SPC-5002"]
    services.add_price(
        product.pk,
        actor=keeper,
        price_list=PriceList.objects.get(code="list"),
        currency="USD",
        unit=product.unit,
        amount=Decimal("8.7"),
        valid_from=stage.times.today + timedelta(days=40),
        ends_earlier=True,
    )


def _picture(product: Product, colours: tuple[str, str], actor: Any) -> None:
    drawn = _wall(colours, product.sku) if product.sku.startswith("PRT") else _floor(colours, product.sku)
    out = BytesIO()
    drawn.save(out, "JPEG", quality=88)
    (kept,) = add_pictures(product.pk, [SimpleUploadedFile(f"{product.sku}.jpg", out.getvalue())], actor=actor)
    words = {
        "alt": product.name,
        "alt_de": product.name_de,
        "alt_zh_hans": product.name_zh_hans,
        "alt_zh_hant": product.name_zh_hant,
    }
    change_pictures(product.pk, {kept.pk: PictureChange(1, words)}, actor=actor)


def _floor(colours: tuple[str, str], seed: str) -> Image.Image:
    """Planks with a grain."""
    rng = random.Random(seed)
    picture = Image.new("RGB", (640, 480), colours[0])
    pen = ImageDraw.Draw(picture)
    for top in range(0, 480, 80):
        for _n in range(26):
            y, x = top + rng.randrange(80), rng.randrange(-80, 600)
            pen.line([(x, y), (x + rng.randrange(60, 260), y + rng.randrange(-2, 3))], fill=colours[1], width=1)
        pen.line([(0, top), (640, top)], fill=colours[1], width=3)
        joint = rng.randrange(80, 560)
        pen.line([(joint, top), (joint, top + 80)], fill=colours[1], width=3)
    return picture


def _wall(colours: tuple[str, str], seed: str) -> Image.Image:
    """Panes in frames, with a floor before them."""
    rng = random.Random(seed)
    picture = Image.new("RGB", (640, 480), "#f1efea")
    pen = ImageDraw.Draw(picture)
    pen.rectangle([0, 400, 640, 480], fill="#d6d0c4")
    width = rng.choice((150, 190, 250))
    for left in range(40, 600 - width + 40, width):
        right = min(left + width, 600)
        pen.rectangle([left, 50, right, 400], fill=colours[0], outline=colours[1], width=8)
        pen.line([(left + 24, 320), (left + width // 3, 110)], fill="#ffffff", width=2)
    return picture
