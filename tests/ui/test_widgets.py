"""Fields drawn without templates look exactly as Django draws them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from foundation.ui.widgets import Renderer

NAUGHTY = "<b> \"quoted\" & 'so' {{ x }} 锦绣"
CHOICES = [
    ("", "–"),
    ("a", gettext_lazy("Yes")),
    (NAUGHTY, NAUGHTY),
    (1200, 1200),
    ("safe", mark_safe("<i>safe</i>")),
    (NAUGHTY, [("in", "inside"), ("out", NAUGHTY)]),
]
WIDGETS = [
    (forms.TextInput({"maxlength": 10, "required": True, "disabled": False, "title": NAUGHTY}), NAUGHTY),
    (forms.TextInput(), None),
    (forms.NumberInput({"step": "0.01"}), Decimal("1234.50")),
    (forms.NumberInput(), 0),
    (forms.EmailInput(), "a@example.com"),
    (forms.URLInput(), ""),
    (forms.HiddenInput(), 12000),
    (forms.DateInput({"type": "date"}, format="%Y-%m-%d"), date(2026, 5, 1)),
    (forms.Textarea({"rows": 3}), NAUGHTY),
    (forms.Textarea(), None),
    (forms.Textarea(), "\nfirst line empty"),
    (forms.Select(choices=CHOICES), NAUGHTY),
    (forms.Select({"required": True}, choices=CHOICES), None),
    (forms.SelectMultiple(choices=CHOICES), ["a", "in", "1200"]),
    (forms.NullBooleanSelect(), True),
    (forms.RadioSelect(choices=CHOICES[:3]), "a"),
    (forms.CheckboxSelectMultiple(choices=CHOICES[:3]), ["a"]),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput({"title": NAUGHTY}), NAUGHTY),
    (forms.CheckboxInput(), None),
    (forms.FileInput({"accept": ".pdf"}), None),
    (forms.ClearableFileInput(), None),
    (forms.SplitDateTimeWidget(), None),
    (forms.PasswordInput(), "secret"),
]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("widget", "value"), WIDGETS)
def test_a_drawn_widget_is_the_same_markup_as_a_template_gives(widget, value, language):
    with override(language):
        ours = widget.render("field", value, {"id": "id_field"}, renderer=Renderer())
        theirs = widget.render("field", value, {"id": "id_field"}, renderer=DjangoTemplates())
    assert ours == theirs


def test_an_option_with_a_template_of_its_own_is_left_to_django():
    class Special(forms.Select):
        option_template_name = "django/forms/widgets/radio_option.html"

    special = Special(choices=[("a", "A")])
    assert special.render("f", "a", renderer=Renderer()) == special.render("f", "a", renderer=DjangoTemplates())
