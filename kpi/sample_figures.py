"""The figures of samples."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from crm.models import Sample


def sample_link(sample: Sample) -> tuple[str, str]:
    """The number, and where it leads."""
    return sample.number, sample.get_absolute_url()


# What `kpi.figures.Figure` takes.
SAMPLE_FIGURES: list[dict[str, Any]] = [
    {
        "name": "samples_approved",
        "label": _("Samples approved"),
        "definition": _(
            "Samples that customers approved, as a share of all about which they decided; each counts on the day of the decision."
        ),
        "unit": "percent",
        "rows": lambda: Sample.objects.filter(decided_at__isnull=False),
        "day": "decided_at",
        "is_date": False,
        "hit": lambda: Q(status="approved"),
        "fields": {"salesperson": "owner__name"},
        "goal": Decimal(80),
        "link": sample_link,
        "related": ("customer", "owner"),
        "touched_by": {"sample_decided": None},
    },
    {
        "name": "days_to_send_samples",
        "label": _("Days to send samples"),
        "definition": _(
            "Calendar days from the request to the dispatch of samples; each counts on the day on which it was sent."
        ),
        "unit": "days",
        "rows": lambda: Sample.objects.filter(sent_on__isnull=False, days_to_send__isnull=False),
        "day": "sent_on",
        "is_date": True,
        "amount": Cast("days_to_send", DecimalField(max_digits=14, decimal_places=4)),
        "goal": Decimal(3),
        "lower_is_better": True,
        "link": sample_link,
        "related": ("customer", "owner"),
        "touched_by": {"sample_sent": None},
    },
]
