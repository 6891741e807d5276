"""The people and the places on a customer's page as markup, joined in Python: the page shows them each time it is opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.models import Address, Contact
from foundation.ui import html
from foundation.ui.addresses import record_url
from foundation.ui.drawing import csrf_field
from foundation.ui.escape import esc
from foundation.ui.places import language_name


def draw_people(people: Sequence[Contact], clock: object, token: object, *, may_edit: bool) -> SafeString:
    """The contacts, marked with `dead_addresses` where one has some: how to reach them, and the clock there beside the numbers that dial."""
    if not people:
        return mark_safe(f'<p class="muted">{esc(_("Nobody yet."))}</p>')
    time = f'<p class="clock-there">{esc(_("The clock there:"))} {esc(clock)}</p>' if clock else ""
    items = "".join([_person(one, token, may_edit=may_edit) for one in people])
    return mark_safe(f'{time}<ul class="plain-list people">{items}</ul>')


def _person(one: Any, token: object, *, may_edit: bool) -> str:
    name = esc(one.name)
    head = f"<b>{name}</b>{f' · {esc(one.position)}' if one.position else ''}"
    if one.is_main:
        head += f" {html.badge(_('main contact'), quiet=True)}"
    if one.is_decision_maker:
        head += f" {html.badge(_('decides'), 'in-time', quiet=True)}"
    if one.left_at:
        head += f" {html.badge(_('has left'), 'paused', quiet=True)}"
    dead = "".join([_dead(one, way, token, may_edit=may_edit) for way in getattr(one, "dead_addresses", ())])
    return (
        f'<li id="contact-{one.pk}">{head}\n<span class="sub">{_reach(one, name, may_edit=may_edit)}</span>{dead}</li>'
    )


def _reach(one: Any, name: str, *, may_edit: bool) -> str:
    ways: list[object] = [html.email(one.email)] if one.email else []
    ways += [_number(number) for number in (one.phone, one.mobile) if number]
    if one.language:
        ways.append(esc(language_name(one.language)))
    if one.opted_out:
        ways.append(f"· {esc(_('some channels unwanted'))}")
    if may_edit:
        edit, wishes = record_url("crm:contact-edit", one.pk), record_url("crm:contact-wishes", one.pk)
        ways.append(f"{_dialog(_('Edit'), edit, name)} · {_dialog(_('Wishes'), wishes, name)}")
    return " ".join(map(str, ways))


def _number(number: Any) -> SafeString:
    return html.phone(number.as_e164, number.as_international)


def _dialog(label: str, url: str, about: str) -> str:
    return f'<a href="{url}" data-dialog>{esc(label)}<span class="sr"> {about}</span></a>'


def _dead(one: Any, way: tuple[str, str, str], token: object, *, may_edit: bool) -> str:
    """An address that sends messages back, with the way to try it again."""
    channel, address, reason = way
    badge = html.badge(_("%(address)s sends messages back") % {"address": address}, "late", title=reason, quiet=True)
    again = f' <button class="as-link">{esc(_("Try again"))}</button>' if may_edit else ""
    return (
        f'\n<form class="sub" method="post" action="{record_url("crm:contact-try-again", one.pk)}">{csrf_field(token)}'
        f'<input type="hidden" name="channel" value="{esc(channel)}">'
        f'<input type="hidden" name="address" value="{esc(address)}">{badge}{again}</form>'
    )


def draw_addresses(addresses: Iterable[Address], *, may_edit: bool) -> SafeString:
    """Where a customer is, each with the way to a map."""
    items = "".join([_place(one, may_edit=may_edit) for one in addresses])
    if not items:
        return mark_safe(f'<p class="muted">{esc(_("None yet."))}</p>')
    return mark_safe(f'<ul class="plain-list places">{items}</ul>')


def _place(one: Any, *, may_edit: bool) -> str:
    about = esc(str(one))
    usual = f" {html.badge(_('usual'), quiet=True)}" if one.is_default else ""
    pieces = [esc(" · ".join(one.lines()))]
    if one.phone:
        pieces.append(_number(one.phone))
    pieces.append(
        SafeString(
            f'<a href="{esc(one.map_url)}" target="_blank" rel="noopener noreferrer">{esc(_("Map"))}'
            f'<span class="sr"> {about}</span></a>'
        )
    )
    edit = f" {_dialog(_('Edit'), record_url('crm:address-edit', one.pk), about)}" if may_edit else ""
    return f'<li><b>{esc(one.get_kind_display())}</b>{usual}\n<span class="sub">{" · ".join(pieces)}{edit}</span></li>'
