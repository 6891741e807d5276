"""Papers print in four languages, reach nothing outside, and cannot hold up the shop."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from foundation.documents import pdf
from foundation.documents.pdf import Asset, PdfRefused, PdfUnavailable, check_press, print_html
from tests.support.pdf import attachments_in, words_of

SECRET = "CANARY-7f3a9c"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)

# Each names the target with {u}; markup, style, picture, attachment, link and metadata.
VECTORS = [
    '<img src="{u}">',
    '<img srcset="{u} 2x">',
    '<picture><source srcset="{u}"><img src="{u}"></picture>',
    '<input type="image" src="{u}">',
    '<embed src="{u}">',
    '<object data="{u}"></object>',
    '<iframe src="{u}"></iframe>',
    '<video src="{u}" poster="{u}"></video>',
    '<audio src="{u}"></audio>',
    '<link rel="stylesheet" href="{u}">',
    '<link rel="alternate stylesheet" href="{u}">',
    '<link rel="attachment" href="{u}">',
    '<link rel="icon" href="{u}">',
    '<a rel="attachment" href="{u}">x</a>',
    '<base href="{u}"><img src="x.png">',
    '<meta http-equiv="refresh" content="0;url={u}">',
    '<script src="{u}"></script>',
    '<style>@import "{u}";</style>',
    "<style>@import url({u}) print;</style>",
    '<style>@font-face {{ font-family: evil; src: url("{u}") }} p {{ font-family: evil }}</style><p>x</p>',
    '<style>@page {{ background: url("{u}") }}</style>',
    '<style>@page {{ @top-left {{ content: url("{u}") }} }}</style>',
    '<p style="background: url({u})">x</p>',
    '<p style="background-image: image-set(url({u}) 1x)">x</p>',
    '<p style="border-image: url({u}) 30">x</p>',
    '<p style="mask: url({u})">x</p>',
    '<p style="content: url({u})">x</p>',
    '<p style="cursor: url({u}), auto">x</p>',
    '<p style="filter: url({u}#f)">x</p>',
    '<style>li {{ list-style-image: url("{u}") }}</style><ul><li>x</li></ul>',
    '<style>p::before {{ content: url("{u}") }}</style><p>x</p>',
    '<style>@counter-style evil {{ system: cyclic; symbols: url("{u}") }} li {{ list-style: evil }}</style><li>x</li>',
    '<body background="{u}"></body>',
    '<table background="{u}"><tr><td>x</td></tr></table>',
    '<svg><image href="{u}" width="9" height="9"/></svg>',
    '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{u}" width="9" height="9"/></svg>',
    '<svg><use href="{u}#x"/></svg>',
    '<svg><style>@import "{u}";</style></svg>',
    '<svg><pattern id="p" href="{u}#x"/><rect fill="url({u}#p)" width="9" height="9"/></svg>',
    '<svg><text><textPath href="{u}#x">x</textPath></text></svg>',
]


@pytest.fixture
def canary() -> Iterator[Any]:
    """A server that counts who calls: nobody may."""
    calls: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SECRET.encode())

        def log_message(self, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.calls = calls
    yield server
    server.shutdown()
    server.server_close()


def targets(port: int, secret: Path) -> list[str]:
    return [
        f"http://127.0.0.1:{port}/a",
        f"http://localhost:{port}/b",
        f"http://2130706433:{port}/c",
        f"http://0x7f000001:{port}/d",
        f"http://[::ffff:127.0.0.1]:{port}/e",
        f"http://127.1:{port}/f",
        f"//127.0.0.1:{port}/g",
        f"ftp://127.0.0.1:{port}/h",
        "http://169.254.169.254/latest/meta-data/",
        f"file://{secret}",
        f"file://localhost{secret}",
        str(secret),
    ]


@pytest.mark.parametrize("number", range(12))
def test_no_text_makes_the_press_fetch_or_read_anything(canary: Any, tmp_path: Path, number: int) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text(f'<svg xmlns="http://www.w3.org/2000/svg"><text y="20">{SECRET}</text></svg>')
    target = targets(canary.server_port, secret)[number]
    html = "<!doctype html><html><head></head><body>" + "".join(v.format(u=target) for v in VECTORS) + "<p>end</p>"
    paper = print_html(html, styles=())
    assert canary.calls == []
    assert SECRET.encode() not in paper.data
    assert SECRET not in words_of(paper.data)
    assert attachments_in(paper.data) == []


def test_a_picture_given_with_the_paper_is_drawn_and_one_inside_a_drawing_is_not(canary: Any) -> None:
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1:{canary.server_port}/"/></svg>'
    assets = {"logo": Asset(PIXEL, "image/png"), "drawing": Asset(drawing.encode(), "image/svg+xml")}
    paper = print_html(
        '<img src="asset:logo"><img src="asset:drawing"><img src="asset:none">', assets=assets, styles=()
    )
    assert b"/Subtype /Image" in paper.data or b"/Subtype/Image" in paper.data
    assert canary.calls == []


def test_this_machine_prints_all_four_languages() -> None:
    assert check_press() == []


def test_characters_that_no_font_draws_are_reported() -> None:
    assert print_html("<p>报价 \ue000</p>", styles=()).missing == ("\ue000",)


def test_a_paper_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(PdfRefused, match="longer than 1 seconds"):
        print_html("<p>" + "x " * 1_000_000, styles=(), seconds=1)


def test_a_paper_with_too_many_pages_is_refused() -> None:
    with pytest.raises(PdfRefused, match="longer than 2 pages"):
        print_html('<p style="break-after: page">x</p>' * 5, styles=(), max_pages=2)


def test_a_paper_that_asks_for_too_much_memory_is_refused() -> None:
    with pytest.raises(PdfRefused, match="asks too much"):
        print_html("<table>" + "<tr><td>x" * 50_000, styles=(), memory=120 * 1024 * 1024)


def test_a_missing_library_is_told_in_a_sentence_that_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.CompletedProcess([], 3, b"", b"cannot load library 'libpango'")
    monkeypatch.setattr(pdf.subprocess, "run", lambda *args, **kwargs: done)
    with pytest.raises(PdfUnavailable, match="apt-get install"):
        print_html("<p>x", styles=())
    assert "Pango" in check_press()[0]


def handed_over(data: bytes) -> bytes:
    """What the press writes for these bytes."""
    about = {"pages": 1, "missing": [], "sha256": hashlib.sha256(data).hexdigest()}
    return json.dumps(about).encode() + b"\n" + data


@pytest.mark.parametrize(
    "damaged",
    [
        handed_over(b"%PDF paper")[:-1],
        handed_over(b"%PDF paper").replace(b" paper", b" (warning: a font) paper"),
        b"a font is broken\n" + handed_over(b"%PDF paper"),
        b"",
    ],
)
def test_a_damaged_paper_never_reaches_anybody(monkeypatch: pytest.MonkeyPatch, damaged: bytes) -> None:
    done = subprocess.CompletedProcess([], 0, damaged, b"")
    monkeypatch.setattr(pdf.subprocess, "run", lambda *args, **kwargs: done)
    with pytest.raises(PdfRefused, match="damaged"):
        print_html("<p>x", styles=())


def test_what_a_library_prints_does_not_get_into_the_paper() -> None:
    code = (
        "import os; from foundation.documents import press; out = press.take_way_out();"
        "out.write(b'pa'); out.flush(); print('a word', flush=True); os.write(1, b'another'); out.write(b'per'); out.close()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=settings.BASE_DIR)
    assert done.stdout == b"paper"
    assert b"a word" in done.stderr and b"another" in done.stderr


def test_the_press_inherits_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", SECRET)
    seen: dict[str, Any] = {}

    def spy(command: list[str], **kwargs: Any) -> subprocess.CompletedProcess[bytes]:
        seen.update(kwargs)
        return subprocess.CompletedProcess(command, 0, handed_over(b"%PDF"), b"")

    monkeypatch.setattr(pdf.subprocess, "run", spy)
    assert print_html("<p>x", styles=()).data == b"%PDF"
    assert SECRET not in seen["env"].values()
    assert not {"DATABASE_URL", "SECRET_KEY", "REDIS_URL"} & set(seen["env"])
