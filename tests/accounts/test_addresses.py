"""The client's address cannot be talked into being another one."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from foundation.accounts.addresses import client_address


def address(settings, proxies, forwarded=None, peer="203.0.113.9"):
    settings.PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers))


def test_without_a_proxy_the_header_counts_for_nothing(settings):
    assert address(settings, 0, "198.51.100.1") == "203.0.113.9"


@pytest.mark.parametrize("forged", ["", "1.1.1.1, ", "1.1.1.1, 2.2.2.2, "])
def test_behind_a_proxy_only_its_own_entry_counts(settings, forged):
    assert address(settings, 1, forged + "198.51.100.7", peer="10.0.0.1") == "198.51.100.7"


def test_behind_two_proxies_the_second_from_the_right_counts(settings):
    assert address(settings, 2, "1.1.1.1, 198.51.100.7, 10.0.0.2") == "198.51.100.7"


def test_a_header_shorter_than_our_proxies_falls_back_to_the_peer(settings):
    assert address(settings, 2, "198.51.100.7") == "203.0.113.9"


def test_a_network_of_ipv6_counts_as_one_client(settings):
    assert (
        address(settings, 1, "2001:db8:1:2:aaaa::1") == address(settings, 1, "2001:db8:1:2:bbbb::2") == "2001:db8:1:2::"
    )
    assert address(settings, 1, "::ffff:198.51.100.7") == "198.51.100.7"


def test_nonsense_is_cut_and_a_socket_has_no_address(settings):
    assert len(address(settings, 1, "x" * 500)) <= 45
    assert address(settings, 0, peer="") == "unknown"
