"""Formats, marks, rows, charts and colours: what the templates are handed."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from decimal import Decimal
from unittest import mock

import pytest
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from foundation.ui import accent, charts, formats, html, icons, panels, parts, shortcuts
from foundation.ui.drawing import draw_actions
from foundation.ui.table import Head, Row, render_rows

NOON = dt.datetime(2026, 11, 24, 4, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ("24 Nov 2026, 12:30", "25 minutes ago", "€1,234.50", "97.4%", "Tuesday 24 November")),
        ("de", ("24.11.2026, 12:30", "vor 25 Minuten", "1.234,50 €", "97,4 %", "Dienstag, 24. November")),
        ("zh-hans", ("2026年11月24日 12:30", "25分钟前", "€1,234.50", "97.4%", "11月24日星期二")),
        ("zh-hant", ("2026年11月24日 12:30", "25 分鐘前", "€1,234.50", "97.4%", "11月24日星期二")),
    ],
)
def test_each_language_has_its_own_dates_numbers_and_money(language: str, shown: tuple[str, ...]) -> None:
    with translation.override(language), timezone.override(zoneinfo.ZoneInfo("Asia/Shanghai")):
        got = (
            formats.moment(NOON),
            formats.relative(NOON, NOON + dt.timedelta(minutes=25)),
            formats.money(Decimal("1234.5"), "EUR"),
            formats.percent(Decimal("97.4")),
            formats.weekday(NOON),
        )
    assert tuple(text.replace("\xa0", " ") for text in got) == shown


@pytest.mark.parametrize(
    ("passed", "shown"),
    [
        (dt.timedelta(seconds=59), "just now"),
        (dt.timedelta(seconds=60), "1 minute ago"),
        (dt.timedelta(minutes=59), "59 minutes ago"),
        (dt.timedelta(minutes=60), "1 hour ago"),
        (dt.timedelta(hours=24), "1 day ago"),
    ],
)
def test_how_long_ago_is_told_in_its_largest_unit_and_never_in_seconds(passed: dt.timedelta, shown: str) -> None:
    assert formats.relative(NOON, NOON + passed) == shown


def test_a_time_is_shown_in_the_zone_of_the_reader_and_names_it() -> None:
    with timezone.override(zoneinfo.ZoneInfo("Europe/Berlin")):
        assert formats.exact(NOON) == "24 Nov 2026, 05:30 CET"


def test_no_value_is_a_dash_and_zero_is_zero() -> None:
    assert (formats.number(None), formats.money(None, "EUR"), formats.percent(None)) == ("–", "–", "–")
    assert formats.percent(0, 0) == "0%"


@pytest.mark.parametrize(
    ("given", "family", "shown"),
    [("Wei", "Li", "Wei Li"), ("伟", "李", "李伟"), ("Anna", "", "Anna"), ("", "Petersen", "Petersen")],
)
def test_a_chinese_name_starts_with_the_family(given: str, family: str, shown: str) -> None:
    assert formats.person_name(given, family) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(25 * 60, "25 min"), (11400, "3 h 10 min"), (3600, "1 h"), (180000, "2 days 2 h"), (5, "0 min")],
)
def test_a_length_of_time_has_two_units(seconds: int, shown: str) -> None:
    assert formats.span(seconds) == shown


@pytest.mark.parametrize(("size", "shown"), [(7, "7 B"), (2_345, "2.3 kB"), (2_345_678, "2.3 MB"), (5 * 10**9, "5 GB")])
def test_a_file_size_has_a_unit_that_people_use(size: int, shown: str) -> None:
    assert formats.file_size(size).replace("\xa0", " ") == shown


def test_whatever_is_put_into_markup_is_escaped() -> None:
    evil = '"><script>'
    heads = [Head(evil, "title"), Head("Fact", "fact")]
    for markup in (
        html.badge(evil, title=evil),
        html.link(evil, evil),
        html.two_lines(evil, evil),
        html.chip(evil, evil),
        html.phone(evil),
        html.email(evil),
        html.foreign(evil, "de"),
        render_rows(heads, [Row([evil, evil], pk=evil, label=evil, values={"x": evil})], selectable=True),
        charts.bars(charts.Figure(evil, [(evil, 1)])),
    ):
        assert "<script>" not in markup


def test_a_row_names_its_cells_for_screen_readers_and_phones() -> None:
    heads = [Head("Customer", "title"), Head("Orders", "fact", is_number=True)]
    row = render_rows(heads, [Row([mark_safe("<b>Alpenboden</b>"), 3])])
    assert '<th scope="row" role="rowheader" class="c-title"><b>Alpenboden</b></th>' in row
    assert '<td role="cell" class="c-fact num" data-label="Orders">3</td>' in row


def test_only_one_action_stays_primary() -> None:
    made = parts.Actions.sorted_from(
        [
            parts.Action("A", "/", style="primary"),
            parts.Action("B", "/", style="primary"),
            parts.Action("C", "/", style="danger"),
        ]
    )
    assert (made.primary.label, [a.label for a in made.secondary], [a.label for a in made.danger]) == (
        "A",
        ["B"],
        ["C"],
    )


def test_more_actions_than_one_row_holds_go_into_the_menu_the_usual_ones_stay() -> None:
    named = [parts.Action(name, f"/{name}/") for name in "ABCDE"]
    named[3].is_usual = True
    many = parts.Actions(parts.Action("P", "/p/"), named, danger=[parts.Action("Z", "/z/", method="post")])
    folded = many.folded()
    assert [one.label for one in folded.secondary] == ["A", "D"]
    assert [one.label for one in folded.more] == ["B", "C", "E"]
    assert [one.label for one in many.secondary] == list("ABCDE")
    markup = draw_actions(folded, "t" * 32)
    buttons, _start, rest = markup.partition("<details")
    menu, _end, after = rest.partition("</details>")
    assert "/a/" in buttons.lower() and "/d/" in buttons.lower() and "/b/" not in buttons.lower()
    assert menu.lower().index("/e/") < menu.index('class="apart"') < menu.index("/z/")
    assert menu.count("<li") == 4 and "/p/" in after


def test_a_step_of_the_path_is_always_a_button() -> None:
    named = [parts.Action(name, f"/{name}/", is_step=name in "BCE") for name in "ABCDE"]
    named[0].is_usual = True
    folded = parts.Actions(secondary=named).folded()
    assert [one.label for one in folded.secondary] == ["B", "C", "E"]
    assert [one.label for one in folded.more] == ["A", "D"]


def test_a_few_actions_need_no_menu() -> None:
    few = parts.Actions(secondary=[parts.Action(name, "/") for name in "ABC"])
    assert few.folded() is few and "<details" not in draw_actions(few, "")
    few.danger.append(parts.Action("Z", "/"))
    assert [one.label for one in few.folded().more] == ["C"]


def test_a_path_knows_which_step_it_is_on() -> None:
    path = parts.Path([parts.Step("A", "done"), parts.Step("B", "current"), parts.Step("C")])
    assert (path.number, path.total) == (2, 3)


def test_every_icon_exists_and_needs_no_inline_style() -> None:
    sprite = icons.sprite()
    assert sprite.count("<symbol ") == len(icons.NAMES)
    assert "style=" not in sprite


def test_panels_come_in_order_once_and_empty_ones_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_panels", {})

    def second(**context: object) -> str:
        return f"second {context['subject']}"

    def first(**context: object) -> str:
        return "first"

    def nothing(**context: object) -> None:
        return None

    for fn, order in ((second, 20), (first, 10), (nothing, 5), (second, 20)):
        panels.register_panel("record.main", fn, order)
    assert panels.panels_for("record.main", subject="x") == ["first", "second x"]
    assert panels.panels_for("day.main") == []


def test_no_two_shortcuts_share_their_keys_and_the_browser_gets_them_all() -> None:
    bound = [(shortcut.keys, shortcut.place) for shortcut in shortcuts.shortcuts()]
    assert len(bound) == len(set(bound))
    keys = [keys for keys, place in bound if not place]
    assert len(keys) == len(set(keys))
    assert all(f'"{key}"' in shortcuts.browser_json() for key in keys)
    assert "<" not in shortcuts.browser_json()


def test_a_shortcut_to_what_somebody_may_not_see_is_not_theirs():
    nobody, manager = mock.Mock(has_perm=lambda _name: False), mock.Mock(has_perm=lambda _name: True)
    assert '"g b"' in shortcuts.browser_json(manager)
    assert '"g b"' not in shortcuts.browser_json(nobody)
    assert '"g d"' in shortcuts.browser_json(nobody)


FIGURE = charts.Figure("On time", [("Jan", 90), ("Feb", None), ("Mar", 97.5)], goal=98, is_percent=True)


def test_a_missing_value_is_a_gap_and_not_zero() -> None:
    assert charts.line(FIGURE).count("<circle") == 2
    assert "<polyline" not in charts.line(FIGURE)
    assert charts.bars(FIGURE).count("<rect") == 2


def test_a_chart_says_in_words_what_it_shows() -> None:
    assert charts.summary(FIGURE) == "From 90.0% (Jan) to 97.5% (Mar); lowest 90.0% (Jan), highest 97.5% (Mar)."
    assert "97.5%" in charts.framed(FIGURE, charts.line(FIGURE))


def test_a_chart_for_a_pdf_carries_its_own_colours() -> None:
    assert "class=" not in charts.line(FIGURE, for_pdf=True).replace('class="chart"', "")
    assert "#1f4e79" in charts.bars(FIGURE, for_pdf=True)


@pytest.mark.parametrize("points", [[], [("a", None)], [("a", 0)], [("a", 5), ("b", 5)], [("a", -3), ("b", 1e9)]])
def test_odd_values_still_make_a_chart(points: list) -> None:
    figure = charts.Figure("Odd", points)
    for draw in (charts.line, charts.bars):
        assert "nan" not in charts.framed(figure, draw(figure))


@pytest.mark.parametrize("color", ["#1f4e79", "#ffd400", "#000000", "#ffffff", "#ff0000", "#7f7f7f"])
def test_any_accent_stays_readable_on_both_papers(color: str) -> None:
    pairs = dict(re.findall(r"--([\w-]+):light-dark\((#\w+,#\w+)\)", accent.accent_css(color)))
    light, dark = pairs["accent"].split(",")
    on_light, on_dark = pairs["on-accent"].split(",")
    assert accent.contrast(light, accent.LIGHT_PAPER) >= 4.5 and accent.contrast(dark, accent.DARK_PAPER) >= 4.5
    assert accent.contrast(light, on_light) >= 4.5 and accent.contrast(dark, on_dark) >= 4.5


def test_the_number_in_a_sentence_is_the_link_and_stands_there_once() -> None:
    from types import SimpleNamespace

    from foundation.ui.lines import said

    entry = SimpleNamespace(text="Order SO-7 <sent>", url="", about="SO-7", about_url="/orders/7/")
    assert said(entry) == 'Order <a href="/orders/7/" class="nr">SO-7</a> &lt;sent&gt;'
    entry.text = "Goods picked"
    assert said(entry) == 'Goods picked <a href="/orders/7/" class="nr">SO-7</a>'
    entry.about = entry.about_url = ""
    assert said(entry) == "Goods picked"
    entry.url = "/messages/1/"
    assert said(entry) == '<a href="/messages/1/">Goods picked</a>'
