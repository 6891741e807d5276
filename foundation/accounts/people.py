"""Pages about colleagues: who there is, who was invited, who may no longer come in.

These pages lie beneath the list and record pages of the stages, so they fill the same templates by hand.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts import services
from foundation.accounts.absence_views import absence_actions, absence_section
from foundation.accounts.forms import InviteForm, role_text
from foundation.accounts.models import User
from foundation.accounts.selectors import find_people, may_manage, visible_people
from foundation.journal.machine import Refused
from foundation.journal.timeline import timeline
from foundation.ui import html, parts
from foundation.ui.formats import relative
from foundation.ui.panels import panels_for
from foundation.ui.places import language_name
from foundation.ui.submissions import submit_once
from foundation.ui.table import Head, Row, render_rows

PAGE = 50
VIEWS: dict[str, dict[str, Any]] = {
    "": {"is_active": True},
    "invited": {"is_active": False, "invited_at__isnull": False},
    "off": {"is_active": False, "invited_at": None},
}


def state_badge(user: User) -> Any:
    """The state of an account with its word."""
    return {
        "active": html.badge(_("Active"), "in-time"),
        "invited": html.badge(_("Invited"), "paused"),
        "off": html.badge(_("Switched off"), "plain"),
    }[user.state]


def languages_text(user: User) -> str:
    """The languages of a person, best first."""
    return ", ".join(f"{language_name(row.language)} ({row.get_level_display()})" for row in user.languages.all())


@require_safe
@permission_required("accounts.view_user", raise_exception=True)
def people(request: HttpRequest) -> HttpResponse:
    """Colleagues, by state; the search looks into names, addresses and teams."""
    view = request.GET.get("view", "") if request.GET.get("view", "") in VIEWS else ""
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = visible_people(request.user).filter(**VIEWS[view]).order_by("name", "pk")
    if text:
        found = find_people(found, text)
    total = found.count()
    asked = request.GET.get("page", "1")
    last = max(1, -(-total // PAGE))
    number = min(int(asked), last) if asked.isascii() and asked.isdigit() and len(asked) < 6 and asked != "0" else 1
    page = _list(request, found[(number - 1) * PAGE : number * PAGE], view, text)
    page.pager = _pager(view, text, number, last, total)
    return render(request, "ui/list.html", {"page": page, "list": page, "title": page.title})


def _list(request: HttpRequest, found: QuerySet[User], view: str, text: str) -> parts.List:
    heads = [
        Head(pgettext("of a person", "Name"), "title"),
        Head(_("Role"), "fact"),
        Head(_("Team"), "fact"),
        Head(_("Languages")),
        Head(_("Email address"), "fact"),
        Head(_("State"), "end"),
    ]
    rows = [
        Row(
            [
                html.link(one, one.get_absolute_url(), css="name"),
                role_text(one),
                one.team or "",
                languages_text(one),
                one.email,
                state_badge(one),
            ],
            one.pk,
            str(one),
        )
        for one in found
    ]
    labels = {"": _("Active"), "invited": _("Invited"), "off": _("Switched off")}
    invite = parts.Action(
        _("Invite a colleague"), reverse("accounts:invite"), "user-plus", "primary", opens_dialog=True
    )
    return parts.List(
        title=_("People"),
        heads=heads,
        rows=render_rows(heads, rows),
        caption=_("People"),
        actions=parts.Actions(primary=invite) if request.user.has_perm("accounts.invite_user") else None,
        tabs=[parts.Tab(labels[code], f"?view={code}" if code else "?", None, code == view) for code in VIEWS],
        search=text,
        hidden=[("view", view)] if view else [],
        empty=None if rows else parts.Empty("nomatch" if text else "nothing"),
        clear_url=f"?view={view}" if view else "?",
    )


def _pager(view: str, text: str, number: int, last: int, total: int) -> parts.Pager:
    from urllib.parse import urlencode

    def url(page: int) -> str:
        return "?" + urlencode({key: value for key, value in (("view", view), ("q", text), ("page", page)) if value})

    return parts.Pager(
        number=number,
        previous_url=url(number - 1) if number > 1 else "",
        next_url=url(number + 1) if number < last else "",
        first_url=url(1) if number > 1 else "",
        total=ngettext("%(count)s person", "%(count)s people", total) % {"count": total},
    )


def _person(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(visible_people(request.user), pk=pk)


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One colleague: how to reach them, what they speak, and what happened to the account."""
    user = _person(request, pk)
    facts = [
        parts.Fact(_("Role"), role_text(user)),
        parts.Fact(_("Position"), user.position),
        parts.Fact(_("Team"), user.team or ""),
        parts.Fact(_("Manager"), html.link(user.manager, user.manager.get_absolute_url()) if user.manager else ""),
        parts.Fact(_("Email address"), html.link(user.email, f"mailto:{user.email}")),
        parts.Fact(_("Phone"), html.link(user.phone, f"tel:{user.phone}") if user.phone else ""),
        parts.Fact(_("Languages"), languages_text(user)),
        parts.Fact(_("Last signed in"), relative(user.last_login) if user.last_login else ""),
    ]
    absences = absence_section(request, user)
    record = parts.Record(
        title=str(user),
        type=_("Colleague"),
        crumbs=[parts.Crumb(_("People"), reverse("accounts:people"))],
        badges=[state_badge(user)],
        actions=_actions(request, user),
        facts=facts,
        sections=[*([absences] if absences else []), *panels_for("person.main", person=user, request=request)],
        timeline=parts.Timeline(list(timeline(subject=user))) if may_see_history(request.user, user) else None,
        edit_url=reverse("accounts:profile") if user.pk == request.user.pk else _admin_url(request, user),
    )
    return render(request, "ui/record.html", {"page": record, "record": record, "object": user, "title": record.title})


