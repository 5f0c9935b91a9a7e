"""What somebody types is kept on the server, on every device, until a song is made of it; nothing is lost silently."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from studio.accounts.models import User
from studio.songs import drafts, generations
from studio.songs.models import Generation, Status
from tests.conftest import signed_in
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db
SCRIPT = {"accept": "application/json"}


def type_in(client: Client, revision: int = 0, page: uuid.UUID | None = None, **fields: str) -> Any:
    """What the page's script sends while somebody types."""
    sent = {"words": "mine", "revision": revision, "form_token": page or uuid.uuid4(), **fields}
    return client.post("/draft/", sent, headers=SCRIPT)


def form(client: Client, address: str = "/") -> dict[str, str]:
    """What the fields of the page hold."""
    page = client.get(address)
    shown = page.context["form"]
    held = {name: shown[name].value() or "" for name in ("prompt", "lyrics", "words", "melody_url")}
    fields = {
        "revision": str(page.context["draft"].revision),
        "replaces": "1" if page.context["replaces"] else "",
        "made_from": str(getattr(page.context["source"], "pk", "")),
        "form_token": str(shown["form_token"].value()),
    }
    return {**held, **fields}


def test_what_was_typed_comes_back_after_signing_out_and_on_another_device(alice_client: Client, alice: User) -> None:
    told = type_in(alice_client, prompt="A slow waltz", lyrics="We are\n  home", melody_url="https://a.example/m.mp3")
    assert (told.status_code, told.json()) == (200, {"revision": 1})
    alice_client.logout()
    held = form(signed_in(alice))
    assert held["prompt"] == "A slow waltz"
    assert held["lyrics"] == "We are\n  home"
    assert held["melody_url"] == "https://a.example/m.mp3"
    assert held["revision"] == "1"


def test_nobody_else_sees_it(alice_client: Client, bob_client: Client) -> None:
    type_in(alice_client, prompt="A secret waltz")
    assert form(bob_client)["prompt"] == ""


def test_an_older_draft_does_not_overwrite_a_newer_one(alice_client: Client) -> None:
    type_in(alice_client, prompt="From the phone")
    told = type_in(alice_client, revision=0, prompt="From the desk, opened before")
    assert (told.status_code, told.json()) == (409, {"revision": 1})
    assert form(alice_client)["prompt"] == "From the phone"


def test_a_page_never_contradicts_itself(alice_client: Client) -> None:
    page = uuid.uuid4()
    assert [type_in(alice_client, 0, page, prompt="A slow waltz"[:n]).status_code for n in (3, 7, 12)] == [200] * 3
    assert form(alice_client)["prompt"] == "A slow waltz"


def test_keeping_these_words_sets_the_other_ones_aside(alice_client: Client) -> None:
    type_in(alice_client, prompt="From the phone")
    assert type_in(alice_client, revision=1, prompt="From the desk", replaces="1").status_code == 200
    assert form(alice_client)["prompt"] == "From the desk"
    alice_client.post("/draft/back/")
    assert form(alice_client)["prompt"] == "From the phone"
    alice_client.post("/draft/back/")
    assert form(alice_client)["prompt"] == "From the desk"


def test_taking_the_other_words_sets_these_aside(alice_client: Client) -> None:
    type_in(alice_client, prompt="From the phone")
    type_in(alice_client, prompt="From the desk", take="1")
    assert form(alice_client)["prompt"] == "From the phone"
    alice_client.post("/draft/back/")
    assert form(alice_client)["prompt"] == "From the desk"


def test_a_made_song_clears_the_draft(alice_client: Client) -> None:
    type_in(alice_client, prompt="A slow waltz")
    assert alice_client.post("/", form(alice_client)).status_code == 302
    assert form(alice_client)["prompt"] == ""
    assert Generation.objects.count() == 1


def test_a_late_save_of_a_page_whose_song_is_made_brings_nothing_back(alice_client: Client) -> None:
    page = uuid.uuid4()
    type_in(alice_client, 0, page, prompt="A slow waltz")
    alice_client.post("/", {"prompt": "A slow waltz", "form_token": page, "revision": "1"})
    assert type_in(alice_client, 1, page, prompt="A slow walt").status_code == 409
    assert form(alice_client)["prompt"] == ""


def test_a_refused_form_does_not_and_is_kept_even_without_scripts(alice_client: Client) -> None:
    held = {**form(alice_client), "prompt": "pop", "lyrics": "x" * 10_001}
    assert alice_client.post("/", held).status_code == 422
    assert form(alice_client)["lyrics"] == "x" * 10_001


def test_a_song_made_on_one_device_leaves_what_was_written_on_another(alice_client: Client) -> None:
    stale = form(alice_client)
    type_in(alice_client, prompt="From the phone")
    assert alice_client.post("/", {**stale, "prompt": "From the desk"}).status_code == 302
    assert form(alice_client)["prompt"] == "From the phone"


def test_words_that_were_not_sent_stay(alice_client: Client) -> None:
    type_in(alice_client, prompt="", unsung="words of mine", words="write")
    held = {**form(alice_client), "unsung": "words of mine"}
    del held["lyrics"]
    assert alice_client.post("/", {**held, "prompt": ""}).status_code == 422
    assert form(alice_client)["lyrics"] == "words of mine"
    assert alice_client.post("/", {**held, "prompt": "pop"}).status_code == 302
    assert Generation.objects.get().lyrics == ""
    assert (form(alice_client)["lyrics"], form(alice_client)["prompt"]) == ("words of mine", "")


