"""Where a request comes from, and limits on how often one address may ask."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the client: as many steps from the right of X-Forwarded-For as we have proxies of our own.

    Whatever a client writes into the header itself stands further left and buys nothing. An IPv6 client counts as its
    /64 network, since it commands all of it. Falls back to the peer's address, then to `unknown`.
    """
    found = str(request.META.get("REMOTE_ADDR") or "")
    if settings.PROXY_COUNT > 0:
        steps = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(steps) >= settings.PROXY_COUNT:
            found = steps[-settings.PROXY_COUNT]
    try:
        address = ipaddress.ip_address(found.strip("[]"))
    except ValueError:
        # A socket of our own proxy has no address.
        return found[:45] or "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def ratelimit_key(group: str, request: HttpRequest) -> str:
    """For django-ratelimit's `key=`."""
    return client_address(request)
