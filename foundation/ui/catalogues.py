"""Message catalogues, one per app and language, read and written without GNU gettext.

Texts come from the app's Python files (Babel's extractor) and its templates (Django's own
``templatize``). Catalogues carry no dates and no line numbers, so that they merge cleanly.
"""

from __future__ import annotations

import ast
import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGES = ("de", "zh_Hans", "zh_Hant")
SHELL = "ui"
GROUPS = ("foundation", "")
TEMPLATE_SUFFIXES = {".html", ".txt", ".svg", ".xml"}
_PLURAL_FORMS = {
    "de": "nplurals=2; plural=(n != 1);",
    "zh_Hans": "nplurals=1; plural=0;",
    "zh_Hant": "nplurals=1; plural=0;",
}
_ONE = (1,)
_CONTEXT = ((1, "c"), 2)
_PLURAL = (1, 2)
_CONTEXT_PLURAL = ((1, "c"), 2, 3)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...]] = {
    "_": _ONE,
    "gettext": _ONE,
    "gettext_lazy": _ONE,
    "gettext_noop": _ONE,
    "ngettext": _PLURAL,
    "ngettext_lazy": _PLURAL,
    "pgettext": _CONTEXT,
    "pgettext_lazy": _CONTEXT,
    "npgettext": _CONTEXT_PLURAL,
    "npgettext_lazy": _CONTEXT_PLURAL,
}
_PERCENT = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*([a-zA-Z])|%[sdif]")
_ALIAS = re.compile(r"\b(n?p?gettext(?:_lazy|_noop)?|npgettext(?:_lazy)?) as (\w+)")
_BRACES = re.compile(r"\{[A-Za-z_][\w.]*\}")

# One message is known by its context and its id; a plural id is a pair.
Key = tuple[str | None, str]


@dataclass(slots=True)
class Text:
    """A translatable text as the sources have it."""

    id: str
    plural: str | None = None
    context: str | None = None
    comments: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        return self.context, self.id

    @property
    def babel_id(self) -> str | tuple[str, str]:
        return (self.id, self.plural) if self.plural else self.id


@dataclass(slots=True)
class Report:
    """What is wrong with one catalogue; ``missing`` counts new and untranslated texts."""

    app: str
    language: str
    total: int = 0
    missing: list[Text] = field(default_factory=list)
    mismatched: list[Text] = field(default_factory=list)
    stale: list[Key] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        return not self.missing and not self.mismatched


@dataclass(frozen=True, slots=True)
class Collision:
    """One text that two catalogues translate differently: merged by Django, one of them wins everywhere."""

    language: str
    context: str | None
    id: str
    translations: dict[tuple[str, ...], list[str]]
    """The apps of each translation."""


class Sources:
    """Finds the apps of a source tree and the files that belong to each catalogue."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.apps = {
            folder.name: folder
            for group in GROUPS
            for folder in sorted((base / group).iterdir())
            if (folder / "apps.py").is_file()
        }

    def labels(self) -> list[str]:
        return sorted({*self.apps, SHELL})

    def files(self, app: str) -> Iterator[Path]:
        """Python files of the app, then its templates; those of nobody belong to the shell."""
        folders = [self.apps[app]] if app in self.apps else []
        for folder in folders:
            yield from _walk(folder, {".py", *TEMPLATE_SUFFIXES})
        templates = self.base / "templates"
        if app != SHELL:
            yield from _walk(templates / app, TEMPLATE_SUFFIXES)
            return
        for path in _walk(templates, TEMPLATE_SUFFIXES):
            owner = path.relative_to(templates).parts[0]
            if owner not in self.apps or owner == SHELL:
                yield path

    def texts(self, app: str) -> list[Text]:
        """All texts of one app, each once, in a stable order."""
        found: dict[Key, Text] = {}
        for path in self.files(app):
            for text in extract_file(path):
                known = found.setdefault(text.key, text)
                if text.plural and not known.plural:
                    found[text.key] = text
        return sorted(found.values(), key=lambda text: (text.id, text.context or ""))

    def po(self, app: str, language: str) -> Path:
        return self.base / "locale" / app / language / "LC_MESSAGES" / "django.po"


def _walk(folder: Path, suffixes: Iterable[str]) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        if path.suffix in suffixes and "migrations" not in path.parts:
            yield path


def extract_file(path: Path) -> Iterator[Text]:
    """Texts of one Python file or template, in the order in which they stand."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Blanked-out markup keeps its indentation, which Python's tokenizer would refuse.
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    keywords = {**KEYWORDS, **{alias: KEYWORDS[name] for name, alias in _ALIAS.findall(source)}}
    stream = io.BytesIO(source.encode())
    for _line, ids, comments, context in extract("python", stream, keywords, ("Translators:",), {"encoding": "utf-8"}):
        singular, plural = (ids[0], ids[1]) if isinstance(ids, tuple) else (ids, None)
        if singular:
            yield Text(singular, plural, context, tuple(comments))
    if path.suffix == ".py":
        yield from _inside_fstrings(source, keywords)


