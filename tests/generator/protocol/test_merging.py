"""Merging by versions where the recordings do not reach: status answers, and any order at all."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.protocol import events as v6
from generator.protocol.errors import GenerationError, Refused, UpstreamBusy
from generator.protocol.merging import Merge
from generator.protocol.sse import Decoder
from tests.recordings import recording

DECODER = Decoder()
GOOD = [*DECODER.feed(recording("good")), *DECODER.close()]
SYNC: dict[str, Any] = {
    "message_id": "7",
    "album_art": "https://host.example/art.webp",
    "song_name": "Home",
    "audio_data": [{"audio_url": "https://host.example/1.mp3"}, {"audio_url": "https://host.example/2.mp3"}],
}


def merged(merge: Merge, bodies: Iterable[Mapping[str, Any]]) -> list[v6.Event]:
    return [event for body in bodies for event in merge.take(body)]


def audio(events: Iterable[v6.Event]) -> dict[int | None, str]:
    return {event.version: event.audio_url for event in events if isinstance(event, v6.AudioReady)}


def test_the_sync_body_is_a_whole_song() -> None:
    merge = Merge("host")
    events = [*merged(merge, [SYNC]), *merge.close()]
    assert merge.whole
    assert audio(events) == {1: "https://host.example/1.mp3", 2: "https://host.example/2.mp3"}
    assert isinstance(events[0], v6.Validated)


def test_a_status_answer_goes_on_where_the_stream_broke_off() -> None:
    merge = Merge("host")
    merged(merge, GOOD[:8])  # until take A can be heard
    listed = [
        {
            "version": 1,
            "status": "saved",
            "audio_url": "https://host.example/a.mp3",
            "lyrics_sections": [{"lines": ["Oh"]}],
        },
        {"version": 2, "status": "recording", "audio_url": None},
    ]
    first = merged(merge, [{"status": "running", "progress": 90, "versions": listed, "message_id": "6f2b9c1e"}])
    assert [type(event) for event in first] == [v6.Running, v6.AudioReady, v6.Finished]
    listed[1] = {"version": 2, "status": "saved", "audio_url": "https://host.example/b.mp3"}
    last = [*merged(merge, [{"status": "completed", "versions": listed}]), *merge.close()]
    assert [type(event) for event in last] == [v6.AudioReady, v6.Finished]
    assert merge.whole


def test_audio_told_by_stream_and_status_is_one_file() -> None:
    merge = Merge("host")
    merged(merge, GOOD[:9])  # take A's audio, of which it is not said yet whose it is
    address = GOOD[8]["audio_url"]
    assert audio(merged(merge, [{"status": "running", "versions": [{"version": 1, "audio_url": address}]}])) == {
        1: address
    }
    assert [event for event in merge.close() if isinstance(event, v6.AudioReady)] == []


def test_a_partial_status_gives_what_there_is_and_then_the_fault() -> None:
    merge = Merge("host", message_id="7", accepted=True)
    body = {
        "status": "partial",
        "error": "Take B did not come.",
        "error_code": "engine_failed",
        "versions": [{"version": 1, "audio_url": "https://host.example/a.mp3"}, {"version": 2, "status": "failed"}],
    }
    events: list[v6.Event] = []
    with pytest.raises(Refused) as fault:
        events.extend(merge.take(body))
    assert fault.value.bought
    events.extend(merge.close())
    assert [type(event) for event in events] == [v6.AudioReady, v6.Finished]


def test_a_host_that_is_busy_after_it_took_the_order_is_not_asked_again() -> None:
    merge, busy = Merge("host"), {"success": False, "message": "Service temporarily unavailable. Please try again."}
    with pytest.raises(UpstreamBusy):
        merged(merge, [GOOD[0], busy])
    merged(merge, GOOD[:2])
    with pytest.raises(Refused) as fault:
        merged(merge, [busy])
    assert fault.value.bought


def test_a_version_that_fails_and_then_comes_is_a_version() -> None:
    merge = Merge("host")
    failed = {"status": "failed", "version": 2, "error": "lost a worker", "message_id": "6f2b9c1e"}
    merged(merge, [*GOOD[:3], failed, *GOOD[3:]])
    assert merge.whole
    assert merge.fault is None


EVENTS = st.sampled_from([*GOOD, *({**event, "version": v} for event in GOOD for v in (0, 1, 2, 3, "v2", None))])


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=40))
def test_whatever_a_host_tells_in_whatever_order_the_story_is_clean(bodies: list[dict[str, Any]]) -> None:
    merge, events = Merge("host"), list[v6.Event]()
    try:
        for body in bodies:
            events.extend(merge.take(body))
    except GenerationError:
        raise AssertionError("nobody told a failure") from None
    events.extend(merge.close())
    told = [(type(event), getattr(event, "version", None)) for event in events if not isinstance(event, v6.Running)]
    assert len(set(told)) == len(told)
    named = [event for event in events if not isinstance(event, v6.Initializing)]
    assert not named or isinstance(named[0], v6.Validated)
    for number in (1, 2):
        mine = [kind for kind, version in told if version == number]
        order = (v6.StreamReady, v6.AudioReady, v6.Uploading, v6.Finished)
        assert mine == [kind for kind in order if kind in mine]
        assert (v6.AudioReady in mine) == (v6.Finished in mine)
    progress = [event.progress for event in events if isinstance(event, v6.Running)]
    assert all(before < after for before, after in pairwise(progress))
    json.dumps([event.wire(0) for event in events])


KEYS = st.sampled_from(
    sorted({key for event in GOOD for key in event} | set(SYNC) | {"error", "versions", "success", "detail"})
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=6), max_size=6))
def test_no_value_of_any_type_breaks_the_reading(bodies: list[dict[str, Any]]) -> None:
    merge = Merge("host")
    with contextlib.suppress(GenerationError):
        merged(merge, bodies)
    list(merge.close())
