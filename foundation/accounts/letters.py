"""Emails about accounts: sent at once to the person who waits for them, never through an address bar's host."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from foundation.accounts.models import Company
from foundation.accounts.roles import role_label
from foundation.ui.html import HTML_LANG

logger = logging.getLogger("kontor.accounts")


def absolute(path: str) -> str:
    """An address on the configured origin. What a request says about its host decides nothing."""
    return f"{settings.ORIGIN}{path}"


def sender(company: Company) -> str:
    """The company's mail account, or the installation's."""
    name = " ".join((company.mail_from_name or company.name).split())
    return formataddr((name, company.mail_from_address or settings.DEFAULT_FROM_EMAIL))


def send_letter(
    to: str,
    *,
    language: str,
    subject: str,
    paragraphs: Sequence[str],
    action: tuple[str, str] | None = None,
    note: str = "",
) -> bool:
    """Send one letter now; False, with a line in the log, when the mail server does not take it."""
    company = Company.current()
    subject = " ".join(subject.split())
    lines = [*paragraphs, *([f"{action[0]}:\n{action[1]}"] if action else []), *([note] if note else [])]
    letter = EmailMultiAlternatives(
        subject,
        "\n\n".join([*lines, company.name]),
        sender(company),
        [to],
        headers={"Auto-Submitted": "auto-generated"},
    )
    html = render_to_string(
        "ui/email.html",
        {
            "lang": HTML_LANG.get(language, language),
            "subject": subject,
            "company": company,
            "paragraphs": paragraphs,
            "action": {"label": action[0], "url": action[1]} if action else None,
            "note": note,
        },
    )
    letter.attach_alternative(html, "text/html")
    try:
        letter.send()
    except OSError as error:  # every failure of SMTP is one
        logger.warning("A letter about an account was not sent: %s", type(error).__name__)
        return False
    return True


def send_invitation(user: Any, raw: str, *, inviter: Any, role: str, days: int) -> bool:
    """The link with which a new colleague chooses a password, in the language chosen for them."""
    company = Company.current()
    with override(user.language):
        return send_letter(
            user.email,
            language=user.language,
            subject=_("Your account at %(company)s") % {"company": company.name},
            paragraphs=[
                _("Hello %(name)s,") % {"name": user.name},
                _("%(inviter)s has made you an account at %(company)s, as %(role)s.")
                % {"inviter": inviter, "company": company.name, "role": role_label(role)},
                _("Choose a password to begin. The link works once, within %(days)s days.") % {"days": days},
            ],
            action=(_("Choose a password"), absolute(reverse("accounts:join", args=[raw]))),
            note=_("If you did not expect this, do nothing: without a password the account stays closed."),
        )


def send_reset(email: str, language: str, url: str) -> bool:
    """The link for somebody who has forgotten the password."""
    with override(language):
        return send_letter(
            email,
            language=language,
            subject=_("A new password for %(company)s") % {"company": Company.current().name},
            paragraphs=[_("Somebody, we hope you, asked for a new password for this address.")],
            action=(_("Choose a password"), url),
            note=_("If it was not you, do nothing: your password stays as it is. The link works once, for a day."),
        )


def send_unknown(email: str, language: str) -> bool:
    """To an address without an account: the page has told nobody, so the letter must."""
    with override(language):
        return send_letter(
            email,
            language=language,
            subject=_("A new password for %(company)s") % {"company": Company.current().name},
            paragraphs=[
                _("Somebody, we hope you, asked for a new password for this address. There is no account for it."),
                _("Perhaps you have another address? Otherwise ask your administrator for an invitation."),
            ],
        )


def send_password_changed(email: str, language: str) -> bool:
    """So that nobody's password changes behind their back."""
    with override(language):
        return send_letter(
            email,
            language=language,
            subject=_("Your password was changed"),
            paragraphs=[_("The password of your account was changed just now. All other sessions have ended.")],
            action=(_("That was not me"), absolute(reverse("account_reset_password"))),
        )
