"""Large forms share their fields."""

from __future__ import annotations

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import override

from foundation.ui.forms import share_fields


@share_fields("whose")
class Asked(forms.Form):
    what = forms.CharField()
    whose = forms.ChoiceField(choices=[("a", "A")])


def test_fields_are_shared_but_for_those_that_learn_something() -> None:
    first, second = Asked({"what": "x", "whose": "b"}), Asked({"what": "", "whose": "a"})
    first.fields["whose"].choices = [("b", "B")]  # type: ignore[attr-defined]
    assert first.fields["what"] is second.fields["what"]
    assert first.is_valid() and first.cleaned_data == {"what": "x", "whose": "b"}
    assert list(second.errors) == ["what"]
    del first.fields["what"]
    assert list(Asked().fields) == ["what", "whose"]


class Waited(forms.Form):
    reason = forms.CharField(label="What are we waiting for?")
    day = forms.DateField(label="Day")


def test_a_label_that_asks_gets_no_colon_in_the_summary() -> None:
    said = render_to_string("components/error_summary.html", {"form": Waited({})})
    assert "What are we waiting for? This field is required." in said and "Day: This field is required." in said


class Agreed(forms.Form):
    agrees = forms.BooleanField(label="I agree that you keep this.")


def test_a_label_that_is_a_sentence_gets_one_mark_and_chinese_its_own() -> None:
    assert "I agree that you keep this: This field is required." in render_to_string(
        "components/error_summary.html", {"form": Agreed({})}
    )
    with override("zh-hans"):
        assert "Day： " in render_to_string("components/error_summary.html", {"form": Waited({})})
