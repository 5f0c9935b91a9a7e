"""A song after a reference: its tempo, metre, key, length, form, the course of its strength and its brightness, where
the prompt leaves them open. Tune, words and band are new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import mean

import numpy as np

from ..given import Given
from ..listening.chorus import chorus_of, loudness
from ..listening.facts import Music, Part
from .dynamics import curve_of
from .figures import key_of, metre_of, playable, tempo_of
from .mix import WISHED_LOUDNESS
from .over import FRAME_BARS, PIECE, between_ends, in_pieces
from .phrasing import room_of
from .prompt import read
from .score import Brief, Curve, SectionKind, Sketch

SHORTEST, LONGEST = 60, 240
"""Seconds of a song after a reference; an excerpt of one is no model for its length."""
EVEN, APART, RISE = 3.5, 9.0, 5.0
"""Decibels between quiet and loud parts up to which a piece is as strong all along, and from which its parts stand
against each other; and by which its last third is louder than its first where it grows."""
_SPAN = 8
"""Seconds over which loudness is judged."""
CHORUS_ENERGY = 4.5
"""What the loudest part that comes again is taken to have; the others follow by how much less loud they are."""
LIFT_BARS = 8
"""A part of at most so many bars that always leads into the chorus is a prechorus."""
BRIGHTNESS = {
    "pop": 1290,
    "rock": 1610,
    "ballad": 1155,
    "house": 1915,
    "synthwave": 1605,
    "lofi": 1125,
    "jazz": 1620,
    "bossa": 1610,
    "soul": 1680,
    "funk": 1970,
    "ambient": 775,
    "folk": 1110,
    "country": 1365,
    "hiphop": 1130,
    "reggae": 1450,
    "cinematic": 940,
}
"""Hz, by idiom: the middle of the spectrum (`Levels.bright`) of songs without a reference, the mean of two."""
MOST_BRIGHT = 1.0
"""Octaves by which a song may be brighter or darker than its idiom: beyond them it would sound broken."""


def like(brief: Brief, prompt: str, reference: Given) -> Brief:
    """`brief` in the manner of what was heard in the reference. What the prompt itself says stays as it is."""
    music = reference.heard.music
    if music is None:
        return brief
    text = read(prompt).text
    changed = replace(brief, bright=_brightness(brief, music))
    if metre_of(text) is None:
        changed = replace(changed, metre=music.metre)
    if tempo_of(text) is None:
        changed = replace(changed, bpm=playable(music.bpm))
    if key_of(prompt)[0] is None:
        changed = replace(changed, tonic=music.key.scale, minor=music.key.minor)
    seconds = reference.heard.seconds
    if not brief.timed and brief.length == "normal" and seconds >= SHORTEST:
        changed = replace(changed, seconds=round(min(LONGEST, seconds)), timed=True)
        if seconds <= LONGEST:
            changed = replace(changed, form=form_after(changed, music))
    if curve_of(text):
        return changed
    return replace(changed, curve="heard" if changed.form else course(music))


def _brightness(brief: Brief, music: Music) -> float:
    """Octaves by which the reference lies above what the idiom has."""
    if not music.levels.bright:
        return 0.0
    above = float(np.log2(music.levels.bright / BRIGHTNESS[brief.idiom]))
    return round(max(-MOST_BRIGHT, min(MOST_BRIGHT, above)), 2)


def form_after(brief: Brief, music: Music) -> tuple[Sketch, ...]:
    """The parts of a piece as parts of a song at the brief's tempo; none where it is the same all along.

    What is quiet or short at its ends is intro and outro, what is loud and comes long the chorus, what leads into each
    chorus a prechorus, what comes once and late between choruses a bridge, and all else is verses.
    """
    if not music.parts:
        return ()
    begin, end = between_ends(music)
    inner = music.parts[begin:end]
    letters = [part.letter for part in inner]
    chorus = chorus_of(music, inner)
    while letters[-1] != chorus and letters.count(letters[-1]) == 1 and inner[len(letters) - 1].bars <= FRAME_BARS:
        letters.pop()  # what never came before, after the last chorus, leads out
    inner, end = inner[: len(letters)], begin + len(letters)
    if len(set(letters)) < 2:
        return ()
    kinds: list[SectionKind] = ["intro"] * begin
    kinds += _kinds(inner, chorus)
    kinds += ["outro"] * (len(music.parts) - end)
    top = mean(loudness(music, part) for part, kind in zip(music.parts, kinds, strict=True) if kind == "chorus")
    whole, _ = room_of(brief.bpm, brief.metre)
    often = brief.bpm / music.bpm if brief.metre == music.metre else 1.0
    out: list[Sketch] = []
    for part, kind in zip(music.parts, kinds, strict=True):
        energy = _energy(loudness(music, part) - top)
        rests = kind in ("intro", "outro")
        bars = part.bars * (2.0 ** round(float(np.log2(often))))
        spans = round(bars / whole)
        if not spans:
            continue
        if rests and out and out[-1].kind == kind:
            out[-1] = out[-1]._replace(bars=out[-1].bars + spans * whole)
            continue
        pieces = in_pieces(part._replace(bars=spans * whole), PIECE * whole)
        out += [Sketch(kind, piece.bars, energy) for piece in pieces]
    return tuple(out)


def _kinds(parts: Sequence[Part], chorus: str) -> list[SectionKind]:
    """What the parts between intro and outro are."""
    letters = [part.letter for part in parts]
    choruses = [i for i, letter in enumerate(letters) if letter == chorus]
    lifts = {
        letter
        for letter in set(letters) - {chorus}
        if letters.count(letter) > 1
        and all(
            part.bars <= LIFT_BARS
            and i
            and letters[i - 1] not in (letter, chorus)
            and letters[i + 1 : i + 2] == [chorus]
            for i, part in enumerate(parts)
            if part.letter == letter
        )
    }
    out: list[SectionKind] = []
    for i, letter in enumerate(letters):
        once = letters.count(letter) == 1
        if letter == chorus:
            out.append("chorus")
        elif letter in lifts:
            out.append("prechorus")
        elif once and len(choruses) > 2 and choruses[1] < i < choruses[-1]:
            out.append("bridge")
        else:
            out.append("verse")
    return out


def _energy(decibels: float) -> float:
    """How strong a part is that is louder by so much than the chorus: what the desk would make as much louder."""
    strengths, wished = zip(*WISHED_LOUDNESS, strict=True)
    chorus = np.interp(CHORUS_ENERGY, strengths, wished)
    return round(float(np.interp(chorus + decibels, wished, strengths)), 2)


def course(music: Music) -> Curve:
    """How the strength of a piece goes along its length."""
    loud = np.array(music.levels.loudness)
    heard = loud[loud > loud.max() - 40]
    if len(heard) < 3 * _SPAN:
        return "song"
    smooth = np.convolve(heard, np.ones(_SPAN) / _SPAN, "valid")
    low, high = np.quantile(smooth, (0.1, 0.9))
    third = len(smooth) // 3
    if smooth[-third:].mean() - smooth[:third].mean() > RISE:
        return "build"
    return "steady" if high - low < EVEN else "bursting" if high - low > APART else "song"
