"""The cache on Redis, with one client for each connection pool instead of a new one for each look."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient

COUNT_UP = "if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('INCRBY', KEYS[1], ARGV[1]) end return false"


class KeptClient(RedisCacheClient):
    """A client holds no state but its pool, so it can serve again."""

    def __init__(self, servers: Any, **options: Any) -> None:
        super().__init__(servers, **options)
        self._kept: dict[int, Any] = {}

    def incr(self, key: Any, delta: int) -> int:
        """Add to a number that is there, in one turn; Django asks first and counts then. Raises ValueError without it."""
        found: int | None = self.get_client(key, write=True).eval(COUNT_UP, 1, key, delta)
        if found is None:
            raise ValueError(f"Key '{key}' not found.")
        return found

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """The client of the pool that Django would take."""
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]
        if id(pool) not in self._kept:
            self._kept[id(pool)] = super().get_client(key, write=write)
        return self._kept[id(pool)]


class RedisCache(DjangoRedisCache):
    """Django's backend with the client above."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient
