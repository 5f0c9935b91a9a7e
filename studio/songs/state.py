"""What a song's card shows, derived from its rows: for the socket, for plain pages and for templates alike."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Literal

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from studio.songs import addresses, line, telling
from studio.songs.models import Generation, Status, Version

TakeStatus = Literal["waiting", "recording", "playable", "saved", "failed"]
StepState = Literal["done", "now", "half", "todo"]
STEPS = (_("Sent"), _("Accepted"), _("Recording"), _("Playable"), _("Saved"))
SMALL_WAVE = 100
"""Steps of a wave that is as wide as a column."""


@dataclass(frozen=True, slots=True)
class Take:
    """One version as a listener meets it."""

    number: int
    letter: str
    status: TakeStatus
    progress: int
    """Percent; 100 once it is saved."""
    src: str
    """Where it can be heard now: the growing stream, later the stored file; empty before."""
    whole: bool
    """`src` is the stored file: it can be seeked and downloaded."""
    duration_ms: int

    @property
    def length(self) -> str:
        """Of a saved take: minutes and seconds, 3:07; empty before."""
        return clock(round(self.duration_ms / 1000)) if self.whole else ""


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five marks on the card's line."""

    name: str
    state: StepState


@dataclass(frozen=True, slots=True)
class Card:
    """A song's whole visible state. `say` is the one sentence that screen readers hear."""

    id: str
    title: str
    status: str
    say: str
    detail: str
    """What was kept and what it cost; may be empty."""
    stage: str
    """Moves on whenever there is something to announce: at most once in ten percent."""
    retry_in: int
    """Seconds until the engine is asked again, by itself; 0 where that is not what happens next."""
    progress: int
    is_final: bool
    can_cancel: bool
    can_retry: bool
    seq: int
    cover: str
    inks: int
    steps: tuple[Step, ...]
    takes: tuple[Take, ...]

    def as_json(self) -> dict[str, Any]:
        """JSON-ready data, as sent over the socket."""
        return {**asdict(self), "steps": _told(self.steps)}


def card(generation: Generation, versions: Sequence[Version], place: line.Place | None = None) -> Card:
    """The card of `generation` as its rows stand, and its `place` where it waits in line; no query is made."""
    takes = tuple(_take(generation, version) for version in sorted(versions, key=lambda v: v.number))
    said = telling.say(generation, takes, place)
    return Card(
        id=str(generation.pk),
        title=generation.name,
        status=generation.status,
        say=said,
        detail=telling.detail(generation),
        stage=_stage(generation, takes, said),
        retry_in=_retry_in(generation),
        progress=generation.progress,
        is_final=generation.is_final,
        can_cancel=not generation.is_final and generation.cancel_requested_at is None,
        can_retry=generation.status in (Status.FAILED, Status.CANCELLED, Status.PARTIAL, Status.INTERRUPTED),
        seq=generation.last_seq,
        cover=addresses.cover(generation),
        inks=generation.inks,
        steps=_steps(generation, takes),
        takes=takes,
    )


@cache
def _told(steps: tuple[Step, ...]) -> list[dict[str, str]]:
    """There are few such lines, and every running song shows one of them."""
    return [asdict(step) for step in steps]


class Moving:
    """The card of a song whose progress is told again and again: what stands still meanwhile is derived once."""

    __slots__ = ("_generation", "_still", "_takes")

    def __init__(self, generation: Generation, versions: Sequence[Version]) -> None:
        """`generation` is kept: its progress is what will move."""
        still = card(generation, versions)
        self._generation, self._takes, self._still = generation, still.takes, still.as_json()

    def now(self) -> dict[str, Any]:
        """The card as JSON-ready data, with the progress that the song has by now."""
        percent = self._generation.progress
        if percent == self._still["progress"]:
            return self._still
        if not self._still["progress"]:
            self._still = {**self._still, "steps": _told(_steps(self._generation, self._takes))}  # recording has begun
        said = telling.say(self._generation, self._takes)
        return {
            **self._still,
            "progress": percent,
            "takes": [t if t["status"] == "saved" else {**t, "progress": percent} for t in self._still["takes"]],
            "say": said,
            "stage": _stage(self._generation, self._takes, said),
        }


def _take(generation: Generation, version: Version) -> Take:
    state, status, src = version.state, "waiting", ""
    if state == Version.State.STORED:
        status, src = "saved", addresses.audio(generation, version)
    elif state == Version.State.FAILED or generation.is_final:
        status = "failed"
    elif state == Version.State.PLAYABLE:
        status, src = "playable", addresses.stream(version)
    elif generation.status == Status.RUNNING and generation.accepted_at:
        status = "recording"
    return Take(
        number=version.number,
        letter=version.letter,
        status=status,  # type: ignore[arg-type]  # the words above are those of TakeStatus
        progress=100 if status == "saved" else generation.progress,
        src=src,
        whole=status == "saved",
        duration_ms=version.duration_ms,
    )