def may_see_history(reader: Any, user: User) -> bool:
    """Who manages accounts, and the person concerned."""
    return reader.pk == user.pk or bool(reader.has_perm("accounts.invite_user"))


def _admin_url(request: HttpRequest, user: User) -> str:
    allowed = request.user.is_staff and request.user.has_perm("accounts.change_user")
    return reverse("admin:accounts_user_change", args=[user.pk]) if allowed else ""


def _actions(request: HttpRequest, user: User) -> parts.Actions:
    reader: Any = request.user
    found = absence_actions(reader, user)
    if user.state == "invited" and reader.has_perm("accounts.invite_user"):
        url = reverse("accounts:invite-again", args=[user.pk])
        found.append(parts.Action(_("Send the invitation again"), url, "envelope", "primary", "post"))
    if reader.has_perm("accounts.deactivate_user") and may_manage(reader, user):
        if user.state == "off":
            url = reverse("accounts:reactivate", args=[user.pk])
            found.append(parts.Action(_("Switch on again"), url, "check-circle", method="post"))
        else:
            url = reverse("accounts:deactivate", args=[user.pk])
            ask = _("Switch off the account of %(name)s?") % {"name": user}
            found.append(parts.Action(_("Switch off"), url, "no-symbol", "danger", "post", confirm=ask))
    return parts.Actions.sorted_from(found)


@permission_required("accounts.invite_user", raise_exception=True)
@submit_once
def invite(request: HttpRequest) -> HttpResponse:
    """Make an account and send its owner the link."""
    form = InviteForm(request.POST or None, actor=request.user)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            user, is_sent = services.invite(**form.cleaned_data, actor=request.user)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = 409
        else:
            _tell(request, user, is_sent)
            return redirect(user)
    context = {
        "form": form,
        "title": _("Invite a colleague"),
        "submit": _("Send the invitation"),
        "cancel_url": reverse("accounts:people"),
        "crumbs": [parts.Crumb(_("People"), reverse("accounts:people"))],
        "action": reverse("accounts:invite"),
    }
    return render(request, "ui/form.html", context, status=status)


def _tell(request: HttpRequest, user: User, is_sent: bool) -> None:
    if is_sent:
        messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": user.email})
    else:
        messages.error(request, _("The mail server did not take the invitation. Send it again when mail works."))


def _act(request: HttpRequest, pk: int, permission: str, service: Any, done: str) -> HttpResponse:
    user = _person(request, pk)
    if not request.user.has_perm(permission):
        raise PermissionDenied
    try:
        service(user.pk, actor=request.user)
    except User.DoesNotExist as gone:
        raise Http404 from gone
    except Refused as refusal:
        if refusal.reason == "permission":
            raise PermissionDenied from refusal
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect(user)


@require_POST
@submit_once
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link in place of the old one."""
    user = _person(request, pk)
    if not request.user.has_perm("accounts.invite_user"):
        raise PermissionDenied
    try:
        user, is_sent = services.invite_again(user.pk, actor=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        _tell(request, user, is_sent)
    return redirect(user)


@require_POST
@submit_once
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch an account off."""
    return _act(request, pk, "accounts.deactivate_user", services.deactivate, _("The account is switched off."))


@require_POST
@submit_once
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch an account on again."""
    return _act(request, pk, "accounts.deactivate_user", services.reactivate, _("The account is switched on again."))
