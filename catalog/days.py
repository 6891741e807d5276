"""The day that counts for prices and stock: the company's, whoever looks and wherever they are."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.utils import timezone

from foundation.accounts.models import Company


def company_today() -> dt.date:
    """The day that it is at the company."""
    return timezone.now().astimezone(zoneinfo.ZoneInfo(Company.current().time_zone)).date()
