"""Singing over a given instrumental: which of its parts are sung, with which words, and where in them.

The track stays what it is. Its parts say what is a verse and what a chorus: the loudest part that comes again is the
chorus, what is quiet at its ends is left to it. Words of ours are written for these parts; given words go where they
fit best, all of them, in their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..given import Given
from ..listening.chorus import chorus_of, loudness
from ..listening.facts import Music, Part
from ..protocol.errors import Rejected
from .energies import Place, energies
from .ground import Ground, Room, even_section, ground_of, lined_up
from .lyrics import Form, set_words
from .phrasing import room_of
from .score import Brief, LyricSection, Section, SectionKind, Words

QUIET = 12.0
"""Decibels under the loud parts from which on a part at an end is left alone."""
FRAME_BARS = 8
"""A first or last part of up to so many bars is an intro or an outro, where there are others."""
PIECE = 8
"""Phrases of a part that has one tune: longer ones are divided."""
LEAST = 2
"""Phrases for which a part is worth singing in."""
AIR = 2
"""Bars before the first words and after the last, where the track has them to spare."""
SHORT = 20
"""Seconds of a song whose words come once."""

# What it costs to sing a part of the words from a bar on.
_OTHER_KIND, _INSIDE, _ODD, _OVER, _IDLE = 1.0, 1.2, 0.6, 0.8, 0.04


def rooms(brief: Brief, music: Music, ground: Ground) -> list[Room]:
    """The parts of the track that may be sung, in order; at least one."""
    whole, _ = room_of(brief.bpm, brief.metre)
    begin, end = between_ends(music)
    parts = music.parts[begin:end]
    chorus = chorus_of(music, parts)
    pieces = [piece for part in parts for piece in in_pieces(part, PIECE * whole)]
    pieces = _aired(pieces, ground.bars - 2 * ground.first, whole)
    letters = {piece.letter for piece in pieces}
    out: list[Room] = []
    for piece in pieces:
        if piece.bars < LEAST * whole and len(pieces) > 1:
            continue
        if len(letters) > 1:
            kind: SectionKind = "chorus" if piece.letter == chorus else "verse"
        else:
            kind = "chorus" if len(out) % 2 or len(pieces) == 1 else "verse"
        out.append(Room(kind, ground.first + piece.bar, piece.bars))
    if not out:  # nothing but scraps, as in a very short track: the longest is sung in all the same
        piece = max(pieces, key=lambda piece: piece.bars)
        return [Room("chorus", ground.first + piece.bar, piece.bars)]
    return _bridged(out, [piece.letter for piece in pieces if piece.bars >= LEAST * whole])


def between_ends(music: Music) -> tuple[int, int]:
    """The parts of a piece without its intro and its outro: the first of them, and the one behind the last."""
    parts = music.parts
    loud = [loudness(music, part) for part in parts]
    usual = max(loud)
    begin, end = 0, len(parts)
    while end - begin > 1 and (loud[begin] < usual - QUIET or (begin == 0 and parts[0].bars <= FRAME_BARS)):
        begin += 1
    while end - begin > 1 and (
        loud[end - 1] < usual - QUIET or (end == len(parts) and parts[-1].bars <= FRAME_BARS and end - begin > 2)
    ):
        end -= 1
    return begin, end


def in_pieces(part: Part, most: int) -> list[Part]:
    """A long part in pieces of `most` bars; a short rest goes with the last one."""
    if part.bars < most * 3 // 2:
        return [part]
    return [part._replace(bars=most), *in_pieces(part._replace(bar=part.bar + most, bars=part.bars - most), most)]


def _aired(pieces: Sequence[Part], bars: int, whole: int) -> list[Part]:
    """The pieces without the track's first and last bars, as far as a phrase is left."""
    out = list(pieces)
    early = min(AIR * whole // 2, max(0, out[0].bars - whole)) if out[0].bar == 0 else 0
    out[0] = out[0]._replace(bar=out[0].bar + early, bars=out[0].bars - early)
    late = min(AIR, max(0, out[-1].bars - whole)) if out[-1].bar + out[-1].bars >= bars else 0
    out[-1] = out[-1]._replace(bars=out[-1].bars - late)
    return out


def _bridged(found: list[Room], letters: Sequence[str]) -> list[Room]:
    """The rooms with a bridge: the last verse, if its music comes only once and choruses stand around it."""
    for k in range(len(found) - 2, 2, -1):
        lonely = found[k].kind == "verse" and letters.count(letters[k]) == 1
        if lonely and found[k + 1].kind == "chorus" and any(room.kind == "chorus" for room in found[:k]):
            return [*found[:k], found[k]._replace(kind="bridge"), *found[k + 1 :]]
    return found


def words_over(brief: Brief, given: Given, lyrics: str | None, seed: int, *, prompt: str, draft: str) -> Words:
    """The words that are sung over a track. Raises `Rejected` if they cannot be sung, or the track is too short."""
    music = steady(given)
    ground = ground_of(music, given.heard.seconds)
    found = rooms(brief, music, ground)
    whole, _ = room_of(brief.bpm, brief.metre)
    form: Form = tuple((room.kind, room.bars // whole) for room in found)
    for seconds in (brief.seconds, SHORT):
        words = set_words(replace(brief, seconds=seconds), lyrics, seed, prompt, draft, form=form)
        if _placed(words.sections, found, ground) is not None:
            return words
    least = sum(_bars(part) for part in words.sections) * brief.bar
    raise Rejected(
        f"Sung whole, these words take {_clock(least)}, and the instrumental lasts {_clock(given.heard.seconds)}. "
        "Leave out some lines, or give a longer instrumental.",
        "rejected_input",
        "instrumental_url",
    )


def steady(given: Given) -> Music:
    """What was heard of a sound whose beat is followed. Raises `Rejected` where it has none."""
    if given.heard.music is None or len(given.heard.music.bars) < 1:
        what = "instrumental" if given.role == "instrumental" else "voice"
        raise Rejected(
            f"No beat can be heard in the {what}, so nothing can go along with it. Give one that keeps some time.",
            "rejected_input",
            f"{given.role}_url",
        )
    return given.heard.music


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def lay_over(brief: Brief, words: Words, given: Given) -> list[tuple[Section, LyricSection | None]]:
    """The sections of a take over the track, in even beats, each with its words if it is sung."""
    music = steady(given)
    ground = ground_of(music, given.heard.seconds)
    placed = _placed(words.sections, rooms(brief, music, ground), ground) or []
    sung = [
        (Room(lyric.kind, bar, _bars(lyric)), lyric)
        for lyric, bar in zip(words.sections, placed, strict=True)
        if lyric.phrases
    ]
    whole, _ = room_of(brief.bpm, brief.metre)
    lyrics = {room.bar: lyric for room, lyric in sung}
    tiled = lined_up([room for room, _ in sung], ground, max(2, whole))
    strengths = energies(brief, [Place(room.kind, room.bars) for room in tiled])
    return [
        (even_section(brief, ground, room, energy, lyrics.get(room.bar)), lyrics.get(room.bar))
        for room, energy in zip(tiled, strengths, strict=True)
    ]


def _bars(lyric: LyricSection) -> int:
    return sum(phrase.bars for phrase in lyric.phrases)


def _placed(parts: Sequence[LyricSection], found: Sequence[Room], ground: Ground) -> list[int] | None:
    """The bar with which each part of the words begins, or None where there is no room for them.

    The cheapest way, by dynamic programming: at the beginning of a part of its own kind, not over its end.
    """
    for first, last in ((found[0].bar, found[-1].end), (min(1, ground.bars), ground.bars)):
        sung = [part for part in parts if part.phrases]
        if sum(_bars(part) for part in sung) <= last - first:
            break
    else:
        return None
    best = np.zeros(last + 1)
    best[:first] = np.inf
    came: list[np.ndarray] = []
    for part in parts:
        before = _free_from(best)
        back = np.array(
            [int(np.argmin(best[: bar + 1] + _IDLE * (bar - np.arange(bar + 1)))) for bar in range(last + 1)]
        )
        length = _bars(part)
        after = np.full(last + 1, np.inf)
        source = np.zeros(last + 1, int)
        for bar in range(first, last - length + 1):
            cost = before[bar] + (_cost(part, bar, found) if part.phrases else 0.0)
            if cost < after[bar + length]:
                after[bar + length], source[bar + length] = cost, bar
        came.append(np.stack([source, back]))
        best = after
    if not np.isfinite(best).any():
        return None
    at = int(np.argmin(best))
    starts: list[int] = []
    for source, back in reversed(came):
        bar = int(source[at])
        starts.append(bar)
        at = int(back[bar])
    return starts[::-1]


def _free_from(best: np.ndarray) -> np.ndarray:
    """What it costs at least to be done by each bar, if the bars since then are not sung."""
    out = best.copy()
    for bar in range(1, len(out)):
        out[bar] = min(out[bar], out[bar - 1] + _IDLE)
    return out


def _cost(part: LyricSection, bar: int, found: Sequence[Room]) -> float:
    """How badly a part of the words stands at a bar."""
    room = next((room for room in found if room.bar <= bar < room.end), None)
    end = bar + _bars(part)
    if room is None:
        return 2.0 + _INSIDE
    into = bar - room.bar
    cost = (_INSIDE + _ODD * (into % 2) if into else 0.0) + _OTHER_KIND * (room.kind != part.kind)
    return cost + _OVER * sum(other.bar < end and other.bar > bar and other.kind != part.kind for other in found)
