"""A company ready for work, its people, and a mail server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from catalog.models import Product, Unit
from foundation.accounts.models import Company
from foundation.notifications.models import QuietHours
from logistics.models import Carrier
from tests.accounts.factories import make_team, make_user
from tests.e2e.people import Person
from tests.notifications.sinks import MailSink, free_port
from tests.support.defaults import load_defaults


@pytest.fixture
def house(transactional_db: None) -> SimpleNamespace:
    """Defaults as `load_defaults` makes them, one person for each job, two products and a carrier."""
    load_defaults()
    QuietHours.objects.update(is_off=True)  # letters are looked for at any hour at which the tests run
    Company.objects.update_or_create(pk=1, defaults={"name": "Nordholz Floors", "time_zone": "Europe/Berlin"})
    europe = make_team("Europe")
    metre = Unit.objects.get(code="m2")
    for sku, name, german in (
        ("SPC-5001", "SPC flooring Oak Natural", "SPC-Boden Eiche Natur"),
        ("SPC-5002", "SPC flooring Walnut", "SPC-Boden Nussbaum"),
    ):
        Product.objects.create(
            sku=sku,
            name=name,
            name_de=german,
            name_zh_hans="石塑地板",
            specification="1220 × 180 × 5 mm",
            hs_code="3918.10",
            unit=metre,
        )
    Carrier.objects.create(name="Hanse Spedition", phone="+4940123456", email="dispatch@hanse.example")
    zone = {"time_zone": "Europe/Berlin"}
    return SimpleNamespace(
        anna=make_user("Anna Berg", role="sales", team=europe, languages={"en": 3, "de": 4}, **zone),
        wei=make_user("Wei Chen", role="sales", team=europe, languages={"zh-hans": 4, "en": 3}, **zone),
        olga=make_user("Olga Ivanova", role="order desk", languages={"en": 4}, **zone),
        paul=make_user("Paul Meier", role="order desk", languages={"de": 4}, **zone),
        lin=make_user("Lin Fang", role="logistics", languages={"en": 3}, **zone),
        sven=make_user("Sven Lund", role="service", languages={"de": 3, "en": 4}, **zone),
        maria=make_user("Maria Roth", role="manager", languages={"en": 4}, **zone),
    )


@pytest.fixture
def mail(settings: Any) -> Iterator[MailSink]:
    """A mail server; the application is set to use it."""
    sink, port = MailSink(), free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    sink.start(port)
    yield sink
    sink.stop()


@pytest.fixture
def at_work(open_page: Callable[..., Any], session_of: Callable[[Any], str]) -> Callable[..., Person]:
    """A colleague with a browser of their own, signed in: `at_work(user)`."""

    def start(user: Any, path: str = "/", **options: Any) -> Person:
        return Person(open_page(path, session=session_of(user), **options))

    return start
