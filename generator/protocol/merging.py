"""One host's events, in whatever order and however incomplete, become one clean story that is told by versions.

What comes out: Initializing at most once; Validated exactly once and before all that follows; Streaming and Processing
at most once; Running only when it rises; then for each version StreamReady, AudioReady, Uploading and Finished, each at
most once and in this order, always numbered 1 or 2. The last Finished says `is_complete`.

How the nine oddities of the v6 document are met:

1. `isComplete` false to the end, or true too early: never looked at.
2. `streaming` for two things: an address that is ready makes it StreamReady.
3. `completed` twice: the address makes it AudioReady, the words, or a number alone, make it Finished. What an event
   leaves out keeps the value it had. Where the words come first, they wait for the audio.
4. `completed` without a number: it waits for the next `uploading` or `completed` that has one, the oldest first; if
   only one version can be meant it is that one at once; at the end of the stream those left over are told in order.
5. Interleaved versions, chunkIndex with gaps: versions are told apart by number alone, and chunkIndex is not read.
6. Failures in any shape: see `refusals`. One version's failure does not end the other.
7. Adjacent lines: see `sse`.
8. Trailing commas: see `json_text`.
9. No id before `validated`: `accepted` says whether the song may be asked for by its id.

Beyond those: a host that begins to count at 0 is understood, because 1 and 2 stand for themselves only while they are
free, and any other number takes the next free one. A third version is left out, and an id that changes is not followed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.protocol import events as v6
from generator.protocol import reading, refusals
from generator.protocol.errors import GenerationError, Refused, UpstreamBusy, UpstreamError
from generator.protocol.reading import Heard

log = logging.getLogger(__name__)

NUMBERS = (1, 2)
BEGUN = frozenset(("validated", "streaming", "processing", "running", "uploading")) | reading.FINISHED
"""Status words that a host uses only once it has taken the request."""
CARRIED = ("inks", "understood", "heard")
"""What a Duplet tells beyond the document. Other unknown fields go no further: they may hold the host's addresses."""


@dataclass(slots=True)
class _Take:
    """How far one version is."""

    number: int
    streaming: bool = False
    audio: str = ""
    uploading: bool = False
    finished: bool = False
    words: Heard | None = None
    """Its last event, where that came before the audio."""
    fault: GenerationError | None = None


