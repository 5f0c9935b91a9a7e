"""What cards say: every stage and every failure, in whole sentences, with what it cost and what comes next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from studio.accounts.models import User
from studio.live.journal import _catch_up
from studio.songs import generations, library, state
from studio.songs.models import Generation, Status
from tests.every_state import every_state

pytestmark = pytest.mark.django_db

SAID = {
    "next in line": "Next in line.",
    "second in line": "In line. 1 song comes first.",
    "third in line": "In line. 2 songs come first.",
    "the engine is busy": "The engine is busy. Your song is kept and starts by itself.",
    "sent": "Sending your request.",
    "accepted": "Accepted. 20 credits used.",
    "accepted and free": "Accepted. Starting.",
    "recording": "Recording both takes, 18 percent.",
    "take A playable": "Take A is ready to hear. Take B is at 42 percent.",
    "both takes playable": "Both takes are ready to hear, at 61 percent.",
    "take A saved": "Take A is done. Take B is at 61 percent.",
    "take A saved, take B playable": "Take A is done. Take B is ready to hear, at 77 percent.",
    "saving": "Both takes are done. Saving to your library.",
    "cancelling": "Cancelling.",
    "interrupted": "The line to the engine broke. We are finding out what became of this song.",
    "never answered": "The line broke before the engine said whether it takes the order.",
    "saved": "Saved. Both takes are in your library.",
    "one take": "Take A is saved. Take B did not come.",
    "cancelled": "Cancelled.",
}
NOW = {
    "next in line": "Sent",
    "sent": "Sent",
    "accepted": "Accepted",
    "recording": "Recording",
    "take A playable": "Playable",
    "both takes playable": "Playable",
}


@pytest.fixture
def cards(alice: User) -> dict[str, state.Card]:
    """Alice's cards by the states that they are in."""
    every_state(alice)
    shown = state.all_shown(library.session(alice))
    return {item.generation.prompt.removeprefix("A slow seaside waltz, "): item.card for item in shown}


def test_every_stage_says_where_the_song_is(cards: dict[str, state.Card]) -> None:
    assert {name: cards[name].say for name in SAID} == SAID


def test_the_step_that_is_reached_is_the_one_that_is_marked(cards: dict[str, state.Card]) -> None:
    marked = {name: [step.name for step in cards[name].steps if step.state == "now"] for name in NOW}
    assert marked == {name: [step] for name, step in NOW.items()}
    assert [step.state for step in cards["saving"].steps] == ["done", "done", "done", "done", "half"]
    assert {step.state for step in cards["saved"].steps} == {"done"}


def test_only_what_waits_for_the_engine_counts_down(cards: dict[str, state.Card]) -> None:
    counting = {name for name, card in cards.items() if card.retry_in}
    assert counting == {"the engine is busy", "interrupted", "interrupted, take A saved"}
    assert 80 <= cards["the engine is busy"].retry_in <= 84


def test_every_page_shows_every_state(alice: User, alice_client: Client) -> None:
    for row in every_state(alice):
        for path in (f"/songs/{row.pk}/", f"/songs/{row.pk}/card/", f"/songs/{row.pk}/card/?lingers=1"):
            response = alice_client.get(path)
            assert response.status_code == 200, (row.prompt, path)
    assert alice_client.get("/").content.decode().count("data-socket") == 17
    assert alice_client.get("/library/").status_code == 200


def test_a_failure_says_what_happened_what_it_cost_and_what_to_do(alice: User, alice_client: Client) -> None:
    rows = {row.error_code: row for row in every_state(alice) if row.status == Status.FAILED}
    for code, row in rows.items():
        page = alice_client.get(f"/songs/{row.pk}/card/").content.decode()
        assert 'role="alert"' in page
        assert page.count('role="status"') == 0, "one live region a card"
        assert row.error in page
        assert f"<code>{code}</code>" in page
        assert "Your prompt and words are kept." in page
        assert f"?like={row.pk}" in page
    refused = alice_client.get(f"/songs/{rows['rejected_words'].pk}/card/").content.decode()
    assert "/retry/" not in refused, "the same words would be refused again"
    assert "The words were declined" in refused
    again = alice_client.get(f"/songs/{rows['engine_failed'].pk}/card/").content.decode()
    assert "Nothing was charged; 20 credits returned." in again
    assert "/retry/" in again


def test_a_finished_card_stays_a_card_for_whoever_saw_it_end(alice: User, alice_client: Client) -> None:
    saved = next(row for row in every_state(alice) if row.status == Status.COMPLETED)
    row = alice_client.get(f"/songs/{saved.pk}/card/").content.decode()
    card = alice_client.get(f"/songs/{saved.pk}/card/?lingers=1").content.decode()
    assert "line-item" in row
    assert "data-lingers" not in row
    assert "data-lingers" in card
    assert f'data-card="/songs/{saved.pk}/card/"' in card
    assert "data-live data-" not in card
    assert 'aria-current="step"' not in card


