"""Several processes at one database: each slot is given once, each song to one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from studio.accounts.models import User
from studio.live import leases
from studio.live.journal import Lease
from studio.songs import generations

pytestmark = pytest.mark.django_db(transaction=True)


def claims_at_once(many: int, slots: int) -> list[Lease]:
    """What so many processes get that all ask at the same moment."""
    together = Barrier(many)

    def claim(number: int) -> Lease | None:
        try:
            connections["default"].ensure_connection()
            together.wait(30)
            return leases.claim(f"process {number}", slots)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(many) as processes:
        return [lease for lease in processes.map(claim, range(many)) if lease]


def test_processes_that_claim_at_once_never_start_more_songs_than_there_are_slots(alice: User, bob: User) -> None:
    for _ in range(6):
        generations.create(alice, prompt="A slow waltz")
        generations.create(bob, prompt="A fast one")
    assert len(claims_at_once(8, slots=2)) == 2


def test_no_song_is_given_to_two_of_them(alice: User, bob: User) -> None:
    made = {generations.create(person, prompt="A slow waltz").pk for person in (alice, alice, bob, bob)}
    given = [lease.generation_id for lease in claims_at_once(8, slots=50)]
    assert len(given) == len(set(given))
    assert set(given) <= made
    given += [lease.generation_id for lease in claims_at_once(8, slots=50)]
    assert sorted(given) == sorted(made)
