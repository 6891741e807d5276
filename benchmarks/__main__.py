"""`python -m benchmarks`: migrate, fill, measure, report. `./kontor bench` gives it servers of its own."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
ROOT = Path(__file__).resolve().parent.parent


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./kontor bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="customers, orders and complaints (100000)")
    parser.add_argument("--records", type=int, default=5, help="service records of each customer (5)")
    parser.add_argument(
        "--clocks", type=int, default=0, help="fill up with running clocks to so many (as the rows give)"
    )
    parser.add_argument("--times", type=int, default=100, help="how often each page is asked for (100)")
    parser.add_argument("--only", default="", help="measure only pages whose name contains this")
    parser.add_argument("--messages", type=int, default=10_000, help="emails that wait to be sent (10000)")
    parser.add_argument("--pages-only", action="store_true", help="leave out clocks, messages and import")
    parser.add_argument("--reuse", action="store_true", help="the database was filled before (with DATABASE_URL)")
    parser.add_argument("--output", type=Path, default=ROOT / "var/bench/latest.md")
    return parser.parse_args()


def _say(text: str) -> None:
    print(f"  {text}", flush=True)


def _prepare() -> None:
    """A database as an installation has it, texts and static files: each by a process that sees what the last one made."""
    for command in (
        ["migrate", "--verbosity", "0"],
        ["messages", "--compile"],
        ["load_defaults"],
        ["build_assets"],
        ["collectstatic", "--noinput", "--verbosity", "0"],
    ):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    """Everything in one run: ratios of different runs do not compare."""
    options = _options()
    started = time.monotonic()
    if not options.reuse:
        _prepare()
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.cached_db import SessionStore

    from benchmarks import background, house, messages, pages, records, report, server, visitor

    if not options.reuse:
        _say(f"database ready after {time.monotonic() - started:.0f} s; filling")
        house.fill(options.rows, _say)
        records.fill_records(options.records, _say)
        if options.clocks:
            house.fill_clocks(options.clocks, _say)
        _say(f"filled after {time.monotonic() - started:.0f} s; measuring")
    me, middle = house.landmarks()
    session = SessionStore()
    session[SESSION_KEY] = str(me.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = me.get_session_auth_hash()
    session.save()
    options.output.parent.mkdir(parents=True, exist_ok=True)
    empty = pages.Page("the empty view", pages.EMPTY, 1, 2)
    with server.running(options.output.parent / "web.log") as web:
        staff, stranger = visitor.Visitor(web.port, session.session_key or ""), visitor.Visitor(web.port)
        chosen = [page for page in pages.all_pages(middle) if options.only in page.name]
        empties = [pages.measure(empty, staff, stranger, options.times, web.cpu)]
        timings = [pages.measure(page, staff, stranger, options.times, web.cpu) for page in chosen]
        empties.append(pages.measure(empty, staff, stranger, options.times, web.cpu))
        memory = web.memory()
        for timing in [*empties, *timings]:
            timing.queries = None if timing.problem else pages.count_queries(timing.page, me)
        if any(one.problem for one in empties):
            raise RuntimeError(empties[0].problem)
        lines = [background.Line("memory of 2 workers", f"{memory:.0f} MiB", "PSS, master included", "≤ 240 MiB")]
        if not options.pages_only:
            lines += [*background.clocks(), *background.due_times()]
            lines += messages.messages(options.messages, options.output.parent)
            lines.append(background.importing(options.rows, options.output.parent))
        text = report.table(empties, timings, lines, options.rows)
        options.output.write_text(text)
        print(f"\n{text}\n  written to {options.output}, {time.monotonic() - started:.0f} s in all", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
