"""Units, families and price types that an installation starts with."""

from __future__ import annotations

from django.core.cache import cache

from catalog.models import Family, PriceList, Unit
from catalog.selectors import UNITS_CACHE_KEY

# code, dimension, factor, (symbol, en, de, zh-hans, zh-hant), symbols that differ: de, zh-hans, zh-hant
UNITS = [
    ("pcs", "count", "1", ("pcs", "piece", "Stück", "件", "件"), ("Stk.", "件", "件")),
    ("set", "count", "1", ("set", "set", "Satz", "套", "套"), ("Satz", "套", "套")),
    ("pair", "count", "2", ("pair", "pair", "Paar", "双", "雙"), ("Paar", "双", "雙")),
    ("m", "length", "1", ("m", "metre", "Meter", "米", "公尺"), ("", "米", "公尺")),
    ("m2", "area", "1", ("m²", "square metre", "Quadratmeter", "平方米", "平方公尺"), ("", "", "")),
    ("sqft", "area", "0.09290304", ("sq ft", "square foot", "Quadratfuß", "平方英尺", "平方英尺"), ("", "", "")),
    ("m3", "volume", "1", ("m³", "cubic metre", "Kubikmeter", "立方米", "立方公尺"), ("", "", "")),
    ("l", "volume", "0.001", ("l", "litre", "Liter", "升", "公升"), ("", "升", "公升")),
    ("kg", "mass", "1", ("kg", "kilogram", "Kilogramm", "千克", "公斤"), ("", "", "")),
    ("t", "mass", "1000", ("t", "tonne", "Tonne", "吨", "公噸"), ("", "吨", "公噸")),
    ("h", "time", "1", ("h", "hour", "Stunde", "小时", "小時"), ("", "小时", "小時")),
    ("box", "pack", None, ("box", "box", "Karton", "箱", "箱"), ("Ktn.", "箱", "箱")),
    ("roll", "pack", None, ("roll", "roll", "Rolle", "卷", "捲"), ("Rolle", "卷", "捲")),
    ("bundle", "pack", None, ("bundle", "bundle", "Bund", "捆", "捆"), ("Bund", "捆", "捆")),
    ("pallet", "pack", None, ("pallet", "pallet", "Palette", "托盘", "棧板"), ("Pal.", "托盘", "棧板")),
    ("pack", "pack", None, ("pack", "pack", "Packung", "包", "包"), ("Pack.", "包", "包")),
    ("container", "pack", None, ("cntr", "container", "Container", "货柜", "貨櫃"), ("Cont.", "柜", "櫃")),
]
FAMILIES = [
    ("spc", "SPC flooring", "SPC-Böden", "SPC 石塑地板", "SPC 石塑地板"),
    ("wpc", "WPC flooring", "WPC-Böden", "WPC 木塑地板", "WPC 木塑地板"),
    ("pvc", "PVC flooring", "PVC-Böden", "PVC 地板", "PVC 地板"),
    ("laminate", "Laminate flooring", "Laminatböden", "强化地板", "強化地板"),
    ("partition", "Office partitions", "Bürotrennwände", "办公隔断", "辦公隔間"),
    ("accessory", "Accessories", "Zubehör", "配件", "配件"),
]
PRICE_LISTS = [
    ("list", "List price", "Listenpreis", "目录价", "定價"),
    ("dealer", "Dealers' price", "Händlerpreis", "经销价", "經銷價"),
    ("agent", "Agents' price", "Vertreterpreis", "代理价", "代理價"),
    ("project", "Project price", "Objektpreis", "工程价", "工程價"),
]


def load_catalog() -> int:
    """Add units, families and price types that are missing; returns how many."""
    before = Unit.objects.count() + Family.objects.count() + PriceList.objects.count()
    Unit.objects.bulk_create([_unit(*row) for row in UNITS], ignore_conflicts=True)
    Family.objects.bulk_create([Family(**_named(*row)) for row in FAMILIES], ignore_conflicts=True)
    PriceList.objects.bulk_create([PriceList(**_named(*row)) for row in PRICE_LISTS], ignore_conflicts=True)
    cache.delete(UNITS_CACHE_KEY)
    return Unit.objects.count() + Family.objects.count() + PriceList.objects.count() - before


def _named(code: str, name: str, de: str, hans: str, hant: str) -> dict[str, str]:
    return {"code": code, "name": name, "name_de": de, "name_zh_hans": hans, "name_zh_hant": hant}


def _unit(
    code: str, dimension: str, factor: str | None, names: tuple[str, str, str, str, str], symbols: tuple[str, str, str]
) -> Unit:
    symbol, name, de, hans, hant = names
    return Unit(
        code=code,
        dimension=dimension,
        factor=factor,
        symbol=symbol,
        symbol_de=symbols[0],
        symbol_zh_hans=symbols[1],
        symbol_zh_hant=symbols[2],
        name=name,
        name_de=de,
        name_zh_hans=hans,
        name_zh_hant=hant,
    )
