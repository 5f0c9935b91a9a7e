"""Nothing that opens a door stands in a log."""

from __future__ import annotations

import io
import logging
import time

import pytest
from django.conf import settings

from studio.accounts.redact import MASK, NoSecrets, redact

pytestmark = pytest.mark.either_database

SECRET = "s3cr3tValue42"


@pytest.mark.parametrize(
    "text",
    [
        "GET /signin/{} 200",
        "GET /signin/{}/ 200",
        "http://localhost:8000/signin/{}/?next=/",
        "GET /stream/{}.mp3 200",
        "/account/password/reset/key/{}/",
        "/account/confirm-email/{}/",
        "Authorization: Bearer {}",
        "a key duplet_0123456789_{} was sent",
        "authorization: {}",
        "{{'Authorization': 'Basic {}'}}",
        "(b'authorization', b'Bearer {}')",
        "password={}&email=alice@example.org",
        "{{'password1': '{}', 'email': 'alice@example.org'}}",
        '{{"new_password": "{}"}}',
        "MAIL_PASSWORD={}",
        "SECRET_KEY = '{}'",
        "postgres://duplet:{}@db.example.org/duplet",
        "Cookie: session={}; theme=dark",
        "Cookie: __Host-session={}; __Host-csrf={}",
    ],
)
def test_a_secret_is_hidden_and_the_rest_is_kept(text: str) -> None:
    shown = redact(text.format(SECRET, SECRET))
    assert SECRET not in shown
    assert MASK in shown
    assert ("alice@example.org" in text) == ("alice@example.org" in shown)


@pytest.mark.parametrize(
    "text",
    [
        "GET /songs/5a4f/take-1.mp3 200",
        "Song 5a4f is another's now, or gone.",
        "The password is too short.",
        "http://localhost:8000/library/?q=secret+garden",
    ],
)
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    assert redact(text) == text


def test_arguments_and_tracebacks_are_hidden_as_well() -> None:
    log, out = logging.Logger("test"), io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(NoSecrets())
    log.addHandler(handler)
    log.warning("%s asked for %s", "Alice", f"/signin/{SECRET}/")
    try:
        raise ValueError(f"password={SECRET}")
    except ValueError:
        log.exception("It broke at %d percent", 50)
    assert SECRET not in out.getvalue()
    assert "Alice asked for" in out.getvalue()
    assert "Traceback" in out.getvalue()


@pytest.mark.parametrize("piece", ["password", "-a", "://a:", "/signin/", "authorization:", "session=", "'\""])
def test_a_long_line_costs_little_time(piece: str) -> None:
    begun = time.process_time()
    redact(piece * (100_000 // len(piece)))
    assert time.process_time() - begun < 0.5


def test_every_handler_of_the_site_hides_them() -> None:
    assert all("no_secrets" in handler["filters"] for handler in settings.LOGGING["handlers"].values())
    assert not logging.getLogger("django").handlers
    assert not logging.getLogger("django.server").handlers


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\x0b", "\x1b[2J\n"])
def test_no_stranger_begins_a_line_or_moves_the_cursor(end: str) -> None:
    log, out = logging.Logger("test"), io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("LINE %(message)s"))
    handler.addFilter(NoSecrets())
    log.addHandler(handler)
    log.warning("The host said: %s", f"x{end}LINE forged")
    try:
        raise ValueError(f"x{end}LINE forged")
    except ValueError:
        log.exception("It broke")
    lines = out.getvalue().splitlines()
    assert sum(line.startswith("LINE") for line in lines) == 2
    assert all(line.startswith(("LINE", "    ", "Traceback")) for line in lines)
    assert not set(out.getvalue()) & {"\x1b", "\r", "\x85", "\u2028", "\x0b"}
