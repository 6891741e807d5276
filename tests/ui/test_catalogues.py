"""Catalogues are made from the sources, keep what is translated, and tell what is missing."""

from __future__ import annotations

import gettext
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from foundation.ui import catalogues
from foundation.ui.management.commands.messages import read_fill

PYTHON = """
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
NOW = _now("At once")

NAME = _("Order")
LONG = _(
    "The order "
    "was confirmed by %(name)s."
)
MONTH = pgettext("month", "May")
def rows(n):
    return ngettext("{n} row", "{n} rows", n).format(n=n)
"""
TEMPLATE = """
{% load i18n %}
  <p title="{% translate 'Order' %}">
      {% blocktranslate trimmed with name=user.name %}
          Hello {{ name }},
          welcome.
      {% endblocktranslate %}
   </p>
 {% blocktranslate count n=total %}One item{% plural %}{{ n }} items{% endblocktranslate %}
 {% translate "Open" context "verb" %} {{ _("Bracket")|upper }}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for app in ("foundation/ui", "crm"):
        (tmp_path / app).mkdir(parents=True)
        (tmp_path / app / "apps.py").write_text("")
    (tmp_path / "crm" / "models.py").write_text(PYTHON)
    (tmp_path / "templates" / "crm").mkdir(parents=True)
    (tmp_path / "templates" / "crm" / "page.html").write_text(TEMPLATE)
    (tmp_path / "templates" / "base.html").write_text('{% load i18n %}{% translate "Menu" %}')
    return tmp_path


def translate(tree: Path, language: str, **forms: tuple[str, ...]) -> None:
    sources = catalogues.Sources(tree)
    texts = {text.id: text for text in sources.texts("crm")}
    filled = {texts[key].key: value for key, value in forms.items()}
    catalogues.merge(sources, "crm", language, filled)


def test_texts_of_python_and_templates_are_found_once_with_context_and_plural(tree: Path) -> None:
    texts = {(t.context, t.id, t.plural) for t in catalogues.Sources(tree).texts("crm")}
    assert texts == {
        (None, "Order", None),
        (None, "At once", None),
        (None, "The order was confirmed by %(name)s.", None),
        ("month", "May", None),
        (None, "{n} row", "{n} rows"),
        (None, "Hello %(name)s, welcome.", None),
        (None, "One item", "%(n)s items"),
        ("verb", "Open", None),
        (None, "Bracket", None),
    }


def test_texts_inside_f_strings_are_found(tmp_path: Path) -> None:
    file = tmp_path / "drawn.py"
    call = """f'<b title="{esc(_("Closed"))}">{pgettext("month", "June")} {ngettext("one day", "days", n)} {other("No")}</b>'"""
    file.write_text(f"def mark(n):\n    return {call}\n")
    found = {(text.context, text.id, text.plural) for text in catalogues.extract_file(file)}
    assert found == {(None, "Closed", None), ("month", "June", None), (None, "one day", "days")}


def test_templates_of_no_app_belong_to_the_shell(tree: Path) -> None:
    assert [t.id for t in catalogues.Sources(tree).texts("ui")] == ["Menu"]


def test_a_second_run_changes_nothing_and_keeps_translations(tree: Path) -> None:
    sources = catalogues.Sources(tree)
    translate(tree, "de", Order=("Auftrag",))
    assert not catalogues.merge(sources, "crm", "de")
    assert "Auftrag" in sources.po("crm", "de").read_text()


def test_texts_no_longer_used_are_removed(tree: Path) -> None:
    translate(tree, "de", Order=("Auftrag",))
    (tree / "crm" / "models.py").write_text("")
    (tree / "templates" / "crm" / "page.html").write_text("")
    sources = catalogues.Sources(tree)
    assert len(catalogues.check(sources, "crm", "de").stale) == 9
    catalogues.merge(sources, "crm", "de")
    assert "Auftrag" not in sources.po("crm", "de").read_text()


def test_plurals_have_the_number_of_forms_of_the_language(tree: Path) -> None:
    sources = catalogues.Sources(tree)
    for language, forms in (("de", 2), ("zh_Hant", 1)):
        catalogues.merge(sources, "crm", language)
        content = sources.po("crm", language).read_text()
        assert content.count("msgstr[") == 2 * forms


@pytest.mark.parametrize(
    ("said", "is_sound"), [("已完成 %(name)s%，好", False), ("已完成 %(name)s%% 好", True), ("%(name)s 100% 好", False)]
)
def test_a_per_cent_sign_that_would_break_the_page_is_reported(said: str, is_sound: bool) -> None:
    text = catalogues.Text("%(name)s percent are done")
    assert catalogues._is_mismatched(text, (said,)) is not is_sound


def test_missing_and_mismatched_texts_are_reported(tree: Path) -> None:
    sources = catalogues.Sources(tree)
    assert len(catalogues.check(sources, "crm", "de").missing) == 9
    translate(tree, "de", **{"Order": ("Auftrag",), "Hello %(name)s, welcome.": ("Hallo %(nam)s.",)})
    report = catalogues.check(sources, "crm", "de")
    assert len(report.missing) == 7
    assert [t.id for t in report.mismatched] == ["Hello %(name)s, welcome."]


def test_a_singular_form_may_leave_out_the_number(tree: Path) -> None:
    translate(tree, "de", **{"One item": ("Ein Eintrag", "%(n)s Einträge")})
    report = catalogues.check(catalogues.Sources(tree), "crm", "de")
    assert "One item" not in {t.id for t in [*report.missing, *report.mismatched]}


def test_compiled_catalogues_answer_like_gettext(tree: Path) -> None:
    translate(tree, "zh_Hant", **{"Order": ("訂單",), "{n} row": ("{n} 列",)})
    assert catalogues.compile_all(tree) == 1
    assert catalogues.compile_all(tree) == 0
    mo = catalogues.Sources(tree).po("crm", "zh_Hant").with_suffix(".mo")
    with mo.open("rb") as file:
        translations = gettext.GNUTranslations(file)
    assert translations.gettext("Order") == "訂單"
    assert translations.ngettext("{n} row", "{n} rows", 5) == "{n} 列"


def test_fill_files_carry_contexts_and_plurals(tmp_path: Path) -> None:
    file = tmp_path / "fill.json"
    file.write_text(
        json.dumps({"verb\x04Open": {"de": "Öffnen"}, "One item": {"de": ["Eins", "Viele"], "zh_Hans": ""}})
    )
    filled = read_fill(file)
    assert filled["de"] == {("verb", "Open"): ("Öffnen",), (None, "One item"): ("Eins", "Viele")}
    assert filled["zh_Hans"] == {}


def test_a_text_translated_in_two_ways_is_refused_by_name(tree: Path, settings, capsys) -> None:
    settings.BASE_DIR = tree
    (tree / "crm" / "models.py").write_text("")
    (tree / "templates" / "crm" / "page.html").write_text(
        '{% load i18n %}{% translate "Open" %}{% translate "Menu" context "food" %}{% translate "Close" %}'
    )
    (tree / "templates" / "base.html").write_text(
        '{% load i18n %}{% translate "Open" %}{% translate "Menu" %}{% translate "Close" %}'
    )
    sources = catalogues.Sources(tree)
    for language in catalogues.LANGUAGES:
        close = {(None, "Close"): ("Schließen",)}
        catalogues.merge(
            sources, "crm", language, close | {(None, "Open"): ("Offen",), ("food", "Menu"): ("Speisekarte",)}
        )
        catalogues.merge(sources, "ui", language, close | {(None, "Open"): ("Öffnen",), (None, "Menu"): ("Menü",)})

    assert [one.id for one in catalogues.collisions(sources, "de")] == ["Open"]
    with pytest.raises(CommandError, match="alike"):
        call_command("messages", check=True)
    said = capsys.readouterr().out
    assert "0 missing of" in said
    assert "de 'Open': 'Offen' (crm), 'Öffnen' (ui)" in said
    assert "3 translated in two ways" in said

    for language in catalogues.LANGUAGES:
        catalogues.merge(sources, "ui", language, {(None, "Open"): ("Offen",)})
    call_command("messages", check=True)
    assert "in two ways" not in capsys.readouterr().out
