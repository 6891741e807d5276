"""What tests of pages lean on."""

from __future__ import annotations

from django.test import Client

from foundation.accounts.models import User


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.get("/customers/?q=warm")
    return client


def body(response) -> str:
    return response.content.decode()


def new_customer(**changes: object) -> dict[str, object]:
    return {
        "name": "Bodenwerk GmbH",
        "country": "DE",
        "kind": "dealer",
        "tier": "key",
        "source": "fair",
        "contact_name": "Jo Petersen",
        "contact_email": "Jo@Bodenwerk.example",
        "contact_mobile": "0151 12345678",
        **changes,
    }
