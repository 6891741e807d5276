"""Changes to people and to the company."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from foundation.accounts import letters, tokens
from foundation.accounts.feeds import PURPOSE as FEED
from foundation.accounts.models import AccessToken, Company, Team, User
from foundation.accounts.roles import ROLES, role_names
from foundation.accounts.selectors import (
    ADMINISTRATOR,
    active_administrators,
    assignable_roles,
    is_administrator,
    may_manage,
)
from foundation.journal.machine import Refused
from foundation.journal.services import record

JOIN = "join"
INVITATION_DAYS = 7
PREFERENCES = ("language", "theme", "density")


def _needs(actor: Any, permission: str) -> None:
    if not actor.has_perm(permission):
        raise Refused(_("You do not have the right to do this."), reason="permission")


def invite(
    *, email: str, name: str, role: str, team: Team | None = None, language: str = "en", actor: Any
) -> tuple[User, bool]:
    """Make an account that its owner opens through a link by email; answers it and whether the letter went out.

    Raises Refused for an address that has an account, and for a role that the actor may not give.
    """
    _needs(actor, "accounts.invite_user")
    if role not in dict(assignable_roles(actor)):
        raise Refused(_("You may not give this role."), reason="permission", field="role")
    company = Company.current()
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email,
                None,
                name=name,
                team=team,
                language=language,
                time_zone=company.time_zone,
                is_active=False,
                is_staff=role == ADMINISTRATOR,
                invited_at=timezone.now(),
            )
            user.groups.add(Group.objects.get_or_create(name=role)[0])
            raw = _open_door(user, role, actor)
    except IntegrityError as error:
        raise Refused(_("This address has an account already."), reason="input", field="email") from error
    return user, letters.send_invitation(user, raw, inviter=actor, role=role, days=INVITATION_DAYS)


def _open_door(user: User, role: str, actor: Any) -> str:
    tokens.revoke(JOIN, user)
    record(
        "user.invited",
        user,
        actor=actor,
        facts={"role": role_names(role), "role_code": role, "team_id": user.team_id},
        private={"name": user.name, "email": user.email},
    )
    return tokens.issue(JOIN, user, days=INVITATION_DAYS, single_use=True, contact_key=f"user:{user.pk}")


def invite_again(pk: int, *, actor: Any) -> tuple[User, bool]:
    """A new link in place of the old one. Raises Refused unless the invitation is still open."""
    _needs(actor, "accounts.invite_user")
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=pk)
        if user.state != "invited":
            raise Refused(_("%(name)s has an account already.") % {"name": user})
        role = role_of(user)
        raw = _open_door(user, role, actor)
    return user, letters.send_invitation(user, raw, inviter=actor, role=role, days=INVITATION_DAYS)


def role_of(user: User) -> str:
    """The first of the house's roles that a person has, or an empty text."""
    held = {group.name for group in user.groups.all()}
    return next((role for role in ROLES if role in held), "")


@transaction.atomic
def join(token: AccessToken, *, password: str, name: str, language: str, time_zone: str) -> User:
    """The invited person chooses a password and comes in. Of two who use the link one passes; raises Refused."""
    tokens.consume(token)
    user = User.objects.select_for_update().get(pk=token.object_id)
    if user.state != "invited":
        raise Refused(_("This link has been used already or is no longer valid."))
    user.set_password(password)
    user.name, user.language, user.time_zone = name, language, time_zone
    user.is_active, user.invited_at = True, None
    user.save(update_fields=["password", "name", "language", "time_zone", "is_active", "invited_at"])
    record("user.joined", user, actor=user)
    return user


@transaction.atomic
def deactivate(pk: int, *, actor: Any) -> User:
    """Switch an account off: its sessions end with their next request, its open invitations close."""
    _needs(actor, "accounts.deactivate_user")
    # All administrators are locked, so that two of them cannot switch each other off at the same moment.
    list(User.objects.select_for_update().filter(pk__in=active_administrators().values("pk")).order_by("pk"))
    user = User.objects.select_for_update().get(pk=pk)
    if not may_manage(actor, user):
        raise Refused(_("You may not switch this account off."), reason="permission")
    if user.state == "off":
        raise Refused(_("This account is switched off already."))
    if is_administrator(user) and not active_administrators().exclude(pk=pk).exists():
        raise Refused(_("Somebody must remain who can let others in."), reason="condition")
    user.is_active, user.invited_at, user.sign_in_stamp = False, None, secrets.token_hex(16)
    user.save(update_fields=["is_active", "invited_at", "sign_in_stamp"])
    tokens.revoke(JOIN, user)
    tokens.revoke(FEED, user)
    record("user.deactivated", user, actor=actor)
    return user


@transaction.atomic
def reactivate(pk: int, *, actor: Any) -> User:
    """Switch an account on again. Who never chose a password needs a reset; sessions of before stay ended."""
    _needs(actor, "accounts.deactivate_user")
    user = User.objects.select_for_update().get(pk=pk)
    if not may_manage(actor, user):
        raise Refused(_("You may not switch this account on."), reason="permission")
    if user.state != "off":
        raise Refused(_("This account is not switched off."))
    if not user.has_usable_password():
        # An invitation that was withdrawn: the person was never here, so the way in is a new link.
        user.invited_at = timezone.now()
        user.save(update_fields=["invited_at"])
    else:
        user.is_active = True
        user.save(update_fields=["is_active"])
    record("user.reactivated", user, actor=actor)
    return user


@transaction.atomic
def save_profile(user: User, *, changed: list[str], languages: dict[str, int]) -> User:
    """Keep what somebody says about themselves; `languages` (code → level) replaces what was there."""
    if changed:
        user.save(update_fields=changed)
    User.objects.select_for_update().get(pk=user.pk)  # one after the other, when two windows are saved at once
    user.languages.exclude(language__in=languages).delete()
    for language, level in languages.items():
        user.languages.update_or_create(language=language, defaults={"level": level})
    return user


def set_preferences(user: User, **values: str) -> None:
    """Keep language, theme or density on the account; an unknown value is ignored."""
    changed = []
    for name in PREFERENCES:
        field: Any = User._meta.get_field(name)
        known = dict(field.choices)
        if values.get(name) in known and getattr(user, name) != values[name]:
            setattr(user, name, values[name])
            changed.append(name)
    if changed:
        user.save(update_fields=changed)


@transaction.atomic
def save_company(company: Company, *, changed: list[str], actor: Any) -> Company:
    """Keep the company's settings; the journal remembers which were touched, and by whom."""
    if changed:
        company.save()
        record("company.changed", company, actor=actor, facts={"fields": _field_names(changed), "names": changed})
    return company


def _field_names(names: list[str]) -> dict[str, str]:
    labels: dict[str, Any] = {field.name: field.verbose_name for field in Company._meta.concrete_fields}
    texts = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            texts[language] = ", ".join(str(labels[name]) for name in names)
    return texts
