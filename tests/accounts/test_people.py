"""Invitations, joining, switching accounts off and on."""

from __future__ import annotations

import re
import threading

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import translation

from foundation.accounts import services, tokens
from foundation.accounts.models import AccessToken, Company, User
from foundation.accounts.roles import load_roles
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.journal.registry import get_type
from tests.accounts.factories import make_team, make_user

pytestmark = pytest.mark.django_db
GOOD = "a sentence that is long"


@pytest.fixture(autouse=True)
def _roles():
    load_roles()


@pytest.fixture
def manager():
    return make_user("Meiling", role="manager")


@pytest.fixture
def administrator():
    return make_user("Adam", role="administrator", is_staff=True)


def invite(actor, **values):
    values = {"email": "New@Example.com", "name": "Neue Kollegin", "role": "sales", "language": "de", **values}
    return services.invite(**values, actor=actor)


def link_in(letter) -> str:
    return re.search(r"http\S+/join/\S+/", letter.body)[0]


def answers(**changed) -> dict:
    return {
        "name": "Neue Kollegin",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "password": GOOD,
        "password_again": GOOD,
        **changed,
    }


def test_an_invitation_makes_a_closed_account_and_sends_a_link_that_works_once(client, manager, settings):
    team = make_team("Nord")
    client.force_login(manager)
    form = {"email": "New@Example.com", "name": "Neue Kollegin", "role": "sales", "team": team.pk, "language": "de"}
    answer = client.post("/people/invite/", form)
    user = User.objects.get(email="new@example.com")
    assert answer["Location"] == user.get_absolute_url()
    assert (user.state, user.team, user.is_staff, user.has_usable_password()) == ("invited", team, False, False)
    assert [group.name for group in user.groups.all()] == ["sales"]
    link = link_in(mail.outbox[0])
    assert link.startswith(f"{settings.ORIGIN}/join/")
    assert mail.outbox[0].to == ["new@example.com"]
    path = link.removeprefix(settings.ORIGIN)

    guest = Client()
    page = guest.get(path)
    assert page.status_code == 200
    assert (page["Referrer-Policy"], page["Cache-Control"]) == ("same-origin", "no-store")
    assert "noindex" in page["X-Robots-Tag"]
    come = guest.post(path, answers())
    assert (come.status_code, come["Location"]) == (302, "/")
    user.refresh_from_db()
    assert (user.state, user.language, user.time_zone) == ("active", "de", "Europe/Berlin")
    assert user.check_password(GOOD)
    assert guest.get("/profile/").status_code == 200
    assert Client().get(path).status_code == 404
    assert Client().post(path, answers(password="another one here")).status_code == 404
    assert User.objects.get(pk=user.pk).check_password(GOOD)
    assert [one.code for one in Event.objects.about(user).order_by("pk")] == ["user.invited", "user.joined"]


def test_what_an_invitation_leaves_behind_names_nobody_and_no_token(manager):
    user, is_sent = invite(manager)
    assert is_sent
    raw = link_in(mail.outbox[0]).split("/")[-2]
    event = Event.objects.get(code="user.invited")
    assert event.actor == manager
    assert "example.com" not in str(event.facts) and "Neue" not in str(event.facts)
    assert event.private.data == {"name": "Neue Kollegin", "email": "new@example.com"}
    assert raw not in str(list(AccessToken.objects.values())) + str(event.facts) + str(event.private.data)
    with translation.override("en"):
        assert get_type("user.invited").say(event.facts) == "Invited as Sales"


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "short", "password_again": "short"},
        {"password": "password123", "password_again": "password123"},
        {"password_again": "something else"},
        {"name": ""},
        {"time_zone": "Mars/Base"},
        {"language": "xx"},
        {"password": "new@example.com", "password_again": "new@example.com"},
    ],
)
def test_a_form_with_a_mistake_keeps_the_link_good(manager, wrong):
    user, _sent = invite(manager)
    path = "/join/" + link_in(mail.outbox[0]).split("/join/")[1]
    answer = Client().post(path, answers(**wrong))
    assert answer.status_code == 422
    user.refresh_from_db()
    assert (user.state, user.has_usable_password()) == ("invited", False)
    assert Client().get(path).status_code == 200


@pytest.mark.parametrize("raw", ["x", "a" * 43, "..%2f..", "é" * 10, "a" * 2000])
def test_what_is_no_invitation_answers_like_an_old_one(client, raw):
    assert client.get(f"/join/{raw}/").status_code == 404


def test_a_token_of_another_purpose_is_no_invitation(client, manager):
    user, _sent = invite(manager)
    raw = tokens.issue("tracking", user)
    assert client.get(f"/join/{raw}/").status_code == 404


