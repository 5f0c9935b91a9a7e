"""Credits as people meet them: the form, the card, the page of what came and went. No word is lost for lack of one."""

from __future__ import annotations

import re
import uuid
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries, Settings

from studio.accounts import ledger
from studio.accounts.models import LedgerEntry, User
from studio.songs import generations, state
from studio.songs.models import Generation, Status
from tests.studio.rows import saved_song
from tests.studio.together import together

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Through every road we roam, together we are home"


@pytest.fixture(autouse=True)
def price(settings: Settings) -> None:
    """Songs cost 2 credits, and the operator alone gives any."""
    settings.CREDITS_PER_SONG, settings.CREDITS_DAILY = 2, 0


def form(prompt: str = "A slow waltz", token: uuid.UUID | None = None) -> dict[str, str]:
    return {"prompt": prompt, "lyrics": WORDS, "form_token": str(token or uuid.uuid4())}


def text(response: Any) -> str:
    """What a page says, in one line."""
    return " ".join(strip_tags(response.content.decode()).split())


def card(row: Generation) -> state.Card:
    row.refresh_from_db()
    return state.card(row, list(row.versions.all()))


def ended(row: Generation, status: Status, *, used: bool) -> Generation:
    """`row` as the journal leaves it."""
    Generation.objects.filter(pk=row.pk).update(status=status, accepted_at=timezone.now(), submitted_at=timezone.now())
    if used:
        ledger.capture(row.pk)
    else:
        ledger.release(row.pk)
    return row


def test_a_song_sets_its_credits_aside(alice_client: Client, alice: User) -> None:
    ledger.grant(alice, 5)
    assert alice_client.post("/", form()).status_code == 302
    assert ledger.balance(alice) == 3
    assert Generation.objects.get().cost == 2


def test_too_few_credits_are_told_on_the_form_which_keeps_every_word(alice_client: Client, alice: User) -> None:
    ledger.grant(alice, 1)
    response = alice_client.post("/", form("A slow waltz"))
    assert response.status_code == 422
    assert "This song costs 2 credits and you have 1. Whoever runs this site can give you more." in text(response)
    bound = response.context["form"]
    assert (bound["prompt"].value(), bound["lyrics"].value()) == ("A slow waltz", WORDS)
    assert bound.errors.as_data()["__all__"][0].code == "no_credits"
    assert not Generation.objects.exists()
    assert LedgerEntry.objects.count() == 1


def test_the_form_says_when_the_next_credits_come(alice_client: Client, alice: User, settings: Settings) -> None:
    settings.CREDITS_DAILY = 1
    response = alice_client.post("/", form())
    assert re.search(
        r"This song costs 2 credits and you have 1\. 1 more comes on \d+ \w+ at 00:00 UTC\.", text(response)
    )


def test_the_days_credits_make_a_song(alice_client: Client, alice: User, settings: Settings) -> None:
    settings.CREDITS_DAILY = 2
    assert alice_client.post("/", form()).status_code == 302
    assert alice_client.post("/", form()).status_code == 422
    assert ledger.balance(alice) == 0


def test_a_form_sent_again_after_the_last_credit_still_leads_to_its_song(alice_client: Client, alice: User) -> None:
    ledger.grant(alice, 2)
    fields = form()
    assert [alice_client.post("/", fields).status_code for _ in range(3)] == [302, 302, 302]
    assert Generation.objects.count() == 1
    assert ledger.balance(alice) == 0


def test_two_songs_of_one_moment_with_credits_for_one_are_one_song(alice: User) -> None:
    ledger.grant(alice, 3)
    outcomes = together([partial(generations.create, alice, prompt="pop") for _ in range(4)])
    assert sum(isinstance(outcome, Generation) for outcome in outcomes) == 1, outcomes
    assert sum(isinstance(outcome, ledger.NotEnough) for outcome in outcomes) == 3, outcomes
    assert Generation.objects.count() == 1
    assert ledger.balance(alice) == 1


def test_one_form_sent_four_times_at_once_is_one_song_for_one_price(alice: User) -> None:
    ledger.grant(alice, 3)
    create = partial(generations.create, alice, prompt="pop", form_token=uuid.uuid4())
    outcomes = together([create] * 4)
    assert len({outcome.pk for outcome in outcomes if isinstance(outcome, Generation)}) == 1, outcomes
    assert all(isinstance(outcome, Generation) for outcome in outcomes), outcomes
    assert ledger.balance(alice) == 1


