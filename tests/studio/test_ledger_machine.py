"""Whatever happens to songs, in whatever order: no credit is lost or taken twice, nothing final moves, no number lacks.

Hypothesis invents the stories. Rows, leases, journal and ledger are the real ones, on the tests' database; only time is
helped along, by letting leases lapse at once.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from generator.protocol import events as v6
from studio.accounts import ledger
from studio.accounts.models import LedgerEntry, User
from studio.live import journal, leases
from studio.live.apply import Stored
from studio.live.journal import Lease, StaleError
from studio.songs import generations
from studio.songs.models import FINAL, Event, Generation, Status, Version

COST = 2
PROCESSES = ("one", "two", "three")
PEOPLE = ("alice@example.org", "bob@example.org")
EVENTS = ("validated", "playable", "stored", "finished", "failed")
NUMBERS = st.sampled_from((1, 2))
STEPS = 40


@dataclass
class Song:
    """What must be true of a song, as told by the story and not by its rows."""

    pk: uuid.UUID
    owner: User
    number: int
    leases: list[Lease] = field(default_factory=list)
    """Everybody who ever worked on it; at most the last one still may."""
    working: bool = False
    is_final: bool = False
    status: str = ""
    stored: set[int] = field(default_factory=set)
    seqs: int = 0
    refunded: bool = False
    deleted: bool = False
    again: uuid.UUID | None = None

    @property
    def costs(self) -> int:
        """Credits that it holds or has used."""
        over_for_nothing = self.is_final and not self.stored
        return 0 if over_for_nothing or self.refunded else COST


class Credits(RuleBasedStateMachine):
    """Two people, three processes, any number of songs."""

    songs = Bundle("songs")
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.people = [User.objects.create_user(email, name=email[:3].title()) for email in PEOPLE]
        self.granted: Counter[int] = Counter()
        self.all: list[Song] = []

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.point)

    def balance(self, user: User) -> int:
        """What this person must have left."""
        return self.granted[user.pk] - sum(song.costs for song in self.all if song.owner == user)

    # --- What people do ---------------------------------------------------------------------------------------------
    @rule(who=st.sampled_from((0, 1)), amount=st.integers(1, 5))
    def grant(self, who: int, amount: int) -> None:
        user = self.people[who]
        LedgerEntry.objects.create(user=user, kind="grant", amount=amount)
        self.granted[user.pk] += amount

    @rule(target=songs, who=st.sampled_from((0, 1)))
    def create(self, who: int) -> Song | None:
        user = self.people[who]
        enough = self.balance(user) >= COST
        before = Generation.objects.count()
        try:
            row = generations.create(user, prompt="A slow waltz", form_token=uuid.uuid4())
        except ledger.NotEnough:
            assert not enough
            assert Generation.objects.count() == before
            return None
        assert enough
        return self._new(row, user)

    @rule(target=songs, song=songs)
    def retry(self, song: Song | None) -> Song | None:
        row = self._row(song)
        if song is None or row is None:
            return None
        affordable = self.balance(song.owner) >= COST
        try:
            again = generations.retry(row)
        except ledger.NotEnough:
            assert not affordable
            assert song.again is None
            return None
        if again.pk == row.pk:
            assert not song.is_final
            return None
        if song.again is not None:
            assert again.pk == song.again  # asked for twice, it is one song
            return None
        assert affordable
        song.again = again.pk
        return self._new(again, song.owner)

    @rule(song=songs)
    def cancel(self, song: Song | None) -> None:
        if row := self._row(song):
            generations.cancel(row)

    @rule(song=songs)
    def delete(self, song: Song | None) -> None:
        row = self._row(song)
        if song and row and song.is_final:
            generations.delete(row)
            song.deleted = True

    @rule(song=songs)
    def refund(self, song: Song | None) -> None:
        if song is None:
            return
        wanted = bool(song.stored) and not song.refunded
        assert ledger.refund(song.pk) == wanted
        song.refunded |= wanted

    # --- What processes do ------------------------------------------------------------------------------------------
    @rule(process=st.sampled_from(PROCESSES))
    def claim(self, process: str) -> None:
        self._claim(process)

    @rule(process=st.sampled_from(PROCESSES))
    def claim_and_begin(self, process: str) -> None:
        song = self._claim(process)
        if song and song.working:
            self._write(song, song.leases[-1], v6.Validated(message_id="abc", song_name="Home"))

    @rule(song=songs, data=st.data())
    def crash(self, song: Song | None, data: st.DataObject) -> None:
        """Its keeper is not heard of any more, and somebody else looks for work."""
        if song and song.working:
            Generation.objects.filter(pk=song.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
            song.working = False
            if data.draw(st.booleans()):
                self._claim(data.draw(st.sampled_from(PROCESSES)))

    @rule(song=songs, event=st.sampled_from(EVENTS), number=NUMBERS)
    def event(self, song: Song | None, event: str, number: int) -> None:
        if song and song.working:
            self._write(song, song.leases[-1], *_event(event, number))

    @rule(song=songs, number=NUMBERS)
    def take_is_made(self, song: Song | None, number: int) -> None:
        if song and song.working:
            self._write(song, song.leases[-1], *_event("stored", number))
            if song.working:
                self._write(song, song.leases[-1], *_event("finished", number))

    @rule(
        song=songs, event=st.sampled_from(("validated", "stored", "finished", "failed")), number=NUMBERS, data=st.data()
    )
    def stale_write(self, song: Song | None, event: str, number: int, data: st.DataObject) -> None:
        """Somebody who lost the song, or whose song is over, writes all the same."""
        if song is None:
            return
        old = song.leases[:-1] if song.working else song.leases
        if old and (song.is_final or song.working):
            lease = data.draw(st.sampled_from(old))
            (outcome,) = journal._commit([journal._Entry(lease, *_event(event, number))])
            assert isinstance(outcome, StaleError)
            assert journal_is_deaf(lease)

    @rule(song=songs)
    def interrupt(self, song: Song | None) -> None:
        """The line broke, and nobody knows yet."""
        if song and song.working:
            changes: dict[str, Any] = {"status": Status.INTERRUPTED, "lease_owner": "", "lease_until": None}
            self._commit(song, journal._Entry(song.leases[-1], None, changes=changes))
            song.working = False

    @rule(song=songs, how=st.sampled_from(("again", "over", "off")))
    def give_back(self, song: Song | None, how: str) -> None:
        if song and song.working:
            match how:
                case "again":
                    leases.begin_again(song.leases[-1], count=False)
                case "over":
                    leases.hand_over(song.leases[-1])
                case "off":
                    leases.put_off(song.leases[-1], -1.0, 1)
            song.working = False

    @rule()
    def capture_and_release_again(self) -> None:
        """Told twice, they do nothing."""
        for song in self.all:
            if song.stored:
                assert not ledger.capture(song.pk)
                assert not ledger.release(song.pk)
            elif song.is_final:
                assert not ledger.release(song.pk)

    # --- What is always true ----------------------------------------------------------------------------------------
    @invariant()
    def nobody_owes_and_nothing_is_lost(self) -> None:
        type(self).steps += 1
        for user in self.people:
            sums = LedgerEntry.objects.filter(user=user).aggregate(n=Sum("amount", default=0))
            assert ledger.balance(user) == sums["n"] == self.balance(user) >= 0

    @invariant()
    def every_song_has_the_entries_that_it_must_have(self) -> None:
        kinds: dict[uuid.UUID | None, list[str]] = {}
        for pk, kind in LedgerEntry.objects.exclude(kind="grant").values_list("generation_id", "kind"):
            kinds.setdefault(pk, []).append(kind)
        for song in self.all:
            expected = ["reserve"]
            expected += ["capture"] if song.stored else ["release"] if song.is_final else []
            expected += ["refund"] if song.refunded else []
            assert sorted(kinds.get(song.pk, [])) == sorted(expected), (song, kinds)

    @invariant()
    def what_is_over_stays_and_no_number_lacks(self) -> None:
        rows = {row.pk: row for row in Generation.objects.all()}
        seqs: dict[uuid.UUID, list[int]] = {}
        for pk, seq in Event.objects.order_by("pk").values_list("generation_id", "seq"):
            seqs.setdefault(pk, []).append(seq)
        for song in self.all:
            if song.deleted:
                assert song.pk not in rows
                continue
            row = rows[song.pk]
            assert seqs.get(song.pk, []) == list(range(1, row.last_seq + 1))
            assert row.last_seq == song.seqs
            assert row.is_final == song.is_final
            assert not song.status or row.status == song.status

    # --- How --------------------------------------------------------------------------------------------------------
    def _new(self, row: Generation, user: User) -> Song:
        song = Song(row.pk, user, len(self.all))
        self.all.append(song)
        return song

    def _row(self, song: Song | None) -> Generation | None:
        return None if song is None or song.deleted else Generation.objects.get(pk=song.pk)

    def _claim(self, process: str) -> Song | None:
        lease = leases.claim(process, 4)
        if lease is None:
            return None
        song = next(song for song in self.all if song.pk == lease.generation_id)
        assert not song.is_final
        assert not song.working
        assert all(lease.fence > old.fence for old in song.leases)
        song.leases.append(lease)
        song.working = True
        if Generation.objects.get(pk=song.pk).cancel_requested_at:  # as the supervisor does
            self._write(song, lease, *_event("cancelled", 1))
        return song

    def _write(self, song: Song, lease: Lease, event: v6.Event, stored: Stored | None = None) -> None:
        self._commit(song, journal._Entry(lease, event, stored))

    def _commit(self, song: Song, entry: journal._Entry) -> None:
        (outcome,) = journal._commit([entry])
        assert not isinstance(outcome, Exception), outcome
        if outcome.written:
            song.seqs += 1
            assert outcome.written.seq == song.seqs
        song.stored = {version.number for version in outcome.versions if version.state == Version.State.STORED}
        if outcome.row.status in FINAL:
            song.is_final, song.working, song.status = True, False, outcome.row.status
            expected = {0: ("failed", "cancelled"), 1: ("partial",), 2: ("completed",)}[len(song.stored)]
            assert song.status in expected


def _event(kind: str, number: int) -> tuple[v6.Event, Stored | None]:
    said: dict[str, Any] = {"message_id": "abc", "song_name": "Home"}
    match kind:
        case "validated":
            return v6.Validated(**said), None
        case "playable":
            return v6.StreamReady(**said, version=number, stream_url="stream:1"), None
        case "stored":
            return v6.AudioReady(**said, version=number, audio_url="audio:1"), Stored(
                f"take-{number}.mp3", 9, "", 9, ()
            )
        case "finished":
            return v6.Finished(message_id="abc", version=number), None
        case code:
            return v6.Failed(error="No.", extra={"error_code": code}), None


def journal_is_deaf(lease: Lease) -> bool:
    """A heartbeat of the old owner keeps nothing."""
    kept, _ = leases.look("nobody", [lease])
    return not kept


@pytest.mark.django_db
@pytest.mark.parametrize("examples", [60, pytest.param(240, marks=pytest.mark.thorough)])
@override_settings(CREDITS_PER_SONG=COST, CREDITS_DAILY=0, LIMIT_RUNNING_PER_USER=0)
def test_no_story_loses_a_credit_or_takes_one_twice(examples: int) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    # Without the phase that shortens a story that fails, which takes minutes: whoever looks for one adds it.
    steps = settings(
        max_examples=examples,
        stateful_step_count=50,
        deadline=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=checks,
    )
    Credits.steps = 0
    run_state_machine_as_test(Credits, settings=steps)
    assert Credits.steps >= examples * STEPS
