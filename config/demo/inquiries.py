"""Who gets which inquiries in the demo company, and inquiries that came in twice or through another machine."""

from __future__ import annotations

from typing import Any

from catalog.models import Family
from config.demo.present import Stage
from crm.models import InquirySource, RoutingRule, RoutingShare
from crm.services import receive_inquiry
from crm.services.posting import make_key
from foundation.accounts.models import Team

EUROPE = ["AT", "CH", "DE", "LI"]
CHINESE = ["TW", "HK", "MO"]


def make_rules(stage: Stage) -> None:
    """Before anything comes in: territories, a product, and a head of sales who takes half as many."""
    staff = stage.staff
    greater_china = Team.objects.filter(name="Sales Greater China").first()
    rules: list[dict[str, Any]] = [
        {"name": "Germany, Austria, Switzerland", "countries": EUROPE, "person": staff["katharina.brandt"]},
        {"name": "Taiwan, Hong Kong, Macao", "countries": CHINESE, "person": staff["yiting.lin"]},
        {
            "name": "Partitions in Chinese",
            "languages": ["zh-hans"],
            "words": "隔断\n隔墙",
            "person": staff["jiahao.wu"],
        },
        {
            "name": "Guangdong and Guangxi",
            "countries": ["CN"],
            "regions": "广东\n广西",
            "person": staff["jiahao.wu"],
        },
        {"name": "Mainland China", "countries": ["CN"], "team": greater_china},
    ]
    for place, rule in enumerate(rules, 1):
        made = RoutingRule.objects.create(position=place * 10, **rule)
        if "words" in rule:
            made.families.set(Family.objects.filter(code__icontains="partition"))
    RoutingShare.objects.create(person=staff["emily.carter"], percent=50)


def play(stage: Stage) -> None:
    """A shop posts an inquiry; somebody presses Send again the next hour."""
    source = InquirySource.objects.create(code="fair-app", name="App of the spring fair", channel="platform")
    make_key(source.pk, actor=stage.staff["min.luo"])
    asked: dict[str, Any] = {
        "contact_name": "Tomás Herrera",
        "company_name": "Pisos del Pacífico",
        "email": "tomas@pisos-pacifico.example",
        "phone": "+56 2 2123 4567",
        "country": "CL",
        "language": "en",
        "subject": "SPC for a hotel in Valparaíso",
        "text": "We met at the spring fair. Please quote 1,350 m² of SPC 5 mm, light oak, CIF Valparaíso.",
        "channel": "platform",
    }
    receive_inquiry(actor=None, source=source, **asked)
    receive_inquiry(actor=None, source=source, **{**asked, "text": asked["text"].upper()})
