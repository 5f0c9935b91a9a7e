"""What programs read of credits: refused in the document's words, charged from `validated` on, else given back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from pytest_django import Settings

from generator.protocol import events as v6
from studio.accounts import ledger
from studio.accounts.models import LedgerEntry, User
from studio.songs.models import Generation
from tests.flows.scripted import Scripted, whole_song
from tests.flows.test_pipeline import until, working
from tests.studio.api.program import SONG, STATUS, STREAM, SYNC, Program

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def price(settings: Settings) -> None:
    """Songs cost 2 credits."""
    settings.CREDITS_PER_SONG = 2


@pytest.fixture
def alice(alice: User) -> User:
    """Alice, who has credits for two songs and a bit."""
    ledger.grant(alice, 5)
    return alice


async def balance(user: User) -> int:
    return await sync_to_async(ledger.balance)(user)


async def charged(program: Program, row: Generation) -> Any:
    response = await sync_to_async(program.get)(f"{STATUS}{row.pk}")
    return response.json()["credits_charged"]


@pytest.mark.parametrize("path", [STREAM, SYNC])
def test_too_few_credits_have_the_documents_answer_and_make_nothing(bob_program: Program, bob: User, path: str) -> None:
    ledger.grant(bob, 1)
    response = bob_program.post(SONG, path)
    assert response.status_code == 402
    assert response.json() == {"success": False, "message": "Insufficient balance for this operation."}
    assert not Generation.objects.exists()
    assert ledger.balance(bob) == 1


async def test_a_song_is_charged_once_it_is_accepted_and_not_before(
    alice_program: Program, alice: User, upstream: Scripted
) -> None:
    before, after, script = asyncio.Event(), asyncio.Event(), whole_song()
    upstream.script = [script[0], before, script[1], after, *script[2:]]
    async with working(upstream):
        waiting = asyncio.create_task(alice_program.wait())
        async with asyncio.timeout(10):
            while not (row := await Generation.objects.filter(status="running").afirst()):
                await asyncio.sleep(0.02)
        assert await charged(alice_program, row) == 0
        assert await balance(alice) == 3
        before.set()
        await until(row.pk, lambda row: row.accepted_at is not None)
        assert await charged(alice_program, row) == 2
        after.set()
        body = await waiting
    assert body["credits_charged"] == 2
    assert await charged(alice_program, row) == 2
    assert await balance(alice) == 3


async def test_a_song_that_was_accepted_and_then_failed_has_cost_nothing(
    alice_program: Program, alice: User, upstream: Scripted
) -> None:
    upstream.script = [*whole_song()[:4], v6.Failed(error="No room.", extra={"error_code": "upstream_busy"})]
    async with working(upstream):
        body = await alice_program.wait()
    assert (body["success"], body["credits_charged"]) == (False, 0)
    assert await charged(alice_program, await Generation.objects.aget()) == 0
    assert await balance(alice) == 5


async def test_one_take_of_two_is_a_song_and_is_charged(
    alice_program: Program, alice: User, upstream: Scripted
) -> None:
    upstream.files["audio:2"] = b"<html>Not found</html>" * 1000
    async with working(upstream):
        body = await alice_program.wait()
    assert body["credits_charged"] == 2
    assert await balance(alice) == 3


async def test_no_take_that_plays_is_no_song_and_costs_nothing(
    alice_program: Program, alice: User, upstream: Scripted
) -> None:
    upstream.files["audio:1"] = upstream.files["audio:2"] = b"<html>Not found</html>" * 1000
    async with working(upstream):
        body = await alice_program.wait()
    assert (body["success"], body["credits_charged"]) == (False, 0)
    assert await balance(alice) == 5


async def test_what_is_refunded_is_charged_no_more(alice_program: Program, alice: User, upstream: Scripted) -> None:
    async with working(upstream):
        await alice_program.wait()
    row = await Generation.objects.aget()
    assert await sync_to_async(ledger.refund)(row.pk)
    assert await charged(alice_program, row) == 0
    assert await balance(alice) == 5


def test_a_request_sent_twice_with_one_key_reserves_once(alice_program: Program, alice: User) -> None:
    statuses = [alice_program.post(SONG, STREAM, **{"Idempotency-Key": "once"}).status_code for _ in range(3)]
    assert statuses == [200, 200, 200]
    assert ledger.balance(alice) == 3
    assert LedgerEntry.objects.filter(kind="reserve").count() == 1


async def test_where_songs_cost_nothing_the_answer_is_the_documents_alone(
    alice_program: Program, upstream: Scripted, settings: Settings
) -> None:
    settings.CREDITS_PER_SONG = 0
    async with working(upstream):
        body = await alice_program.wait()
    assert "credits_charged" not in body
    assert await charged(alice_program, await Generation.objects.aget()) == 0


def test_the_reference_page_says_what_a_song_costs(client: Any, settings: Settings) -> None:
    assert b"2 credits" in client.get("/developers/").content
    settings.CREDITS_PER_SONG = 0
    assert b"2 credits" not in client.get("/developers/").content
