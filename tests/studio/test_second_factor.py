"""A second factor: codes from an app, recovery codes, and what is kept of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management.utils import get_random_secret_key
from django.test import Client
from pytest_django import Settings

from studio.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
PASSWORD = "a long enough sentence"
KEY = re.compile(r'<code class="key">([A-Z2-7]+)</code>')
INDEX, ACTIVATE = "/account/security/", "/account/security/totp/activate/"


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


@pytest.fixture
def carol() -> User:
    return User.objects.create_user("carol@example.org", PASSWORD, name="Carol")


def signed_in(carol: User) -> tuple[Client, Any]:
    client = Client()
    return client, client.post("/account/login/", {"login": carol.email, "password": PASSWORD})


def with_app(carol: User) -> str:
    """Set up codes from an app; the key that the app has."""
    client, _ = signed_in(carol)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    found = KEY.search(client.get(ACTIVATE).content.decode())
    assert found
    client.post(ACTIVATE, {"code": code_of(found[1])})
    assert Authenticator.objects.filter(user=carol, type="totp").exists()
    return found[1]


def test_a_password_alone_no_longer_lets_anybody_in(carol: User) -> None:
    secret = with_app(carol)
    client, answer = signed_in(carol)
    assert answer["Location"] == "/account/security/authenticate/"
    assert client.get("/library/").status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "Enter the code that your app shows" in page
    wrong = client.post(answer["Location"], {"code": "000000"})
    assert "This code does not fit." in wrong.content.decode()
    Authenticator.objects.update(last_used_at=None)
    client.post(answer["Location"], {"code": code_of(secret)})
    assert client.get("/library/").status_code == 200


def test_a_recovery_code_lets_one_in_once(carol: User) -> None:
    with_app(carol)
    codes = Authenticator.objects.get(user=carol, type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10
    for is_good in (True, False):
        client, answer = signed_in(carol)
        client.post(answer["Location"], {"code": codes[0]})
        assert (client.get("/library/").status_code == 200) is is_good


def test_what_is_kept_gives_nothing_away_and_outlives_a_new_secret_key(carol: User, settings: Settings) -> None:
    secret = with_app(carol)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert secret not in kept
    assert not any(code in kept for code in codes)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], get_random_secret_key()
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code_of(secret))


def test_without_the_old_secret_key_no_code_fits_and_nothing_breaks(carol: User, settings: Settings) -> None:
    secret = with_app(carol)
    settings.SECRET_KEY = get_random_secret_key()
    client, answer = signed_in(carol)
    wrong = client.post(answer["Location"], {"code": code_of(secret)})
    assert wrong.status_code == 200
    assert "This code does not fit." in wrong.content.decode()


def test_it_can_be_switched_off_and_every_page_of_it_can_be_read(carol: User) -> None:
    with_app(carol)
    client = Client()
    client.force_login(carol, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/account/security/totp/deactivate/")["Location"].startswith("/account/reauthenticate/")
    codes = Authenticator.objects.get(user=carol, type="recovery_codes").wrap().get_unused_codes()
    client.post("/account/security/reauthenticate/", {"code": codes[1]})
    for path in ("", "recovery-codes/", "recovery-codes/generate/", "webauthn/", "webauthn/add/", "totp/deactivate/"):
        assert client.get(f"{INDEX}{path}").status_code == 200, path
    saved = client.get(f"{INDEX}recovery-codes/download/")
    assert codes[2] in saved.content.decode()
    assert codes[1] not in saved.content.decode()
    client.post("/account/security/totp/deactivate/")
    assert not Authenticator.objects.filter(user=carol).exists()
    assert signed_in(carol)[1]["Location"] == "/"