@pytest.mark.usefixtures("still_clock")
def test_trying_addresses_of_invitations_is_limited(client):
    codes = [client.get(f"/join/{'a' * 43}/").status_code for _ in range(40)]
    assert codes.count(404) <= 30
    assert codes[-1] == 429


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_two_who_use_one_invitation_at_once_one_comes_in():
    user, _sent = invite(make_user(role="administrator", is_superuser=True))
    raw = link_in(mail.outbox[0]).split("/")[-2]
    barrier = threading.Barrier(4)
    came, refused = [], []

    def come(number: int) -> None:
        token = tokens.resolve("join", raw)
        barrier.wait()
        try:
            services.join(
                token, password=f"password number {number}", name=f"N{number}", language="en", time_zone="UTC"
            )
            came.append(number)
        except Refused:
            refused.append(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=come, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(came), len(refused)) == (1, 3)
    user.refresh_from_db()
    assert user.check_password(f"password number {came[0]}")
    assert Event.objects.filter(code="user.joined").count() == 1


def test_inviting_again_closes_the_first_link(manager):
    user, _sent = invite(manager)
    services.invite_again(user.pk, actor=manager)
    first, second = ["/join/" + link_in(letter).split("/join/")[1] for letter in mail.outbox]
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    assert Event.objects.filter(code="user.invited").count() == 2


def test_an_address_is_invited_once(client, manager):
    invite(manager)
    with pytest.raises(Refused) as refusal:
        invite(manager, email="new@EXAMPLE.com")
    assert refusal.value.field == "email"
    client.force_login(manager)
    form = {"email": "NEW@example.com", "name": "N", "role": "sales", "language": "de"}
    assert client.post("/people/invite/", form).status_code == 422
    assert User.objects.filter(email__iexact="new@example.com").count() == 1
    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_down_is_told_and_the_account_waits(client, manager, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    client.force_login(manager)
    form = {"email": "new@example.com", "name": "N", "role": "sales", "language": "de"}
    page = client.post("/people/invite/", form, follow=True)
    assert "did not take" in page.content.decode()
    assert User.objects.get(email="new@example.com").state == "invited"


def test_a_manager_can_neither_make_nor_switch_off_an_administrator(client, manager, administrator):
    with pytest.raises(Refused):
        invite(manager, role="administrator")
    with pytest.raises(Refused):
        services.deactivate(administrator.pk, actor=manager)
    client.force_login(manager)
    form = {"email": "new@example.com", "name": "N", "role": "administrator", "language": "de"}
    assert client.post("/people/invite/", form).status_code == 422
    assert client.post(f"/people/{administrator.pk}/off/").status_code == 403
    assert not User.objects.filter(email="new@example.com").exists()
    assert User.objects.get(pk=administrator.pk).is_active
    assert mail.outbox == []
    invited, _sent = invite(administrator, role="administrator")
    assert invited.is_staff and not invited.is_superuser


@pytest.mark.parametrize("role", ["sales", "order desk", "logistics", "service", "operations", "finance", "technical"])
def test_other_roles_see_colleagues_and_manage_nobody(client, role, manager):
    person = make_user(role=role)
    client.force_login(person)
    assert client.get("/people/").status_code == 200
    assert client.get(manager.get_absolute_url()).status_code == 200
    for path in (f"/people/{manager.pk}/off/", f"/people/{manager.pk}/on/", f"/people/{manager.pk}/invite/"):
        assert client.post(path).status_code == 403
    assert client.get("/people/invite/").status_code == 403
    assert client.post("/people/invite/", {"email": "n@example.com"}).status_code == 403
    assert client.get("/company/").status_code == 403
    assert User.objects.get(pk=manager.pk).is_active
    assert mail.outbox == []


def test_who_may_not_see_people_sees_only_themselves(client, manager):
    person = make_user()
    client.force_login(person)
    assert client.get("/people/").status_code == 403
    assert client.get(person.get_absolute_url()).status_code == 200
    assert client.get(manager.get_absolute_url()).status_code == 404


def test_switching_an_account_off_ends_its_sessions_for_good(client, manager):
    person = make_user(role="sales")
    client.force_login(person)
    assert client.get("/profile/").status_code == 200
    services.deactivate(person.pk, actor=manager)
    assert client.get("/profile/").status_code == 302
    assert "not correct" in Client().post("/account/login/", {"login": person.email, "password": "x"}).content.decode()
    services.reactivate(person.pk, actor=manager)
    assert client.get("/profile/").status_code == 302
    codes = [one.code for one in Event.objects.about(person).order_by("pk")]
    assert codes == ["user.deactivated", "user.reactivated"]


def test_a_right_that_was_taken_away_works_no_longer_on_the_next_request(client, manager):
    client.force_login(manager)
    assert client.get("/people/invite/").status_code == 200
    manager.groups.clear()
    assert client.get("/people/invite/").status_code == 403


def test_a_withdrawn_invitation_closes_its_link(manager):
    user, _sent = invite(manager)
    services.deactivate(user.pk, actor=manager)
    path = "/join/" + link_in(mail.outbox[0]).split("/join/")[1]
    assert Client().get(path).status_code == 404
    services.reactivate(user.pk, actor=manager)
    assert User.objects.get(pk=user.pk).state == "invited"
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("what", ["deactivate", "reactivate", "invite_again"])
def test_doing_it_twice_is_refused_and_leaves_no_second_event(manager, what):
    person = make_user(role="sales")
    if what == "deactivate":
        services.deactivate(person.pk, actor=manager)
    before = Event.objects.count()
    with pytest.raises(Refused):
        getattr(services, what)(person.pk, actor=manager)
    assert Event.objects.count() == before


def test_nobody_switches_themselves_off_and_the_last_administrator_stays(administrator, manager):
    with pytest.raises(Refused):
        services.deactivate(administrator.pk, actor=administrator)
    second = make_user(role="administrator")
    services.deactivate(second.pk, actor=administrator)
    outsider = make_user(role="administrator", is_active=False)
    with pytest.raises(Refused):
        services.deactivate(administrator.pk, actor=outsider)
    assert User.objects.get(pk=administrator.pk).is_active


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_administrators_cannot_switch_each_other_off_at_the_same_moment():
    load_roles()
    pair = [make_user(role="administrator") for _ in range(2)]
    barrier = threading.Barrier(2)

    def switch(actor: User, other: User) -> None:
        actor = User.objects.get(pk=actor.pk)
        barrier.wait()
        try:
            services.deactivate(other.pk, actor=actor)
        except Refused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=switch, args=(a, b)) for a, b in (pair, pair[::-1])]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert User.objects.filter(is_active=True).count() == 1