def _stage(generation: Generation, takes: Sequence[Take], said: str) -> str:
    """A short key of everything that is worth an announcement."""
    if generation.status != Status.RUNNING or generation.cancel_requested_at:
        return said
    return ",".join(
        [*(take.status for take in takes), str(bool(generation.accepted_at)), str(generation.progress // 10)]
    )


def _retry_in(generation: Generation) -> int:
    is_asked_after = generation.status == Status.INTERRUPTED and generation.upstream_message_id
    if generation.retry_at is None or not (generation.status == Status.QUEUED or is_asked_after):
        return 0
    return max(0, math.ceil((generation.retry_at - timezone.now()).total_seconds()))


def _steps(generation: Generation, takes: Sequence[Take]) -> tuple[Step, ...]:
    saved = sum(take.status == "saved" for take in takes)
    heard = any(take.status in ("playable", "saved") for take in takes)
    if generation.status in (Status.COMPLETED, Status.PARTIAL):
        reached = 5
    elif heard:
        reached = 4 if saved == len(takes) else 3
    elif generation.accepted_at:
        reached = 2 if generation.progress else 1
    else:
        reached = 0
    states: list[StepState] = ["done" if i < reached else "todo" for i in range(len(STEPS))]
    if not generation.is_final:
        states[min(reached, 4)] = "half" if reached == 4 else "now"
        if heard and saved < len(takes):
            states[2] = "half"  # take B is still being recorded while take A can be heard
    return tuple(Step(str(name), state) for name, state in zip(STEPS, states, strict=True))


@dataclass(frozen=True, slots=True)
class Shown:
    """A song as pages show it: the row, its card and the wave of both takes."""

    generation: Generation
    card: Card
    versions: tuple[Version, ...]

    @property
    def wave(self) -> str:
        """JSON: [[loudness 0-100 …], […]], an empty list for a take that is not stored."""
        return json.dumps([version.peaks for version in self.versions], separators=(",", ":"))

    @property
    def small_wave(self) -> str:
        """The same in at most `SMALL_WAVE` steps a take, for lists: the loudest of each step."""
        return json.dumps([_fewer(version.peaks) for version in self.versions], separators=(",", ":"))

    @property
    def takes_json(self) -> str:
        """JSON: the card's takes, for the player."""
        return json.dumps([asdict(take) for take in self.card.takes], separators=(",", ":"))

    @property
    def has_sound(self) -> bool:
        """At least one take can be heard."""
        return any(take.src for take in self.card.takes)

    @property
    def first(self) -> int:
        """The number of the take that plays first: the kept one, else the first that can be heard."""
        heard = [take.number for take in self.card.takes if take.src]
        return self.kept or (heard[0] if heard else 1)

    @property
    def kept(self) -> int | None:
        """The number of the take that its owner has chosen, where that one can be heard."""
        number = self.generation.kept_take
        return number if any(take.number == number and take.src for take in self.card.takes) else None

    @property
    def has_choice(self) -> bool:
        """Both takes are saved, so that one may be the better."""
        return all(take.whole for take in self.card.takes)

    @property
    def seconds(self) -> int:
        """Length of the take that plays first, or of the first that is stored; 0 while there is none."""
        whole = {take.number: round(take.duration_ms / 1000) for take in self.card.takes if take.whole}
        return whole.get(self.first) or next(iter(whole.values()), 0)

    @property
    def length(self) -> str:
        """That length as minutes and seconds; empty while there is none."""
        return clock(self.seconds) if self.seconds else ""

    @property
    def days_left(self) -> str:
        """In the trash: for how long it can still be restored."""
        thrown = self.generation.trashed_at
        if thrown is None:
            return ""
        left = max(0, settings.TRASH_DAYS - (timezone.now() - thrown).days)
        return ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left}

    @property
    def facts(self) -> str:
        """In a row: how many takes are there, or which is kept, and how long the one is that plays first."""
        if self.kept:
            return telling.kept("AB"[self.kept - 1], self.length)
        saved = sum(take.whole for take in self.card.takes)
        return telling.facts(saved, self.length) if saved else self.card.say

    @property
    def headline(self) -> str:
        """What became of a song that failed, in a few words; empty for any other."""
        return telling.headline(self.generation)

    @property
    def must_change(self) -> bool:
        """The same request would be refused again."""
        return self.generation.error_code in ("rejected_prompt", "rejected_words", "rejected_input")

    @property
    def retry_clock(self) -> str:
        """How long until the engine is asked again, as minutes and seconds; empty where it is not."""
        return clock(self.card.retry_in) if self.card.retry_in else ""


def _fewer(peaks: list[int]) -> list[int]:
    many = len(peaks)
    if many <= SMALL_WAVE:
        return peaks
    edges = [step * many // SMALL_WAVE for step in range(SMALL_WAVE + 1)]
    return [max(peaks[start:end]) for start, end in pairwise(edges)]


def clock(seconds: int) -> str:
    """3:07"""
    return f"{seconds // 60}:{seconds % 60:02}"


def shown(generation: Generation) -> Shown:
    """`generation` with everything a page needs. Its versions should be prefetched."""
    return all_shown([generation])[0]


def all_shown(generations: Iterable[Generation]) -> list[Shown]:
    """The same for several, in their order. Their versions should be prefetched."""
    rows = list(generations)
    places = line.places(rows)
    found = []
    for row in rows:
        versions = tuple(row.versions.all())
        found.append(Shown(row, card(row, versions, places.get(row.pk)), versions))
    return found
