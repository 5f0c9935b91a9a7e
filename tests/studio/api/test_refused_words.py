"""Words that this site does not sing, at both doors: the form names them, the API has the document's answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from studio.songs.models import Generation
from tests.studio.api.program import STREAM, SYNC, Program

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "Through every road we roam\nyou wanker\ntogether we are home"
NSFW = {"success": False, "message": "NSFW words detected. Please try again with different lyrics."}


@pytest.mark.parametrize("path", [STREAM, SYNC])
@pytest.mark.parametrize(
    "body", [{"prompt": "pop", "lyrics": WORDS}, {"prompt": "a song about a wanker"}], ids=["lyrics", "prompt"]
)
def test_the_api_has_the_documents_answer(alice_program: Program, path: str, body: dict[str, str]) -> None:
    response = alice_program.post(body, path)
    assert (response.status_code, response.json()) == (400, NSFW)
    assert not Generation.objects.exists()


def test_the_form_names_line_and_word_and_keeps_both_texts(alice_client: Client) -> None:
    response = alice_client.post("/", {"prompt": "pop", "lyrics": WORDS})
    assert response.status_code == 422
    form = response.context["form"]
    assert form.errors["lyrics"] == ["This site does not sing “wanker” in line 2. Change that and send it again."]
    assert "prompt" not in form.errors
    assert "together we are home" in response.content.decode()


def test_of_many_words_the_first_are_named(alice_client: Client) -> None:
    lyrics = "\n".join(["you wanker"] * 5)
    response = alice_client.post("/", {"prompt": "pop", "lyrics": lyrics})
    (sentence,) = response.context["form"].errors["lyrics"]
    assert "in line 1, “wanker” in line 2, “wanker” in line 3 and 2 more" in sentence


@pytest.mark.parametrize("word", ["Scunthorpe", "Essex", "cockatoo", "shiitake", "Dick Van Dyke"])
def test_innocent_words_pass(alice_program: Program, word: str) -> None:
    assert alice_program.post({"prompt": f"a song about {word}", "lyrics": f"Oh {word}, my {word}"}).status_code == 200


def test_the_operator_chooses_which_classes_are_refused(alice_program: Program, settings: Any) -> None:
    settings.NSFW_REFUSE = frozenset({"slur"})
    assert alice_program.post({"prompt": "pop", "lyrics": WORDS}).status_code == 200
    settings.NSFW_REFUSE = frozenset()
    assert alice_program.post({"prompt": "pop", "lyrics": WORDS}).status_code == 200
