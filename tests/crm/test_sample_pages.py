"""Pages of samples and technical requests: lists, records, forms with rows, everybody's day, the customer's page."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from crm import sample_defaults
from crm.models import Sample, SamplePolicy, TechnicalKind, TechnicalRequest
from crm.models.cadence import company_today
from crm.services.drawings import release_drawings, submit_drawings
from crm.services.samples import Article, reject_sample, send_sample
from crm.services.technical import Measure, ask_back, take_request
from foundation.accounts.models import User
from foundation.sla import defaults as sla_defaults
from tests.accounts.factories import make_user
from tests.crm.factories import make_address, make_inquiry
from tests.crm.samples import ask, ask_team, drawn, known_customer, oak, picture, sent, with_customer

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "de", "zh-hans", "zh-hant")


@pytest.fixture(autouse=True)
def rows(roles: None) -> None:
    sample_defaults.load()
    sla_defaults.load_reasons()


@pytest.fixture
def lin(roles: None) -> User:
    return make_user("Lin Fang", role="logistics")


@pytest.fixture
def peng(roles: None) -> User:
    return make_user("Peng Xu", role="technical")


@pytest.fixture
def nora(roles: None) -> User:
    return make_user("Nora Lind", role="technical")


def posted(count: int, **values: Any) -> dict[str, Any]:
    return {"lines-TOTAL_FORMS": count, "lines-INITIAL_FORMS": 0, "save": "1", **values}


def page(client: Any, address: str, **how: Any) -> str:
    answer = client.get(address, **how)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_a_sample_from_its_form_to_the_rejection_and_again(client, anna, lin):
    customer = known_customer(anna, name="Hafen GmbH")
    place = make_address(customer, kind="delivery", recipient="Hafen Lager")
    inquiry = make_inquiry(customer=customer)
    oak("SPC-9")
    client.force_login(anna)
    assert "Name or number of the customer" in page(client, "/samples/new/?q=Hafen")
    address = f"/samples/new/?customer={customer.pk}&inquiry={inquiry.pk}"
    assert "Hafen Lager" in page(client, address)
    more = client.post(address, posted(2, add_line="1", purpose="Kept"))
    assert more.status_code == 200 and b'value="Kept"' in more.content and b"lines-2-sku" in more.content
    given = posted(
        2, purpose="Choose the oak", address=place.pk, currency="eur", inquiry=inquiry.pk, contact="", note="Two boards",
        **{"lines-0-sku": "SPC-9", "lines-0-quantity": "2", "lines-1-description": "Skirting", "lines-1-quantity": "0.5",
           "lines-1-unit": "m2", "lines-1-charge": "12.50"},
    )  # fmt: skip
    wrong = client.post(address, {**given, "lines-0-sku": "SPC-X", "lines-1-quantity": ""})
    assert (
        wrong.status_code == 422 and b"No article has this number." in wrong.content and b"How many?" in wrong.content
    )
    shown = client.post(address, given, follow=True).content.decode()
    sample = Sample.objects.get()
    assert (sample.currency, sample.inquiry) == ("EUR", inquiry) and "Hafen Lager" in sample.delivery_address
    assert "Hafen Lager" in shown and "€12.50" in shown and "free of charge" in shown
    edit = f"/samples/{sample.pk}/edit/"
    assert "SPC-9" in page(client, edit)
    client.post(edit, {**given, "lines-INITIAL_FORMS": 2, "address": "", "delivery_address": "Elsewhere 1"})
    sample.refresh_from_db()
    assert sample.delivery_address == "Elsewhere 1" and sample.lines.count() == 2
    assert client.post(f"/samples/{sample.pk}/do/send/", {"courier": "DHL"}).status_code == 403
    client.force_login(lin)
    today = company_today().isoformat()
    assert "Note the dispatch" in page(client, f"/samples/{sample.pk}/")
    assert client.get(f"/samples/{sample.pk}/do/send/").status_code == 200
    client.post(f"/samples/{sample.pk}/do/send/", {"courier": "DHL", "waybill": "JD01", "sent_on": today})
    client.force_login(anna)
    for name in ("receive", "approve", "reject", "cancel", "follow-up"):
        assert client.get(f"/samples/{sample.pk}/do/{name}/").status_code == 200, name
    client.post(f"/samples/{sample.pk}/do/ask/")
    second = sample.lines.last()
    said = {"name": "Petra", "via": "phone", "lines": [second.pk], "reason": "Too dark"}
    assert client.post(f"/samples/{sample.pk}/do/reject/", {**said, "reason": ""}).status_code == 422
    shown = client.post(f"/samples/{sample.pk}/do/reject/", said, follow=True).content.decode()
    assert "Too dark" in shown and "Request new samples" in shown
    shown = client.post(f"/samples/{sample.pk}/do/again/", {"note": "Lighter"}, follow=True)
    new = Sample.objects.latest("pk")
    assert shown.request["PATH_INFO"] == new.get_absolute_url() and sample.number in shown.content.decode()
    assert new.number in page(client, sample.get_absolute_url())


def test_the_slip_is_printed_in_the_customers_language(client, anna, monkeypatch):
    seen: dict[str, Any] = {}

    def press(template: str, context: Any, language: str, **how: Any) -> bytes:
        seen.update(context, language=language)
        return b"%PDF-1.7"

    monkeypatch.setattr("crm.sample_papers.render_pdf", press)
    sample = ask(anna, known_customer(anna, language="de"), articles=[Article(product=oak(), charge=Decimal(3))])
    client.force_login(anna)
    answer = client.get(f"/samples/{sample.pk}/slip/")
    assert answer.content == b"%PDF-1.7" and sample.number in answer["Content-Disposition"]
    assert (seen["language"], seen["title"]) == ("de", "Lieferschein für Muster")
    assert seen["lines"][0]["name"] == "SPC-Eiche" and not seen["is_free"]


def test_a_technical_request_from_its_form_to_the_customer(client, anna, peng, nora):
    customer = known_customer(anna, name="Hafen GmbH")
    client.force_login(anna)
    address = f"/technical/new/?customer={customer.pk}"
    given = posted(
        1, kind=TechnicalKind.objects.get(code="click").pk, subject="Click", wish="As last time", priority="urgent",
        **{"lines-0-name": "gap", "lines-0-value": "0.2", "lines-0-unit": "mm", "uploads": picture("plan.png")},
    )  # fmt: skip
    wrong = client.post(address, {**given, "wish": "", "lines-0-value": "", "lines-0-tolerance": "± 1"})
    assert wrong.status_code == 422
    given["uploads"].seek(0)
    shown = client.post(address, given, follow=True).content.decode()
    request = TechnicalRequest.objects.get()
    here = request.get_absolute_url()
    assert "plan.png" in shown and "0.2" in shown and "Urgent" in shown
    assert client.get(f"{here}edit/").status_code == 200
    client.force_login(peng)
    assert "Technical requests on your desk" in page(client, "/") and "Click" in page(client, "/technical/")
    client.post(f"{here}do/take/")
    for name in ("ask", "draw", "assign"):
        assert client.get(f"{here}do/{name}/").status_code == 200, name
    client.post(f"{here}do/ask/", {"to": "sales", "text": "Which system?"})
    client.force_login(anna)
    assert "Technical requests that wait for you" in page(client, "/")
    assert "Which system?" in page(client, f"{here}do/answer/")
    client.post(f"{here}do/answer/", {"text": "Unilin"})
    client.force_login(peng)
    client.post(f"{here}do/draw/", {"uploads": [picture("front.png"), picture("side.png")], "note": "Both views"})
    shown = page(client, here)
    assert "front.png" in shown and "Both views" in shown and "Unilin" in shown
    assert client.post(f"{here}do/release/", {"has_looked": "on"}).status_code == 409
    client.force_login(nora)
    digest = request.revisions.get().digest
    assert digest in page(client, f"{here}do/release/")
    assert client.post(f"{here}do/release/", {"digest": digest}).status_code == 422
    client.post(f"{here}do/release/", {"digest": digest, "has_looked": "on"})
    client.force_login(anna)
    client.post(f"{here}do/send/", {"note": "Please have a look"})
    request.refresh_from_db()
    assert request.status == "sent"
    for name in ("approve", "ask_changes", "abandon"):
        assert client.get(f"{here}do/{name}/").status_code == 200, name
    client.post(f"{here}do/remind/")
    client.post(f"{here}do/approve/", {"name": "Petra", "via": "email", "digest": digest})
    assert client.post(f"{here}do/finish/", follow=True).status_code == 200
    request.refresh_from_db()
    assert request.status == "done"


def test_without_four_eyes_the_engineer_sees_one_button(client, anna, peng):
    request = ask_team(anna)
    take_request(request.pk, actor=peng)
    client.force_login(peng)
    assert "Submit drawings for sending" in page(client, request.get_absolute_url())  # blocked, with the reason
    row = SamplePolicy.objects.get(pk=1)
    row.needs_release = False
    row.save()
    answer = client.post(f"{request.get_absolute_url()}do/issue/", {"uploads": [picture()]})
    request.refresh_from_db()
    assert answer.status_code == 302 and request.status == "released"


def test_files_of_drawings_are_for_those_who_see_the_request(client, anna, wei, peng):
    request = drawn(anna, peng)
    file = request.revisions.get().files.first().attachment
    for person, status in ((anna, 200), (peng, 200), (wei, 404)):
        client.force_login(person)
        assert client.get(reverse("journal:file", args=[file.pk])).status_code == status, person


def test_strangers_see_nothing_and_readers_do_not_act(client, anna, wei, lin, peng):
    sample, request = ask(anna), ask_team(anna)
    client.force_login(wei)
    for path in ("", "edit/", "slip/"):
        assert client.get(f"/samples/{sample.pk}/{path}").status_code == 404, path
    for path in ("", "edit/"):
        assert client.get(f"/technical/{request.pk}/{path}").status_code == 404, path
    client.force_login(lin)
    assert client.get(f"/samples/{sample.pk}/edit/").status_code == 403
    assert client.post(f"/technical/{request.pk}/do/take/").status_code == 403
    assert client.get("/samples/new/").status_code == 403
    lin.groups.clear()
    client.force_login(User.objects.get(pk=lin.pk))
    for path in ("/samples/", "/technical/", f"/samples/{sample.pk}/", f"/samples/{sample.pk}/slip/"):
        assert client.get(path).status_code == 403, path


def test_rail_search_and_the_pages_of_customer_and_inquiry_know_them(client, anna, lin, peng):
    customer = known_customer(anna, name="Hafen GmbH")
    inquiry = make_inquiry(customer=customer)
    sample = ask(anna, customer, inquiry=inquiry, wanted_on=company_today())
    request = ask_team(anna, customer)
    client.force_login(anna)
    shown = page(client, customer.get_absolute_url())
    assert sample.number in shown and request.number in shown
    assert f"/samples/?view=all&amp;customer={customer.pk}" in shown
    shown = page(client, inquiry.get_absolute_url())
    assert sample.number in shown and f"/technical/new/?customer={customer.pk}&amp;inquiry={inquiry.pk}" in shown
    for number, url in ((sample.number, sample.get_absolute_url()), (request.number, request.get_absolute_url())):
        assert url in page(client, f"/search/?q={number}")
    client.force_login(lin)
    assert "Samples to send" in page(client, "/") and sample.purpose in page(client, "/samples/?view=today")
    client.force_login(peng)
    rail = page(client, "/")
    assert 'href="/technical/"' in rail


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_and_records_speak_four_languages(client, maria, anna, lin, peng, nora, language):
    reject_sample(sent(anna, lin).pk, actor=anna, reason="Dark", name="Petra")
    with_customer(anna, peng, nora)
    User.objects.filter(pk=maria.pk).update(language=language)
    client.force_login(User.objects.get(pk=maria.pk))
    words = {"en": "Rejected", "de": "Abgelehnt", "zh-hans": "未认可", "zh-hant": "未認可"}
    assert words[language] in page(client, "/samples/?view=all")
    for one in (Sample.objects.get(), TechnicalRequest.objects.get()):
        page(client, one.get_absolute_url())
    words = {"en": "With the customer", "de": "Beim Kunden", "zh-hans": "在客户处", "zh-hant": "在客戶處"}
    assert words[language] in page(client, "/technical/?view=all")


@pytest.mark.parametrize("count", [2, 20])
def test_lists_and_pages_cost_the_same_for_two_and_for_twenty(
    client, anna, maria, lin, peng, nora, count, django_assert_max_num_queries
):
    sample = ask(anna, lines=count)
    request = ask_team(anna, dimensions=[Measure("length", Decimal(n + 1)) for n in range(count)])
    take_request(request.pk, actor=peng)
    for _number in range(count // 2):
        submit_drawings(request.pk, actor=peng, uploads=[picture(), picture()])
        release_drawings(request.pk, actor=nora)
        TechnicalRequest.objects.filter(pk=request.pk).update(status="sent")
        TechnicalRequest.objects.filter(pk=request.pk).update(status="in_work")
        ask_team(anna, request.customer)
        send_sample(ask(anna, sample.customer).pk, actor=lin, courier="DHL")
    ask_back(request.pk, actor=peng, to="sales", text="Why?")
    client.force_login(maria)
    for address, most in (
        ("/samples/?view=all", 13),
        ("/technical/?view=all", 13),
        (sample.get_absolute_url(), 22),
        (request.get_absolute_url(), 26),
        (sample.customer.get_absolute_url(), 40),
    ):
        client.get(address)
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200


def test_filters_and_the_export(client, anna, lin):
    late = ask(anna, wanted_on=company_today(), purpose="Today")
    ask(anna, wanted_on=company_today() + timedelta(days=9), purpose="Choose the edge")
    client.force_login(anna)
    assert "Choose the edge" not in page(client, "/samples/?view=today")
    shown = page(client, f"/samples/?view=all&wanted_before={company_today().isoformat()}&status=requested")
    assert late.purpose in shown and "Choose the edge" not in shown
    rows = b"".join(client.get("/samples/?view=all&format=csv").streaming_content).decode()
    assert "Today" in rows and "Choose the edge" in rows
    for tab in ("mine", "to-send", "with-customer", "to-ask", "rejected"):
        page(client, f"/samples/?view={tab}")
    for tab in ("sales", "asked", "nobody", "release", "with-customer", "open"):
        page(client, f"/technical/?view={tab}&priority=urgent")
