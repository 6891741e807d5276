"""Attributes of the shipped families: floors by EN ISO 10874 (EN 685) and EN 13501-1, partitions by height, glass and sound."""

from __future__ import annotations

from typing import NamedTuple

from catalog.models import Attribute, AttributeOption, CataloguePolicy, Family, StockPlace
from foundation.ui.shelf import renew

Names = tuple[str, str, str, str]  # English, German, Simplified, Traditional Chinese


class Shipped(NamedTuple):
    """One attribute; `options` are code and names in the order of their rank."""

    code: str
    names: Names
    kind: str
    unit: str = ""
    asked: str = ""
    is_required: bool = False
    options: tuple[tuple[str, Names], ...] = ()


def _same(code: str) -> tuple[str, Names]:
    return code.lower(), (code, code, code, code)


CLASSES: tuple[tuple[str, Names], ...] = (
    ("21", ("21 domestic, moderate", "21 Wohnen, mäßig", "21 家用，一般", "21 家用，一般")),
    ("22", ("22 domestic, general", "22 Wohnen, normal", "22 家用，普通", "22 家用，普通")),
    ("23", ("23 domestic, heavy", "23 Wohnen, stark", "23 家用，高强度", "23 家用，高強度")),
    ("31", ("31 commercial, moderate", "31 Gewerbe, mäßig", "31 商用，一般", "31 商用，一般")),
    ("32", ("32 commercial, general", "32 Gewerbe, normal", "32 商用，普通", "32 商用，普通")),
    ("33", ("33 commercial, heavy", "33 Gewerbe, stark", "33 商用，高强度", "33 商用，高強度")),
    ("34", ("34 commercial, very heavy", "34 Gewerbe, sehr stark", "34 商用，超高强度", "34 商用，超高強度")),
    ("41", ("41 light industrial, moderate", "41 Leichtindustrie, mäßig", "41 轻工业，一般", "41 輕工業，一般")),
    ("42", ("42 light industrial, general", "42 Leichtindustrie, normal", "42 轻工业，普通", "42 輕工業，普通")),
    ("43", ("43 light industrial, heavy", "43 Leichtindustrie, stark", "43 轻工业，高强度", "43 輕工業，高強度")),
)
FIRE = tuple(
    (code, (text, text, text, text))
    for code, text in (("efl", "Efl"), ("dfl-s1", "Dfl-s1"), ("cfl-s1", "Cfl-s1"), ("bfl-s1", "Bfl-s1"), ("a2fl-s1", "A2fl-s1"))
)  # fmt: skip
WALL_FIRE = tuple(
    (code, (text, text, text, text)) for code, text in (("d", "D-s2, d0"), ("c", "C-s2, d0"), ("b", "B-s1, d0"), ("a2", "A2-s1, d0"))
)  # fmt: skip
LAYING: tuple[tuple[str, Names], ...] = (
    ("click", ("Click, floating", "Klick, schwimmend", "锁扣，悬浮", "鎖扣，懸浮")),
    ("glue", ("Glue-down", "Verklebung", "胶粘", "膠黏")),
    ("loose", ("Loose lay", "Lose verlegt", "自由铺设", "自由鋪設")),
)
CLICKS: tuple[tuple[str, Names], ...] = (
    ("angle", ("Angle click", "Winkelklick", "斜插锁扣", "斜插鎖扣")),
    ("drop", ("Drop-lock", "Fold-down-Klick", "下压锁扣", "下壓鎖扣")),
    ("none", ("None", "Ohne", "无", "無")),
)
ABRASION = tuple(_same(code) for code in ("AC3", "AC4", "AC5", "AC6"))
GLASS: tuple[tuple[str, Names], ...] = (
    ("none", ("No glass", "Ohne Glas", "无玻璃", "無玻璃")),
    ("single", ("Single glazed", "Einfach verglast", "单玻", "單玻")),
    ("double", ("Double glazed", "Doppelt verglast", "双玻", "雙玻")),
)
SIZE = Shipped("size", ("Size", "Format", "规格尺寸", "規格尺寸"), "text")
THICKNESS = Shipped("thickness", ("Thickness", "Stärke", "厚度", "厚度"), "number", "mm", "range", True)
WEAR = Shipped("wear_layer", ("Wear layer", "Nutzschicht", "耐磨层", "耐磨層"), "number", "mm", "least")
USE = Shipped(
    "use_class", ("Use class", "Nutzungsklasse", "使用等级", "使用等級"), "choice", "", "least", False, CLASSES
)
FLOOR_FIRE = Shipped(
    "fire_class", ("Fire class", "Brandklasse", "防火等级", "防火等級"), "choice", "", "least", False, FIRE
)
CLICK = Shipped("click", ("Click system", "Klicksystem", "锁扣系统", "鎖扣系統"), "choice", "", "exact", False, CLICKS)
UNDERLAY = Shipped(
    "underlay", ("Underlay attached", "Mit Trittschalldämmung", "自带静音垫", "自帶靜音墊"), "truth", "", "exact"
)
LAY = Shipped("laying", ("Laying", "Verlegung", "铺装方式", "鋪設方式"), "choice", "", "exact", False, LAYING)
WATER = Shipped("waterproof", ("Waterproof", "Wasserfest", "防水", "防水"), "truth", "", "exact")
SERIES: dict[str, tuple[Shipped, ...]] = {
    "spc": (THICKNESS, WEAR, USE, SIZE, CLICK, UNDERLAY, FLOOR_FIRE),
    "wpc": (THICKNESS, WEAR, USE, SIZE, CLICK, UNDERLAY, FLOOR_FIRE),
    "pvc": (THICKNESS, WEAR, USE, SIZE, LAY, FLOOR_FIRE),
    "laminate": (
        THICKNESS,
        Shipped("abrasion", ("Abrasion class", "Abriebklasse", "耐磨转数等级", "耐磨等級"), "choice", "", "least", False, ABRASION),
        USE,
        SIZE,
        CLICK,
        WATER,
        FLOOR_FIRE,
    ),
    "partition": (
        THICKNESS,
        Shipped("sound", ("Sound reduction Rw", "Schalldämmung Rw", "隔声量 Rw", "隔音量 Rw"), "number", "dB", "least"),
        Shipped("height", ("Height up to", "Höhe bis", "最大高度", "最大高度"), "number", "mm", "least"),
        Shipped("glass", ("Glazing", "Verglasung", "玻璃", "玻璃"), "choice", "", "exact", False, GLASS),
        Shipped("blinds", ("Blinds between the panes", "Jalousie im Scheibenzwischenraum", "内置百叶", "內置百葉"), "truth", "", "exact"),
        Shipped("fire_class", ("Fire class", "Brandklasse", "防火等级", "防火等級"), "choice", "", "least", False, WALL_FIRE),
        SIZE,
    ),
}  # fmt: skip
PLACES: list[tuple[str, Names]] = [
    ("main", ("Main warehouse", "Hauptlager", "主仓库", "主倉庫")),
    ("showroom", ("Showroom", "Ausstellung", "展厅", "展廳")),
]


