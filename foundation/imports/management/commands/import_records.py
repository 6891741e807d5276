"""`import_records KIND FILE --mapping MAPPING.json`: a file into records."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.imports.mapping import BadMapping, read_mapping
from foundation.imports.reading import Unreadable
from foundation.imports.registry import all_kinds, get_kind
from foundation.imports.running import Summary, run_import


class Command(BaseCommand):
    """Reads the file in a stream, writes what is good, and hands back the rest with reasons."""

    help = "Import customers, products, orders, shipments or delivery lines from a CSV file; see docs/imports/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", help=", ".join(kind.code for kind in all_kinds()))
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, required=True)
        parser.add_argument("--dry-run", action="store_true", help="write nothing, only count")
        parser.add_argument("--json", action="store_true", dest="as_json", help="the last line is the summary as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}")
        try:
            kind = get_kind(options["kind"])
            mapping = read_mapping(options["mapping"], kind)
            progress = self._progress if options["verbosity"] > 1 else None
            summary = run_import(kind, path, mapping, dry_run=options["dry_run"], progress=progress)
        except (LookupError, BadMapping, Unreadable) as error:
            raise CommandError(str(error)) from error
        if options["as_json"]:
            self.stdout.write(json.dumps(dataclasses.asdict(summary)))
            return
        for name, value in dataclasses.asdict(summary).items():
            if value is not None:
                self.stdout.write(f"{name.replace('_', ' ')}: {value}")
        if options["dry_run"]:
            self.stdout.write("dry run: nothing was written")

    def _progress(self, summary: Summary) -> None:
        self.stderr.write(f"{summary.rows} rows")
