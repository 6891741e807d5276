"""What this stage adds to an inquiry: the way to its quote in one click, and a hint when every quote came to nothing."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.models import Inquiry
from foundation.ui import html, parts
from foundation.ui.addresses import page_url
from foundation.ui.panels import register_panel
from orders.models import Quote

LEADS_ON = (Inquiry.Status.ANSWERED, Inquiry.Status.CONVERTED)
CAME_TO_NOTHING = (Quote.Status.DECLINED, Quote.Status.EXPIRED)


def make_a_quote(*, subject: Any, user: Any, **_context: Any) -> parts.Action | None:
    """On an inquiry whose customer is known: a new quote with what the inquiry says."""
    if not isinstance(subject, Inquiry) or subject.customer_id is None or subject.status not in LEADS_ON:
        return None
    if not user.has_perm("orders.add_quote"):
        return None
    url = f"{page_url('orders:quote-new')}?inquiry={subject.pk}"
    return parts.Action(_("Make a quote"), url, icon="document-text", style="primary")


def lost_hint(*, subject: Any, request: Any, **_context: Any) -> SafeString | None:
    """Above an open inquiry all of whose quotes were declined or ran out: nobody closes it but a person. One query."""
    if not isinstance(subject, Inquiry) or subject.status not in LEADS_ON:
        return None
    if not request.user.has_perm("crm.close_inquiry"):
        return None
    states = set(
        Quote.objects.filter(inquiry=subject).exclude(status=Quote.Status.SUPERSEDED).values_list("status", flat=True)
    )
    if not states or states - set(CAME_TO_NOTHING):
        return None
    url = reverse("crm:inquiry-do", args=[subject.pk, "close"])
    words = _("Every quote for this inquiry was declined or ran out.")
    link = html.link(_("Close it as lost"), url)
    return SafeString(f'<p class="message warning" role="status">{html.esc(words)} {link}</p>')


def register() -> None:
    """Called once, when the apps are ready."""
    register_panel("record.actions", make_a_quote, 200)
    register_panel("record.notices", lost_hint, 200)
