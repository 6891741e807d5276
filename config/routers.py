"""One database, two doors: the application's role serves, the owner's role migrates."""

from __future__ import annotations

from typing import Any


class OwnerMigrates:
    """Send every schema change through the `owner` alias and everything else through `default`."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"
