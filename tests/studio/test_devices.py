"""Where one is signed in: seen, ended one by one or all, and never somebody else's."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client

from studio.accounts import devices, signin
from studio.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
PASSWORD = "a long enough sentence"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0"


def came_in(email: str, agent: str) -> Client:
    client = Client(headers={"User-Agent": agent})
    client.post("/account/login/", {"login": email, "password": PASSWORD})
    return client


def test_each_place_is_named_and_can_be_signed_out_alone(alice: User) -> None:
    alice.set_password(PASSWORD)
    alice.save()
    here, phone, other = (came_in(alice.email, agent) for agent in (FIREFOX, PHONE, EDGE))
    page = here.get("/account/sessions/").content.decode()
    for name in ("Firefox on Linux", "Safari on iPhone", "Edge on Windows"):
        assert page.count(f"<b>{name}</b>") == 1
    found = devices.devices(alice, here.session.session_key)
    assert [place.is_this for place in found] == [True, False, False]
    ended = next(place for place in found if "iPhone" in place.name)
    assert (
        "1 place is signed out." in here.post("/account/sessions/", {"end": ended.number}, follow=True).content.decode()
    )
    assert [client.get("/library/").status_code for client in (here, phone, other)] == [200, 302, 200]
    here.post("/account/sessions/", {"end": "others"})
    assert [client.get("/library/").status_code for client in (here, other)] == [200, 302]


def test_whoever_comes_by_a_link_is_listed_too(alice: User) -> None:
    client = Client(headers={"User-Agent": FIREFOX})
    client.get(signin.issue_link(alice).removeprefix(settings.PUBLIC_URL))
    assert "<b>Firefox on Linux</b>" in client.get("/account/sessions/").content.decode()


def test_nobody_ends_somebody_elses_session(alice_client: Client, bob: User) -> None:
    bob.set_password(PASSWORD)
    bob.save()
    his = came_in(bob.email, FIREFOX)
    number = UserSession.objects.get(user=bob).pk
    for value in (str(number), "others", "", "x", "9" * 30):
        alice_client.post("/account/sessions/", {"end": value})
    assert his.get("/library/").status_code == 200
    assert "Firefox on Linux" not in alice_client.get("/account/sessions/").content.decode()


@pytest.mark.parametrize("agent", ["", "curl/8.5", "<script>alert(1)</script>", "x" * 5000])
def test_whatever_a_program_calls_itself_can_be_shown(alice: User, agent: str) -> None:
    alice.set_password(PASSWORD)
    alice.save()
    page = came_in(alice.email, agent).get("/account/sessions/").content.decode()
    assert "<b>A program</b>" in page
