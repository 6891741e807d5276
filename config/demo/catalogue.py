"""What the company sells, in the four languages of the house, and who carries it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from catalog.models import Family, Pack, Price, PriceList, Product, Unit
from logistics.models import Carrier


class Item(NamedTuple):
    """One product; `names` are English, German, Simplified and Traditional Chinese; `box` is what a box holds."""

    sku: str
    family: str
    names: tuple[str, str, str, str]
    spec: str
    unit: str
    price: str
    weight: str
    hs: str
    box: str = ""
    pallet: str = ""


ITEMS = [
    Item("SPC-4001", "spc", ("SPC plank Oak Natural", "SPC-Diele Eiche Natur", "SPC 石塑地板 原木橡木", "SPC 石塑地板 原木橡木"),
         "1220 × 180 × 4.0 mm, wear layer 0.3 mm, class 31, click", "m2", "6.9", "7.6", "3918.10", "2.196", "131.76"),
    Item("SPC-5002", "spc", ("SPC plank Oak Smoked", "SPC-Diele Räuchereiche", "SPC 石塑地板 烟熏橡木", "SPC 石塑地板 煙燻橡木"),
         "1220 × 180 × 5.0 mm + 1 mm IXPE, wear layer 0.5 mm, class 33", "m2", "8.45", "9.4", "3918.10", "2.196", "118.58"),
    Item("SPC-5003", "spc", ("SPC plank Walnut", "SPC-Diele Nussbaum", "SPC 石塑地板 胡桃木", "SPC 石塑地板 胡桃木"),
         "1220 × 180 × 5.0 mm + 1 mm IXPE, wear layer 0.5 mm, class 33", "m2", "8.6", "9.4", "3918.10", "2.196", "118.58"),
    Item("SPC-5010", "spc", ("SPC tile Slate Grey", "SPC-Fliese Schiefergrau", "SPC 石纹地板 板岩灰", "SPC 石紋地板 板岩灰"),
         "610 × 305 × 5.0 mm, wear layer 0.5 mm, class 33, painted bevel", "m2", "9.2", "9.5", "3918.10", "1.861", "111.66"),
    Item("SPC-6020", "spc", ("SPC herringbone Oak Honey", "SPC-Fischgrät Eiche Honig", "SPC 人字拼地板 蜂蜜橡木", "SPC 人字拼地板 蜂蜜橡木"),
         "630 × 126 × 6.0 mm + 1 mm IXPE, wear layer 0.5 mm, left and right", "m2", "11.8", "11.1", "3918.10", "1.588", "95.28"),
    Item("WPC-6501", "wpc", ("WPC plank Ash White", "WPC-Diele Esche Weiß", "WPC 木塑地板 白蜡木", "WPC 木塑地板 白蠟木"),
         "1220 × 180 × 6.5 mm + 1.5 mm cork, wear layer 0.3 mm, class 32", "m2", "10.4", "6.2", "3918.10", "1.976", "118.56"),
    Item("WPC-8002", "wpc", ("WPC plank Oak Barrel", "WPC-Diele Fasseiche", "WPC 木塑地板 桶木橡木", "WPC 木塑地板 桶木橡木"),
         "1520 × 228 × 8.0 mm + 1.5 mm IXPE, wear layer 0.55 mm, class 33", "m2", "13.9", "7.1", "3918.10", "2.079", "124.74"),
    Item("PVC-2001", "pvc", ("PVC glue-down plank Beech", "PVC-Klebediele Buche", "PVC 胶粘地板 榉木", "PVC 膠黏地板 櫸木"),
         "914 × 152 × 2.0 mm, wear layer 0.3 mm, class 31, to be glued", "m2", "4.35", "3.6", "3918.10", "3.34", "233.8"),
    Item("PVC-2510", "pvc", ("PVC sheet Hospital Mint", "PVC-Bahn Klinik Mint", "PVC 医用卷材 薄荷绿", "PVC 醫療捲材 薄荷綠"),
         "2 m × 20 m × 2.0 mm, homogeneous, R10, antibacterial", "m2", "7.1", "3.2", "3918.10"),
    Item("LAM-1201", "laminate", ("Laminate AC4 Oak Grey", "Laminat AC4 Eiche Grau", "强化地板 AC4 灰橡木", "強化地板 AC4 灰橡木"),
         "1215 × 195 × 12 mm, AC4, HDF, E1, waxed joints", "m2", "7.8", "10.4", "4411.13", "1.895", "94.75"),
    Item("PRT-100", "partition", ("Glass partition Clear 100, single glazed", "Glastrennwand Clear 100, einfach verglast",
         "Clear 100 单玻隔断", "Clear 100 單玻隔間"), "Aluminium frame 100 mm, 12 mm tempered glass, up to 3.2 m high", "m2", "96", "33", "7610.90"),
    Item("PRT-200", "partition", ("Glass partition Silent 200, double glazed", "Glastrennwand Silent 200, doppelt verglast",
         "Silent 200 双玻隔断（带百叶）", "Silent 200 雙玻隔間（附百葉）"), "Aluminium frame 83 mm, 2 × 6 mm glass, blinds, Rw 42 dB", "m2", "148", "41", "7610.90"),
    Item("PRT-300", "partition", ("Solid partition Board 300", "Vollwand Board 300", "Board 300 实体隔断", "Board 300 實體隔間"),
         "Aluminium frame 83 mm, melamine board both sides, mineral wool", "m2", "82", "29", "7610.90"),
    Item("PRT-410", "partition", ("Movable wall Fold 410", "Mobile Trennwand Fold 410", "Fold 410 活动隔墙", "Fold 410 活動隔牆"),
         "Hung panels 1200 × 3000 mm, Rw 48 dB, ceiling track included", "m2", "210", "46", "7610.90"),
    Item("PRT-D90", "partition", ("Framed glass door D90", "Glasrahmentür D90", "D90 铝框玻璃门", "D90 鋁框玻璃門"),
         "900 × 2400 mm, aluminium frame, lock and floor spring", "set", "285", "58", "7610.10"),
    Item("PRT-PB2", "partition", ("Acoustic booth Solo", "Akustikkabine Solo", "Solo 静音舱", "Solo 靜音艙"),
         "1000 × 1000 × 2300 mm, ventilated, lighting, power socket", "set", "1980", "310", "9406.90"),
    Item("ACC-SK60", "accessory", ("Skirting SPC 60 mm", "Sockelleiste SPC 60 mm", "SPC 踢脚线 60 mm", "SPC 踢腳板 60 mm"),
         "2400 × 60 × 12 mm, decors as floors", "m", "1.15", "0.62", "3925.90"),
    Item("ACC-TM40", "accessory", ("T-profile 40 mm", "Übergangsprofil 40 mm", "T 型收边条 40 mm", "T 型收邊條 40 mm"),
         "2400 × 40 mm, aluminium core", "m", "1.6", "0.55", "7604.29"),
    Item("ACC-UL15", "accessory", ("Underlay IXPE 1.5 mm", "Unterlage IXPE 1,5 mm", "IXPE 静音地垫 1.5 mm", "IXPE 靜音地墊 1.5 mm"),
         "Roll 10 m², 19 dB, moisture barrier", "roll", "9.8", "1.4", "3921.19"),
    Item("ACC-GL10", "accessory", ("Adhesive for PVC, 10 kg", "Klebstoff für PVC, 10 kg", "PVC 地板胶 10 kg", "PVC 地板膠 10 kg"),
         "Solvent free, EC1, 3 kg per 10 m²", "pcs", "18.5", "10.6", "3506.91"),
]  # fmt: skip

# name, kind, days until the proof of delivery must be back, tracking page
CARRIERS = [
    ("Pearl Delta Container Line", "ocean", 10, "https://track.pearldelta.example/?bl={number}"),
    ("Nanhai Forwarding", "forwarder", 7, "https://nanhai-forwarding.example/t/{number}"),
    ("Silk Route Rail", "rail", 10, "https://silkrouterail.example/waybill/{number}"),
    ("Baiyun Air Cargo", "air", 5, "https://baiyuncargo.example/awb/{number}"),
    ("Lingnan Trucking", "road", 4, ""),
]
# price type -> share of the list price
DISCOUNTS = {"list": Decimal(1), "dealer": Decimal("0.88"), "agent": Decimal("0.84"), "project": Decimal("0.92")}
CNY_PER_USD = Decimal("7.1")


def make_products(since: dt.date) -> list[Product]:
    """Products with prices in two currencies and their packs."""
    families = {one.code: one for one in Family.objects.all()}
    units = {one.code: one for one in Unit.objects.all()}
    price_lists = {one.code: one for one in PriceList.objects.all()}
    products, prices, packs = [], [], []
    for item in ITEMS:
        product = Product(
            sku=item.sku,
            family=families[item.family],
            name=item.names[0],
            name_de=item.names[1],
            name_zh_hans=item.names[2],
            name_zh_hant=item.names[3],
            brand="Nanling" if item.family != "partition" else "Nanling Space",
            hs_code=item.hs,
            origin_country="CN",
            unit=units[item.unit],
            weight_kg=Decimal(item.weight),
            specification=item.spec,
        )
        product.save(force_insert=True)
        products.append(product)
        prices += _prices(product, item, price_lists, since)
        packs += [
            Pack(product=product, unit=units[code], quantity=Decimal(holds))
            for code, holds in (("box", item.box), ("pallet", item.pallet))
            if holds
        ]
    Price.objects.bulk_create(prices)
    Pack.objects.bulk_create(packs)
    return products


def _prices(product: Product, item: Item, price_lists: dict[str, PriceList], since: dt.date) -> list[Price]:
    cent = Decimal("0.01")
    return [
        Price(
            product=product,
            price_list=price_lists[code],
            currency=currency,
            unit=product.unit,
            amount=(Decimal(item.price) * share * rate).quantize(cent),
            valid_from=since,
        )
        for code, share in DISCOUNTS.items()
        for currency, rate in (("USD", Decimal(1)), ("CNY", CNY_PER_USD))
    ]


def make_carriers() -> dict[str, Carrier]:
    """The five carriers, by kind."""
    carriers = {}
    for number, (name, kind, pod_days, pattern) in enumerate(CARRIERS):
        domain = "".join(c for c in name.lower() if c.isalpha())
        carriers[kind] = Carrier.objects.get_or_create(
            name=name,
            defaults={
                "kind": kind,
                "contact_name": ("Guo Yan", "Tan Weijie", "Ma Rui", "Qiu Lan", "Pan Dong")[number],
                "phone": f"+86205550020{number}",
                "email": f"service@{domain}.example",
                "tracking_url_pattern": pattern,
                "pod_days": pod_days,
            },
        )[0]
    return carriers
