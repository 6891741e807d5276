"""What the ownership of customers starts with, and where it is offered: defaults, events of deals, messages, buttons."""

from __future__ import annotations

from crm import handlers, ownership_actions, ownership_messages, ownership_panels
from crm.models import FreeMailHost, NameWord
from crm.senders import MAIL_PROVIDERS
from crm.services.keys import rebuild_keys
from crm.services.pool import load_pool_defaults
from crm.short_names import PLACES, TRADES
from foundation.accounts.defaults import register_defaults
from foundation.journal.subscribers import subscribe


def load_hosts() -> int:
    """The hosts that the house knows, where there are none at all: what an administrator removed stays away."""
    if FreeMailHost.objects.exists():
        return 0
    FreeMailHost.objects.bulk_create([FreeMailHost(domain=one) for one in sorted(MAIL_PROVIDERS)])
    return len(MAIL_PROVIDERS)


def load_name_words() -> int:
    """Places and trades of many names, where there are none at all."""
    if NameWord.objects.exists():
        return 0
    rows = [
        NameWord(kind=kind, word=word)
        for kind, words in ((NameWord.Kind.PLACE, PLACES), (NameWord.Kind.TRADE, TRADES))
        for word in dict.fromkeys(words.split())
    ]
    NameWord.objects.bulk_create(rows)
    return len(rows)


def load() -> int:
    """Hosts, words, policy and rules; keys of customers from before there were any."""
    return load_hosts() + load_name_words() + load_pool_defaults() + rebuild_keys()


def register() -> None:
    """Called once, when the apps are ready."""
    register_defaults(56, "ownership of customers", load)
    subscribe(handlers.on_event, name="crm", order=150, wants=handlers.wants)
    ownership_messages.register()
    ownership_actions.register()
    ownership_panels.register()
