"""Samples and technical requests of the demo company: one of every state, past ones with their dates, today's work through the services."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from config.demo.papers import trade_paper
from config.demo.present import Stage
from crm.models import Sample, SampleLine, TechnicalKind, TechnicalRequest
from crm.services.drawings import approve_drawings, ask_changes, release_drawings, send_drawings, submit_drawings
from crm.services.samples import (
    Article,
    approve_sample,
    cancel_sample,
    prepare_sample,
    receive_sample,
    reject_sample,
    request_again,
    request_sample,
    send_sample,
)
from crm.services.technical import (
    Measure,
    abandon_request,
    ask_back,
    finish_request,
    request_drawings,
    take_request,
)
from foundation.documents.numbering import next_number
from foundation.journal.services import record

# customer, article, colour and size, purpose, days ago asked, days until sent, what the customer said
PAST = (
    ("Thames", "SPC-6020", "Light oak, 3 boards", "Floor of the London offices", 48, 2, "approved", ""),
    ("Bodenwelt", "WPC-8002", "Nussbaum, A4", "Muster für die Frühjahrsausstellung", 36, 3, "approved", ""),
    (
        "Blue Ridge",
        "SPC-5002",
        "Walnut, 2 boards",
        "Second hall",
        27,
        1,
        "rejected",
        "The walnut is too red under their light",
    ),
    ("Shengyang", "SPC-4001", "天然橡木，2 片", "門市樣品", 19, 4, "approved", ""),
)


def play(stage: Stage) -> None:
    """What is asked for, on its way, and decided."""
    for one in PAST:
        _kept(stage, *one)
    _samples(stage)
    _drawings(stage)


def _kept(
    stage: Stage, name: str, sku: str, variant: str, purpose: str, ago: int, took: int, status: str, reason: str
) -> None:
    """A sample as imported history is kept: nobody is told."""
    client, product = stage.client(name), stage.products[sku]
    asked = datetime.combine(stage.times.today - timedelta(days=ago), datetime.min.time(), stage.times.zone)
    asked += timedelta(hours=10)
    sent_on, decided = asked.date() + timedelta(days=took), asked + timedelta(days=took + 6, hours=3)
    one = Sample.objects.create(
        number=next_number("sample", at=asked),
        customer=client.row,
        contact=client.main,
        owner=client.row.owner,
        created_by=client.row.owner,
        status=status,
        purpose=purpose,
        delivery_address=_address(client),
        courier="SF Express" if client.row.country in ("CN", "TW") else "DHL Express",
        waybill=f"{7000 + ago}{1000 + took}",
        sent_on=sent_on,
        days_to_send=took,
        sent_by=stage.staff["zhiqiang.li"],
        received_on=decided.date() - timedelta(days=2),
        received_by=client.main.name,
        decided_at=decided,
        decided_by=client.main.name,
        decided_via="link",
        reason=reason,
        created_at=asked,
    )
    SampleLine.objects.create(
        sample=one, position=1, product=product, description=product.name, variant=variant, quantity=Decimal(2),
        unit="pcs", decision=status,
    )  # fmt: skip
    record("sample.requested", one, actor=one.owner, occurred_at=asked, private={"purpose": purpose}, imported=True)
    sent_at, courier = asked + timedelta(days=took, hours=5), {"courier": one.courier}
    record("sample.sent", one, actor=one.sent_by, occurred_at=sent_at, facts=courier, imported=True)
    private = {"reason": reason} if reason else None
    record(f"sample.{status}", one, occurred_at=decided, private=private, facts={"via": "link"}, imported=True)


def _address(client: Any) -> str:
    place = client.row.addresses.first()
    names = [client.row.local_name or client.row.name, client.main.name]
    lines = place.lines() if place is not None else []
    return "\n".join([*(one for one in names if one not in lines), *lines])[:600]


def _ask(stage: Stage, name: str, purpose: str, sku: str, variant: str, *, days: int, more: str = "") -> Sample:
    client, product = stage.client(name), stage.products[sku]
    lines = [Article(product=product, variant=variant, quantity=Decimal(2), unit="pcs")]
    if more:
        lines.append(Article(description=more, quantity=Decimal(1), unit="pcs", charge=Decimal(12)))
    return request_sample(
        client.row.pk,
        actor=client.row.owner or stage.staff["emily.carter"],
        lines=lines,
        purpose=purpose,
        delivery_address=_address(client),
        contact=client.main,
        wanted_on=stage.times.today + timedelta(days=days),
    )


def _send(stage: Stage, sample: Sample, courier: str, waybill: str) -> Sample:
    return send_sample(sample.pk, actor=stage.staff["zhiqiang.li"], courier=courier, waybill=waybill)


def _samples(stage: Stage) -> None:
    """Today's: to be sent, ready, on the way, with the customer, rejected and asked for again, called off."""
    _ask(stage, "Pennine", "Compare wear layers", "SPC-6020", "Grey oak, 3 boards", days=0, more="Skirting, 30 cm")
    _ask(stage, "Guangzhou Huazhu", "办公室地板样品", "SPC-4001", "浅橡木，3 片", days=1)
    ready = _ask(stage, "Raumwerk", "Muster für das Büro in Köln", "SPC-5002", "Eiche hell, 2 Dielen", days=2)
    prepare_sample(ready.pk, actor=stage.staff["lijuan.huang"])
    _send(
        stage,
        _ask(stage, "Lone Star", "Colours for the clinic", "SPC-6020", "Sand", days=3),
        "DHL Express",
        "JD014600003",
    )
    here = _send(stage, _ask(stage, "Southern Cross", "Acoustic test", "WPC-8002", "Teak", days=4), "UPS", "1Z999AA10")
    receive_sample(here.pk, actor=here.owner, received_by="Reception desk")
    good = _send(
        stage, _ask(stage, "Shanghai Ruijian", "展厅样板", "PRT-100", "银色型材", days=2), "顺丰速运", "SF10204411"
    )
    approve_sample(good.pk, actor=None, name=good.contact.name if good.contact else "", via="link")
    bad = _send(
        stage,
        _ask(stage, "Thames", "Lobby floor", "SPC-5002", "Walnut", days=2, more="Stair nosing"),
        "UPS",
        "1Z999AA11",
    )
    reject_sample(bad.pk, actor=bad.owner, reason="Too dark for the lobby", name="Front office", via="email")
    request_again(bad.pk, actor=bad.owner, note="One shade lighter, please")
    gone = _ask(stage, "Al Noor", "Mock-up room", "PRT-200", "Black frame", days=6)
    cancel_sample(gone.pk, actor=gone.owner or stage.staff["emily.carter"], reason="The project was put off")


