"""What own fields say of a customer."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from crm import own
from crm.models import Customer
from foundation.journal.machine import Refused


def apply_own(customer: Customer, values: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Set the values on the customer, None to empty one; what changed, by `own.CODE`, as `own.recorded` writes it. Raises Refused."""
    try:
        checked = own.checked(values)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), reason="input") from error
    changed = {}
    for code, after in checked.items():
        before = customer.own.get(code)
        if before != after:
            changed[f"own.{code}"] = (own.recorded(before), own.recorded(after))
    if changed:
        customer.own = {code: value for code, value in {**customer.own, **checked}.items() if value is not None}
    return changed
