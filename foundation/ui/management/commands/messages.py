"""manage.py messages: extract, check and compile the translation catalogues."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from foundation.ui.catalogues import LANGUAGES, Collision, Key, Report, Sources, check, collisions, compile_all, merge


class Command(BaseCommand):
    """Extracts by default; ``--check`` and ``--missing`` write nothing."""

    help = "Extract texts into locale/APP/LANGUAGE/LC_MESSAGES/django.po, check them, compile them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("apps", nargs="*", metavar="APP", help="app labels (default: all)")
        parser.add_argument(
            "--check", action="store_true", help="exit 1 if a text is missing, broken or translated in two ways"
        )
        parser.add_argument("--compile", action="store_true", help="write the .mo files that are out of date")
        parser.add_argument("--missing", action="store_true", help="print untranslated texts as JSON for --fill")
        parser.add_argument("--fill", metavar="FILE", help='take translations from JSON {"text": {"de": "…"}}')

    def handle(self, *args: Any, **options: Any) -> None:
        base = Path(settings.BASE_DIR)
        sources = Sources(base)
        apps = options["apps"] or sources.labels()
        if unknown := set(apps) - set(sources.labels()):
            raise CommandError(f"No such app: {', '.join(sorted(unknown))}. Known: {', '.join(sources.labels())}")
        if options["check"] or options["missing"]:
            reports = [check(sources, app, language) for app in apps for language in LANGUAGES]
            if options["missing"]:
                self.show_missing(reports)
                return
            clashes = [one for language in LANGUAGES for one in collisions(sources, language)]
            self.show_reports(
                reports, [one for one in clashes if any(set(apps) & set(of) for of in one.translations.values())]
            )
            return
        if options["compile"]:
            self.stdout.write(f"{compile_all(base)} catalogues compiled")
            return
        self.extract(sources, apps, options["fill"])

    def extract(self, sources: Sources, apps: list[str], fill: str | None) -> None:
        filled = read_fill(Path(fill)) if fill else {}
        for app in apps:
            for language in LANGUAGES:
                merge(sources, app, language, filled.get(language))
                report = check(sources, app, language)
                if report.missing:
                    self.stdout.write(f"{app} {language}: {len(report.missing)} of {report.total} to translate")
        self.stdout.write("Catalogues are up to date with the sources.")

    def show_missing(self, reports: list[Report]) -> None:
        wanted: dict[str, dict[str, Any]] = {}
        for report in reports:
            for text in [*report.missing, *report.mismatched]:
                forms = ["", ""] if text.plural and report.language == "de" else ""
                key = f"{text.context}\x04{text.id}" if text.context else text.id
                wanted.setdefault(key, {})[report.language] = forms
        self.stdout.write(json.dumps(wanted, ensure_ascii=False, indent=1))

    def show_reports(self, reports: list[Report], clashes: list[Collision]) -> None:
        for report in reports:
            if report.is_complete and not report.stale:
                continue
            self.stdout.write(
                f"{report.app} {report.language}: {len(report.missing)} missing, "
                f"{len(report.mismatched)} with other placeholders, {len(report.stale)} no longer used"
            )
            for text in [*report.missing, *report.mismatched][:20]:
                self.stdout.write(f"    {text.id[:100]!r}")
        faults = sum(len(report.missing) + len(report.mismatched) for report in reports)
        total = sum(report.total for report in reports)
        self.stdout.write(f"{faults} missing of {total}")
        for one in clashes:
            self.stdout.write(say_collision(one))
        if clashes:
            self.stdout.write(f"{len(clashes)} translated in two ways")
        if faults:
            raise CommandError("Run manage.py messages APP and translate what is missing.", returncode=1)
        if clashes:
            raise CommandError("Translate these texts alike, or give one of them a context.", returncode=1)


def say_collision(one: Collision) -> str:
    """A line such as ``de 'Until': 'Bis' (crm), 'bis' (todos)``; a context stands before the text."""
    text = f"{one.context!r} {one.id!r}" if one.context else repr(one.id)
    ways = [f"{' / '.join(forms)!r} ({', '.join(apps)})" for forms, apps in one.translations.items()]
    return f"{one.language} {text}: {', '.join(ways)}"


def read_fill(path: Path) -> dict[str, dict[Key, tuple[str, ...]]]:
    """Translations by language and message, from ``{"[context\\x04]text": {"de": "…" or ["…", "…"]}}``."""
    filled: dict[str, dict[Key, tuple[str, ...]]] = {language: {} for language in LANGUAGES}
    for name, translations in json.loads(path.read_text(encoding="utf-8")).items():
        context, _, text = name.rpartition("\x04")
        for language, forms in translations.items():
            if forms and all(forms):
                filled[language][(context or None, text)] = (forms,) if isinstance(forms, str) else tuple(forms)
    return filled