# customer, kind, subject, what is wanted, dimensions
WISHES = {
    "new": ("Blue Ridge", "size", "Plank of 1830 mm for the second hall", "The hall is 18.3 m long: ten planks without a cut.",
            (("length", "1830", ""), ("width", "230", ""), ("thickness", "6", "± 0.15"))),
    "in_work": ("Bodenwelt", "click", "Klickprofil für schwimmende Verlegung", "Gleiches Profil wie bei der letzten Lieferung, Fuge 0,2 mm.",
                (("gap", "0.2", ""),)),
    "waiting": ("Guangzhou Huazhu", "layout", "会议室隔断排版图", "12 米弧形玻璃隔断，门宽 900。", (("length", "12000", ""), ("height", "2800", ""))),
    "to_release": ("Thames", "design", "Herringbone with two borders", "Borders 90 mm wide, in dark oak.", (("width", "90", ""),)),
    "released": ("Pennine", "size", "Stair tread with nosing", "One piece, 1200 mm.", (("length", "1200", ""), ("width", "300", ""))),
    "sent": ("Straits", "layout", "Partition of the meeting rooms", "Six rooms on one floor, doors to the corridor.", (("height", "2700", ""),)),
    "changes": ("Raumwerk", "layout", "Glastrennwand mit Oberlicht", "Trennwand 4,20 m mit zwei Türen.", (("length", "4200", ""),)),
    "approved": ("Shengyang", "size", "樓梯收邊條", "長度 1200，顏色與地板一致。", (("length", "1200", "± 1"),)),
    "done": ("Lone Star", "size", "Wide plank 230 mm", "As shown on the sample board.", (("width", "230", ""),)),
    "abandoned": ("Al Noor", "design", "Marble with gold veins", "Like the picture.", ()),
}  # fmt: skip


def _request(stage: Stage, state: str) -> TechnicalRequest:
    name, kind, subject, wish, sizes = WISHES[state]
    client = stage.client(name)
    return request_drawings(
        client.row.pk,
        actor=client.row.owner or stage.staff["emily.carter"],
        kind=TechnicalKind.objects.get(code=kind),
        subject=subject,
        wish=wish,
        dimensions=[Measure(name, Decimal(value), tolerance=tolerance) for name, value, tolerance in sizes],
        contact=client.main,
        wanted_on=stage.times.today + timedelta(days=len(subject) % 5 + 2),
        priority="urgent" if state in ("new", "to_release") else "normal",
    )


def _sheet(request: TechnicalRequest, letter: str) -> SimpleUploadedFile:
    rows = [("Request", request.number), ("Revision", letter), ("Scale", "1 : 10")]
    rows += [(one.get_name_display(), f"{one.value.normalize():f} {one.unit}") for one in request.dimensions.all()]
    data = trade_paper("Drawing", rows, seed=request.pk * 7 + ord(letter))
    return SimpleUploadedFile(f"{request.number}-{letter}.png", data, content_type="image/png")


def _drawn(stage: Stage, state: str) -> TechnicalRequest:
    request = _request(stage, state)
    peng = stage.staff["peng.xu"]
    take_request(request.pk, actor=peng)
    return submit_drawings(request.pk, actor=peng, uploads=[_sheet(request, "A")], note="First drawing")


def _sent(stage: Stage, state: str) -> TechnicalRequest:
    request = _drawn(stage, state)
    release_drawings(request.pk, actor=stage.staff["min.luo"])
    return send_drawings(request.pk, actor=request.salesperson)


def _drawings(stage: Stage) -> None:
    peng = stage.staff["peng.xu"]
    _request(stage, "new")
    take_request(_request(stage, "in_work").pk, actor=peng)
    waiting = _request(stage, "waiting")
    take_request(waiting.pk, actor=peng)
    ask_back(waiting.pk, actor=peng, to="customer", text="请提供现场净高和天花的照片。", reason="photos")
    _drawn(stage, "to_release")
    release_drawings(_drawn(stage, "released").pk, actor=stage.staff["min.luo"])
    _sent(stage, "sent")
    changed = _sent(stage, "changes")
    ask_changes(changed.pk, actor=None, remark="Bitte das Oberlicht 10 cm höher.", name="Bauleitung", via="link")
    for state in ("approved", "done"):
        request = _sent(stage, state)
        approve_drawings(request.pk, actor=None, name=request.contact.name if request.contact else "–", via="link")
        if state == "done":
            finish_request(request.pk, actor=request.salesperson)
    gone = _request(stage, "abandoned")
    abandon_request(
        gone.pk, actor=gone.salesperson, outcome="not_possible", reason="This print cannot be made in small lots."
    )
