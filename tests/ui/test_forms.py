"""Large forms share their fields."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from foundation.ui.forms import MomentField, share_fields


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


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2026-10-25T02:30", "2026-10-25T00:30+00:00"),  # repeated: the first of the two
        ("2027-03-28T03:00", "2027-03-28T01:00+00:00"),
        ("2027-03-28T01:59", "2027-03-28T00:59+00:00"),
    ],
)
def test_the_hour_that_the_end_of_summer_time_repeats_is_taken(typed, kept):
    with timezone.override("Europe/Berlin"):
        assert MomentField().clean(typed).astimezone(UTC) == datetime.fromisoformat(kept)


def test_the_hour_that_summer_time_skips_is_refused_in_plain_words():
    with timezone.override("Europe/Berlin"), pytest.raises(forms.ValidationError) as error:
        MomentField().clean("2027-03-28T02:30")
    assert error.value.messages == ["On this day the clocks go forward, and there is no 02:30. Enter another time."]


class Agreed(forms.Form):
    agrees = forms.BooleanField(label="I agree that you keep this.")


def test_a_label_that_is_a_sentence_gets_one_mark_and_chinese_its_own() -> None:
    assert "I agree that you keep this: This field is required." in render_to_string(
        "components/error_summary.html", {"form": Agreed({})}
    )
    with override("zh-hans"):
        assert "Day： " in render_to_string("components/error_summary.html", {"form": Waited({})})
