"""Guessing is slow, tells nothing, and is written down."""

from __future__ import annotations

import logging
import statistics
import time
from typing import Any

import pytest
from django.core import mail
from django.test import Client, override_settings

from studio.accounts import keys, signin
from studio.accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "tambourine-harbour-42"
SIGN_IN, SIGN_UP, RESET = "/account/login/", "/account/signup/", "/account/password/reset/"


@pytest.fixture
def carol() -> User:
    """Somebody with a password."""
    return User.objects.create_user("carol@example.org", PASSWORD)


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What is written down at the doors."""
    caplog.set_level(logging.INFO, logger="studio.security")
    return caplog


def sign_in(email: str, password: str, *, network: str = "203.0.113.1") -> Any:
    return Client(REMOTE_ADDR=network).post(SIGN_IN, {"login": email, "password": password})


def test_five_wrong_passwords_close_an_account_to_guessing_wherever_they_come_from(carol: User) -> None:
    for number in range(5):
        sign_in(carol.email, "wrong-password", network=f"203.0.113.{number}")
    assert sign_in(carol.email, PASSWORD, network="203.0.113.99").status_code == 200
    assert sign_in("CAROL@example.org ", PASSWORD, network="203.0.113.99").status_code == 200


def test_ten_wrong_passwords_a_minute_close_the_door_to_a_network_whichever_accounts_it_tries(carol: User) -> None:
    for number in range(10):
        sign_in(f"person-{number}@example.org", "wrong-password")
    assert sign_in(carol.email, PASSWORD).status_code == 200
    assert sign_in(carol.email, PASSWORD, network="203.0.113.2").status_code == 302


def test_an_address_that_a_visitor_claims_to_come_from_is_not_believed(carol: User) -> None:
    for number in range(10):
        client = Client(REMOTE_ADDR="203.0.113.1", headers={"x-forwarded-for": f"198.51.100.{number}"})
        client.post(SIGN_IN, {"login": f"person-{number}@example.org", "password": "wrong-password"})
    assert sign_in(carol.email, PASSWORD).status_code == 200


def test_of_what_a_proxy_says_the_last_address_counts(carol: User) -> None:
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        for number in range(10):
            said = {"x-forwarded-for": f"198.51.100.{number}, 203.0.113.1"}
            Client(headers=said).post(SIGN_IN, {"login": f"person-{number}@example.org", "password": "wrong-password"})
        here = Client(headers={"x-forwarded-for": "198.51.100.77, 203.0.113.1"})
        assert here.post(SIGN_IN, {"login": carol.email, "password": PASSWORD}).status_code == 200


def test_signing_up_is_limited_to_twenty_a_minute_and_network() -> None:
    for number in range(20):
        Client().post(SIGN_UP, {"email": f"person-{number}@example.org", "password1": PASSWORD})
    answer = Client().post(SIGN_UP, {"email": "one-more@example.org", "password1": PASSWORD})
    assert answer.status_code == 429
    assert User.objects.count() == 20


def test_asking_for_a_new_password_is_limited_for_each_address(carol: User) -> None:
    for number in range(6):
        answer = Client(REMOTE_ADDR=f"203.0.113.{number}").post(RESET, {"email": carol.email})
    assert answer.status_code == 429
    assert len(mail.outbox) == 5


@pytest.mark.thorough
def test_signing_in_takes_as_long_for_a_stranger_as_for_somebody_known(carol: User, alice: User) -> None:
    """Alice has no password, carol another one, and nobody is at the third address: all three are hashed for."""
    people, seconds = (carol.email, alice.email, "nobody@example.org"), {}
    with override_settings(ACCOUNT_RATE_LIMITS=False):
        for email in people:
            sign_in(email, "wrong-password")
        taken: dict[str, list[float]] = {email: [] for email in people}
        for _ in range(15):
            for email in people:
                begun = time.process_time()
                sign_in(email, "wrong-password")
                taken[email].append(time.process_time() - begun)
    seconds = {email: statistics.median(times) for email, times in taken.items()}
    assert max(seconds.values()) < 1.5 * min(seconds.values()), seconds


def test_who_comes_in_and_who_is_turned_away_is_written_down_without_what_was_typed(
    carol: User, told: pytest.LogCaptureFixture
) -> None:
    sign_in(carol.email, "wrong-password")
    assert told.messages[-1] == "Somebody was turned away at the sign-in from 203.0.113.1."
    client = Client(REMOTE_ADDR="203.0.113.1")
    client.post(SIGN_IN, {"login": carol.email, "password": PASSWORD})
    assert told.messages[-1] == f"Person {carol.pk} signed in from 203.0.113.1."
    new = {"oldpassword": PASSWORD, "password1": "another-harbour-43", "password2": "another-harbour-43"}
    client.post("/account/password/change/", new)
    assert told.messages[-1] == f"Person {carol.pk} changed the password from 203.0.113.1."
    client.post("/account/keys/", {"name": "Laptop"})
    assert told.messages[-1] == f"Person {carol.pk} made an API key from 203.0.113.1."
    client.post(f"/account/keys/{keys.current(carol).get().pk}/revoke/")
    assert told.messages[-1] == f"Person {carol.pk} revoked an API key from 203.0.113.1."
    client.post("/account/logout/")
    assert told.messages[-1] == f"Person {carol.pk} signed out from 203.0.113.1."
    Client().get("/signin/wrong/")
    assert told.messages[-1] == "Somebody came with a link that lets nobody in from 127.0.0.1."
    Client().get(f"/signin/{signin.issue_link(carol).split('/')[-2]}/")
    assert told.messages[-1] == f"Person {carol.pk} signed in from 127.0.0.1."
    for number in range(6):
        sign_in(carol.email, "wrong-password", network=f"198.51.100.{number}")
    assert told.messages[-1] == "Somebody tried to sign in too often from 198.51.100.5."
    written = "\n".join(told.messages)
    assert not [secret for secret in (PASSWORD, "wrong-password", "harbour", "carol@", "duplet_") if secret in written]
