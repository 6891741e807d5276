"""A long select draws what Django's draws, and follows its choices."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext, gettext_lazy, override

from foundation.ui.fields import draw_field
from foundation.ui.forms import needed_sometimes
from foundation.ui.places import countries
from foundation.ui.selects import LongChoiceField, LongSelect

NAUGHTY = "<b> \"quoted\" & 'so' 锦绣"
CHOICES = [
    [("", "–"), ("a", "Yes"), (NAUGHTY, NAUGHTY)],
    [("a", "Yes"), ("", "–")],
    [("", gettext_lazy("Yes")), (1200, "number")],
    [("group", [("a", "in a group")])],
    [],
]


def offered():
    return [("", gettext("Please choose")), *countries()]


class Ours(forms.Form):
    country = LongChoiceField(choices=offered)


class Theirs(forms.Form):
    country = forms.ChoiceField(choices=offered)


@pytest.mark.parametrize("value", [None, "", "a", NAUGHTY, 1200, "unknown", ["", "a"]])
@pytest.mark.parametrize("choices", CHOICES)
def test_the_markup_is_that_of_a_select(choices, value):
    attrs = {"id": "id_x", "title": NAUGHTY, "required": True, "disabled": False}
    ours = LongSelect(choices=choices).render("x", value, attrs, renderer=DjangoTemplates())
    assert ours == forms.Select(choices=choices).render("x", value, attrs, renderer=DjangoTemplates())


@pytest.mark.parametrize("choices", CHOICES)
def test_it_is_required_in_html_where_a_select_would_be(choices):
    mine, django_s = LongSelect(choices=choices), forms.Select(choices=choices)
    assert mine.use_required_attribute(None) == django_s.use_required_attribute(None)


@pytest.mark.parametrize("data", [None, {"country": "DE"}, {"country": ""}, {"country": "XX"}])
def test_a_field_of_countries_speaks_each_readers_language_and_takes_what_it_offers(data):
    for language in ("en", "de", "zh-hans", "en"):
        with override(language):
            ours, theirs = Ours(data), Theirs(data)
            assert str(ours["country"]) == str(theirs["country"])
            assert ours.is_valid() == theirs.is_valid()
            assert str(ours.errors) == str(theirs.errors)


def test_a_changed_choice_counts_at_once():
    words = {"a": "before"}
    field = LongChoiceField(choices=lambda: list(words.items()))
    assert "before" in field.widget.render("x", "a")
    words["a"] = "after"
    assert "after" in field.widget.render("x", "a")
    assert "before" not in field.widget.render("x", "a")


def test_what_a_form_demands_in_some_cases_is_not_called_optional() -> None:
    class Call(forms.Form):
        said = needed_sometimes(forms.CharField(required=False))
        remark = forms.CharField(required=False)

    said, remark = (draw_field(field) for field in Call())
    assert "(optional)" not in said and "(optional)" in remark


def test_a_drawn_field_escapes_its_words_and_names_its_parts():
    class Form(forms.Form):
        name = forms.CharField(label=NAUGHTY, help_text="Help", required=False)
        sides = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
        agrees = forms.BooleanField(label="I agree")

    form = Form({"name": ""})
    name, sides, agrees = (draw_field(form[one]) for one in ("name", "sides", "agrees"))
    assert "<b>" not in name and '<p class="hint" id="id_name_helptext">Help</p>' in name and "(optional)" in name
    assert '<fieldset class="field has-error"' in sides and 'id="id_sides_error"' in sides
    assert 'class="field has-error is-check"' in agrees and "(optional)" not in agrees
