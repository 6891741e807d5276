"""Papers as PDF, in the reader's language: quotes, invoices, forms, reports.

The template is rendered here; `press.py` prints it in a process of its own, with a time limit, a memory limit and a page
limit, without network, files or secrets. A template for paper extends `ui/paper.html`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from foundation.accounts.models import Company
from foundation.documents import press
from foundation.journal.machine import Refused

logger = logging.getLogger(__name__)

SECONDS = 20
MEMORY = 512 * 1024 * 1024
MAX_PAGES = 200
STYLES = ("ui/css/paper.css",)
# What the press needs of our surroundings: where fonts and libraries lie. Never an address or a secret.
PASSED_ON = ("PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "LD_LIBRARY_PATH")
HTML_LANG = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
SAMPLE = {
    "en": "Quotation “No. 1” – total € 1,234.50 £ ¥ m²",
    "de": "Angebot für Böden, Maße und Türen – Gesamtbetrag",
    "zh-hans": "报价单 石塑地板 规格 数量 单价 总额 条款",
    "zh-hant": "報價單 石塑地板 規格 數量 單價 總額 條款 臺灣",
}


class PdfRefused(Refused):
    """The paper could not be printed; the message says why and what to do. `reason` is `input` or `state`."""


class PdfUnavailable(PdfRefused):
    """This machine cannot print at all: a system library is missing."""


@dataclass(frozen=True)
class Asset:
    """A picture that a template uses as `asset:NAME`."""

    data: bytes
    media_type: str


@dataclass(frozen=True)
class Paper:
    """A printed paper: its bytes, how many pages, and the characters that no font of this machine can draw."""

    data: bytes
    pages: int
    missing: tuple[str, ...] = ()


def render_pdf(
    template: str,
    context: Mapping[str, Any],
    language: str,
    *,
    assets: Mapping[str, Asset] | None = None,
    max_pages: int = MAX_PAGES,
) -> bytes:
    """Print `template` with `context` in `language`. Raises PdfRefused (a Refused) with a sentence for people."""
    return render_paper(template, context, language, assets=assets, max_pages=max_pages).data


def render_paper(
    template: str,
    context: Mapping[str, Any],
    language: str,
    *,
    assets: Mapping[str, Asset] | None = None,
    max_pages: int = MAX_PAGES,
) -> Paper:
    """As `render_pdf`, with the count of pages and the missing characters."""
    pictures = dict(assets or {})
    company = Company.current()
    if logo := company_logo(company):
        pictures.setdefault("logo", logo)
    with translation.override(language):
        html = render_to_string(
            template,
            {
                "company": company,
                "lang": HTML_LANG.get(language, language),
                "logo": "asset:logo" if "logo" in pictures else "",
                **context,
            },
        )
    paper = print_html(html, assets=pictures, max_pages=max_pages)
    if paper.missing:
        logger.warning(
            "%s in %s: no font draws %s", template, language, " ".join(f"U+{ord(c):04X}" for c in paper.missing)
        )
    return paper


def print_html(
    html: str,
    *,
    assets: Mapping[str, Asset] | None = None,
    styles: Sequence[str] = STYLES,
    max_pages: int = MAX_PAGES,
    seconds: int = SECONDS,
    memory: int = MEMORY,
) -> Paper:
    """Send one order to the press and wait for it, at most `seconds`. Raises PdfRefused."""
    order = {
        "html": html,
        "styles": [style_sheet(name) for name in styles],
        "assets": {
            name: {"data": base64.b64encode(one.data).decode(), "type": one.media_type}
            for name, one in (assets or {}).items()
        },
        "max_pages": max_pages,
        "seconds": seconds,
        "memory": memory,
    }
    surroundings = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", press.__file__],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=seconds,
            env={**surroundings, "LANG": "C.UTF-8"},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PdfRefused(
            _("The paper took longer than %(seconds)d seconds to print. Shorten its texts and try again.")
            % {"seconds": seconds},
            reason="input",
        ) from error
    if done.returncode:
        raise _refusal(done.returncode, done.stderr.decode(errors="replace"), max_pages)
    return _paper(done.stdout, done.stderr)


def _paper(output: bytes, errors: bytes) -> Paper:
    """What the press handed over. Raises PdfRefused when it is not, byte for byte, what was printed."""
    head, _newline, data = output.partition(b"\n")
    try:
        about = json.loads(head)
        is_whole = hashlib.sha256(data).hexdigest() == about["sha256"]
    except (ValueError, TypeError, KeyError):
        is_whole = False
    if not is_whole:
        logger.error("The press handed over a damaged paper of %s bytes: %s", len(data), errors[-2000:])
        raise PdfRefused(_("The paper was damaged while it was printed. Try again."), reason="state")
    return Paper(data, about["pages"], tuple(about["missing"]))


def _refusal(status: int, errors: str, max_pages: int) -> PdfRefused:
    logger.error("The press ended with %s: %s", status, errors[-2000:])
    if status == press.EXIT_NO_LIBRARY:
        return PdfUnavailable(
            _(
                "This server cannot make PDFs yet: the library Pango is missing. "
                "An administrator installs it with: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
            ),
            reason="state",
        )
    if status == press.EXIT_TOO_LONG:
        return PdfRefused(_("The paper would be longer than %(pages)d pages.") % {"pages": max_pages}, reason="input")
    return PdfRefused(_("The paper could not be printed: one of its texts or pictures asks too much."), reason="input")


def style_sheet(name: str) -> str:
    """The text of one of our own style sheets, from the sources or from the collected files."""
    found = finders.find(name)
    if isinstance(found, str):
        return Path(found).read_text(encoding="utf-8")
    with staticfiles_storage.open(name) as file:
        return str(file.read().decode("utf-8"))


def company_logo(company: Company) -> Asset | None:
    """The company's logo by its content, or None where it has none, or one that is no picture."""
    if not company.logo:
        return None
    try:
        with company.logo.open("rb") as file:
            data = file.read(2 * 1024 * 1024 + 1)
    except OSError:
        return None
    if len(data) > 2 * 1024 * 1024:
        return None
    for head, media_type in ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg")):
        if data.startswith(head):
            return Asset(data, media_type)
    is_drawing = b"<svg" in data[:1000]
    return Asset(data, "image/svg+xml") if is_drawing else None


def check_press() -> list[str]:
    """What is wrong with printing on this machine, as sentences; empty when all four languages print. For health checks."""
    lines = "".join(f'<p lang="{HTML_LANG.get(code, code)}">{text}</p>' for code, text in SAMPLE.items())
    try:
        paper = print_html(f"<!doctype html><html><body>{lines}</body></html>", styles=())
    except PdfRefused as refused:
        return [refused.message]
    if paper.missing:
        return [
            _("No font on this server draws %(characters)s: install fonts-noto-cjk.")
            % {"characters": "".join(paper.missing)}
        ]
    return []
