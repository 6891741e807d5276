"""What the demo company knows of its customers beyond the usual: tags, fields of its own, account plans, pinned notes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from config.demo.present import Stage
from crm.models import OwnChoice, OwnField, OwnSection, Tag
from crm.services import development, plans, set_tags, update_customer
from foundation.journal.pins import pin_event
from foundation.journal.services import add_note

# code, colour, who, English, German, Simplified and Traditional Chinese
TAGS = [
    ("fair", "accent", "everybody", "Met at the fair", "Auf der Messe", "展会客户", "展會客戶"),
    ("project", "in-time", "everybody", "Project coming up", "Projekt steht an", "近期有项目", "近期有專案"),
    ("price", "soon", "everybody", "Looks at prices", "Achtet auf Preise", "对价格敏感", "對價格敏感"),
    ("reference", "paused", "everybody", "May be named", "Referenzkunde", "可作案例", "可作實績"),
    ("credit", "late", "leaders", "Credit watch", "Bonität prüfen", "关注信用", "留意信用"),
]
CHANNELS = [
    ("projects", "Projects", "Projekte", "工程", "工程"),
    ("shops", "Own shops", "Eigene Läden", "自有门店", "自有門市"),
    ("online", "Online", "Online", "线上", "線上"),
]
BRANDS = [
    ("laminate", "Laminate", "Laminat", "强化地板", "強化地板"),
    ("engineered", "Engineered wood", "Parkett", "多层实木", "多層實木"),
    ("tiles", "Tiles", "Fliesen", "瓷砖", "磁磚"),
]
# code, kind, English, German, Simplified and Traditional Chinese, in the list, narrows the list
FIELDS = [
    ("sales_channel", "choice", "Sells through", "Vertriebsweg", "销售渠道", "銷售通路", True, True),
    ("also_sells", "many", "Also sells", "Verkauft außerdem", "同时经营", "同時經營", False, True),
    ("showrooms", "number", "Showrooms", "Ausstellungen", "展厅数量", "展廳數量", False, True),
    (
        "framework_until",
        "date",
        "Framework agreement until",
        "Rahmenvertrag bis",
        "框架协议到期",
        "框架合約到期",
        False,
        True,
    ),
    ("own_installers", "yes_no", "Own installers", "Eigene Verleger", "自有安装队", "自有安裝隊", False, True),
]
PLANS = [
    ("Blue Ridge", "emily.carter", 600_000, 2_400_000, "Two more regional dealers; SPC 6 mm into the spring programme.",
     "A house from Georgia delivers within a week from stock.", "Freight rates; one buyer decides alone."),
    ("Bodenwelt", "katharina.brandt", 450_000, 1_800_000, "WPC in alle 14 Märkte; gemeinsame Schulung der Verleger.",
     "Zwei deutsche Hersteller mit eigenem Außendienst.", "Neue Einkaufsleitung ab Frühjahr."),
    ("Guangzhou Huazhu", "jiahao.wu", 350_000, 1_200_000, "进入其年度合格供应商名录；隔断与地板一起报价。",
     "本地两家隔断厂价格低 8%。", "项目付款周期长。"),
]  # fmt: skip


def play(stage: Stage) -> None:
    """Rows of the administration first, then what stands on the customers."""
    tags = _tags()
    _fields()
    emily = stage.staff["emily.carter"]
    for number, client in enumerate(stage.clients.values()):
        by = client.row.owner or emily
        chosen = [
            tags[code] for n, code in enumerate(("fair", "project", "price", "reference")) if (number + n * 3) % 5 == 0
        ]
        if chosen:
            set_tags(client.row.pk, actor=by, tags=chosen)
        update_customer(client.row.pk, actor=by, own=_values(stage, number))
    set_tags(stage.client("Al Noor").row.pk, actor=stage.staff["guohua.liang"], tags=[tags["credit"]])
    _plans(stage)
    lost = stage.client("Rideau").row
    development.give_up(lost.pk, actor=lost.owner or emily, reason="volume", note="Half a container a year")
    note = add_note(
        stage.client("Blue Ridge").row, "Never before ten their time: Daniel is on the road until then.", actor=emily
    )
    pin_event(note.pk, actor=emily)


def _names(english: str, german: str, hans: str, hant: str) -> dict[str, str]:
    return {"name": english, "name_de": german, "name_zh_hans": hans, "name_zh_hant": hant}


def _tags() -> dict[str, Tag]:
    found = {}
    for place, (code, colour, who, *names) in enumerate(TAGS, start=1):
        values = {"colour": colour, "who": who, "position": place * 10, **_names(*names)}
        found[code] = Tag.objects.update_or_create(code=code, defaults=values)[0]
    return found


def _fields() -> None:
    section, _is_new = OwnSection.objects.update_or_create(
        name="Market", defaults=_names("Market", "Markt", "市场情况", "市場狀況")
    )
    for place, (code, kind, *names, in_list, in_filter) in enumerate(FIELDS, start=1):
        values: dict[str, Any] = {
            "kind": kind,
            "section": section,
            "position": place * 10,
            "in_list": in_list,
            "in_filter": in_filter,
            **_names(*[str(name) for name in names]),
        }
        field, _is_new = OwnField.objects.update_or_create(record="customer", code=code, defaults=values)
        offered = CHANNELS if code == "sales_channel" else BRANDS if code == "also_sells" else []
        for number, (answer, *words) in enumerate(offered, start=1):
            OwnChoice.objects.update_or_create(
                field=field, code=answer, defaults={"position": number * 10, **_names(*words)}
            )


def _values(stage: Stage, number: int) -> dict[str, Any]:
    values: dict[str, Any] = {"sales_channel": CHANNELS[number % 3][0], "showrooms": number * 7 % 12}
    if number % 2:
        values["also_sells"] = [BRANDS[number % 3][0], BRANDS[(number + 1) % 3][0]]
        values["own_installers"] = number % 4 == 1
    if number % 5 == 0:
        values["framework_until"] = (stage.times.today + timedelta(days=40 + number * 11)).isoformat()
    return values


def _plans(stage: Stage) -> None:
    for number, (name, key, goal, potential, goals, competitors, risks) in enumerate(PLANS):
        client, by = stage.client(name), stage.staff[key]
        plan = plans.create_plan(
            client.row.pk,
            actor=by,
            year=stage.times.today.year,
            goals=goals,
            volume_goal=Decimal(goal),
            potential=Decimal(potential),
            currency="USD",
            competitors=competitors,
            risks=risks,
            review_on=stage.times.today + timedelta(days=number * 20),
        )
        for place, contact in enumerate(client.contacts[:2]):
            influence, attitude = (("decides", "open"), ("advises", "for_us"))[place]
            plans.place_person(plan.pk, actor=by, contact=contact, influence=influence, attitude=attitude)
        plans.activate_plan(plan.pk, actor=by)
        update_customer(client.row.pk, actor=None, service_owner=stage.staff["xiaoyan.feng"])