def _named(names: Names) -> dict[str, str]:
    return dict(zip(("name", "name_de", "name_zh_hans", "name_zh_hant"), names, strict=True))


def load() -> int:
    """Add attributes of families that have none yet, the places of stock and the policy; returns how many rows."""
    added = 0
    families = Family.objects.filter(code__in=SERIES, attributes=None)
    for family in families:
        for position, shipped in enumerate(SERIES[family.code], 1):
            added += 1 + _add(family, shipped, position * 10)
    if not StockPlace.objects.exists():
        places = [StockPlace(code=code, position=n * 10, **_named(names)) for n, (code, names) in enumerate(PLACES, 1)]
        added += len(StockPlace.objects.bulk_create(places))
    added += CataloguePolicy.objects.get_or_create(pk=1)[1]
    renew()
    return added


def _add(family: Family, shipped: Shipped, position: int) -> int:
    attribute = Attribute.objects.create(
        family=family,
        code=shipped.code,
        kind=shipped.kind,
        unit=shipped.unit,
        asked=shipped.asked,
        is_required=shipped.is_required,
        position=position,
        **_named(shipped.names),
    )
    options = [
        AttributeOption(attribute=attribute, code=code, position=rank * 10, **_named(names))
        for rank, (code, names) in enumerate(shipped.options, 1)
    ]
    return len(AttributeOption.objects.bulk_create(options))
