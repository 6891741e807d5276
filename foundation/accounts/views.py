"""Pages about oneself and the company; what strangers with an invitation see."""

from __future__ import annotations

import mimetypes
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required, permission_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts import services, tokens
from foundation.accounts.addresses import client_address
from foundation.accounts.forms import CompanyForm, JoinForm, LanguageFormSet, ProfileForm, role_text
from foundation.accounts.limits import Limit
from foundation.accounts.models import AccessToken, Company, User
from foundation.journal.attachments import HEADERS
from foundation.journal.machine import Refused
from foundation.ui.errors import too_many
from foundation.ui.panels import panels_for
from foundation.ui.submissions import submit_once

JOIN_TRIES = Limit("invitation", 30, 300)
BACKEND = "foundation.accounts.backends.Backend"


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Where to go on: a path of this site, whatever was asked for."""
    wanted = request.POST.get("next", "")
    is_path = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=False)
    return wanted if is_path and is_ours else fallback


# ---------------------------------------------------------------- oneself


@submit_once
def profile(request: HttpRequest) -> HttpResponse:
    """What I say about myself, the languages I work in, and how the house looks to me."""
    reader: Any = request.user
    user = User.objects.select_related("team").get(pk=reader.pk)
    data = request.POST if request.method == "POST" else None
    form = ProfileForm(data, instance=user)
    rows = LanguageFormSet(data, instance=user, prefix="languages")
    more = panels_for("profile.forms", user=user, data=data)
    # Each is asked, so that each says what is wrong with it.
    valid = [one.is_valid() for one in (form, rows, *more)] if data is not None else [False]
    if all(valid):
        services.save_profile(form.instance, changed=form.changed_data, languages=_languages(rows))
        for one in more:
            one.keep(form.instance)
        messages.success(request, _("Saved."))
        return _with_language(redirect("accounts:profile"), form.instance.language)
    context = {"title": _("Profile"), "form": form, "rows": rows, "roles": role_text(user), "person": user}
    context["more"] = more
    return render(request, "accounts/profile.html", context, status=200 if data is None else 422)


def _languages(rows: Any) -> dict[str, int]:
    """Language and level of every row that stays."""
    said = [form.cleaned_data for form in rows.forms if form not in rows.deleted_forms]
    return {one["language"]: one["level"] for one in said if one.get("language")}


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Language, theme or density from the user menu; then back to the page where it was pressed."""
    values = {name: request.POST[name] for name in services.PREFERENCES if name in request.POST}
    user: Any = request.user
    services.set_preferences(user, **values)
    return _with_language(redirect(safe_next(request, "/")), user.language)


def _with_language(response: HttpResponse, language: str) -> HttpResponse:
    """Remember the language for the sign-in page too."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86400,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
    return response


# ---------------------------------------------------------------- the invited


def _private(response: HttpResponse) -> HttpResponse:
    """An address with a token in it is kept by nobody and told to nobody."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@login_not_required
@sensitive_post_parameters("password", "password_again")
def join(request: HttpRequest, raw: str) -> HttpResponse:
    """The invited person chooses a password and is signed in. Unknown, used and expired links answer alike."""
    if not JOIN_TRIES.hit(client_address(request)):
        return _private(too_many(request))
    token = tokens.resolve(services.JOIN, raw)
    user = User.objects.filter(pk=token.object_id, is_active=False, invited_at__isnull=False).first() if token else None
    if token is None or user is None:
        return _private(render(request, "accounts/join_closed.html", status=404))
    if request.method != "POST":
        first = {"name": user.name, "language": request.LANGUAGE_CODE, "time_zone": user.time_zone}
        return _private(_join_page(request, JoinForm(user=user, initial=first), user))
    form = JoinForm(request.POST, user=user)
    if form.is_valid():
        return _private(_come_in(request, form, token))
    return _private(_join_page(request, form, user, status=422))


def _come_in(request: HttpRequest, form: JoinForm, token: AccessToken) -> HttpResponse:
    chosen = {name: form.cleaned_data[name] for name in ("name", "language", "time_zone", "password")}
    try:
        user = services.join(token, **chosen)
    except Refused:
        return render(request, "accounts/join_closed.html", status=409)
    login(request, user, backend=BACKEND)
    return _with_language(redirect("/"), user.language)


def _join_page(request: HttpRequest, form: JoinForm, user: User, status: int = 200) -> HttpResponse:
    return render(request, "accounts/join.html", {"form": form, "person": user}, status=status)


# ---------------------------------------------------------------- the company


@permission_required("accounts.change_company", raise_exception=True)
@submit_once
def company(request: HttpRequest) -> HttpResponse:
    """Name, logo, address, zone, language, sender of mail, emergency contact."""
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    # Not the cached row: the form must not show what another process has changed since.
    form = CompanyForm(data, files, instance=Company.objects.get_or_create(pk=1)[0])
    if form.is_bound and form.is_valid():
        services.save_company(form.instance, changed=form.changed_data, actor=request.user)
        messages.success(request, _("Saved."))
        return redirect("accounts:company")
    context = {"title": _("Company"), "form": form, "cancel_url": "/"}
    return render(request, "ui/form.html", context, status=422 if form.is_bound else 200)


@require_safe
@login_not_required
def logo(request: HttpRequest) -> HttpResponse | FileResponse:
    """The company's logo, which everybody may see; its address changes with it."""
    found = Company.current().logo
    if not found:
        raise Http404
    try:
        response = FileResponse(found.open("rb"), content_type=mimetypes.guess_type(str(found.name))[0])
    except FileNotFoundError as error:
        raise Http404 from error
    for header in ("X-Content-Type-Options", "Content-Security-Policy"):
        response[header] = HEADERS[header]
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


# ---------------------------------------------------------------- the administration's door


@require_safe
@login_not_required
def admin_login(request: HttpRequest) -> HttpResponse:
    """The administration has no door of its own: whoever is not signed in does so where everybody does."""
    wanted = request.GET.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    target = wanted if is_ours else reverse("admin:index")
    if not request.user.is_authenticated:
        return redirect_to_login(target)
    if not request.user.is_staff:
        raise PermissionDenied
    return redirect(target)