@dataclass(slots=True)
class Merge:
    """One song's story so far. Every iterator that it gives must be read to its end before the next call."""

    host: str
    """Its name, for people."""
    message_id: str = ""
    accepted: bool = False
    """The host has taken, and billed, the request."""
    _named: dict[str, Any] = field(default_factory=dict)
    _steps: set[str] = field(default_factory=set)
    _percent: int = -1
    _takes: dict[int, _Take] = field(default_factory=lambda: {number: _Take(number) for number in NUMBERS})
    _labels: dict[str, int | None] = field(default_factory=dict)
    _held: list[Heard] = field(default_factory=list)
    """Finished audio of which it is not known yet to which version it belongs."""

    @property
    def whole(self) -> bool:
        """Both versions are finished: nothing more is wanted of the host."""
        return all(take.finished for take in self._takes.values())

    @property
    def over(self) -> bool:
        """Every version is finished or has failed."""
        return all(take.finished or take.fault for take in self._takes.values())

    @property
    def fault(self) -> GenerationError | None:
        """Why a version failed, where the host said so."""
        return next((take.fault for take in self._takes.values() if take.fault), None)

    def take(self, body: Mapping[str, Any]) -> Iterator[v6.Event]:
        """What one event, or one status answer, adds. Raises a `GenerationError` where the host gave the song up."""
        parts = reading.heard(body)
        self._learn(parts[0])
        fault = refusals.told(self.host, body)
        if fault and not parts[0].label:
            yield from self._parts(parts[1:])
            raise self.since_acceptance(fault)
        yield from self._parts(parts, fault)

    def close(self) -> Iterator[v6.Event]:
        """The stream has ended: audio that nobody claimed goes to versions without, in order; words are given up."""
        for take in sorted(self._takes.values(), key=lambda take: take.fault is not None):
            if self._held and not take.audio:
                yield from self._audio(take, self._held.pop(0))
        for take in self._takes.values():
            if take.audio and not take.finished:
                yield from self._finish(take, take.words or Heard())

    def since_acceptance(self, fault: GenerationError) -> GenerationError:
        """`fault`, knowing whether the host had accepted the song when it came about."""
        if not self.accepted or not isinstance(fault, UpstreamError):
            return fault
        if isinstance(fault, UpstreamBusy):  # an order that was taken is not one to be repeated
            return Refused(fault.host, raw=fault.raw, bought=True)
        return fault.knowing(bought=True)

    def _parts(self, parts: list[Heard], fault: GenerationError | None = None) -> Iterator[v6.Event]:
        for part in parts:
            if part.error:
                self._lose(part, fault)
            else:
                yield from self._tell(part)

    def _learn(self, told: Heard) -> None:
        if told.message_id and self.message_id and told.message_id != self.message_id:
            if "another id" not in self._steps:
                log.warning("%s changed the id of song %s; the first one is kept.", self.host, self.message_id)
            self._steps.add("another id")
        self.message_id = self.message_id or told.message_id
        for name in ("album_art", "song_name"):
            if value := getattr(told, name):
                self._named[name] = value

    def _said(self, told: Heard | None = None) -> dict[str, Any]:
        """What every event of this song carries."""
        extra = {name: told.extra[name] for name in CARRIED if name in told.extra} if told else {}
        return {"message_id": self.message_id, "extra": extra}

    def _tell(self, told: Heard) -> Iterator[v6.Event]:
        """One thing that was heard, as the events it amounts to."""
        content = bool(told.stream_url or told.audio_url or told.sections)
        if told.status in reading.UNBEGUN and not content:
            if "begun" not in self._steps:
                self._steps.add("begun")
                yield v6.Initializing()
            return
        if not self.accepted:
            if not (content or told.message_id or told.status in BEGUN):
                return
            self.accepted = True
            self._steps |= {"begun", "validated"}
            yield v6.Validated(**self._said(told), **self._named)
        if told.stream_url:
            yield from self._stream(told)
        elif told.status in ("streaming", "processing") and told.status not in self._steps:
            self._steps.add(told.status)
            step = v6.Streaming if told.status == "streaming" else v6.Processing
            yield step(**self._said(told), **self._named)
        yield from self._end_of_take(told)
        if told.progress is not None and told.status not in reading.FINISHED and told.progress > self._percent:
            self._percent = told.progress
            yield v6.Running(**self._said(told), **self._named, progress=told.progress)

    def _stream(self, told: Heard) -> Iterator[v6.Event]:
        free = (take for take in self._takes.values() if not take.streaming and not take.audio)
        take = self._labelled(told) if told.label else next(free, None)
        if take and not take.streaming and not take.audio:
            take.streaming = True
            yield v6.StreamReady(**self._said(told), **self._named, version=take.number, stream_url=told.stream_url)

    def _end_of_take(self, told: Heard) -> Iterator[v6.Event]:
        """Whatever tells that a version is done: its audio, that it is being stored, its words."""
        take = self._labelled(told) if told.label else None
        if told.audio_url:
            yield from self._place(take, told)
        listed = told.status == reading.LISTED
        if not take or not (listed or told.status == "uploading" or told.status in reading.FINISHED):
            return
        if not listed and not take.audio and self._held:
            yield from self._audio(take, self._held.pop(0))
        if told.status == "uploading":
            if take.audio and not (take.uploading or take.finished):
                take.uploading = True
                yield v6.Uploading(**self._said(told), version=take.number)
        elif told.sections or not (listed or told.audio_url):
            if take.audio:
                yield from self._finish(take, told)
            else:
                take.words = told

    def _place(self, take: _Take | None, told: Heard) -> Iterator[v6.Event]:
        """Finished audio: to the version that it names, to the only one left, or aside until that is known."""
        if told.label:
            if take:
                yield from self._audio(take, told)
            return
        known = {held.audio_url for held in self._held} | {take.audio for take in self._takes.values()}
        if told.audio_url in known:
            return
        without = [take for take in self._takes.values() if not take.audio]
        expected = [take for take in without if not take.fault]
        if len(expected) == 1 and not self._held:
            yield from self._audio(expected[0], told)
        elif len(self._held) < len(without):
            self._held.append(told)

    def _audio(self, take: _Take, told: Heard) -> Iterator[v6.Event]:
        if take.audio:
            return
        take.audio, take.fault = told.audio_url, None
        self._held = [held for held in self._held if held.audio_url != take.audio]
        yield v6.AudioReady(**self._said(told), **self._named, version=take.number, audio_url=told.audio_url)
        if take.words:
            yield from self._finish(take, take.words)

    def _finish(self, take: _Take, told: Heard) -> Iterator[v6.Event]:
        if take.finished:
            return
        take.finished = True
        sections = told.sections or ()
        yield v6.Finished(**self._said(told), version=take.number, lyrics_sections=sections, is_complete=self.whole)

    def _lose(self, told: Heard, fault: GenerationError | None) -> None:
        take = self._labelled(told) if told.label else None
        if take and not take.audio:
            take.fault = self.since_acceptance(fault or Refused(self.host, raw=told.error))

    def _labelled(self, told: Heard) -> _Take | None:
        """Which version a host's own count means; None for more of them than there are."""
        if told.label not in self._labels:
            free = [number for number in NUMBERS if number not in self._labels.values()]
            itself = [number for number in free if str(number) == told.label]
            number = next(iter(itself or free), None)
            self._labels[told.label] = number
            if number is None and "a third" not in self._steps:
                self._steps.add("a third")
                log.warning("%s made more than two versions; the one it calls %s is left out.", self.host, told.label)
        number = self._labels[told.label]
        return None if number is None else self._takes[number]
