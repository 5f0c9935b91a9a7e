"""What a song's card shows, derived from its rows: for the socket, for plain pages and for templates alike."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Literal

from django.conf import settings
from django.utils import timezone

from studio.accounts import ledger
from studio.songs import addresses
from studio.songs.models import Generation, Status, Version

TakeStatus = Literal["waiting", "recording", "playable", "saved", "failed"]
StepState = Literal["done", "now", "half", "todo"]
STEPS = ("Sent", "Accepted", "Recording", "Playable", "Saved")


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
    """What to do next, or what was kept; may be empty."""
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


def card(generation: Generation, versions: Sequence[Version]) -> Card:
    """The card of `generation` as its rows stand; no query is made."""
    takes = tuple(_take(generation, version) for version in sorted(versions, key=lambda v: v.number))
    return Card(
        id=str(generation.pk),
        title=generation.name,
        status=generation.status,
        say=_say(generation, takes),
        detail=_detail(generation),
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
        takes = [take if take["status"] == "saved" else {**take, "progress": percent} for take in self._still["takes"]]
        return {**self._still, "progress": percent, "takes": takes, "say": _say(self._generation, self._takes)}


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


def _say(generation: Generation, takes: Sequence[Take]) -> str:
    match generation.status:
        case Status.COMPLETED:
            return "Saved. Both takes are in your library."
        case Status.PARTIAL:
            kept = next((take.letter for take in takes if take.status == "saved"), "A")
            lost = "B" if kept == "A" else "A"
            return f"Take {kept} is saved. Take {lost} did not come."
        case Status.FAILED:
            return generation.error or "This song could not be made."
        case Status.CANCELLED:
            return "Cancelled."
    if generation.cancel_requested_at:
        return "Cancelling."
    if generation.status == Status.INTERRUPTED:
        if generation.upstream_message_id:
            return "The line to the engine broke. We are finding out what became of this song."
        return "The line broke before the engine said whether it takes the order."
    if generation.status == Status.QUEUED:
        return _say_waiting(generation)
    if not generation.accepted_at:
        return "Sending your request."
    return _say_recording(generation, takes)


def _say_waiting(generation: Generation) -> str:
    left = round((generation.retry_at - timezone.now()).total_seconds()) if generation.retry_at else 0
    return f"The engine is busy. Trying again in {left} seconds." if left > 0 else "Waiting for its turn."


def _say_recording(generation: Generation, takes: Sequence[Take]) -> str:
    progress = generation.progress
    saved = [take.letter for take in takes if take.status == "saved"]
    ready = [take.letter for take in takes if take.status == "playable"]
    if len(saved) == len(takes):
        return "Saving to your library."
    if saved and ready:
        return f"Take {saved[0]} is done. Take {ready[0]} is ready to hear, at {progress} percent."
    if saved:
        other = next(take.letter for take in takes if take.letter not in saved)
        return f"Take {saved[0]} is done. Take {other} is at {progress} percent."
    if len(ready) == len(takes):
        return f"Both takes are ready to hear, at {progress} percent."
    if ready:
        other = next(take.letter for take in takes if take.letter not in ready)
        return f"Take {ready[0]} is ready to hear. Take {other} is at {progress} percent."
    if progress:
        return f"Recording both takes, {progress} percent."
    return f"Accepted. {ledger.in_words(generation.cost)} used." if generation.cost else "Accepted. Starting."


def _detail(generation: Generation) -> str:
    match generation.status:
        case Status.FAILED:
            # Without a price of ours, somebody may still have paid the host.
            free = generation.error_code in ("engine_failed", "storage_failed") or generation.submitted_at is None
            return "Your prompt and words are kept." + (" Nothing was charged." if free or generation.cost else "")
        case Status.CANCELLED:
            return "Your prompt and words are kept." + (" Nothing was charged." if generation.cost else "")
        case Status.PARTIAL | Status.COMPLETED:
            return " ".join(part for part in (generation.error, _used(generation)) if part)
        case Status.INTERRUPTED if generation.upstream_message_id:
            back = f"; if not, {_its_credits(generation)}" if generation.cost else ""
            return f"If its takes come after all, they are kept here{back}. {_again()}"
        case Status.INTERRUPTED:
            back = f", and {_its_credits(generation)}" if generation.cost else ""
            return f"It is never ordered twice by itself{back}. {_again()}"
    return ""


def _used(generation: Generation) -> str:
    if not generation.cost:
        return ""
    verb = "was" if generation.cost == 1 else "were"
    return f"{ledger.in_words(generation.cost)} {verb} {'given back' if generation.refunded_at else 'used'}."


def _its_credits(generation: Generation) -> str:
    one = generation.cost == 1
    return "its credit comes back" if one else f"its {ledger.in_words(generation.cost)} come back"


def _again() -> str:
    price = settings.CREDITS_PER_SONG
    return "Making it again is an order of its own" + (f" and costs {ledger.in_words(price)}." if price else ".")


def _steps(generation: Generation, takes: Sequence[Take]) -> tuple[Step, ...]:
    saved = sum(take.status == "saved" for take in takes)
    heard = any(take.status in ("playable", "saved") for take in takes)
    if generation.status in (Status.COMPLETED, Status.PARTIAL):
        reached = 5
    elif heard:
        reached = 4 if saved == len(takes) else 3
    elif generation.accepted_at:
        reached = 2
    else:
        reached = 1 if generation.submitted_at else 0
    states: list[StepState] = ["done" if i < reached else "todo" for i in range(len(STEPS))]
    if not generation.is_final:
        states[min(reached, 4)] = "half" if reached == 4 else "now"
        if heard and saved < len(takes):
            states[2] = "half"  # take B is still being recorded while take A can be heard
    return tuple(Step(name, state) for name, state in zip(STEPS, states, strict=True))


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
    def takes_json(self) -> str:
        """JSON: the card's takes, for the player."""
        return json.dumps([asdict(take) for take in self.card.takes], separators=(",", ":"))

    @property
    def has_sound(self) -> bool:
        """At least one take can be heard."""
        return any(take.src for take in self.card.takes)

    @property
    def seconds(self) -> int:
        """Length of the first stored take; 0 while there is none."""
        return next((round(take.duration_ms / 1000) for take in self.card.takes if take.whole), 0)

    @property
    def length(self) -> str:
        """That length as minutes and seconds; empty while there is none."""
        return clock(self.seconds) if self.seconds else ""

    @property
    def facts(self) -> str:
        """In a row: how many takes are there, and how long the first of them is."""
        kept = sum(take.whole for take in self.card.takes)
        return f"{kept} take{'s' if kept > 1 else ''}, {self.length}" if kept else self.card.say


def clock(seconds: int) -> str:
    """3:07"""
    return f"{seconds // 60}:{seconds % 60:02}"


def shown(generation: Generation) -> Shown:
    """`generation` with everything a page needs. Its versions should be prefetched."""
    versions = tuple(generation.versions.all())
    return Shown(generation, card(generation, versions), versions)
