"""How hosts say no, and what we make of it."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from generator.protocol import errors
from generator.protocol.errors import ErrorCode, Rejected, StreamLost, Unsettled, UpstreamBusy, UpstreamError
from generator.protocol.refusals import answered, told

DOCUMENTED: list[tuple[int, dict[str, Any], str]] = [
    (429, {"success": False, "message": "Rate limits have been passed for the user."}, "upstream_busy"),
    (402, {"success": False, "message": "Insufficient balance for this operation."}, "no_credits"),
    (400, {"detail": "Invalid or empty prompt provided"}, "rejected_prompt"),
    (
        400,
        {"success": False, "message": "NSFW words detected. Please try again with different lyrics."},
        "rejected_words",
    ),
    (
        503,
        {
            "success": False,
            "message": "Service temporarily unavailable. Please try again in a moment.",
            "error": "Database connection pool exhausted",
        },
        "upstream_busy",
    ),
    (401, {"success": False, "message": "Invalid API key"}, "upstream_auth"),
]


@pytest.mark.parametrize(("http", "body", "code"), DOCUMENTED)
def test_every_documented_error_is_understood_whatever_its_status(
    http: int, body: dict[str, Any], code: ErrorCode
) -> None:
    for status in (http, 400, 500):
        fault = answered("host", status, body)
        assert (fault.code, fault.bought) == (code, False)
    event = told("host", body)
    assert event is not None
    assert event.code == code


@pytest.mark.parametrize(
    ("http", "body", "code", "bought"),
    [
        (401, None, "upstream_auth", False),
        (403, None, "upstream_auth", False),
        (402, {}, "no_credits", False),
        (404, {"detail": "Not Found"}, "upstream_protocol", False),
        (429, None, "upstream_busy", False),
        (503, None, "upstream_busy", False),
        (307, None, "upstream_protocol", False),
        (409, {"detail": "conflict"}, "upstream_refused", False),
        (500, None, "upstream_refused", None),
        (502, {"error": {"message": "worker died"}}, "upstream_refused", None),
        (
            422,
            {"detail": [{"loc": ["body", "melody_url"], "msg": "not a URL", "type": "url"}]},
            "rejected_input",
            False,
        ),
        (422, {"detail": "lyrics: at most 10,000 characters"}, "rejected_input", False),
        (422, {"detail": [{"loc": ["body", "prompt"], "msg": "field required"}]}, "rejected_prompt", False),
        (413, {"error_code": ["rejected_words"], "detail": [[], {"loc": 5}, None]}, "upstream_refused", False),
        (422, {"success": False, "error_code": "rejected_words", "field": "prompt"}, "rejected_words", False),
    ],
)
def test_every_status_means_something(http: int, body: dict[str, Any] | None, code: str, bought: bool | None) -> None:
    fault = answered("host", http, body)
    assert (fault.code, fault.bought) == (code, bought)


@pytest.mark.parametrize(
    "body",
    [
        {"success": False},
        {"status": "FAILED"},
        {"status": "Timed Out"},
        {"status": "completed", "error": "no audio"},
        {"status": "running", "error": {"code": 5, "message": "lost a worker"}},
        {"detail": [{"msg": "no"}]},
    ],
)
def test_a_failure_is_a_failure_in_any_shape(body: dict[str, Any]) -> None:
    assert told("host", body) is not None


@pytest.mark.parametrize(
    "body",
    [
        {"status": "running", "error": None},
        {"status": "running", "error": ""},
        {"status": "running", "detail": "Mixing"},
        {"status": "running", "message": "Rate limits are generous here"},
        {"message_id": "7", "audio_data": []},
    ],
)
def test_what_is_no_failure_is_none(body: dict[str, Any]) -> None:
    assert told("host", body) is None


def test_a_refusal_names_the_part_that_is_at_fault() -> None:
    fault = answered("host", 422, {"detail": [{"loc": ["body", "melody_url"], "msg": "not a URL"}]})
    assert isinstance(fault, Rejected)
    assert fault.field == "melody_url"
    assert fault.sentence == "host did not accept the melody. Change it and try again."


def test_nobody_is_made_to_wait_for_longer_than_a_song_may_take() -> None:
    fault = answered("host", 429, None, retry_after=1e12)
    assert isinstance(fault, UpstreamBusy)
    assert fault.retry_after == 1800


def kinds(of: type[UpstreamError]) -> list[type[UpstreamError]]:
    return [kind for child in of.__subclasses__() for kind in (child, *kinds(child))]


@pytest.mark.parametrize("kind", kinds(UpstreamError))
@pytest.mark.parametrize("bought", [True, False, None])
def test_every_fault_says_who_what_and_what_to_do(kind: type[UpstreamError], bought: bool | None) -> None:
    raw = "Traceback <b>\n" + "x" * 1000
    if kind is Unsettled:  # it is another fault, as long as nobody knows that for sure
        fault: UpstreamError = Unsettled(StreamLost("api.example.org", bought=bought), raw=raw)
    else:
        fault = kind("api.example.org", raw=raw, bought=bought)
    sentences = fault.sentence.removesuffix(".").split(". ")
    assert "api.example.org" in sentences[0]
    assert len(sentences) > 1
    assert len(fault.sentence) <= 300
    assert "!" not in fault.sentence
    assert "Traceback" not in fault.sentence
    assert len(fault.raw) <= 300
    assert "\n" not in fault.raw
    assert fault.code in get_args(ErrorCode)
    assert kind.__name__ in (errors.__doc__ or "")
