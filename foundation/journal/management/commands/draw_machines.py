"""`draw_machines`: the state diagrams of the READMEs, made from the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models

from foundation.journal.machine import edges

BLOCK = re.compile(r"(<!-- machine (?P<label>[\w.]+) -->\n+)```mermaid\n.*?```", re.DOTALL)


def diagram(model: type[models.Model], state: str = "status") -> str:
    """The machine of a model as a Mermaid state diagram: every step with its verb, sorted."""
    begins = getattr(model._meta.get_field(state), "default", "")
    lines = ["stateDiagram-v2", f"    [*] --> {getattr(begins, 'value', begins)}"]
    lines += [f"    {source} --> {target}: {verb}" for source, target, verb in edges(model, state)]
    return "\n".join(lines)


class Command(BaseCommand):
    """A block below `<!-- machine app.Model -->` in an app's README is drawn anew; without a README it is printed."""

    help = "Draw the state machines into the apps' READMEs, or check that they are up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("models", nargs="*", metavar="app.Model", help="print these instead")
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        for label in options["models"]:
            self.stdout.write(diagram(apps.get_model(label)))
        if options["models"]:
            return
        stale = []
        for path in self._readmes():
            text = path.read_text(encoding="utf-8")
            drawn = BLOCK.sub(
                lambda found: f"{found[1]}```mermaid\n{diagram(apps.get_model(found['label']))}\n```", text
            )
            if drawn == text:
                continue
            stale.append(str(path.relative_to(settings.BASE_DIR)))
            if not options["check"]:
                path.write_text(drawn, encoding="utf-8")
        if options["check"] and stale:
            raise CommandError(f"Run manage.py draw_machines: {', '.join(stale)} shows another machine than the code.")
        self.stdout.write(f"{len(stale)} drawn anew" if stale else "every diagram is up to date")

    @staticmethod
    def _readmes() -> list[Path]:
        root = Path(settings.BASE_DIR)
        folders = [Path(config.path) for config in apps.get_app_configs() if Path(config.path).is_relative_to(root)]
        return sorted(folder / "README.md" for folder in folders if (folder / "README.md").exists())
