"""What the ownership of customers starts with, and where it is offered: defaults, events of deals, messages, buttons."""

from __future__ import annotations

from crm import handlers, ownership_actions, ownership_messages, ownership_panels
from crm.models import FreeMailHost
from crm.senders import MAIL_PROVIDERS
from crm.services.keys import rebuild_keys
from crm.services.pool import load_pool_defaults
from foundation.accounts.defaults import register_defaults
from foundation.journal.subscribers import subscribe


def load_hosts() -> int:
    """The hosts that the house knows, where there are none at all: what an administrator removed stays away."""
    if FreeMailHost.objects.exists():
        return 0
    FreeMailHost.objects.bulk_create([FreeMailHost(domain=one) for one in sorted(MAIL_PROVIDERS)])
    return len(MAIL_PROVIDERS)


def load() -> int:
    """Hosts, policy and rules; keys of customers from before there were any."""
    return load_hosts() + load_pool_defaults() + rebuild_keys()


def register() -> None:
    """Called once, when the apps are ready."""
    register_defaults(56, "ownership of customers", load)
    subscribe(handlers.on_event, name="crm", order=150, wants=handlers.wants)
    ownership_messages.register()
    ownership_actions.register()
    ownership_panels.register()