def test_making_it_again_costs_once_and_is_refused_without_changing_anything(alice_client: Client, alice: User) -> None:
    ledger.grant(alice, 2)
    row = ended(generations.create(alice, prompt="pop"), Status.FAILED, used=False)
    spent = saved_song(alice, "Everything spent")
    response = alice_client.post(f"/songs/{row.pk}/retry/", follow=True)
    assert "This song costs 2 credits and you have 0." in text(response)
    row.refresh_from_db()
    assert row.trashed_at is None
    assert ledger.refund(spent.pk)
    for _ in range(3):
        alice_client.post(f"/songs/{row.pk}/retry/")
    assert Generation.objects.count() == 3
    assert ledger.balance(alice) == 0


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
def test_the_card_of_a_song_that_did_not_come_says_that_nothing_was_charged(alice: User, status: Status) -> None:
    ledger.grant(alice, 2)
    row = ended(generations.create(alice, prompt="pop"), status, used=False)
    assert card(row).detail == "Your prompt and words are kept. Nothing was charged; 2 credits returned."
    assert ledger.balance(alice) == 2


def test_the_card_of_a_song_that_came_says_what_it_used(alice: User, settings: Settings) -> None:
    ledger.grant(alice, 3)
    assert card(saved_song(alice, "Two")).detail == "2 credits were used."
    settings.CREDITS_PER_SONG = 1
    row = saved_song(alice, "One")
    assert card(row).detail == "1 credit was used."
    ledger.refund(row.pk)
    assert card(row).detail == "1 credit was given back."


def test_the_card_of_an_interrupted_song_says_what_comes_back_and_what_another_costs(alice: User) -> None:
    ledger.grant(alice, 2)
    row = generations.create(alice, prompt="pop")
    Generation.objects.filter(pk=row.pk).update(status=Status.INTERRUPTED, submitted_at=timezone.now())
    said = card(row).detail
    assert "its 2 credits come back" in said
    assert "costs 2 credits" in said


def test_a_card_asks_the_ledger_nothing(alice: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ledger.grant(alice, 2)
    row = saved_song(alice, "Home")
    versions = list(row.versions.all())
    with django_assert_num_queries(0):
        state.card(row, versions)


def test_the_create_page_says_what_a_song_costs_and_what_one_has(alice_client: Client, alice: User) -> None:
    ledger.grant(alice, 7)
    assert "2 credits, you have 7" in text(alice_client.get("/"))


def test_where_songs_cost_nothing_no_page_speaks_of_credits(
    alice_client: Client, alice: User, settings: Settings
) -> None:
    settings.CREDITS_PER_SONG = 0
    row = saved_song(alice, "Free")
    failed = ended(generations.create(alice, prompt="pop"), Status.FAILED, used=False)
    for address in ("/", "/library/", f"/songs/{row.pk}/", f"/songs/{failed.pk}/", "/account/email/"):
        assert "redit" not in text(alice_client.get(address)), address
    assert alice_client.post("/", form()).status_code == 302


def test_the_page_of_credits_tells_what_came_and_went(alice_client: Client, alice: User) -> None:
    ledger.grant(alice, 9, "For the radio play")
    saved = saved_song(alice, "Home Again")
    ended(generations.create(alice, prompt="A lost waltz"), Status.FAILED, used=False)
    generations.create(alice, prompt="A running waltz")
    deleted = saved_song(alice, "Deleted")
    generations.delete(deleted)
    response = alice_client.get("/account/credits/")
    said = text(response)
    assert "3 credits left" in said
    assert "A song costs 2 credits: enough for 1 song." in said
    lines = [(line.says, line.song.name if line.song else "", line.amount) for line in response.context["page"]]
    assert lines == [
        ("Used", "", "−2"),
        ("Set aside while it is being made", "A running waltz", "−2"),
        ("Given back: no take came", "A lost waltz", "+2"),
        ("Set aside", "A lost waltz", "−2"),
        ("Used", "Home Again", "−2"),
        ("For the radio play", "", "+9"),
    ]
    assert f"/songs/{saved.pk}/" in response.content.decode()


def test_the_page_of_credits_is_ones_own_and_has_a_query_or_two_however_long_it_is(
    alice_client: Client, bob_client: Client, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ledger.grant(alice, 200)
    for number in range(30):
        row = generations.create(alice, prompt=f"Secret song {number}")
        ended(row, Status.FAILED, used=False)
    with django_assert_max_num_queries(12):
        response = alice_client.get("/account/credits/")
    assert "Page 1 of 2" in text(response)
    assert "Secret song 29" in text(response)
    assert "Secret song" not in text(bob_client.get("/account/credits/"))


def test_a_note_of_the_operator_is_shown_as_text(alice_client: Client, alice: User) -> None:
    ledger.grant(alice, 1, "<script>alert(1)</script>")
    assert b"<script>alert(1)" not in alice_client.get("/account/credits/").content


def test_strangers_do_not_see_the_page_of_credits(client: Client) -> None:
    response = client.get("/account/credits/")
    assert (response.status_code, response["Location"]) == (302, "/account/login/?next=/account/credits/")


def test_a_song_that_is_deleted_while_it_is_made_gives_its_credits_back(alice: User) -> None:
    ledger.grant(alice, 2)
    generations.delete(generations.create(alice, prompt="pop"))
    assert ledger.balance(alice) == 2
