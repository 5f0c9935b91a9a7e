"""Sessions: how long they last, what ends them, and what a browser may do with their cookie."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from studio.accounts import sessions
from studio.accounts.models import User
from studio.accounts.sessions import SessionStore

pytestmark = pytest.mark.django_db
PASSWORD = "tambourine-harbour-42"


def is_signed_in(client: Client) -> bool:
    return client.get("/library/").status_code == 200


def left(client: Client) -> timedelta:
    return Session.objects.get(pk=client.session.session_key).expire_date - timezone.now()


def set_back(client: Client, *, visited: timedelta, begun: timedelta) -> None:
    """As if the last visit and the signing in were so long ago."""
    row, store, now = Session.objects.get(pk=client.session.session_key), SessionStore(), timezone.now()
    data = {**row.get_decoded(), sessions.BEGUN: (now - begun).isoformat()}
    ends = min(now - visited + timedelta(days=14), now - begun + timedelta(days=90))
    Session.objects.filter(pk=row.pk).update(session_data=store.encode(data), expire_date=ends)


@pytest.fixture
def carol() -> User:
    """Somebody with a password."""
    return User.objects.create_user("carol@example.org", PASSWORD)


def test_a_session_lasts_fourteen_days_from_the_last_visit(alice_client: Client) -> None:
    assert left(alice_client) > timedelta(days=13, hours=23)
    set_back(alice_client, visited=timedelta(days=13), begun=timedelta(days=13))
    assert is_signed_in(alice_client)
    assert left(alice_client) > timedelta(days=13, hours=23)
    set_back(alice_client, visited=timedelta(days=14), begun=timedelta(days=14))
    assert not is_signed_in(alice_client)


def test_visits_on_one_day_write_the_session_once(alice_client: Client) -> None:
    alice_client.get("/library/")
    before = Session.objects.get().expire_date
    answer = alice_client.get("/library/")
    assert Session.objects.get().expire_date == before
    assert "session" not in answer.cookies


def test_a_session_ends_after_ninety_days_however_often_somebody_comes_by(alice_client: Client) -> None:
    set_back(alice_client, visited=timedelta(days=2), begun=timedelta(days=85))
    answer = alice_client.get("/library/")
    assert answer.status_code == 200
    assert timedelta(days=4, hours=23) < left(alice_client) < timedelta(days=5, hours=1)
    set_back(alice_client, visited=timedelta(), begun=timedelta(days=90))
    assert not is_signed_in(alice_client)
    assert not sessions.people({str(alice_client.session.session_key)})


def test_signing_in_begins_the_ninety_days(carol: User) -> None:
    client = Client()
    client.get("/account/login/?next=/library/")
    session = client.session
    session[sessions.BEGUN] = (timezone.now() - timedelta(days=80)).isoformat()
    session.save()
    before = session.session_key
    client.post("/account/login/", {"login": carol.email, "password": PASSWORD})
    assert is_signed_in(client)
    assert client.session.session_key != before
    assert left(client) > timedelta(days=13)
    assert not Session.objects.filter(pk=before).exists()


def test_a_new_password_signs_out_everywhere_but_here(carol: User) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post("/account/login/", {"login": carol.email, "password": PASSWORD})
        assert is_signed_in(client)
    new = {"oldpassword": PASSWORD, "password1": "another-harbour-43", "password2": "another-harbour-43"}
    assert here.post("/account/password/change/", new).status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_a_socket_and_a_page_agree_on_who_is_signed_in(alice_client: Client, alice: User, bob: User) -> None:
    key = str(alice_client.session.session_key)
    assert sessions.people({key, "unknown0unknown0", "\0", "", "x" * 500}) == {key: alice}
    alice.set_password("another-harbour-43")
    alice.save()
    assert not sessions.people({key})
    assert not is_signed_in(alice_client)


def test_many_sessions_are_looked_at_in_a_few_queries(django_assert_max_num_queries: object, alice: User) -> None:
    keys = []
    for _ in range(30):
        client = Client()
        client.force_login(alice)
        keys.append(str(client.session.session_key))
    with django_assert_max_num_queries(2):  # type: ignore[operator]  # pytest-django's fixture
        assert set(sessions.people(keys)) == set(keys)


def test_sessions_that_nobody_can_use_are_deleted_when_somebody_signs_in(alice_client: Client, carol: User) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(hours=1))
    Client().post("/account/login/", {"login": carol.email, "password": PASSWORD})
    assert Session.objects.count() == 1


@pytest.mark.parametrize("page", ["/account/login/", "/account/signup/", "/account/logout/"])
@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "http:evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://localhost:8000@evil.example/",
        "\t//evil.example",
        "/%09/evil.example",
        "///evil.example",
    ],
)
def test_next_leads_nowhere_but_to_this_site(carol: User, page: str, elsewhere: str) -> None:
    client = Client()
    if "logout" in page:
        client.force_login(carol)
    fields = {"login": carol.email, "password": PASSWORD, "email": "dora@example.org", "password1": PASSWORD}
    answer = client.post(page, {**fields, "next": elsewhere})
    assert answer.status_code == 302
    assert answer["Location"] in ("/", "/account/login/", "/%09/evil.example")  # the last is a path of ours
    came_back = client.get(page, {"next": elsewhere})
    assert came_back.get("Location", "/") in ("/", "/account/login/", "/%09/evil.example")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "songs/x"])
def test_next_of_a_songs_own_forms_leads_nowhere_else(alice_client: Client, alice: User, elsewhere: str) -> None:
    from tests.studio.rows import saved_song

    song = saved_song(alice, "Song")
    assert alice_client.post(f"/songs/{song.pk}/cancel/", {"next": elsewhere})["Location"] == "/"
