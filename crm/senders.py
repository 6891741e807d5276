"""What an address tells about its company."""

from __future__ import annotations

from urllib.parse import urlparse

# Addresses at these belong to people, not to companies.
MAIL_PROVIDERS = frozenset({
    "126.com", "139.com", "163.com", "aliyun.com", "aol.com", "foxmail.com", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de",
    "gmx.net", "googlemail.com", "hotmail.com", "icloud.com", "libero.it", "live.com", "mail.com", "mail.ru", "me.com", "msn.com",
    "naver.com", "outlook.com", "proton.me", "protonmail.com", "qq.com", "sina.cn", "sina.com", "sohu.com", "t-online.de", "web.de",
    "wanadoo.fr", "yahoo.co.jp", "yahoo.com", "yahoo.de", "yandex.ru", "yeah.net",
})  # fmt: skip


def company_domain(*, website: str = "", email: str = "") -> str:
    """The domain that stands for a company, without `www.`; empty for a mail provider's."""
    host = (urlparse(website).hostname or "") if website else email.rpartition("@")[2]
    host = host.lower().removeprefix("www.")
    return "" if "." not in host or is_free_host(host) else host[:120]


def is_free_host(host: str) -> bool:
    """Whether addresses at this host belong to people: the rows of the administration say so, before there are any the shipped ones."""
    from crm.models import FreeMailHost

    return host in (FreeMailHost.current() or MAIL_PROVIDERS)
