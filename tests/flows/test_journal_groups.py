"""Promises of several songs are committed together, and what cannot be written of one costs no other."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.db import DataError, connection

from generator.protocol import events as v6
from studio.accounts.models import User
from studio.live import journal, leases
from studio.songs import generations
from studio.songs.models import Event, Generation

pytestmark = pytest.mark.django_db(transaction=True)


async def test_what_the_database_refuses_of_one_song_costs_no_other(alice: User, bob: User) -> None:
    held = []
    for person in (alice, bob):
        await sync_to_async(generations.create)(person, prompt="A slow waltz")
        held.append(await journal.writer.run(leases.claim, "here", 2))
    spoilt, sound = held
    assert spoilt
    assert sound
    pen = journal.Journal()
    refused, written = await asyncio.gather(
        pen.change(spoilt, error_code="far longer than the column is" * 100),
        pen.promise(sound, v6.Validated(message_id="abc", song_name="Home Again")),
        return_exceptions=True,
    )
    assert written is None
    assert (await Generation.objects.aget(pk=sound.generation_id)).title == "Home Again"
    assert await Event.objects.filter(generation=sound.generation_id).acount() == 1
    if connection.vendor == "postgresql":  # SQLite takes text of any length
        assert isinstance(refused, DataError)