@pytest.mark.parametrize("rows", [2, 20])
def test_the_list_of_people_costs_the_same_for_few_and_many(client, manager, rows, django_assert_max_num_queries):
    for _ in range(rows):
        make_user(role="sales", languages={"de": 4, "en": 2}, team=make_team())
    client.force_login(manager)
    client.get("/people/")
    Company.current()
    with django_assert_max_num_queries(10):
        assert client.get("/people/?q=example").status_code == 200


def test_the_page_of_a_person_has_a_budget(client, manager, django_assert_max_num_queries):
    person, _sent = invite(manager)
    client.force_login(manager)
    client.get(person.get_absolute_url())
    with django_assert_max_num_queries(14):
        page = client.get(person.get_absolute_url()).content.decode()
    assert "Send the invitation again" in page
    assert "Invited as Sales" in page


def test_the_list_finds_filters_and_survives_odd_addresses(client, manager):
    invite(manager)
    client.force_login(manager)
    assert "Neue Kollegin" not in client.get("/people/").content.decode()
    assert "Neue Kollegin" in client.get("/people/?view=invited").content.decode()
    assert "Neue Kollegin" in client.get("/people/?view=invited&q=KOLLEGIN").content.decode()
    for odd in ("?page=0", "?page=-1", "?page=99999999999", "?page=x", "?view=%00", "?q=%00", "?q=" + "x" * 3000):
        assert client.get(f"/people/{odd}").status_code == 200


def test_a_number_that_is_no_person_is_not_found(client, manager):
    client.force_login(manager)
    assert client.get("/people/999999/").status_code == 404


def test_the_administration_makes_no_superuser_of_an_administrator(client, administrator):
    person = make_user(role="sales")
    client.force_login(administrator)
    page = client.get(f"/admin/accounts/user/{person.pk}/change/")
    assert page.status_code == 200
    assert 'name="is_superuser"' not in page.content.decode()
    assert 'name="password"' not in page.content.decode()
    own = client.get(f"/admin/accounts/user/{administrator.pk}/change/").content.decode()
    assert 'name="groups"' not in own
    assert client.get("/admin/accounts/user/add/").status_code == 403
    assert client.get("/admin/accounts/company/").status_code == 200
    assert client.get("/admin/accounts/team/").status_code == 200
    assert client.get("/admin/auth/group/").status_code == 200
    root = make_user(is_superuser=True)
    form = {"name": "Taken over", "email": root.email, "language": "en", "time_zone": "UTC"}
    assert root.is_superuser
    assert client.post(f"/admin/accounts/user/{person.pk}/change/", {**form, "is_superuser": "on"}).status_code == 200
    assert not User.objects.get(pk=person.pk).is_superuser


def test_roles_are_loaded_once_and_keep_what_an_administrator_added(django_assert_max_num_queries):
    with django_assert_max_num_queries(6):  # however many permissions there are
        assert load_roles() == 0
    sales = Group.objects.get(name="sales")
    manager = Group.objects.get(name="manager")
    extra = manager.permissions.get(codename="change_company")
    sales.permissions.add(extra)
    assert load_roles() == 0
    assert sales.permissions.filter(pk=extra.pk).exists()