def _inside_fstrings(source: str, keywords: dict[str, Any]) -> Iterator[Text]:
    """Texts of calls in braces: before Python 3.12 an f-string is one token, into which Babel does not look."""
    for outer in ast.walk(ast.parse(source)):
        for call in ast.walk(outer) if isinstance(outer, ast.JoinedStr) else ():
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in keywords):
                continue
            found: dict[str, Any] = {"context": None, "id": None, "plural": None}
            names = iter(("id", "plural"))
            for place in keywords[call.func.id]:
                number, name = (place[0], "context") if isinstance(place, tuple) else (place, next(names))
                given = call.args[number - 1] if number <= len(call.args) else None
                found[name] = given.value if isinstance(given, ast.Constant) else None
            if found["id"]:
                yield Text(found["id"], found["plural"], found["context"], ())


def read(path: Path, language: str) -> Catalog:
    """The catalogue on disk, or an empty one."""
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _lookup(catalog: Catalog, text: Text) -> Message | None:
    return catalog.get(text.id, context=text.context)


def _forms(message: Message | None, text: Text, language: str) -> tuple[str, ...]:
    """The translation's forms, as many as the language has; empty strings where untranslated."""
    wanted = 1 if not text.plural or language.startswith("zh") else 2
    if message is None or message.fuzzy:
        return ("",) * wanted
    have = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if len(have) < wanted:
        return (*have, *("",) * (wanted - len(have)))
    return tuple(form or "" for form in have[:wanted])


def merge(sources: Sources, app: str, language: str, filled: dict[Key, tuple[str, ...]] | None = None) -> bool:
    """Bring one catalogue up to date, keeping what is translated. True when the file changed."""
    path = sources.po(app, language)
    before, texts = read(path, language), sources.texts(app)
    if not texts and not path.is_file():
        return False
    after = Catalog(locale=language)
    for text in texts:
        forms = (filled or {}).get(text.key) or _forms(_lookup(before, text), text, language)
        string = forms if text.plural else forms[0]
        after.add(text.babel_id, string, auto_comments=text.comments, context=text.context)
    content = _render(after, language)
    if path.is_file() and path.read_text(encoding="utf-8") == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return True


def _render(catalog: Catalog, language: str) -> str:
    body = io.BytesIO()
    write_po(body, catalog, width=0, no_location=True, omit_header=True, sort_output=True)
    header = [
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {_PLURAL_FORMS[language]}",
    ]
    lines = "".join(f'"{line}\\n"\n' for line in header)
    return f'msgid ""\nmsgstr ""\n{lines}\n{body.getvalue().decode().strip()}\n'


def placeholders(text: str) -> set[str]:
    """Names that must survive translation: ``%(name)s``, ``%s`` and ``{name}``."""
    return {m.group(0) for pattern in (_PERCENT, _BRACES) for m in pattern.finditer(text.replace("%%", ""))}


class _Anything(dict[str, int]):
    def __missing__(self, name: str) -> int:
        return 1


def _can_be_filled(form: str) -> bool:
    """Whether the places of a text can be filled: a per cent sign of its own is written twice there, or the page breaks."""
    try:
        form % _Anything()
    except (TypeError, ValueError):
        return False
    return True


def _is_mismatched(text: Text, forms: tuple[str, ...]) -> bool:
    full = placeholders(text.plural or text.id)
    if placeholders(forms[-1]) != full:
        return True
    if "%(" in text.id and not all(_can_be_filled(form) for form in forms):
        return True
    allowed = full | placeholders(text.id)
    return any(not placeholders(form) <= allowed for form in forms)


def check(sources: Sources, app: str, language: str) -> Report:
    """Compare a catalogue with the sources; nothing is written."""
    catalog = read(sources.po(app, language), language)
    report, known = Report(app, language), set()
    for text in sources.texts(app):
        report.total += 1
        known.add(text.key)
        forms = _forms(_lookup(catalog, text), text, language)
        if not all(forms):
            report.missing.append(text)
        elif _is_mismatched(text, forms):
            report.mismatched.append(text)
    report.stale = [key for message in catalog if message.id and (key := _key(message)) not in known]
    return report


def collisions(sources: Sources, language: str) -> list[Collision]:
    """Texts with the same context and different translations in the catalogues of all apps."""
    found: dict[Key, dict[tuple[str, ...], list[str]]] = {}
    for app in sources.labels():
        for message in read(sources.po(app, language), language):
            forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
            if message.id and all(forms) and not message.fuzzy:
                said = tuple(form or "" for form in forms)
                found.setdefault(_key(message), {}).setdefault(said, []).append(app)
    return [
        Collision(language, context, text, translations)
        for (context, text), translations in sorted(found.items(), key=lambda item: (item[0][1], item[0][0] or ""))
        if len(translations) > 1
    ]


def _key(message: Message) -> Key:
    ids = message.id
    return message.context, ids[0] if isinstance(ids, tuple | list) else ids


def compile_all(base: Path, *, force: bool = False) -> int:
    """Write every ``.mo`` that is older than its ``.po``; returns how many were written."""
    written = 0
    for po in sorted((base / "locale").glob("*/*/LC_MESSAGES/django.po")):
        mo = po.with_suffix(".mo")
        if not force and mo.is_file() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        language = po.parent.parent.name
        catalog = read(po, language)
        # Renamed into place, so that a process starting meanwhile never reads half a file.
        handle, name = tempfile.mkstemp(dir=po.parent, suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            write_mo(file, catalog)
        os.chmod(name, 0o644)
        os.replace(name, mo)
        written += 1
    return written
