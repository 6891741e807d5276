"""Pictures that stand for what people sign: a drawn signature, a photographed delivery note."""

from __future__ import annotations

import io
import math
import random
from datetime import datetime
from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

INK = (28, 40, 92)


def _stroke(seed: int, left: int, top: int, width: int, height: int) -> list[tuple[float, float]]:
    """A line that looks as if a hand had written it quickly."""
    rng = random.Random(seed)
    waves = [(rng.uniform(2, 7), rng.uniform(0, math.tau), rng.uniform(0.1, 0.32)) for _ in range(4)]
    points = []
    for step in range(160):
        part = step / 159
        y = sum(math.sin(part * math.tau * speed + phase) * size for speed, phase, size in waves) * (1 - part * 0.6)
        x = part + math.sin(part * math.tau * 6 + seed) * 0.02
        points.append((left + x * width, top + height / 2 + y * height / 2))
    return points


@lru_cache(maxsize=8)
def _signature(variant: int) -> bytes:
    picture = Image.new("RGB", (420, 140), "white")
    ImageDraw.Draw(picture).line(_stroke(variant, 24, 10, 350, 110), fill=INK, width=4, joint="curve")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def signature(seed: int) -> bytes:
    """A PNG as the pad on the screen gives it."""
    return _signature(seed % 8)


def signed_paper(shipment: Any, signer: str, at: datetime, *, seed: int) -> bytes:
    """A JPEG of the delivery note that came back. Names that the font cannot write appear as the signature alone."""
    picture = Image.new("RGB", (620, 700), (250, 249, 245))
    draw = ImageDraw.Draw(picture)
    large, small = ImageFont.load_default(26), ImageFont.load_default(16)
    draw.text((50, 50), "DELIVERY NOTE", fill="black", font=large)
    readable = signer if signer.isascii() else ""
    rows = [
        ("Shipment", shipment.number),
        ("Waybill", shipment.waybill_number),
        ("Container", shipment.container_number or "-"),
        ("From", "Nanling Surfaces Co., Ltd., Guangzhou"),
        ("To", shipment.destination if shipment.destination.isascii() else shipment.destination_country),
        ("Received on", f"{at:%Y-%m-%d %H:%M}"),
        ("Received by", readable),
    ]
    for number, (label, value) in enumerate(rows):
        draw.text((50, 120 + number * 40), label, fill=(110, 110, 110), font=small)
        draw.text((200, 120 + number * 40), value, fill="black", font=small)
    draw.line([(50, 640), (570, 640)], fill=(160, 160, 160))
    draw.text((50, 650), "Signature of the receiver", fill=(110, 110, 110), font=small)
    draw.line(_stroke(seed % 8, 90, 540, 330, 90), fill=INK, width=4, joint="curve")
    out = io.BytesIO()
    picture.rotate(random.Random(seed).uniform(-0.8, 0.8), fillcolor=(225, 224, 220)).save(out, "JPEG", quality=70)
    return out.getvalue()


def trade_paper(title: str, rows: list[tuple[str, str]], *, seed: int) -> bytes:
    """A PNG of a trade document or a bank's receipt; the seed makes each content its own."""
    picture = Image.new("RGB", (620, 700), "white")
    draw = ImageDraw.Draw(picture)
    large, small = ImageFont.load_default(26), ImageFont.load_default(16)
    draw.text((50, 50), title.upper(), fill="black", font=large)
    for number, (label, value) in enumerate(rows):
        draw.text((50, 120 + number * 40), label, fill=(110, 110, 110), font=small)
        draw.text((240, 120 + number * 40), value if value.isascii() else "-", fill="black", font=small)
    draw.line(_stroke(seed, 90, 560, 330, 90), fill=INK, width=4, joint="curve")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
