"""Everything that is not a song: the document's errors with their bodies, and hostile requests that break nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import OperationalError

from generator.given import Heard, facts
from generator.protocol.errors import Rejected
from generator.upstream import SongRequest
from studio.accounts.models import User
from studio.songs import generations
from studio.songs.models import Generation
from studio.songs.sounds import Sound
from tests.flows.scripted import Scripted
from tests.generator.heard_music import music
from tests.studio.api.program import SONG, STREAM, SYNC, Program

pytestmark = pytest.mark.django_db(transaction=True)

BOTH = pytest.mark.parametrize("path", [STREAM, SYNC])
INVALID_PROMPT = {"detail": "Invalid or empty prompt provided"}


@BOTH
@pytest.mark.parametrize(
    "body",
    [{}, {"prompt": ""}, {"prompt": "  \n\t "}, {"prompt": None}, {"prompt": "\x00"}, {"lyrics": "la la"}],
    ids=["nothing", "empty", "blank", "null", "nul", "lyrics only"],
)
def test_a_missing_or_empty_prompt_has_the_documents_answer(alice_program: Program, path: str, body: Any) -> None:
    response = alice_program.post(body, path)
    assert (response.status_code, response.json()) == (400, INVALID_PROMPT)
    assert not Generation.objects.exists()


@BOTH
def test_a_balance_that_does_not_suffice_has_the_documents_answer(
    alice_program: Program, upstream: Scripted, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_request: SongRequest) -> None:
        raise Rejected("There is no credit left.", "no_credits", "prompt")

    monkeypatch.setattr(upstream, "check", refuse)
    response = alice_program.post(SONG, path)
    assert response.status_code == 402
    assert response.json() == {"success": False, "message": "Insufficient balance for this operation."}


@BOTH
def test_a_database_that_does_not_answer_is_told_as_unavailable(
    alice_program: Program, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lock(*_: Any, **__: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(generations, "create", lock)
    response = alice_program.post(SONG, path)
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert response.json() == {
        "success": False,
        "message": "Service temporarily unavailable. Please try again in a moment.",
        "error": "The database does not answer.",
    }


def test_a_fault_of_ours_is_told_in_json_without_its_details(
    alice_program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(generations, "create", stumble)
    response = alice_program.post()
    assert (response.status_code, response.json()["success"]) == (500, False)
    assert b"secret" not in response.content


@pytest.mark.parametrize("name", ["prompt", "lyrics", "reference_url", "instrumental_url", "vocal_url", "melody_url"])
@pytest.mark.parametrize("value", [5, 1.5, True, [], {}, ["a"]], ids=str)
def test_a_wrong_type_is_refused_by_its_name(alice_program: Program, name: str, value: Any) -> None:
    response = alice_program.post({**SONG, name: value})
    assert (response.status_code, response.json()) == (422, {"detail": f"{name}: it must be a string."})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("prompt", "x" * 2001),
        ("prompt", "x" * 1_000_000),
        ("lyrics", "la " * 3400),
        ("lyrics", "We are\x07 home"),
        ("melody_url", "https://example.org/" + "a" * 2048),
        ("melody_url", "ftp://example.org/a.mp3"),
        ("melody_url", "file:///etc/passwd"),
        ("melody_url", "not an address"),
    ],
    ids=["long prompt", "million", "long lyrics", "bell", "long url", "ftp", "file", "words"],
)
def test_a_value_that_cannot_be_taken_is_refused_by_its_name(
    alice_program: Program, upstream: Scripted, name: str, value: str
) -> None:
    upstream.inputs = frozenset({"prompt", "lyrics", "melody_url"})
    response = alice_program.post({**SONG, name: value})
    assert response.status_code == 422
    assert response.json()["detail"].startswith(f"{name}: ")
    assert len(response.json()["detail"]) < 300


@pytest.mark.parametrize("name", ["reference_url", "instrumental_url", "vocal_url", "melody_url"])
def test_given_sound_is_refused_where_the_engine_cannot_take_it(alice_program: Program, name: str) -> None:
    response = alice_program.post({**SONG, name: "https://example.org/a.mp3"})
    assert response.status_code == 422
    assert response.json()["detail"].startswith(f"{name}: the engine in use here does not take audio.")
    assert response.json()["error_code"] == "rejected_input"


async def test_given_sound_reaches_an_engine_that_takes_it(alice_program: Program, upstream: Scripted) -> None:
    from tests.flows.test_pipeline import working

    audio = {
        name: f"https://example.org/{name}.mp3"
        for name in ("reference_url", "instrumental_url", "vocal_url", "melody_url")
    }
    upstream.inputs = frozenset({"prompt", "lyrics", *audio})
    async with working(upstream):
        await alice_program.wait({**SONG, **audio})
    (request,) = upstream.requests
    assert {name: getattr(request, name) for name in audio} == audio
    assert (request.prompt, request.lyrics) == (SONG["prompt"], SONG["lyrics"])


def test_words_that_the_engine_cannot_sing_are_refused_with_the_reason(
    alice_program: Program, upstream: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_request: SongRequest) -> None:
        raise Rejected("Line 2 cannot be sung.", "rejected_words", "lyrics")

    monkeypatch.setattr(upstream, "check", refuse)
    response = alice_program.post()
    assert response.status_code == 422
    assert response.json() == {"detail": "lyrics: Line 2 cannot be sung.", "error_code": "rejected_words"}


@pytest.mark.parametrize("body", [b"[]", b'"pop"', b"5", b"null", b"true"], ids=bytes.decode)
def test_json_that_is_no_object_is_refused(alice_program: Program, body: bytes) -> None:
    response = alice_program.post(body)
    assert (response.status_code, response.json()) == (422, {"detail": "body: it must be a JSON object."})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"prompt=pop",
        b'{"prompt": "pop"',
        b'{"prompt": "pop"} x',
        b'{"prompt": "p\xff"}',
        b"\xff\xfe{\x00}\x00",
        b'{"prompt": NaN}',
        b'{"prompt": "pop", "x": Infinity}',
        b'{"prompt": "pop", "x": 1e999}',
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"prompt": "pop", "x": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_no_json_is_refused(alice_program: Program, body: bytes) -> None:
    response = alice_program.post(body)
    assert response.status_code == 400
    assert response.json() == {"detail": "The body is not valid JSON in UTF-8."}


@pytest.mark.parametrize(
    ("body", "prompt"),
    [
        (b'{"prompt": "pop", "model": "v9", "n": 1}', "pop"),
        (b'{"prompt": "pop", "x": ' + b"9" * 5000 + b"}", None),
        (b'{"prompt": "one", "prompt": "two"}', "two"),
        (b'{"prompt": "p\\ud800op\\u0000"}', "pop"),
        (b'\xef\xbb\xbf{"prompt": "pop"}', "pop"),
        (b'{"prompt": "\\ud83d\\ude00 pop"}', "😀 pop"),
        (b'{"prompt": "pop", "lyrics": null, "melody_url": null}', "pop"),
        (b'{"prompt": " pop ", "lyrics": "", "melody_url": ""}', "pop"),
    ],
    ids=["unknown", "huge number", "twice", "surrogate", "bom", "emoji", "null", "empty"],
)
async def test_odd_but_readable_bodies_are_read_in_one_way(
    alice_program: Program, body: bytes, prompt: str | None
) -> None:
    from asgiref.sync import sync_to_async

    response = await sync_to_async(alice_program.post)(body)
    if prompt is None:
        assert response.status_code == 400
    else:
        assert response.status_code == 200
        assert (await Generation.objects.aget()).prompt == prompt


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
    ],
)
def test_a_body_that_does_not_say_it_is_json_is_refused(alice_program: Program, content_type: str) -> None:
    response = alice_program.post(json.dumps(SONG).encode(), content_type=content_type)
    assert response.status_code == 415
    assert "application/json" in response.json()["detail"]


@pytest.mark.parametrize(
    "content_type", ["application/json;charset=UTF-8", "application/vnd.api+json", "Application/JSON"]
)
def test_every_way_to_say_json_is_understood(alice_program: Program, content_type: str) -> None:
    assert alice_program.post(json.dumps(SONG).encode(), content_type=content_type).status_code == 200


def test_a_body_larger_than_any_request_is_refused(alice_program: Program) -> None:
    response = alice_program.post(b'{"prompt": "' + b"x" * 1_100_000 + b'"}')
    assert (response.status_code, response["Content-Type"]) == (413, "application/json")


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head"])
@BOTH
def test_another_method_is_told_which_one_is_meant(alice_program: Program, method: str, path: str, client: Any) -> None:
    response = getattr(client, method)(path, headers=alice_program.headers)
    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")


def test_browsers_of_every_origin_may_call_without_cookies(client: Any, alice_program: Program) -> None:
    ahead = client.options(STREAM, headers={"origin": "https://example.org"})
    assert ahead.status_code == 204
    assert ahead["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in ahead["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in ahead
    assert alice_program.get("/status/generation/1")["Access-Control-Allow-Origin"] == "*"


def test_somebody_signed_in_is_nobody_here_without_a_key(alice_client: Any, alice: User) -> None:
    response = alice_client.post(SYNC, json.dumps(SONG), content_type="application/json")
    assert response.status_code == 401
    assert not Generation.objects.exists()


def test_no_answer_is_kept_by_a_cache(alice_program: Program) -> None:
    assert alice_program.get("/status/generation/1")["Cache-Control"] == "no-store"
    assert alice_program.post({})["Cache-Control"] == "no-store"


@BOTH
def test_a_recording_of_the_accounts_own_that_does_not_fit_is_refused_before_the_order(
    alice: User, alice_program: Program, upstream: Scripted, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upstream, "inputs", frozenset({"prompt", "lyrics", "melody_url"}))
    track = Sound(owner=alice, name="My track", size=4, duration_ms=96_000)
    track.heard = facts(Heard(kind="music", seconds=96.0, music=music(), melody=None))
    track.save()
    response = alice_program.post({"prompt": "A song", "melody_url": track.address}, path)
    assert (response.status_code, response.json()["error_code"]) == (422, "rejected_input")
    assert response.json()["detail"].startswith("melody_url: There is music in the audio and no tune.")
    assert not Generation.objects.exists()
