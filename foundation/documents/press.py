"""The press: a process of its own that turns HTML into PDF and can reach nothing.

Run as a script by `foundation.documents.pdf`; it knows neither Django nor the database. It reads one JSON order from
standard input and writes one JSON line about the result, with the digest of the PDF, and then the PDF to standard output,
where nothing else is let in. Pictures and style sheets travel inside the order. Whatever address a text names, the press answers with a refusal: the fetcher knows only the
assets of the order, and an audit hook forbids sockets, programs, and files other than Python's own.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import mimetypes
import os
import re
import resource
import sys
import tempfile
import zipfile  # noqa: F401 - imported before the door closes
from typing import Any, BinaryIO

EXIT_NO_LIBRARY = 3
EXIT_TOO_LONG = 4
FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "ftplib.", "urllib.Request")
_MISSING = re.compile(r"\(U\+([0-9A-F]{4,6})\)")


class GlyphWatch(logging.Handler):
    """Collects the characters for which no font has a picture."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.missing: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message.startswith(".notdef") and (found := _MISSING.search(message)):
            self.missing.add(chr(int(found[1], 16)))


def take_way_out() -> BinaryIO:
    """Standard output, for the paper alone: what a library prints, from a thread of its own too, goes to standard error."""
    sys.stdout.flush()
    way_out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return way_out


def limit(memory: int, seconds: int) -> None:
    """Let the kernel end a process that grows or burns too much."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def close_the_door() -> None:
    """From here on: no socket, no program, no file but the libraries' own, and nothing is written."""
    readable = tuple({os.path.realpath(path) for path in (sys.prefix, sys.base_prefix, sys.exec_prefix)})

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if event.startswith(FORBIDDEN):
            raise PermissionError(f"{event} is forbidden here")
        if event == "open" and isinstance(args[0], str | bytes):
            path, flags = os.path.realpath(os.fsdecode(args[0])), args[2] if len(args) > 2 else 0
            if not path.startswith(readable) or (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)):
                raise PermissionError("files are forbidden here")

    sys.addaudithook(watch)


def fetcher(assets: dict[str, dict[str, str]]) -> Any:
    """A fetcher that knows `asset:NAME` of this order and nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Assets(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            asset = assets.get(url.removeprefix("asset:")) if url.startswith("asset:") else None
            if asset is None:
                raise ValueError("only the assets of this paper can be used")
            body = base64.b64decode(asset["data"])
            return URLFetcherResponse(url, body, {"Content-Type": asset["type"]})

    return Assets(allowed_protocols=["asset"], allow_redirects=False)


def main() -> int:
    """Print one paper. The exit status says what went wrong: 3 a library is missing, 4 too many pages, 1 anything else."""
    way_out = take_way_out()
    order = json.load(sys.stdin)
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    except (OSError, ImportError) as error:
        print(str(error).splitlines()[0] if str(error) else repr(error), file=sys.stderr)
        return EXIT_NO_LIBRARY
    mimetypes.init()
    tempfile.gettempdir()  # found by writing a file, which is forbidden later; a font's address makes the library ask
    watch = GlyphWatch()
    logger = logging.getLogger("weasyprint")
    logger.handlers, logger.propagate = [watch], False
    fonts = FontConfiguration()
    fetch = fetcher(order["assets"])
    limit(order["memory"], order["seconds"])
    close_the_door()
    sheets = [CSS(string=text, url_fetcher=fetch, font_config=fonts) for text in order["styles"]]
    document = HTML(string=order["html"], url_fetcher=fetch, base_url="asset:").render(
        stylesheets=sheets, font_config=fonts
    )
    pages = len(document.pages)
    if pages > order["max_pages"]:
        print(pages, file=sys.stderr)
        return EXIT_TOO_LONG
    document.metadata.generator = ""
    data = document.write_pdf(pdf_tags=True)
    about = {"pages": pages, "missing": sorted(watch.missing), "sha256": hashlib.sha256(data).hexdigest()}
    with way_out:
        way_out.write(json.dumps(about).encode() + b"\n" + data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