def test_starting_over_can_be_undone(alice_client: Client) -> None:
    type_in(alice_client, prompt="A slow waltz")
    page = alice_client.post("/draft/start-over/", follow=True)
    assert b'action="/draft/back/"' in page.content
    assert form(alice_client)["prompt"] == ""
    alice_client.post("/draft/back/")
    assert form(alice_client)["prompt"] == "A slow waltz"


def test_without_scripts_a_button_keeps_the_draft_and_overwrites_nothing(alice_client: Client) -> None:
    held = form(alice_client)
    type_in(alice_client, prompt="From the phone")
    assert alice_client.post("/draft/", {**held, "prompt": "From the desk"}).status_code == 302
    assert form(alice_client)["prompt"] == "From the desk"
    alice_client.post("/draft/back/")
    assert form(alice_client)["prompt"] == "From the phone"


def test_like_a_song_fills_the_form_as_its_owner_would(alice_client: Client, alice: User) -> None:
    song = generations.create(alice, prompt="Slow piano, instrumental", melody_url="https://a.example/m.mp3")
    type_in(alice_client, prompt="Something else")
    held = form(alice_client, f"/?like={song.pk}")
    assert (held["prompt"], held["words"], held["melody_url"]) == (
        "Slow piano",
        "instrumental",
        "https://a.example/m.mp3",
    )
    assert held["made_from"] == str(song.pk)
    assert form(alice_client)["prompt"] == "Something else"


def test_a_song_made_like_another_says_so_and_the_draft_stays(alice_client: Client, alice: User) -> None:
    song = saved_song(alice, "Home", prompt="pop", lyrics="together we are home")
    type_in(alice_client, prompt="Something else")
    held = form(alice_client, f"/?like={song.pk}")
    assert alice_client.post("/", held).status_code == 302
    made = Generation.objects.exclude(pk=song.pk).get()
    assert (made.made_from, made.prompt, made.lyrics) == (song, "pop", "together we are home")
    assert made.seed != song.seed
    assert form(alice_client)["prompt"] == "Something else"


def test_a_draft_remembers_what_it_is_like(alice_client: Client, alice: User) -> None:
    song = saved_song(alice, "Home")
    type_in(alice_client, prompt="Something else")
    type_in(alice_client, revision=1, prompt="pop, but slower", made_from=str(song.pk), replaces="1")
    held = form(alice_client)
    assert (held["prompt"], held["made_from"]) == ("pop, but slower", str(song.pk))
    alice_client.post("/draft/back/")
    assert form(alice_client)["prompt"] == "Something else"


@pytest.mark.parametrize("like", ["{bobs}", str(uuid.uuid4()), "rubbish", "", "\0"])
def test_a_song_of_somebody_else_fills_nothing_and_is_said_kindly(
    alice_client: Client, bob_client: Client, like: str
) -> None:
    bob_client.post("/", {"prompt": "a song of Bob's"})
    bobs = Generation.objects.get()
    type_in(alice_client, prompt="A slow waltz")
    page = alice_client.get("/", {"like": like.replace("{bobs}", str(bobs.pk))})
    assert page.status_code == 404
    assert "a song of Bob" not in page.content.decode()
    assert "Your draft is as it was" in page.content.decode()
    assert page.context["form"]["prompt"].value() == "A slow waltz"
    alice_client.post("/", {"prompt": "mine", "made_from": str(bobs.pk)})
    assert Generation.objects.get(prompt="mine").made_from is None


def test_the_same_again_is_a_new_song_with_a_new_idea(alice_client: Client, alice: User) -> None:
    song = saved_song(alice, "Home", prompt="pop", lyrics="together we are home")
    assert alice_client.post(f"/songs/{song.pk}/again/").headers["Location"] == "/"
    made = Generation.objects.exclude(pk=song.pk).get()
    assert (made.made_from, made.prompt, made.lyrics, made.status) == (
        song,
        song.prompt,
        song.lyrics,
        Status.QUEUED,
    )
    assert made.seed != song.seed
    song.refresh_from_db()
    assert song.trashed_at is None


def test_the_same_again_twice_at_once_is_one_song_and_a_while_later_another(alice_client: Client, alice: User) -> None:
    song = saved_song(alice, "Home")
    for _ in range(2):
        alice_client.post(f"/songs/{song.pk}/again/")
    assert song.led_to.count() == 1
    song.led_to.update(created_at=timezone.now() - timedelta(seconds=3))
    alice_client.post(f"/songs/{song.pk}/again/")
    assert song.led_to.count() == 2


@pytest.mark.parametrize("revision", ["", "-1", "x", "9" * 40, "²"])
def test_a_strange_revision_is_no_revision(alice_client: Client, revision: str) -> None:
    type_in(alice_client, prompt="From the phone")
    told = alice_client.post("/draft/", {"prompt": "other", "revision": revision}, headers=SCRIPT)
    assert told.status_code == 409


def test_a_draft_that_is_far_too_long_is_kept_up_to_its_limit(alice: User) -> None:
    fields = drafts.told({"prompt": "x" * 100_000, "lyrics": "a\0b\r\nc", "unknown": "z"})
    assert fields == {"prompt": "x" * drafts.LONGEST, "lyrics": "ab\nc"}
    assert drafts.save(alice, fields, revision=0).fields == fields
