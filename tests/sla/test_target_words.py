"""What promises ask for, in words: conditions, events, and how the editor takes them."""

import pytest
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.test import Client
from django.utils.translation import override

from foundation.accounts.models import User
from foundation.accounts.roles import load_roles
from foundation.journal.registry import event_type
from foundation.sla import defaults, wording
from foundation.sla.forms import TargetForm
from foundation.sla.models import Target
from tests.sla.conftest import add_target
from tests.sla.test_target_pages import posted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words():
    with override("en"):
        yield


@pytest.fixture
def editor():
    load_roles()
    person = User.objects.create_user("editor@example.com", None, name="Editor", language="en")
    person.groups.add(person.groups.model.objects.get(name="administrator"))
    client = Client()
    client.force_login(person)
    return client


# ---------------------------------------------------------------- values in words


def test_conditions_are_said_in_the_readers_words():
    target = Target(kinds=["truck", "air_charter"], priorities=["urgent"], tiers=["key"], channels=["web"])
    with override("en"):
        assert wording.conditions_text(target) == [
            "kind: truck or air charter",
            "priority: urgent",
            "customer tier: key account",
            "channel: web form",
        ]
    with override("de"):
        assert wording.conditions_text(target)[1] == "Priorität: Dringend"
    with override("zh-hans"):
        assert "truck" not in "".join(wording.conditions_text(target))


def test_a_value_that_nobody_has_named_keeps_its_code():
    assert wording.conditions_text(Target(kinds=["something"])) == ["kind: something"]


def test_every_condition_of_the_default_promises_has_words():
    from foundation.sla.defaults import TARGETS
    from foundation.sla.values import is_known

    for code, _name, fields in TARGETS:
        for condition in ("kinds", "priorities", "tiers", "channels"):
            assert all(is_known(condition, one) for one in fields.get(condition, ())), code


def test_a_value_that_no_record_has_is_refused_unless_it_was_there_before():
    form = TargetForm({**model_to_dict(add_target()), "kinds": "lorry"})
    assert "kinds" in form.errors and "lorry" in str(form.errors["kinds"])
    kept = add_target("old", kinds=["lorry"])
    assert "kinds" not in TargetForm({"kinds": "lorry,truck"}, instance=kept).errors


# ---------------------------------------------------------------- events and values by their words

event_type("parcel.drawn", "Drawings %(number)s, revision %(revision)s, released")
event_type("parcel.sent", "Drawings %(number)s, revision %(revision)s, sent")
event_type("parcel.taken", "Parcel %(number)s taken by %(courier)s")
event_type("parcel.nudged", "Asked about parcel %(number)s, not decided yet: %(note)s")


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("parcel.drawn", "Drawings, released"),
        ("parcel.sent", "Drawings, sent"),
        ("parcel.nudged", "Asked about parcel, not decided yet"),
        ("parcel.taken", "Parcel taken"),
        ("parcel.nobody", "parcel.nobody"),
    ],
)
def test_an_event_keeps_what_tells_it_from_others(code, label):
    assert wording.event_label(code) == label


def test_chinese_words_stand_together():
    with override("zh-hans"):
        assert wording.event_label("technical_request.sent") == "图纸已发给客户"
        assert wording.event_label("inquiry.answered") == "询盘已答复"
        assert wording.event_label("sample.sent") == "样品已寄出"
    with override("de"):
        assert wording.event_label("reception.reassigned") == "Empfang übergeben"


@pytest.mark.parametrize("language", ["en", "de", "zh-hans", "zh-hant"])
def test_no_default_promise_names_two_events_alike(language):
    with override(language):
        for code, _name, fields in defaults.TARGETS:
            for name in Target.EVENT_FIELDS:
                labels = [wording.event_label(one) for one in fields.get(name, ())]
                assert len(labels) == len(set(labels)), (code, labels)


def test_the_form_offers_events_and_values_by_their_words(editor):
    target = add_target(kinds=["truck", "cart"])
    page = editor.get(f"/promises/{target.pk}/edit/").content.decode()
    assert page.count('name="stop_events"') == 3
    assert '<span class="hint">Parcel answered</span>' in page
    assert page.count('<datalist id="known-events">') == 1
    assert '<option value="parcel.held">Parcel held</option>' in page
    assert 'value="cart" class="is-columns" id="' in page  # nobody has named it, and it stays
    assert page.count("checked") >= 2


def test_rows_take_codes_or_words_and_ticks_take_values(editor):
    target = add_target()
    url = f"/promises/{target.pk}/edit/"
    first = posted(editor.get(url))
    data = {**first, "stop_events": ["parcel.answered", "parcel RELEASED", ""], "kinds": ["truck", "quality"]}
    data["pause_events"] = data["resume_events"] = [""]
    shown = editor.post(url, data)
    assert shown.context["preview"] is not None, shown.context["form"].errors
    editor.post(url, {**data, "seen": shown.context["seen"], "save": "1"})
    target.refresh_from_db()
    assert target.stop_events == ["parcel.answered", "parcel.released"]
    assert (target.resume_events, sorted(target.kinds)) == ([], ["quality", "truck"])


def test_no_step_can_name_people_whom_only_another_event_knows(editor):
    target = add_target()
    url = f"/promises/{target.pk}/edit/"
    page = editor.get(url).content.decode()
    assert 'value="team_lead"' in page
    for code in ("mentioned", "former_owner", "stand_in", "customer_contact"):
        assert f'value="{code}"' not in page
    target.escalation = [{"after": 30, "audiences": ["mentioned"], "channels": ["inbox"]}]
    with pytest.raises(ValidationError, match="Choose whom the step tells"):
        target.full_clean()


def test_a_step_with_nothing_in_it_waits_folded(editor):
    target = add_target()
    url = f"/promises/{target.pk}/edit/"
    assert editor.get(url).content.decode().count('<details class="more-fields">') == 1
    shown = editor.post(url, {**posted(editor.get(url)), "form-1-after": "120"})
    page = shown.content.decode()
    assert "Choose whom the step tells." in page and '<details class="more-fields">' not in page
