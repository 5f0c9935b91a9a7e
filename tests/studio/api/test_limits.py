"""Rate limits: exact under concurrency, shared by all processes, told in the headers, kind to those who wait."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from studio.accounts import keys, limits
from studio.accounts.models import RateBucket, User
from studio.songs.models import Generation
from tests.studio.api.program import SYNC, Program

pytestmark = pytest.mark.django_db(transaction=True)

LIMITED = {"success": False, "message": "Rate limits have been passed for the user."}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Time as the limits see it, moved by hand."""

    class Clock:
        now = 1_800_000_000.0

    monkeypatch.setattr(limits, "unix_time", lambda: Clock.now)
    return Clock


def test_so_many_and_no_more_however_many_come_at_once() -> None:
    granted: Counter[bool] = Counter()

    def ask() -> None:
        for _ in range(10):
            allowance = limits.take("requests of key 1", 20)
            assert allowance is not None
            granted[allowance.granted] += 1
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 20 <= granted[True] <= 22  # a token comes back every three seconds
    assert granted.total() == 80


def test_tokens_come_back_evenly(clock: Any) -> None:
    assert [limits.take("x", 6).granted for _ in range(7)] == [True] * 6 + [False]  # type: ignore[union-attr]  # a limit is set
    refused = limits.take("x", 6)
    assert refused is not None
    assert (refused.left, refused.retry_in, refused.full_in) == (0, 10, 60)
    clock.now += 9.9
    assert limits.take("x", 6).granted is False  # type: ignore[union-attr]
    clock.now += 0.2
    assert limits.take("x", 6).granted is True  # type: ignore[union-attr]
    clock.now += 3600
    assert [limits.take("x", 6).granted for _ in range(7)] == [True] * 6 + [False]  # type: ignore[union-attr]


def test_a_clock_set_back_locks_nobody_out(clock: Any) -> None:
    for _ in range(6):
        limits.take("x", 6)
    clock.now -= 3600
    allowance = limits.take("x", 6)
    assert allowance is not None
    assert allowance.granted


def test_no_limit_counts_nothing(db: None) -> None:
    assert limits.take("x", 0) is None
    assert not RateBucket.objects.exists()


def test_a_program_that_asks_too_often_has_the_documents_answer(alice_program: Program, settings: Any) -> None:
    settings.LIMIT_REQUESTS_PER_MINUTE = 3
    left = [alice_program.get("/status/generation/1")["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    response = alice_program.get("/status/generation/1")
    assert (response.status_code, response.json()) == (429, LIMITED)
    assert 1 <= int(response["Retry-After"]) <= 20
    assert response["RateLimit-Limit"] == "3"
    assert response["RateLimit-Remaining"] == "0"
    assert 1 <= int(response["RateLimit-Reset"]) <= 60


def test_answers_say_what_is_left(alice_program: Program, settings: Any) -> None:
    settings.LIMIT_REQUESTS_PER_MINUTE, settings.LIMIT_CREATIONS_PER_MINUTE = 30, 5
    made = alice_program.post()
    assert (made["RateLimit-Limit"], made["RateLimit-Remaining"]) == ("5", "4")
    assert "Retry-After" not in made


def test_each_key_has_its_own_requests(alice: User, settings: Any) -> None:
    settings.LIMIT_REQUESTS_PER_MINUTE = 1
    first, second = (Program(keys.issue(alice, name)[1]) for name in ("One", "Two"))
    assert [first.get("/status/generation/1").status_code for _ in range(2)] == [404, 429]
    assert second.get("/status/generation/1").status_code == 404


def test_songs_are_counted_by_person_through_every_key_and_the_form(
    alice: User, alice_client: Client, bob_program: Program, settings: Any
) -> None:
    settings.LIMIT_CREATIONS_PER_MINUTE = 3
    first, second = (Program(keys.issue(alice, name)[1]) for name in ("One", "Two"))
    assert first.post().status_code == 200
    assert second.post().status_code == 200
    assert alice_client.post("/", {"prompt": "pop"}).status_code == 302
    refused = first.post()
    assert (refused.status_code, refused.json()) == (429, LIMITED)
    assert "Retry-After" in refused
    assert Generation.objects.filter(owner=alice).count() == 3
    assert bob_program.post().status_code == 200


def test_requests_that_make_no_song_are_not_counted_as_one(alice_program: Program, settings: Any) -> None:
    settings.LIMIT_CREATIONS_PER_MINUTE = 1
    assert [alice_program.post({}).status_code for _ in range(3)] == [400] * 3
    assert alice_program.post().status_code == 200


def test_the_form_says_when_to_come_again_and_keeps_the_words(alice_client: Client, alice: User, settings: Any) -> None:
    settings.LIMIT_CREATIONS_PER_MINUTE = 1
    assert alice_client.post("/", {"prompt": "first"}).status_code == 302
    response = alice_client.post("/", {"prompt": "A slow waltz", "lyrics": "we are home"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "A slow waltz" in html
    assert "we are home" in html
    assert "in 60 seconds" in html or "in 59 seconds" in html
    assert Generation.objects.filter(owner=alice).count() == 1


def test_a_double_click_counts_once(alice_client: Client, alice: User, settings: Any) -> None:
    settings.LIMIT_CREATIONS_PER_MINUTE = 1
    fields = {"prompt": "pop", "form_token": "0e5c9a1e-4f0b-4c55-9f0e-1f2f3c7a9d21"}
    assert [alice_client.post("/", fields).status_code for _ in range(2)] == [302, 302]
    assert Generation.objects.filter(owner=alice).count() == 1


def test_no_key_is_no_reason_to_count(db: None) -> None:
    assert Program("").post(path=SYNC).status_code == 401
    assert not RateBucket.objects.exists()
