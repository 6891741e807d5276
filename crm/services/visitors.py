"""Who signed the visitor form and is not known yet becomes a contact."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.models import Contact, Reception, ReceptionVisitor
from crm.services import changes
from crm.services.contacts import add_contact
from crm.services.receptions import held
from foundation.journal.machine import Refused
from foundation.ui.phones import parse_phone


def known_contact(visitor: ReceptionVisitor, contacts: list[Contact]) -> Contact | None:
    """The contact of this name or address among the customer's."""
    name, email = visitor.name.casefold(), visitor.email.casefold()
    for one in contacts:
        if one.name.casefold() == name or (email and email in (one.email.casefold(), one.other_email.casefold())):
            return one
    return None


def contacts_of(reception: Reception) -> list[Contact]:
    """Everybody known at the customer. One query."""
    return list(Contact.objects.filter(Q(customer=reception.customer_id)).order_by("pk"))


@transaction.atomic
def contact_of_visitor(pk: int, *, actor: Any) -> Contact:
    """Make the visitor a contact of the reception's customer, with what they wrote down; who did not agree to be contacted
    gets no email, no text message and no call. Raises Refused for somebody who is known already."""
    changes.demand(actor, "crm.add_contact")
    visitor = ReceptionVisitor.objects.select_related("reception").get(pk=pk)
    reception = held(visitor.reception_id, actor)
    if (known := known_contact(visitor, contacts_of(reception))) is not None:
        raise Refused(_("%(name)s is a contact already.") % {"name": known.name}, reason="state")
    try:
        phone = parse_phone(visitor.phone, reception.customer.country) if visitor.phone else ""
    except ValidationError:  # what nobody can read as a number stands in the remark
        phone = ""
    may_not = not visitor.has_consented
    return add_contact(
        reception.customer_id,
        actor=actor,
        name=visitor.name,
        email=visitor.email,
        phone=phone,
        language=reception.language,
        remark=visitor.phone if visitor.phone and not phone else "",
        no_email=may_not,
        no_sms=may_not,
        no_calls=may_not,
    )
