"""A zero byte, which PostgreSQL keeps nowhere, and half a character, which nobody keeps, break no answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from studio.accounts.models import User
from tests.studio.api.program import Program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet(client: Client) -> None:
    """An answer of 500 is an answer here, so that it can be told from others."""
    client.raise_request_exception = False


@pytest.mark.parametrize("cookie", ['"abcdefgh\\000ijkl"', "%00" * 10, '"\\000"', "\u00ff" * 10, '"abcdefgh\\377"'])
def test_a_session_cookie_of_rubbish_is_nobodys(client: Client, cookie: str) -> None:
    answer = client.get("/library/", headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/library/")


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
@pytest.mark.parametrize(
    ("path", "field"),
    [("/account/login/", "login"), ("/account/login/", "password"), ("/account/signup/", "email"),
     ("/account/signup/", "name"), ("/account/password/reset/", "email")],
)  # fmt: skip
def test_so_are_forms_of_strangers(client: Client, path: str, field: str, text: str) -> None:
    fields = {
        "login": "a@example.org",
        "email": "a@example.org",
        "password": "x" * 12,
        "password1": "x" * 12,
        field: text,
    }
    body = "&".join(f"{name}={_quoted(value)}" for name, value in fields.items())
    answer = client.post(path, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code < 500


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
@pytest.mark.parametrize("field", ["prompt", "lyrics", "form_token"])
def test_so_is_the_form_of_songs(alice_client: Client, field: str, text: str) -> None:
    alice_client.raise_request_exception = False
    body = "&".join(f"{name}={_quoted(value)}" for name, value in {"prompt": "pop", field: text}.items())
    answer = alice_client.post("/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code < 500


@pytest.mark.parametrize("path", ["/library/?q=%00", "/library/?q=%ED%A0%80", "/library/?page=%00", "/s/%ED%A0%80/"])
def test_so_are_addresses(alice_client: Client, path: str) -> None:
    alice_client.raise_request_exception = False
    assert alice_client.get(path).status_code < 500


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_so_are_requests_of_programs(alice: User, text: str) -> None:
    from studio.accounts import keys

    program = Program(keys.issue(alice, "Radio bot")[1])
    bodies: list[dict[str, Any]] = [{"prompt": text}, {"prompt": "pop", "lyrics": text}, {"prompt": "pop", text: "x"}]
    for body in bodies:
        assert program.post(body).status_code < 500
    assert program.get("/v5/status?message_id=%00").status_code < 500
    assert program.get("/status/generation/%ED%A0%80").status_code < 500


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))
