"""API keys: shown once, kept as a hash, told from rubbish without a database, gone the moment they are revoked."""

from __future__ import annotations

import hmac
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from studio.accounts import keys
from studio.accounts.models import ApiKey, User
from studio.accounts.redact import redact
from tests.studio.api.program import SONG, Program

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_key_reads_as_one_and_no_two_are_alike(alice: User) -> None:
    made = [keys.issue(alice, "Radio bot")[1] for _ in range(5)]
    assert len(set(made)) == 5
    for key in made:
        assert re.fullmatch(r"duplet_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}", key)


def test_what_is_kept_opens_nothing(alice: User) -> None:
    row, key = keys.issue(alice, "Radio bot")
    kept = [str(value) for value in ApiKey.objects.filter(pk=row.pk).values_list()[0]]
    secret = key.split("_")[2]
    assert not any(secret[:12] in value for value in kept)
    assert re.fullmatch(r"[0-9a-f]{64}", row.key_hash)
    assert row.last4 == key[-4:]


def test_a_mistyped_key_is_known_as_such_without_a_query(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _, key = keys.issue(alice, "Radio bot")
    for position in (3, 9, 20, 40, 58, 64):
        other = "a" if key[position] != "a" else "b"
        with django_assert_num_queries(0):
            assert keys.find(key[:position] + other + key[position + 1 :]) is None


@pytest.mark.parametrize("key", ["", "x", "duplet_", "duplet__", "duplet_" + "0" * 60, "Ŕ" * 67, "\x00", "a" * 100_000])
def test_rubbish_is_no_key(alice: User, key: str) -> None:
    assert keys.find(key) is None


def test_hashes_are_compared_in_constant_time_also_where_no_row_is_found(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, key = keys.issue(alice, "Radio bot")
    compared: list[tuple[Any, Any]] = []

    def spy(a: Any, b: Any) -> bool:
        compared.append((a, b))
        return real(a, b)

    real = hmac.compare_digest
    monkeypatch.setattr("studio.accounts.keys.hmac.compare_digest", spy)
    assert keys.find(key) == row
    with_row = len(compared)
    row.delete()
    assert keys.find(key) is None
    assert len(compared) == 2 * with_row
    assert {len(b) for a, b in compared if len(a) == 64} == {64}


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic YWxpY2U6eA==", "{key}", "Token {key}", "Bearer {key}x", "Bearer {key} {key}"],
)
def test_without_a_good_key_nobody_comes_in(alice: User, header: str) -> None:
    _, key = keys.issue(alice, "Radio bot")
    response = Client().post(
        "/v6/generate/song", SONG, content_type="application/json", headers={"authorization": header.format(key=key)}
    )
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert set(response.json()) == {"success", "message"}
    assert response.json()["success"] is False


@pytest.mark.parametrize("header", ["Bearer {key}", "bearer {key}", "BEARER  {key} "])
def test_the_header_is_read_as_its_rfc_has_it(alice: User, header: str) -> None:
    _, key = keys.issue(alice, "Radio bot")
    response = Client().get("/status/generation/1", headers={"authorization": header.format(key=key)})
    assert response.status_code == 404


def test_a_revoked_key_is_refused_at_once(alice: User, alice_client: Client) -> None:
    row, key = keys.issue(alice, "Radio bot")
    program = Program(key)
    assert program.get("/status/generation/1").status_code == 404
    assert alice_client.post(f"/account/keys/{row.pk}/revoke/").status_code == 302
    assert program.get("/status/generation/1").status_code == 401
    assert program.post().status_code == 401


def test_the_keys_of_a_person_who_is_switched_off_are_refused(alice: User) -> None:
    program = Program(keys.issue(alice, "Radio bot")[1])
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert program.get("/status/generation/1").status_code == 401


def test_its_last_use_is_noted_once_a_minute(alice: User) -> None:
    row, key = keys.issue(alice, "Radio bot")
    assert row.last_used_at is None
    keys.find(key)
    first = ApiKey.objects.get(pk=row.pk).last_used_at
    assert first is not None
    keys.find(key)
    assert ApiKey.objects.get(pk=row.pk).last_used_at == first
    ApiKey.objects.filter(pk=row.pk).update(last_used_at=timezone.now() - timedelta(minutes=1))
    keys.find(key)
    noted = ApiKey.objects.get(pk=row.pk).last_used_at
    assert noted is not None
    assert noted >= first


def test_the_page_shows_a_new_key_once_and_afterwards_its_last_four_characters(
    alice_client: Client, alice: User
) -> None:
    answer = alice_client.post("/account/keys/", {"name": "Radio bot"})
    shown = re.findall(r"duplet_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}", answer.content.decode())
    assert len(set(shown)) == 1
    assert "no-store" in answer["Cache-Control"]
    assert keys.find(shown[0]) is not None
    page = alice_client.get("/account/keys/").content.decode()
    assert shown[0] not in page
    assert shown[0][7:17] not in page
    assert f"…{shown[0][-4:]}" in page
    assert "Radio bot" in page


def test_a_key_needs_a_name_and_nobody_has_more_than_twenty(alice_client: Client, alice: User) -> None:
    assert alice_client.post("/account/keys/", {"name": " "}).status_code == 422
    for number in range(keys.MOST_KEYS):
        keys.issue(alice, f"Key {number}")
    answer = alice_client.post("/account/keys/", {"name": "One more"})
    assert answer.status_code == 422
    assert "You have 20 keys" in answer.content.decode()
    assert ApiKey.objects.count() == keys.MOST_KEYS


def test_nobody_sees_or_revokes_the_keys_of_somebody_else(bob_client: Client, alice: User) -> None:
    row, key = keys.issue(alice, "Radio bot")
    assert "Radio bot" not in bob_client.get("/account/keys/").content.decode()
    assert bob_client.post(f"/account/keys/{row.pk}/revoke/").status_code == 404
    assert keys.find(key) is not None


def test_strangers_have_no_keys_page(client: Client) -> None:
    assert client.get("/account/keys/")["Location"] == "/account/login/?next=/account/keys/"


def test_the_command_prints_the_key_alone_on_its_last_line(alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("api_key", "Alice@example.org", "--name", "Studio laptop")
    key = capsys.readouterr().out.splitlines()[-1]
    row = keys.find(key)
    assert row is not None
    assert (row.user, row.name) == (alice, "Studio laptop")


def test_the_command_says_whom_it_does_not_know(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        call_command("api_key", "nobody@example.org")
    assert stop.value.code == 1
    assert "nobody@example.org" in capsys.readouterr().err


def test_a_key_never_stands_in_a_log(alice: User) -> None:
    _, key = keys.issue(alice, "Radio bot")
    for line in (f"Authorization: Bearer {key}", f"refused {key}.", f"{{'key': '{key}'}}", f"GET /?key={key}&x=1"):
        assert key.split("_")[2] not in redact(line)
    assert "Qm9vbQ" not in redact("GET /art/0e5c9a1e-4f0b-4c55-9f0e-1f2f3c7a9d21/Qm9vbQ/?v=art")
