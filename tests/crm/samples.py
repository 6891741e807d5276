"""Samples and technical requests for tests, made as the application makes them."""

from __future__ import annotations

import io
import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from catalog.models import Product, Unit
from crm import sample_defaults
from crm.models import Sample, SamplePolicy, TechnicalKind, TechnicalRequest
from crm.models.cadence import company_today
from crm.services.drawings import release_drawings, send_drawings, submit_drawings
from crm.services.samples import Article, request_sample, send_sample
from crm.services.technical import Measure, request_drawings, take_request
from tests.crm.factories import make_contact, make_customer

_numbers = itertools.count(1)


def picture(name: str = "", colour: int | None = None) -> SimpleUploadedFile:
    """A small PNG whose content is its own."""
    number = next(_numbers)
    out = io.BytesIO()
    Image.new("RGB", (40, 30), ((number if colour is None else colour) * 7 % 255, number % 255, 90)).save(out, "PNG")
    return SimpleUploadedFile(name or f"drawing-{number}.png", out.getvalue(), content_type="image/png")


def known_customer(owner: Any, **values: Any) -> Any:
    """A customer with somebody who can be written to."""
    customer = make_customer(owner=owner, **{"language": "en", **values})
    make_contact(customer, name="Petra Petersen", email=f"petra{customer.pk}@hafen.example", is_main=True)
    return customer


def ask(owner: Any, customer: Any = None, lines: int = 2, **values: Any) -> Sample:
    """Samples that somebody asked for."""
    customer = customer or known_customer(owner)
    articles = [
        Article(description=f"Oak {n}", variant="natural", quantity=Decimal(2), unit="pcs") for n in range(lines)
    ]
    given = {"purpose": "Choose the oak", "delivery_address": "Hafen GmbH\nAm Kai 1\nHamburg", **values}
    return request_sample(customer.pk, actor=owner, lines=given.pop("articles", articles), **given)


def sent(owner: Any, sender: Any, customer: Any = None, **values: Any) -> Sample:
    """Samples on their way."""
    sample = ask(owner, customer, **values)
    return send_sample(
        sample.pk, actor=sender, courier="DHL", waybill="JD0001", sent_on=company_today() - timedelta(days=1)
    )


def ask_team(owner: Any, customer: Any = None, **values: Any) -> TechnicalRequest:
    """A request that lies with the technical team."""
    sample_defaults.load()
    customer = customer or known_customer(owner)
    given = {
        "kind": TechnicalKind.objects.get(code="size"),
        "subject": "Plank 1500 mm",
        "wish": "The plank is to be 1500 mm long, with the same click.",
        "dimensions": [Measure("length", Decimal(1500)), Measure("thickness", Decimal("5.5"), tolerance="± 0.1")],
        **values,
    }
    return request_drawings(customer.pk, actor=owner, **given)


def trust_one() -> None:
    """Drawings need no second person."""
    row = SamplePolicy.current()
    policy = SamplePolicy(pk=1, follow_up_days=row.follow_up_days, needs_release=False)
    policy.save()


def drawn(owner: Any, engineer: Any, customer: Any = None, **values: Any) -> TechnicalRequest:
    """Revision A waits for its release."""
    request = ask_team(owner, customer, **values)
    take_request(request.pk, actor=engineer)
    return submit_drawings(request.pk, actor=engineer, uploads=[picture(), picture()], note="First idea")


def with_customer(owner: Any, engineer: Any, second: Any, customer: Any = None) -> TechnicalRequest:
    """Revision A waits for the customer's word."""
    request = drawn(owner, engineer, customer)
    release_drawings(request.pk, actor=second, digest=request.revisions.get().digest)
    return send_drawings(request.pk, actor=owner)


def oak(sku: str = "SPC-1") -> Product:
    """SPC flooring sold by the square metre."""
    unit, _is_new = Unit.objects.get_or_create(
        code="m2", defaults={"name": "square metre", "symbol": "m²", "dimension": "area", "factor": 1}
    )
    return Product.objects.create(sku=sku, name="SPC Oak", name_de="SPC-Eiche", unit=unit)