def test_a_finished_song_can_be_made_again_with_a_new_idea_or_edited(alice: User, alice_client: Client) -> None:
    saved = next(row for row in every_state(alice) if row.status == Status.COMPLETED)
    for query in ("", "?lingers=1"):
        page = alice_client.get(f"/songs/{saved.pk}/card/{query}").content.decode()
        assert f'action="/songs/{saved.pk}/again/"' in page
        assert f'href="/?like={saved.pk}"' in page


def test_tiles_say_in_a_few_words_what_became_of_a_song(alice: User, alice_client: Client) -> None:
    every_state(alice)
    first, second = (alice_client.get(f"/library/?page={page}").content.decode() for page in (1, 2))
    for words in ("Interrupted", "Sending", "Waiting", "Recording", "Not made", "The engine is not answering"):
        assert f">{words}<" in first + second, words


def test_one_lost_take_never_hides_the_other(alice: User, alice_client: Client) -> None:
    row = next(row for row in every_state(alice) if row.status == Status.PARTIAL)
    page = alice_client.get("/").content.decode()
    card = page[page.index(f'id="card-{row.pk}"') :].partition("</article>")[0]
    assert 'aria-label="Play take A"' in card
    assert 'aria-label="Play take B"' not in card
    assert "Did not come" in card
    assert "20 credits were used." in card


def test_the_line_counts_everybodys_songs_and_only_those_that_come_first(alice: User, bob: User) -> None:
    first, second = (generations.create(user, prompt="pop") for user in (bob, alice))
    generations.create(bob, prompt="later")
    busy = generations.create(bob, prompt="put off")
    began = timezone.now() - timedelta(hours=1)
    _move(busy, created_at=began, retry_at=timezone.now() + timedelta(minutes=1))
    gone = generations.create(bob, prompt="cancelled before it began")
    _move(gone, created_at=began, cancel_requested_at=timezone.now())
    assert state.shown(first).card.say == "Next in line."
    assert state.shown(second).card.say == "In line. 1 song comes first."
    _move(first, status=Status.RUNNING, lease_until=timezone.now() + timedelta(seconds=10))
    assert state.shown(second).card.say == "Next in line."


def test_whoever_has_as_many_songs_under_way_as_may_be_is_told_so(alice: User, settings: Any) -> None:
    settings.LIMIT_RUNNING_PER_USER = 1
    running, waiting = (generations.create(alice, prompt="pop") for _ in range(2))
    _move(running, status=Status.RUNNING, lease_until=timezone.now() + timedelta(seconds=10))
    assert state.shown(waiting).card.say == "Waiting in line. It begins when one of your other songs is done."


def test_the_socket_tells_the_same_place_as_the_page(alice: User) -> None:
    rows = [generations.create(alice, prompt="pop") for _ in range(3)]
    for row in rows:
        row.refresh_from_db()
        caught = _catch_up(row.pk, 0, True, 0)
        assert caught is not None
        assert caught.messages[0].state["say"] == state.shown(row).card.say


def test_places_of_a_whole_page_cost_as_much_as_one(
    alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(12):
        generations.create(alice, prompt="pop")
    with django_assert_max_num_queries(4):
        state.all_shown(library.session(alice))


def test_a_stage_moves_on_once_in_ten_percent_and_with_every_take(alice: User) -> None:
    row = next(row for row in every_state(alice) if row.prompt.endswith("recording"))
    versions = list(row.versions.all())
    moving = state.Moving(row, versions)
    stages = []
    for percent in range(18, 100):
        row.progress = percent
        told = moving.now()
        assert told["stage"] == state.card(row, versions).stage
        assert f"{percent} percent" in told["say"]
        stages.append(told["stage"])
    assert len(set(stages)) == 9
    versions[0].state = "playable"
    assert state.card(row, versions).stage not in stages


def test_recording_begins_with_the_first_percent(alice: User) -> None:
    row = next(row for row in every_state(alice) if row.prompt.endswith("waltz, accepted"))
    moving = state.Moving(row, list(row.versions.all()))
    before = {step["name"]: step["state"] for step in moving.now()["steps"]}
    row.progress = 1
    after = {step["name"]: step["state"] for step in moving.now()["steps"]}
    assert (before["Accepted"], before["Recording"]) == ("now", "todo")
    assert (after["Accepted"], after["Recording"]) == ("done", "now")


def _move(row: Generation, **columns: Any) -> None:
    Generation.objects.filter(pk=row.pk).update(**columns)
    row.refresh_from_db()
