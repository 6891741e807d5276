"""What people do with a page: read, press, fill in, sign."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from foundation.notifications.delivery import deliver_due
from tests.notifications.sinks import MailSink

# Generous: papers are printed on the way, and the machine may be busy.
expect.set_options(timeout=20_000)
FORM = "dialog[open] form, main form.form"


class Person:
    """Somebody before a browser. Everything is found by the words on the page."""

    def __init__(self, page: Any) -> None:
        self.page = page
        page.set_default_timeout(20_000)

    def open(self, path: str) -> Person:
        """Go to an address."""
        answer = self.page.goto(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return self

    def follow(self, words: str) -> Person:
        """Follow the link of these words in the page's main part."""
        self.page.get_by_role("main").get_by_role("link", name=words, exact=True).first.click()
        return self

    def press(self, words: str) -> Person:
        """Press the button (or the link that looks like one) of these words."""
        actions = self.page.locator("main")
        wanted = actions.get_by_role("button", name=words, exact=True).or_(
            actions.get_by_role("link", name=words, exact=True)
        )
        menu = actions.locator(".head .actions details")
        folded = menu.locator("a, button").filter(has_text=words)
        wanted.or_(folded).first.wait_for(state="attached")
        if wanted.count() == 0 and folded.count():
            menu.locator("summary").click()  # what is less usual lies in "More actions"
        wanted.first.click()
        return self

    def fill(self, **values: Any) -> Person:
        """Fill in fields by their names, in the open dialog or the page's form."""
        for name, value in values.items():
            form = self.page.locator(FORM).filter(has=self.page.locator(f"[name='{name}']")).last
            field = form.locator(f"[name='{name}']:not([type=hidden])")
            kind = field.first.evaluate("field => field.tagName == 'SELECT' ? 'select' : field.type")
            if kind == "select":
                field.select_option(**value) if isinstance(value, dict) else field.select_option(value)
            elif kind == "radio":
                form.locator(f"[name='{name}'][value='{value}']").check()
            elif kind == "checkbox":
                field.check()
            elif kind == "file":
                field.set_input_files(value)
            else:
                field.fill(str(value))
        return self

    def submit(self) -> Person:
        """Press the form's main button."""
        self.page.locator(FORM).last.locator(".btn.go, .btn.stop").last.click()
        return self

    def do(self, words: str, **values: Any) -> Person:
        """One of the record's actions with its short form."""
        return self.press(words).fill(**values).submit()

    def sign(self) -> Person:
        """Draw a signature with the mouse."""
        pad = self.page.locator("canvas.signature-pad").last
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        mouse = self.page.mouse
        mouse.move(box["x"] + 30, box["y"] + 100)
        mouse.down()
        for step in range(1, 12):
            mouse.move(box["x"] + 30 + 14 * step, box["y"] + 100 + (40 if step % 2 else -40))
        mouse.up()
        return self

    def sees(self, *words: str) -> Person:
        """These words stand on the page and can be seen."""
        for one in words:
            expect(self.page.locator("body")).to_contain_text(one, use_inner_text=True)
        return self

    def stands_at(self, state: str) -> Person:
        """The state path says that the record is here."""
        expect(self.page.locator(".path li[aria-current=step]")).to_contain_text(state)
        return self


def post(mail: MailSink) -> list[Any]:
    """Let the worker send what is due; answers the letters that arrived meanwhile."""
    before = len(mail.mails)
    deliver_due()
    return mail.mails[before:]


def words(letter: Any) -> str:
    """A letter as plain text."""
    return str(letter.get_body(("plain",)).get_content())


def link_in(letter: Any, part: str) -> str:
    """The first address in a letter that contains this."""
    found = re.search(rf"https?://\S*{re.escape(part)}\S*", words(letter))
    assert found, f"no link with {part} in: {words(letter)}"
    return found.group(0)
