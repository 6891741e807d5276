"""manage.py build_assets: what the static files need from Python packages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from foundation.ui.icons import build_sprite


class Command(BaseCommand):
    """Run before ``collectstatic``; writing the same content again changes nothing."""

    help = "Build the icon sprite into static-build/ (not committed)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        path = build_sprite(Path(settings.BASE_DIR) / "static-build")
        self.stdout.write(f"{path.name}: {path.stat().st_size} bytes")
