"""`Idempotency-Key`: asked twice, made once."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from studio.accounts.models import User
from studio.songs.models import Generation
from tests.flows.scripted import Scripted, whole_song
from tests.flows.test_pipeline import working
from tests.studio.api.program import SONG, STREAM, SYNC, Program, events

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_stream_lost_and_asked_for_again_goes_on_with_the_same_song_from_its_first_event(
    alice_program: Program, upstream: Scripted
) -> None:
    gate, script = asyncio.Event(), whole_song()
    upstream.script = [*script[:5], gate, *script[5:]]
    async with working(upstream):
        lost = aiter(await alice_program.open(**{"idempotency-key": "one"}))
        await anext(lost)
        await lost.aclose()
        again = await alice_program.open(**{"idempotency-key": "one"})
        assert again["Idempotent-Replayed"] == "true"
        reading = asyncio.create_task(events(again))
        gate.set()
        found = await reading
    assert await Generation.objects.acount() == 1
    assert found[0]["status"] == "initializing"
    assert found[-1]["isComplete"] is True
    assert len(upstream.requests) == 1


async def test_a_song_that_is_over_is_told_again_in_full(alice_program: Program, upstream: Scripted) -> None:
    async with working(upstream):
        first = await alice_program.events(**{"idempotency-key": "one"})
        second = await alice_program.events(**{"idempotency-key": "one"})
        answer = await alice_program.wait(**{"idempotency-key": "one"})

    def promises(found: list[dict[str, Any]]) -> list[tuple[str, Any, Any]]:
        return [(e["status"], e.get("version"), e.get("audio_url")) for e in found if e["status"] != "running"]

    assert promises(second) == promises(first)
    assert answer["message_id"] == first[1]["message_id"]
    assert await Generation.objects.acount() == 1


def test_other_parameters_under_the_same_key_are_refused(alice_program: Program) -> None:
    assert alice_program.post(**{"idempotency-key": "one"}).status_code == 200
    for body in ({**SONG, "prompt": "Another"}, {**SONG, "lyrics": "other words"}, {"prompt": SONG["prompt"]}):
        response = alice_program.post(body, **{"idempotency-key": "one"})
        assert response.status_code == 409
        assert "Idempotency-Key" in response.json()["detail"]
    assert Generation.objects.count() == 1


def test_the_order_of_fields_and_fields_nobody_reads_change_nothing(alice_program: Program) -> None:
    alice_program.post(**{"idempotency-key": "one"})
    again = {"x": 1, "lyrics": SONG["lyrics"], "prompt": SONG["prompt"], "melody_url": None}
    assert alice_program.post(again, STREAM, **{"idempotency-key": "one"}).status_code == 200
    assert Generation.objects.count() == 1


def test_the_key_of_one_account_means_nothing_in_another(alice_program: Program, bob_program: Program) -> None:
    for program in (alice_program, bob_program):
        assert program.post(**{"idempotency-key": "one"}).status_code == 200
    assert Generation.objects.count() == 2


def test_after_a_day_the_key_is_forgotten(alice_program: Program, alice: User) -> None:
    alice_program.post(**{"idempotency-key": "one"})
    Generation.objects.update(created_at=timezone.now() - timedelta(hours=23, minutes=59))
    alice_program.post(**{"idempotency-key": "one"})
    assert Generation.objects.count() == 1
    Generation.objects.update(created_at=timezone.now() - timedelta(hours=24, minutes=1))
    assert alice_program.post({"prompt": "Another"}, **{"idempotency-key": "one"}).status_code == 200
    assert Generation.objects.filter(owner=alice).count() == 2


@pytest.mark.parametrize(("key", "status"), [("a" * 255, 200), ("a" * 256, 422), ("ü 😀 x", 200)])
def test_a_key_may_have_255_characters(alice_program: Program, key: str, status: int) -> None:
    response = alice_program.post(**{"idempotency-key": key})
    assert response.status_code == status
    if status == 422:
        assert response.json()["detail"].startswith("Idempotency-Key: ")


def test_an_empty_key_is_none(alice_program: Program) -> None:
    for _ in range(2):
        assert alice_program.post(**{"idempotency-key": ""}).status_code == 200
    assert Generation.objects.count() == 2


def test_a_refused_request_uses_no_key_up(alice_program: Program) -> None:
    assert alice_program.post({}, **{"idempotency-key": "one"}).status_code == 400
    assert alice_program.post(**{"idempotency-key": "one"}).status_code == 200


def test_two_at_the_same_moment_make_one_song(alice_program: Program) -> None:
    statuses: list[int] = []
    start = threading.Barrier(6)

    def ask() -> None:
        start.wait()
        statuses.append(alice_program.post(path=SYNC, **{"idempotency-key": "one"}).status_code)
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 6
    assert Generation.objects.count() == 1
