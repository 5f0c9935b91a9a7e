"""What every recorded stream tells, once it is merged: one clean story, version by version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from generator.protocol import events as v6
from generator.protocol.errors import GenerationError
from generator.protocol.merging import Merge
from generator.protocol.sse import Decoder
from tests.recordings import NAMES, recording

WORDS = {
    v6.Initializing: "begun",
    v6.Validated: "accepted",
    v6.Streaming: "at work",
    v6.Processing: "processing",
    v6.Running: "running",
    v6.StreamReady: "playable",
    v6.AudioReady: "audio",
    v6.Uploading: "uploading",
    v6.Finished: "finished",
}
BEGINNING = ["begun", "accepted", "at work", "processing", "running 2", "running 40"]
TAKE_1 = ["playable 1", "audio 1", "uploading 1", "finished 1"]
TAKE_2 = ["playable 2", "audio 2", "uploading 2", "finished 2"]
GOOD = [*BEGINNING, "running 71", *TAKE_1, *TAKE_2]
SHORT = ["begun", "accepted", "audio 1", "finished 1", "audio 2", "finished 2"]
STORIES = {
    "good": GOOD,
    "oddity-1-complete-too-early": GOOD,
    "oddity-2-streaming-twice": [
        *("begun", "accepted", "at work", "playable 1", "playable 2"),
        *("audio 1", "uploading 1", "finished 1", "audio 2", "uploading 2", "finished 2"),
    ],
    "oddity-3-completed-twice": [
        *(*BEGINNING, "playable 1", "playable 2", "audio 1", "finished 1", "audio 2", "finished 2"),
    ],
    "oddity-4-audio-without-version": [
        *(*BEGINNING, "playable 1", "playable 2"),
        *("audio 2", "uploading 2", "finished 2", "audio 1", "uploading 1", "finished 1"),
    ],
    "oddity-5-interleaved": [
        *(*BEGINNING, "playable 2", "running 55", "playable 1", "audio 2", "uploading 2", "running 80"),
        *("audio 1", "finished 2", "uploading 1", "finished 1"),
    ],
    "oddity-6-error-field": [*BEGINNING, "playable 1", "upstream_refused, bought"],
    "oddity-6-status-timeout": [*BEGINNING, "upstream_refused, bought"],
    "oddity-6-success-false": ["begun", "no_credits, not bought"],
    "oddity-6-one-version-fails": [
        *(*BEGINNING, "playable 1", "playable 2", "audio 1", "uploading 1", "finished 1"),
        "upstream_refused, bought",
    ],
    "oddity-7-adjacent-lines": GOOD,
    "oddity-8-trailing-commas": GOOD,
    "oddity-9-lost-before-validated": ["begun"],
    "counts-from-zero": GOOD,
    "three-versions": GOOD,
    "id-changes": GOOD,
    "everything-twice": GOOD,
    "numbers-as-strings": GOOD,
    "words-in-other-shapes": [*BEGINNING, "audio 1", "finished 1", "audio 2", "finished 2"],
    "no-words": [*BEGINNING, "audio 1", "uploading 1", "finished 1", "audio 2", "uploading 2", "finished 2"],
    "no-last-events": [*BEGINNING, "playable 1", "playable 2", "audio 1", "audio 2", "finished 1", "finished 2"],
    "never-validated": [*BEGINNING, *TAKE_1, *TAKE_2],
    "unknown-fields": GOOD,
    "framing-crlf": SHORT,
    "framing-cr": SHORT,
    "framing-comments-and-fields": SHORT,
    "framing-unicode": SHORT,
    "framing-pretty-printed": SHORT,
    "framing-no-last-blank-line": SHORT,
    "broken-cut-in-an-event": [*BEGINNING, "running 71", "playable 1", "audio 1", "finished 1"],
    "broken-some-events": GOOD,
    "broken-bytes": ["begun", "accepted", "running 10", "running 71", *TAKE_1, *TAKE_2],
    "broken-not-a-stream": [],
    "broken-types": [
        *("begun", "accepted", "at work", "processing", "running 71", "audio 1", "uploading 1", "finished 1"),
        *TAKE_2,
    ],
}


@dataclass
class Heard:
    """A recording, played."""

    merge: Merge
    events: list[v6.Event]
    fault: GenerationError | None

    @property
    def story(self) -> list[str]:
        told = [_said(event) for event in self.events]
        if fault := self.fault or self.merge.fault:
            told.append(f"{fault.code}, {'bought' if fault.bought else 'not bought'}")
        return told

    def last(self, kind: type[Any], version: int | None = None) -> Any:
        return [e for e in self.events if isinstance(e, kind) and version in (None, getattr(e, "version", None))][-1]


def _said(event: v6.Event) -> str:
    about = getattr(event, "version", getattr(event, "progress", None))
    return WORDS[type(event)] + ("" if about is None else f" {about}")


def play(name: str) -> Heard:
    decoder, merge = Decoder(), Merge("host.example")
    played = Heard(merge, [], None)
    try:
        for body in (*decoder.feed(recording(name)), *decoder.close()):
            played.events.extend(merge.take(body))
    except GenerationError as fault:
        played.fault = fault
    played.events.extend(merge.close())
    return played


@pytest.mark.parametrize("name", NAMES)
def test_every_recording_tells_one_clean_story(name: str) -> None:
    assert play(name).story == STORIES[name]


@pytest.mark.parametrize("name", [name for name in NAMES if {"finished 1", "finished 2"} <= set(STORIES[name])])
def test_each_take_gets_its_own_sound_and_the_last_event_says_so(name: str) -> None:
    heard = play(name)
    assert heard.merge.whole
    for version in (1, 2):
        assert heard.last(v6.AudioReady, version).audio_url == f"https://host.example/audio/midnight_v{version}.mp3"
    assert [event.is_complete for event in heard.events] == [False] * (len(heard.events) - 1) + [True]


@pytest.mark.parametrize("name", ["good", "everything-twice", "numbers-as-strings", "oddity-5-interleaved"])
def test_names_words_and_addresses_arrive_as_they_were_told(name: str) -> None:
    heard = play(name)
    accepted, finished = heard.last(v6.Validated), heard.last(v6.Finished, 2)
    assert (accepted.message_id, accepted.song_name) == ("6f2b9c1e", "Midnight Drizzle Beats")
    assert accepted.album_art == "https://host.example/art/cover.webp"
    assert heard.last(v6.StreamReady, 1).stream_url == "https://host.example/stream/1.mp3"
    assert [section["section_type"] for section in finished.lyrics_sections] == ["verse", "outro"]
    assert finished.lyrics_sections[0]["lines"][0] == {
        "start": 500,
        "end": 2600,
        "text": "Through every road we roam",
        "words": [{"start": 500, "end": 900, "text": "Through"}, {"start": 900, "end": 1300, "text": "every"}],
    }


def test_what_an_event_leaves_out_keeps_the_value_it_had() -> None:
    heard = play("oddity-3-completed-twice")
    assert heard.last(v6.AudioReady, 1).song_name == "Midnight Drizzle Beats"
    assert heard.last(v6.AudioReady, 1).album_art == "https://host.example/art/cover.webp"
    assert heard.last(v6.Finished, 1).lyrics_sections


def test_an_id_that_changes_is_not_followed() -> None:
    assert {event.message_id for event in play("id-changes").events[1:]} == {"6f2b9c1e"}  # type: ignore[attr-defined]  # all but the first have one


def test_unknown_fields_go_no_further_except_what_a_duplet_tells() -> None:
    heard = play("unknown-fields")
    assert heard.last(v6.Validated).extra == {"understood": {"tempo": 92}, "inks": 3}
    assert not any("internal.example" in str(event) for event in heard.events)


def test_words_in_other_shapes_are_read_and_seconds_become_milliseconds() -> None:
    heard = play("words-in-other-shapes")
    first, second = heard.last(v6.Finished, 1).lyrics_sections, heard.last(v6.Finished, 2).lyrics_sections
    assert [section["section_type"] for section in first] == ["chorus", "bridge"]
    assert [line["text"] for section in first for line in section["lines"]] == [
        "Together we are home",
        "Together",
        "Oh",
    ]
    assert (second[0]["start"], second[0]["end"]) == (500, 2600)
    assert [line["text"] for line in second[0]["lines"]] == ["Through every road", "we roam"]
    assert second[0]["lines"][0]["end"] == 2600


def test_texts_lose_what_no_database_takes() -> None:
    assert play("broken-bytes").last(v6.Running).song_name == "Midnight Drizzle Beats"
    running = next(event for event in play("broken-bytes").events if isinstance(event, v6.Running))
    assert running.song_name == "a��bc"
    assert play("framing-unicode").last(v6.Validated).song_name == "Café 🎵 夜"


def test_a_hosts_own_words_are_for_the_log_alone() -> None:
    fault = play("oddity-6-error-field").fault
    assert fault is not None
    assert fault.raw == "CUDA out of memory at /srv/worker.py"
    assert "CUDA" not in fault.sentence
