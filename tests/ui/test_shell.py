"""The frame, its errors and its guards, without a browser."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from foundation.accounts.models import User
from foundation.ui import errors, nav
from foundation.ui.submissions import submit_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture
def client(reader: User) -> Client:
    signed_in = Client(raise_request_exception=False)
    signed_in.force_login(reader)
    return signed_in


def page(client: Client, path: str, **extra: Any) -> str:
    response = client.get(path, **extra)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("path", ["/", "/list/", "/record/", "/form/", "/ui/help/"])
def test_the_skip_link_comes_first_and_nothing_is_inline(client: Client, path: str) -> None:
    content = page(client, path)
    assert re.search(r"<(a|button|input)\b[^>]*", content.split("<body")[1]).group(0) == '<a class="skip" href="#main"'
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*(src|application/json))", content)


def test_the_rail_has_at_most_seven_areas_and_says_what_is_late(client: Client) -> None:
    content = page(client, "/list/")
    areas = re.findall(r'data-area="(\w+)"', content)
    assert areas == ["day", "customers", "orders", "way", "service", "figures"]
    assert 'data-area="customers" title="Customers" aria-current="page"' in content
    assert content.count("some are late") >= 2


def test_an_area_needs_its_permission(reader: User) -> None:
    nav.register_area("secret", "Secret", "key", "demo-list", 1, permission="accounts.change_company")
    assert "secret" not in [area["code"] for area in nav.areas_for(reader)]


def test_counters_are_read_once_a_minute(reader: User) -> None:
    cache.clear()
    asked = []
    nav.register_area("day", "My day", "home", "demo-day", 0, counter=lambda user: asked.append(user) or 3)
    for _ in range(3):
        nav.areas_for(reader)
    assert len(asked) == 1
    nav.forget_counters([reader.pk])
    nav.areas_for(reader)
    assert len(asked) == 2


def test_the_frame_costs_no_query_of_its_own(client: Client, django_assert_max_num_queries: Any) -> None:
    page(client, "/list/?rows=2")
    for rows in (2, 20):
        with django_assert_max_num_queries(2):  # the session, when it is not cached, and the user
            content = page(client, f"/list/?rows={rows}")
        assert content.count("<tr") >= rows and "<nav" in content


@pytest.mark.parametrize(
    ("language", "html", "word"),
    [("zh-hans", "zh-Hans", "搜索"), ("zh-hant", "zh-Hant", "搜尋"), ("de", "de", "Zum Inhalt springen")],
)
def test_the_page_is_in_the_language_of_the_reader(
    client: Client, reader: User, language: str, html: str, word: str
) -> None:
    User.objects.filter(pk=reader.pk).update(language=language)
    content = page(client, "/list/")
    assert f'<html lang="{html}"' in content and word in content


def test_a_refused_form_names_the_error_in_the_title_and_links_to_the_fields(client: Client) -> None:
    response = client.post("/form/", {"carrier": "COSCO", "note": "careful"})
    content = response.content.decode()
    assert "<title>Error: Dispatch shipment" in content
    assert '<a href="#id_waybill">' in content and 'href="#id_mode' in content
    assert 'value="COSCO"' in content and "careful" in content
    assert 'aria-describedby="id_waybill_error"' in content and 'id="id_waybill_error"' in content


def test_the_page_number_stands_in_the_title(client: Client) -> None:
    assert "<title>Customers, page 2 · Kontor</title>" in page(client, "/list/")


def test_an_empty_result_offers_to_clear_the_filters(client: Client) -> None:
    content = page(client, "/list/?q=nobody")
    assert "Nothing matches these filters" in content and "Clear the filters" in content


def test_the_state_path_marks_its_steps_for_everybody(client: Client) -> None:
    content = page(client, "/record/")
    assert content.count('aria-current="step"') == 1
    assert "Step 3 of 7" in content and "The customer has not accepted the proposal." in content


def test_what_is_not_possible_yet_stands_open_with_its_reason(client: Client) -> None:
    content = page(client, "/record/")
    start = content.index('<div class="blocked">')
    shown = content[start : content.index("</section>", start)]
    assert "Not possible yet" in shown and "The customer has not accepted the proposal." in shown
    assert "<details" not in shown


def test_counters_are_told_as_json_and_not_to_strangers(client: Client) -> None:
    assert client.get("/ui/tick/").json()["counts"]["day"] == [7, True]
    assert Client().get("/ui/tick/").json() == {"signed_out": True}


@pytest.mark.parametrize(("path", "status"), [("/nowhere/", 404), ("/fail/", 500), ("/conflict/", 409)])
def test_each_error_has_a_page_with_a_reference(client: Client, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert re.search(r"<code>[0-9A-F]{8}</code>", response.content.decode())


def test_the_address_of_a_button_is_a_page_that_says_so(client: Client) -> None:
    response = client.get("/inbox/read/")
    assert response.status_code == 405 and response["Allow"] == "POST"
    assert "This address is not a page" in response.content.decode()
    assert client.get("/inbox/read/", headers={"accept": "application/json"}).content == b""


@pytest.mark.parametrize("status", sorted(errors.SENTENCES))
@pytest.mark.parametrize("language", ["en", "de", "zh-hans", "zh-hant"])
def test_an_error_page_speaks_all_four_languages_without_a_database(status: int, language: str) -> None:
    with translation.override(language):
        content = errors.error_page(None, status).content.decode()
    assert content.count("<li lang=") == 3
    titles = set(re.findall(r"<(?:h1|b)>([^<]+)<", content))
    assert len(titles) == 4


def test_a_conflict_keeps_what_was_typed(client: Client) -> None:
    content = client.get("/conflict/").content.decode()
    assert "Zhang Min confirmed this order at 10:31." in content and "OOLU-1" in content


def test_a_conflict_never_shows_passwords_or_tokens() -> None:
    request = RequestFactory().post("/", {"note": "kept", "password": "secret1", "csrfmiddlewaretoken": "secret2"})
    content = errors.conflict(request).content.decode()
    assert "kept" in content and "secret" not in content


def test_a_rate_limit_answers_429() -> None:
    class Ratelimited(Exception):
        pass

    response = errors.permission_denied(RequestFactory().get("/"), Ratelimited())
    assert (response.status_code, response["Retry-After"]) == (429, "300")


def send(view: Any, token: str = "t1") -> HttpResponse:
    return view(RequestFactory().post("/", {"submission": token}))


def test_a_second_press_gets_the_result_of_the_first() -> None:
    cache.clear()
    done = []
    view = submit_once(lambda request: done.append(1) or HttpResponseRedirect("/orders/7/"))
    assert [send(view).headers["Location"] for _ in range(3)] == ["/orders/7/"] * 3
    assert len(done) == 1


def test_a_guarded_page_behind_a_guarded_address_is_one_press() -> None:
    cache.clear()
    done = []
    page = submit_once(lambda request: done.append(1) or HttpResponseRedirect("/orders/7/"))
    view = submit_once(lambda request: page(request))
    assert [send(view).headers.get("Location") for _ in range(2)] == ["/orders/7/"] * 2
    assert len(done) == 1


def test_two_presses_at_once_do_it_once() -> None:
    cache.clear()
    done, go = [], threading.Event()

    def slow(request: Any) -> HttpResponse:
        done.append(1)
        go.wait(2)
        return HttpResponseRedirect("/orders/7/")

    view, answers = submit_once(slow), []
    threads = [threading.Thread(target=lambda: answers.append(send(view))) for _ in range(2)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()
    assert len(done) == 1 and [a.headers["Location"] for a in answers] == ["/orders/7/"] * 2


def test_save_pressed_while_the_form_counts_anew_waits_and_saves() -> None:
    cache.clear()
    counting, go = threading.Event(), threading.Event()

    def view(request: Any) -> HttpResponse:
        if "recalculate" not in request.POST:
            return HttpResponseRedirect("/orders/7/")
        counting.set()
        go.wait(2)
        return HttpResponse("the new sums")

    guarded, answers = submit_once(view), []
    look = RequestFactory().post("/", {"submission": "t1", "recalculate": "1"})
    first = threading.Thread(target=lambda: answers.append(guarded(look)))
    first.start()
    counting.wait(2)
    second = threading.Thread(target=lambda: answers.append(send(guarded)))
    second.start()
    go.set()
    first.join()
    second.join()
    assert [answer.status_code for answer in answers] == [200, 302]
    assert send(guarded).headers["Location"] == "/orders/7/"


@pytest.mark.parametrize("broken", [False, True])
def test_a_failed_attempt_may_be_repeated(broken: bool) -> None:
    cache.clear()
    calls = []

    def view(request: Any) -> HttpResponse:
        calls.append(1)
        if broken and len(calls) == 1:
            raise RuntimeError("first time")
        return HttpResponse("errors", status=200)

    guarded = submit_once(view)
    for _ in range(2):
        try:
            send(guarded)
        except RuntimeError:
            assert broken
    assert len(calls) == 2


def test_a_submission_of_somebody_else_is_not_mine(reader: User) -> None:
    cache.clear()
    done = []
    view = submit_once(lambda request: done.append(1) or HttpResponseRedirect("/"))
    for user in (reader, User.objects.create_user("b@example.com")):
        request = RequestFactory().post("/", {"submission": "same"})
        request.user = user
        view(request)
    assert len(done) == 2


def test_the_company_may_bring_its_own_accent(client: Client, reader: User) -> None:
    from foundation.accounts.models import Company

    company = Company.current()
    company.accent = "#a03000"
    company.save()
    content = page(client, "/list/")
    assert "/ui/accent/a03000.css" in content
    answer = client.get("/ui/accent/a03000.css")
    assert "light-dark(#a03000," in answer.content.decode() and "immutable" in answer["Cache-Control"]
    assert client.get("/ui/accent/red.css").status_code == 404


def test_email_and_paper_need_no_style_sheet_from_elsewhere() -> None:
    company = {"name": "Lingnan Floors", "address": "Guangzhou", "phone": "+862012345678"}
    for template in ("ui/email.html", "ui/paper.html"):
        content = render_to_string(
            template,
            {
                "company": company,
                "lang": "zh-Hans",
                "subject": "S",
                "title": "T",
                "paragraphs": ["Hello <b>"],
                "facts": [("A", "1")],
            },
        )
        assert '<html lang="zh-Hans">' in content and "http" not in content and "<b>Hello" not in content


def test_signing_in_works_with_password_managers(reader: User) -> None:
    client = Client()
    content = page(client, "/account/login/?next=/record/")
    assert 'autocomplete="current-password"' in content and 'autocomplete="email"' in content
    assert 'name="next"' in content and "signup" not in content
    answer = client.post(
        "/account/login/", {"login": "li@example.com", "password": "a-long-password", "next": "/record/"}
    )
    assert answer.headers["Location"] == "/record/"


@pytest.mark.parametrize(
    "path",
    [
        "/account/password/reset/",
        "/account/password/reset/done/",
        "/account/inactive/",
        "/account/signup/",
        "/account/password/reset/key/1-x/",
    ],
)
def test_the_pages_around_signing_in_are_ours(path: str) -> None:
    assert 'class="entrance"' in page(Client(), path)


def test_a_typed_name_counts_as_a_signature(client: Client) -> None:
    from foundation.ui.forms import SignatureField

    field = SignatureField()
    value = field.widget.value_from_datadict({"sign_typed": " 李伟 Li Wei "}, {}, "sign")
    assert field.clean(value).startswith(b"\x89PNG")
    assert field.widget.value_from_datadict({"sign": "data:x", "sign_typed": "Li"}, {}, "sign") == "data:x"


def test_a_kept_fragment_is_never_shown_to_somebody_else(client: Client, reader: User) -> None:
    other = User.objects.create_user("zhang@example.com", name="Zhang Min", language="de")
    second = Client()
    second.force_login(other)
    for _ in range(2):
        mine, theirs = page(client, "/list/"), page(second, "/list/")
        assert "li@example.com" in mine and "zhang@example.com" not in mine
        assert "zhang@example.com" in theirs and "li@example.com" not in theirs
        assert "Zum Inhalt springen" in theirs and "Administration" not in theirs


def test_a_counter_that_changes_shows_at_once_in_the_kept_rail(client: Client, reader: User) -> None:
    assert ">7<" in page(client, "/list/")
    nav.register_area("day", "My day", "home", "demo-day", 0, counter=lambda user: 8)
    nav.forget_counters([reader.pk])
    assert ">8<" in page(client, "/list/")
