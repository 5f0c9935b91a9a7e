"""News of other processes, found in the database: also what was numbered early and committed late."""

from __future__ import annotations

import uuid

import pytest

from studio.accounts.models import User
from studio.live.announce import LOOK, Hub, Message
from studio.live.watch import MOST_EVENTS, Watch
from studio.songs import generations
from studio.songs.models import Event, Generation, Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def song(alice: User) -> Generation:
    return generations.create(alice, prompt="A slow waltz")


def settled(song: Generation, newest: int = 100_000) -> Watch:
    """A watch that has seen everything up to this number, and misses none below it."""
    write(newest, song)
    watch = Watch()
    watch.new_events({song.pk})
    watch.holes = {}
    return watch


def write(pk: int, song: Generation) -> None:
    """An event with this number in its table, as another process commits it."""
    Event.objects.create(pk=pk, generation=song, seq=pk, kind="validated")


def test_the_first_look_sends_everybody_to_the_rows_and_the_next_finds_nothing(song: Generation) -> None:
    watch = Watch()
    assert watch.new_events({song.pk}) == {song.pk}
    assert watch.new_events({song.pk}) == set()


def test_what_is_new_is_found_once_and_only_for_those_who_follow_it(song: Generation) -> None:
    watch = Watch()
    watch.new_events({song.pk})
    write(100_001, song)
    assert watch.new_events({song.pk}) == {song.pk}
    assert watch.new_events({song.pk}) == set()
    write(100_002, song)
    assert watch.new_events({uuid.uuid4()}) == set()


def test_an_event_that_is_committed_after_a_later_one_is_found_as_well(song: Generation) -> None:
    watch = settled(song)
    write(100_003, song)
    assert watch.new_events({song.pk}) == {song.pk}
    write(100_001, song)
    assert watch.new_events({song.pk}) == {song.pk}
    assert watch.new_events({song.pk}) == set()
    write(100_002, song)
    assert watch.new_events({song.pk}) == {song.pk}
    assert not watch.holes


def test_a_number_that_never_comes_is_given_up(song: Generation) -> None:
    watch = settled(song)
    write(100_003, song)
    watch.new_events({song.pk})
    assert set(watch.holes) == {100_001, 100_002}
    watch.holes = {pk: since - 3600 for pk, since in watch.holes.items()}
    watch.new_events({song.pk})
    assert not watch.holes


def test_a_flood_is_read_in_pieces_and_no_leap_in_the_numbers_fills_the_memory(song: Generation) -> None:
    watch = settled(song)
    write(90_000_000, song)
    assert watch.new_events({song.pk}) == {song.pk}
    assert len(watch.holes) <= MOST_EVENTS


def test_progress_and_states_of_songs_made_elsewhere_are_seen_without_an_event(song: Generation) -> None:
    watch = Watch()
    assert watch.changed_rows({song.pk}) == set()
    Generation.objects.filter(pk=song.pk).update(progress=7)
    assert watch.changed_rows({song.pk}) == {song.pk}
    assert watch.changed_rows({song.pk}) == set()
    Generation.objects.filter(pk=song.pk).update(status=Status.INTERRUPTED)
    assert watch.changed_rows({song.pk}) == {song.pk}


def test_songs_that_this_process_tells_of_itself_are_not_asked_for() -> None:
    hub, here, elsewhere = Hub(), uuid.uuid4(), uuid.uuid4()
    with hub.listen(here) as heard, hub.listen(elsewhere):
        hub.tell(here, Message(None, None, {}))
        assert heard.qsize() == 1
        assert hub.made_elsewhere() == {elsewhere}
        hub.deliver(elsewhere, LOOK)
        assert hub.made_elsewhere() == {elsewhere}
    assert not hub.followed()
