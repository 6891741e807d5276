"""A real browser before a real server: Debian's chromium through Playwright."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What a page answers at once, without waiting for what it is asked about.
AT_ONCE = ("count", "all", "all_inner_texts", "all_text_contents", "is_visible", "evaluate_all")
MISSING = "no chromium found: apt-get install chromium (or set CHROMIUM to its path)"


def chromium_path() -> str | None:
    """Where the browser is, or None."""
    if path := os.environ.get("CHROMIUM"):
        return path
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def ask_when_loaded(locator: Any) -> None:
    """Let questions that are answered at once wait until the page that a click led to has arrived as a whole.

    A click returns when the next page begins to arrive; on a busy machine its middle can be a while behind.
    """
    for name in AT_ONCE:
        ask = getattr(locator, name)

        def asked(self: Any, *arguments: Any, _ask: Callable[..., Any] = ask, **options: Any) -> Any:
            self.page.wait_for_load_state("domcontentloaded")
            return _ask(self, *arguments, **options)

        setattr(locator, name, functools.wraps(ask)(asked))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One browser per run. Skips, saying so, where the machine has none."""
    path = chromium_path()
    if path is None:
        pytest.skip(MISSING)
    from playwright.sync_api import Locator, sync_playwright

    ask_when_loaded(Locator)
    # Playwright keeps an event loop in this thread, which Django would otherwise take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield instance
        instance.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """The live server's origin, which is also the origin that mails and links name."""
    settings.ORIGIN = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return str(live_server.url)


@pytest.fixture
def open_page(browser: Any, site: str) -> Iterator[Callable[..., Any]]:
    """Open a page of the site: `open_page("/orders/", width=390, language="zh-CN", scripts=False, session=key)`.

    Answers a Playwright page; its `problems` list collects console errors (a violated content policy is one) and
    uncaught exceptions, and the test fails at the end if there are any.
    """
    contexts, problems = [], []

    def open_one(
        path: str = "/",
        *,
        width: int = 1280,
        height: int = 900,
        language: str = "en-US",
        scripts: bool = True,
        dark: bool = False,
        session: str | None = None,
    ) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=language,
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            base_url=site,
        )
        contexts.append(context)
        if session:
            context.add_cookies([{"name": "session", "value": session, "url": site}])
        page = context.new_page()
        page.problems = problems
        page.on("pageerror", lambda error: problems.append(f"exception: {error}"))
        page.on("console", lambda message: message.type == "error" and problems.append(f"console: {message.text}"))
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not problems, "\n".join(problems)
