"""What tests of pages lean on."""

from __future__ import annotations

from typing import Any

from django.test import Client

from foundation.accounts.models import User


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.get("/")
    return client


def body(response: Any) -> str:
    return response.content.decode()


def fields(**values: Any) -> dict[str, Any]:
    return {"title": "Send samples", "due_on": "2031-05-05", "due_time": "", "note": "", **values}


def wei_writes(wei: User, record: Any, text: str) -> Any:
    return signed_in(wei).post(f"{record.get_absolute_url()}note/", {"text": text, "audience": "internal"})
