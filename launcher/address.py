"""Addresses of databases."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit


def connection_keywords(url: str) -> dict[str, str]:
    """libpq's keywords for one of our addresses; a path with folders names a folder of sockets."""
    parts = urlsplit(url)
    folder, _slash, database = unquote(parts.path[1:]).rpartition("/")
    words = {
        "host": folder or parts.hostname or "",
        "port": str(parts.port or ""),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "dbname": database,
    }
    return {key: value for key, value in words.items() if value}
