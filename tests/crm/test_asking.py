"""The rules of questionnaires: what is asked, what is missing, what can never work."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crm.asking import Ask, Condition, faults, holds, kept, missing, shown

OPTIONS = ("a", "b", "c")


@st.composite
def questionnaires(draw: st.DrawFn) -> list[Ask]:
    """Up to eight questions; conditions point to earlier ones, as a sound questionnaire has them."""
    asks: list[Ask] = []
    for number in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(["single", "multiple", "scale", "number", "text"]))
        condition = None
        if asks and draw(st.booleans()):
            on = draw(st.sampled_from(asks))
            if on.kind in ("single", "multiple"):
                picked = tuple(draw(st.sets(st.sampled_from(OPTIONS), min_size=1, max_size=2)))
                condition = Condition(on.code, draw(st.sampled_from(["is", "is_not"])), picked)
            elif on.kind in ("scale", "number"):
                bound = (str(draw(st.integers(1, 5))),)
                condition = Condition(on.code, draw(st.sampled_from(["at_least", "at_most"])), bound)
            else:
                condition = Condition(on.code, "answered")
        options = OPTIONS if kind in ("single", "multiple") else ()
        asks.append(Ask(f"q{number}", kind, draw(st.booleans()), options, condition))
    return asks


def answers_to(asks: list[Ask]) -> st.SearchStrategy[dict[str, Any]]:
    by_kind: dict[str, st.SearchStrategy[Any]] = {
        "single": st.sampled_from([*OPTIONS, "", None]),
        "multiple": st.lists(st.sampled_from(OPTIONS), unique=True),
        "scale": st.one_of(st.none(), st.integers(1, 5)),
        "number": st.one_of(st.none(), st.integers(-3, 9)),
        "text": st.sampled_from(["", "words"]),
    }
    return st.fixed_dictionaries({ask.code: by_kind[ask.kind] for ask in asks})


@st.composite
def answered(draw: st.DrawFn) -> tuple[list[Ask], dict[str, Any]]:
    asks = draw(questionnaires())
    return asks, draw(answers_to(asks))


@given(answered())
def test_answers_to_what_is_not_asked_change_nothing(case):
    asks, answers = case
    counted = kept(asks, answers)
    assert shown(asks, counted) == shown(asks, answers)
    assert kept(asks, counted) == counted
    assert missing(asks, counted) == missing(asks, answers)


@given(answered())
def test_a_question_is_asked_only_when_the_one_before_it_was_asked_and_fits(case):
    asks, answers = case
    asked = shown(asks, answers)
    assert asked == [ask.code for ask in asks if ask.code in asked]  # in their order
    for ask in asks:
        if ask.condition is None:
            assert ask.code in asked
        else:
            assert (ask.code in asked) == (ask.condition.on in asked and holds(ask.condition, answers))


@given(questionnaires())
def test_a_sound_questionnaire_has_no_fault_and_can_be_answered(case):
    assert faults(case) == []


@given(questionnaires(), st.integers(0, 7), st.integers(0, 7))
def test_a_condition_on_itself_or_on_a_later_question_is_always_a_fault(asks, first, second):
    place, later = sorted((first % len(asks), second % len(asks)))
    broken = list(asks)
    old = broken[place]
    condition = Condition(broken[later].code, "answered")
    broken[place] = Ask(old.code, old.kind, old.is_required, old.options, condition)
    assert "depends_on" in {fault.field for fault in faults(broken) if fault.code == old.code}


def test_what_can_never_work_is_named_with_its_field():
    choice = Ask("q1", "single", options=("yes", "no"))
    scale = Ask("q2", "scale")
    wrong = {
        "options": Ask("q3", "single", options=("only",)),
        "depends_on": Ask("q3", "text", condition=Condition("gone", "answered")),
        "operator": Ask("q3", "text", condition=Condition("q1", "at_least", ("2",))),
        "condition_options": Ask("q3", "text", condition=Condition("q1", "is", ("maybe",))),
        "condition_number": Ask("q3", "text", condition=Condition("q2", "at_least", ("6",))),
    }
    for field, ask in wrong.items():
        assert [fault.field for fault in faults([choice, scale, ask])] == [field]
    never = Ask("q3", "text", condition=Condition("q1", "is_not", ("yes", "no")))
    assert [fault.field for fault in faults([choice, scale, never])] == ["condition_options"]
