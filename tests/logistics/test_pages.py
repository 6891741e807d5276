"""The pages of goods on the way: what they say, what they cost, whom they refuse."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from foundation.accounts.models import AccessToken, Team
from foundation.journal.models import Attachment, Event
from logistics import services
from logistics.models import Carrier, ProofOfDelivery, Shipment, TrackingEvent
from tests.logistics.factories import (
    bring_to,
    dispatch,
    make_carrier,
    make_customer,
    make_order,
    make_user,
    plan,
    png,
    scan,
)

pytestmark = pytest.mark.django_db
SIGNATURE = "data:image/png;base64," + base64.b64encode(png()).decode()


def url(shipment: Shipment, verb: str = "") -> str:
    """Address of a shipment, or of one of its verbs."""
    return f"/shipments/{shipment.pk}/" + (f"do/{verb}/" if verb else "")


def local(at: Any) -> str:
    """A moment as a browser sends it from Shanghai."""
    return timezone.localtime(at, __import__("zoneinfo").ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M")


# ---------------------------------------------------------------- the list


@pytest.mark.parametrize("rows", [2, 20])
def test_the_list_costs_the_same_for_two_and_for_twenty(
    desk: Client, rows: int, django_assert_max_num_queries: Any
) -> None:
    for _row in range(rows):
        dispatch(plan())
    desk.get("/shipments/")
    with django_assert_max_num_queries(8):
        page = desk.get("/shipments/")
    assert page.content.decode().count("HAM-778899") == rows


def test_each_tab_shows_what_its_name_says(desk: Client) -> None:
    shown = {state: bring_to(state) for state in ("planned", "picked", "in_transit", "arrived", "signed", "archived")}
    late, soon = dispatch(plan()), dispatch(plan())
    Shipment.objects.filter(pk=late.pk).update(eta=timezone.now() - timedelta(hours=1))
    Shipment.objects.filter(pk=soon.pk).update(eta=timezone.now() + timedelta(hours=30))
    tabs = {
        "way": [late, soon, shown["in_transit"]],
        "arriving": [soon],
        "overdue": [late],
        "unload": [shown["arrived"]],
        "pod": [shown["signed"]],
        "ready": [shown["picked"], shown["planned"]],
        "all": [soon, late, *reversed(shown.values())],
    }
    for tab, expected in tabs.items():
        html = desk.get("/shipments/", {"view": tab}).content.decode()
        places = [html.find(f">{row.number}<") for row in expected]
        assert -1 not in places, tab
        assert places == sorted(places), tab
        assert html.count('scope="row"') == len(expected), tab


def test_a_shipment_is_found_by_waybill_container_and_number(desk: Client) -> None:
    shipment = dispatch(plan(), container_number="MSKU 907032-3")
    for text in ("778899", "MSKU907", shipment.number[-4:], "Nordholz"):
        assert shipment.number in desk.get("/shipments/", {"q": text}).content.decode(), text
    assert shipment.number in desk.get("/search/", {"q": "907032"}).content.decode()
    assert shipment.number not in desk.get("/shipments/", {"q": "ZZZ999"}).content.decode()


def test_the_rail_counts_what_is_on_the_way_and_marks_what_is_late(clerk: Any) -> None:
    from logistics.panels import rail_counter

    dispatch(plan())
    assert rail_counter(clerk) == (1, False)
    Shipment.objects.update(eta=timezone.now() - timedelta(hours=1))
    assert rail_counter(clerk) == (1, True)


# ---------------------------------------------------------------- the record


@pytest.mark.parametrize("state", Shipment.Status.values)
def test_every_state_has_a_page_within_its_budget(
    desk: Client, clerk: Any, state: str, django_assert_max_num_queries: Any
) -> None:
    shipment = bring_to(state, actor=clerk)
    desk.get(url(shipment))
    with django_assert_max_num_queries(15):  # mail that came in among them
        page = desk.get(url(shipment))
    assert page.status_code == 200
    assert shipment.number in page.content.decode()


@pytest.mark.parametrize("rows", [2, 20])
def test_the_record_costs_the_same_for_two_and_for_twenty_sightings(
    desk: Client, clerk: Any, rows: int, django_assert_max_num_queries: Any
) -> None:
    shipment = dispatch(plan(make_order(quantities=tuple([5] * rows))), actor=clerk)
    for number in range(rows):
        services.add_tracking_event(shipment.pk, actor=clerk, at=timezone.now(), place=f"Port {number}")
    desk.get(url(shipment))
    with django_assert_max_num_queries(15):
        desk.get(url(shipment))


def test_the_path_has_nine_steps_with_who_and_when(desk: Client, clerk: Any) -> None:
    shipment = bring_to("in_transit", actor=clerk)
    html = desk.get(url(shipment)).content.decode()
    words = [
        "Requested",
        "Entered",
        "Confirmed",
        "Picked",
        "Loaded and dispatched",
        "In transit",
        "Arrived",
        "Signed for",
        "POD archived",
    ]
    path = html[html.index('class="path"') : html.index("</ol>", html.index('class="path"'))]
    places = [path.find(word) for word in words]
    assert -1 not in places
    assert places == sorted(places)
    assert path.count("<li") == 9
    assert clerk.name in path


def test_the_path_does_not_tick_a_step_that_was_left_out(desk: Client, clerk: Any) -> None:
    shipment = dispatch(plan(actor=clerk), actor=clerk)
    services.arrive_shipment(shipment.pk, actor=clerk)
    html = desk.get(url(shipment)).content.decode()
    for label in ("Picked", "In transit"):
        assert f'<li class="is-skipped"><b>{label}</b><span>skipped</span></li>' in html
    assert '<li class="is-done"><b><span class="sr">done: </span>Loaded and dispatched</b>' in html


def test_a_cancelled_shipment_shows_how_far_it_came(desk: Client, clerk: Any) -> None:
    shipment = plan(actor=clerk)
    services.pick_shipment(shipment.pk, actor=clerk)
    services.cancel_shipment(shipment.pk, actor=clerk, reason="flood")
    html = desk.get(url(shipment)).content.decode()
    path = html[html.index('class="path"') : html.index("</ol>", html.index('class="path"'))]
    assert path.count("<li") == 5
    assert '<li class="is-done"><b><span class="sr">done: </span>Picked</b>' in path
    assert '<li class="is-left" aria-current="step"><b><span class="sr">ended as: </span>Cancelled</b></li>' in path


def test_people_of_another_team_do_not_see_it_and_people_without_the_right_may_not(desk: Client) -> None:
    owner, stranger = make_user("sales", team=Team.objects.create(name="North")), make_user("sales")
    shipment = dispatch(plan(make_order(make_customer(owner=owner))))
    client = Client()
    client.force_login(stranger)
    verbs = ["", "do/depart/", "do/sign/", "note/", "share/", "unshare/"]
    for verb in verbs:
        answer = client.post(f"/shipments/{shipment.pk}/{verb}") if verb else client.get(f"/shipments/{shipment.pk}/")
        assert answer.status_code == 404, verb
    client.force_login(owner)
    assert client.get(url(shipment)).status_code == 200
    assert client.post(url(shipment, "depart")).status_code == 403
    assert Shipment.objects.get().status == "dispatched"
    anonymous = Client()
    for path in ("/shipments/", url(shipment), url(shipment, "depart"), "/shipments/new/"):
        assert anonymous.get(path).status_code == 302


# ---------------------------------------------------------------- the way, through the pages


def test_the_whole_way_can_be_gone_in_the_browser_without_scripts(desk: Client, clerk: Any) -> None:
    order, carrier = make_order(quantities=(100, 40)), make_carrier()
    first, second = order.lines.all()
    page = desk.get("/shipments/new/", {"order": order.pk})
    assert f'name="line_{first.pk}" value="100"' in page.content.decode()
    sent = {
        "order": order.pk,
        f"line_{first.pk}": "60",
        f"line_{second.pk}": "",
        "mode": "truck",
        "destination_country": "DE",
    }
    assert desk.post("/shipments/new/", sent).status_code == 302
    shipment = Shipment.objects.get()
    assert [(line.order_line_id, line.quantity) for line in shipment.lines.all()] == [(first.pk, 60)]

    assert desk.post(url(shipment, "pick")).status_code == 302
    eta = timezone.now() + timedelta(days=2)
    papers = {
        "carrier": carrier.pk,
        "waybill_number": "W-1",
        "mode": "truck",
        "driver_name": "Li Wei",
        "driver_phone": "+8613912345678",
    }
    sent = {**papers, "eta": local(eta), "at": local(timezone.now())}
    assert desk.post(url(shipment, "dispatch"), sent).status_code == 302
    assert desk.post(url(shipment, "depart"), {"at": local(timezone.now())}).status_code == 302
    sent = {"eta": local(eta + timedelta(days=1)), "reason": "weather"}
    assert desk.post(url(shipment, "change_eta"), sent).status_code == 302
    sent = {"kind": "customs", "at": local(timezone.now()), "place": "Hamburg", "text": "Inspection"}
    assert desk.post(url(shipment, "track"), sent).status_code == 302
    assert desk.post(url(shipment, "arrive"), {"at": local(timezone.now())}).status_code == 302
    assert "signature-pad" in desk.get(url(shipment, "sign")).content.decode()
    sent = {
        "signer_name": "Frau Petersen",
        "signature": SIGNATURE,
        "at": local(timezone.now()),
        "shortages": "one box",
        "photos": scan("a.png"),
    }
    assert desk.post(url(shipment, "sign"), sent).status_code == 302
    assert desk.post(url(shipment, "receive_pod"), {"scan": scan()}).status_code == 302
    assert "one box" in desk.get(url(shipment)).content.decode()
    assert desk.post(url(shipment, "archive_pod")).status_code == 302

    shipment.refresh_from_db()
    assert shipment.status == "archived"
    assert sorted(Attachment.objects.values_list("purpose", flat=True)) == ["photo", "pod", "signature"]
    assert Event.objects.filter(code="shipment.delayed", actor=clerk).count() == 1
    assert {event.actor for event in Event.objects.about(shipment)} == {clerk}


def test_more_than_remains_is_said_beside_the_line_and_input_is_kept(desk: Client) -> None:
    line = (order := make_order(quantities=(100,))).lines.get()
    page = desk.post("/shipments/new/", {"order": order.pk, f"line_{line.pk}": "101", "origin": "Ningbo port"})
    html = page.content.decode()
    assert page.status_code == 409
    assert "101 is more than the 100 m2 that are still to be shipped" in html
    assert "Ningbo port" in html
    assert not Shipment.objects.exists()


@pytest.mark.parametrize("order", ["", "x", "0", "99999999", "²", "1" * 30])
def test_a_plan_without_an_order_is_a_page_that_does_not_exist(desk: Client, order: str) -> None:
    assert desk.get("/shipments/new/", {"order": order}).status_code == 404


def test_a_form_that_lacks_something_says_so_and_nothing_leaves(desk: Client) -> None:
    shipment = plan()
    page = desk.post(url(shipment, "dispatch"), {"waybill_number": "", "eta": "yesterday-ish"})
    assert page.status_code == 422
    assert "Error:" in page.content.decode()
    assert Shipment.objects.get().status == "planned"


def test_a_signature_page_keeps_what_was_typed_when_the_signature_is_missing(desk: Client) -> None:
    shipment = bring_to("arrived")
    page = desk.post(
        url(shipment, "sign"), {"signer_name": "Frau Petersen", "shortages": "two boxes", "at": local(timezone.now())}
    )
    html = page.content.decode()
    assert page.status_code == 422
    assert "let the receiver sign" in html
    assert "two boxes" in html
    assert Shipment.objects.get().status == "arrived"


def test_a_hostile_scan_is_refused_beside_its_field(desk: Client) -> None:
    shipment = bring_to("signed")
    page = desk.post(url(shipment, "receive_pod"), {"scan": scan("pod.png", b"<script>alert(1)</script>")})
    assert page.status_code == 409
    assert 'id="id_scan_error"' in page.content.decode()
    assert ProofOfDelivery.objects.get().status == "expected"


def test_the_second_of_two_clicks_is_told_who_was_faster(desk: Client, clerk: Any) -> None:
    shipment = bring_to("in_transit", actor=clerk)
    services.arrive_shipment(shipment.pk, actor=clerk)
    page = desk.post(url(shipment, "arrive"), {"at": local(timezone.now())})
    assert page.status_code == 409
    assert clerk.name in page.content.decode()
    assert Event.objects.filter(code="shipment.arrived").count() == 1


def test_the_files_of_a_shipment_open_for_those_who_see_it(desk: Client) -> None:
    shipment = bring_to("signed")
    file = shipment.pod.signature.get_absolute_url()
    assert desk.get(file).status_code == 200
    stranger = Client()
    stranger.force_login(make_user("sales"))
    assert stranger.get(file).status_code in (200, 404)
    Shipment.objects.update()
    customer = shipment.customer
    customer.owner = make_user("sales", team=Team.objects.create(name="South"))
    customer.save(update_fields=["owner"])
    assert stranger.get(file).status_code == 404


# ---------------------------------------------------------------- links


def test_a_tracking_link_is_shown_once_and_can_be_revoked(desk: Client) -> None:
    shipment = dispatch(plan())
    html = desk.post(f"/shipments/{shipment.pk}/share/").content.decode()
    raw = html.split("/p/track/")[1].split("/")[0]
    assert AccessToken.objects.get().digest != raw
    assert raw not in desk.get(url(shipment)).content.decode()
    assert Client().get(f"/p/track/{raw}/").status_code == 200
    assert desk.post(f"/shipments/{shipment.pk}/unshare/").status_code == 302
    assert Client().get(f"/p/track/{raw}/").status_code == 404
    codes = Event.objects.about(shipment).values_list("code", flat=True)
    assert {"shipment.shared", "shipment.unshared"} <= set(codes)


def test_looking_writes_nothing(desk: Client, clerk: Any) -> None:
    shipment = bring_to("arrived", actor=clerk)
    events, tokens = Event.objects.count(), AccessToken.objects.count()
    for path in ("sign", "track", "receive_pod", "archive_pod", "pick"):
        assert desk.get(url(shipment, path)).status_code in (200, 302)
    for path in ("share", "unshare"):
        assert desk.get(f"/shipments/{shipment.pk}/{path}/").status_code == 405
    assert (Event.objects.count(), AccessToken.objects.count()) == (events, tokens)
    assert not TrackingEvent.objects.exists()


def test_a_carriers_tracking_address_must_be_https_with_one_place() -> None:
    from django.core.exceptions import ValidationError

    for pattern in (
        "http://x.example/{number}",
        "https://x.example/",
        "https://x.example/{number}/{number}",
        "javascript:{number}",
    ):
        with pytest.raises(ValidationError):
            Carrier(name="X", tracking_url_pattern=pattern).full_clean()
    carrier = make_carrier()
    assert carrier.tracking_url("A/1 &x") == "https://track.example.com/?n=A%2F1%20%26x"
    cache.clear()


def test_a_confirmed_order_offers_a_shipment_and_lists_those_it_has(desk: Client) -> None:
    order = make_order()
    address = f'href="/shipments/new/?order={order.pk}"'
    page = desk.get(order.get_absolute_url()).content.decode()
    assert address in page
    shipment = dispatch(plan(order))
    page = desk.get(order.get_absolute_url()).content.decode()
    assert f'href="/shipments/{shipment.pk}/"' in page
    draft = make_order(status="draft")
    assert "/shipments/new/" not in desk.get(draft.get_absolute_url()).content.decode()
    seller = Client()
    seller.force_login(make_user("sales"))
    assert "/shipments/new/" not in seller.get(make_order().get_absolute_url()).content.decode()


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_moment_of_a_year_that_nobody_deals_with_is_refused_and_the_list_stays_open(
    desk: Client, moment: str
) -> None:
    shipment = plan()
    answer = desk.post(url(shipment, "details"), {"origin": "Ningbo", "etd": moment})
    assert answer.status_code == 422
    assert "between the years 1900 and 2200" in answer.content.decode()
    shipment.refresh_from_db()
    assert shipment.etd is None and shipment.origin != "Ningbo"
    assert desk.get("/shipments/").status_code == 200
