"""How allauth behaves in this house: accounts come by invitation only, and requests decide nothing about addresses."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from foundation.accounts import letters
from foundation.accounts.addresses import client_address
from foundation.accounts.limits import Limit, is_remembered, remember

# Failures only: a good sign-in gives its try back.
PER_ADDRESS = Limit("sign-in-from", 10, 300)
PER_ACCOUNT = Limit("sign-in-to", 5, 300)


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; who guesses passwords is stopped, whoever is guessed at is not."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are no user names here, only addresses."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    # ------------------------------------------------------------ guessing

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Stop an address that tries many accounts, and whoever tries one account from addresses it never used.

        All unknown addresses share one count for an account, so rotating them buys nothing; the owner, who comes from an
        address that signed in before, has a count of their own and is not locked out by the guessing of others.
        """
        address = client_address(request)
        account = str(credentials.get("email") or "").strip().lower()
        known = is_remembered("signed-in-from", f"{account}\n{address}")
        self._tries = [(PER_ADDRESS, address), (PER_ACCOUNT, f"{account}\n{address if known else 'elsewhere'}")]
        if not all(limit.hit(key) for limit, key in self._tries):
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        for limit, key in getattr(self, "_tries", []):
            limit.give_back(key)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user = super().authenticate(request, **credentials)
        if user is not None:
            account = str(credentials.get("email") or "").strip().lower()
            remember("signed-in-from", f"{account}\n{client_address(request)}")
        return user

    # ------------------------------------------------------------ letters

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return letters.absolute(path.replace("UID-KEY", quote(key)))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The letters of the flows that we use. A mail server that fails must not tell which addresses have accounts."""
        user = context.get("user")
        language = getattr(user, "language", None) or get_language() or "en"
        match template_prefix.rpartition("/")[2]:
            case "password_reset_key":
                letters.send_reset(email, language, context["password_reset_url"])
            case "unknown_account":
                letters.send_unknown(email, language)
            case "password_changed" | "password_reset" | "password_set":
                letters.send_password_changed(email, language)
            case _:
                super().send_mail(template_prefix, email, context)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        self.send_mail(template_prefix, email or user.email, {"user": user, **(context or {})})

    # ------------------------------------------------------------ pages

    def set_password(self, user: Any, password: str) -> None:
        user.set_password(password)
        user.save(update_fields=["password"])

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Signing in and out needs no word: the page that follows says it."""
        if message_template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, message_template, *args, **kwargs)
