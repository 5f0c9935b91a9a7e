"""The form: what it takes, what it says, and that it never loses a word."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from studio.accounts.models import User
from studio.songs import engine
from studio.songs.models import Generation, Status

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Through every road we roam, together we are home"


def test_a_prompt_alone_makes_a_song_that_waits_for_its_turn(alice_client: Client, alice: User) -> None:
    response = alice_client.post("/", {"prompt": "A cheerful pop song about friendship and adventure."})
    assert response.status_code == 302
    row = Generation.objects.get(owner=alice)
    assert (row.prompt, row.lyrics, row.status) == (
        "A cheerful pop song about friendship and adventure.",
        "",
        Status.QUEUED,
    )
    assert [version.number for version in row.versions.all()] == [1, 2]


def test_the_new_song_stands_on_top_of_the_page_that_answers(alice_client: Client) -> None:
    alice_client.post("/", {"prompt": "First song"})
    page = alice_client.post("/", {"prompt": "Second song", "lyrics": WORDS}, follow=True)
    html = page.content.decode()
    assert html.index("Second song") < html.index("First song")


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"prompt": "", "lyrics": WORDS}, "prompt", "Say what it should sound like"),
        ({"prompt": "  \n ", "lyrics": WORDS}, "prompt", "Say what it should sound like"),
        ({"prompt": "x" * 2001, "lyrics": WORDS}, "prompt", "2,001 characters; up to 2,000 fit"),
        ({"prompt": "pop", "lyrics": "la la\n" * 17_000}, "lyrics", "up to 10,000 fit"),
        ({"prompt": "pop", "lyrics": "We are\x00 home"}, "lyrics", "Line 1"),
        ({"prompt": "pop", "lyrics": "😀😀😀 🎉🎉"}, "lyrics", ""),
        ({"prompt": "pop", "lyrics": "我们一起回家\n月亮代表我的心"}, "lyrics", ""),
        ({"prompt": "pop", "lyrics": "Ich warte hier auf dich\nund du bist nicht bei mir"}, "lyrics", "look German"),
        ({"prompt": "pop", "lyrics": WORDS, "words": "write"}, "lyrics", "My words"),
        ({"prompt": "pop", "lyrics": WORDS, "words": "rubbish"}, "words", ""),
    ],
)
def test_a_fault_is_told_beside_its_field_and_nothing_typed_is_lost(
    alice_client: Client, fields: dict[str, str], field: str, says: str
) -> None:
    response = alice_client.post("/", fields)
    assert response.status_code == 422
    form = response.context["form"]
    assert says in str(form.errors[field])
    assert form["prompt"].value() == fields["prompt"]
    assert form["lyrics"].value() == fields.get("lyrics")
    assert not Generation.objects.exists()


def test_an_audio_input_the_engine_does_not_take_is_refused_with_the_reason(
    alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine.current(), "inputs", frozenset({"prompt", "lyrics"}))
    response = alice_client.post("/", {"prompt": "pop", "melody_url": "https://example.org/a.mp3"})
    assert response.status_code == 422
    assert "melody_url" in str(response.context["form"].non_field_errors())


def test_instrumental_is_said_in_the_prompt(alice_client: Client) -> None:
    alice_client.post("/", {"prompt": "Slow piano.", "words": "instrumental"})
    assert Generation.objects.get().prompt == "Slow piano, instrumental"


def test_a_double_click_makes_one_song(alice_client: Client) -> None:
    fields = {"prompt": "pop", "form_token": str(uuid.uuid4())}
    assert [alice_client.post("/", fields).status_code for _ in range(3)] == [302, 302, 302]
    assert Generation.objects.count() == 1


def test_the_same_form_token_of_two_people_makes_two_songs(alice_client: Client, bob_client: Client) -> None:
    fields = {"prompt": "pop", "form_token": str(uuid.uuid4())}
    alice_client.post("/", fields)
    bob_client.post("/", fields)
    assert Generation.objects.count() == 2


def test_windows_line_ends_and_outer_space_are_tidied_and_nothing_else(alice_client: Client) -> None:
    alice_client.post("/", {"prompt": "  pop  ", "lyrics": "\r\nWe  are\r\n\r\nhome \r\n"})
    row = Generation.objects.get()
    assert (row.prompt, row.lyrics) == ("pop", "We  are\n\nhome")


def test_markup_in_a_prompt_is_shown_as_text(alice_client: Client) -> None:
    response = alice_client.post("/", {"prompt": "<script>alert(1)</script> & co"}, follow=True)
    assert b"<script>alert(1)" not in response.content
    assert b"&lt;script&gt;alert(1)" in response.content


def test_strangers_are_sent_to_sign_in_and_brought_back(client: Client) -> None:
    response = client.get(reverse("create"))
    assert response.status_code == 302
    assert response.headers["Location"] == "/account/login/?next=/"
