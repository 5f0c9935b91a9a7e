"""A song after a reference: its tempo, metre, key, length and the course of its strength, where the prompt leaves them
open. Tune, words and band are new."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..given import Given
from ..listening.facts import Music
from .dynamics import curve_of
from .figures import key_of, metre_of, playable, tempo_of
from .prompt import read
from .score import Brief, Curve

SHORTEST, LONGEST = 60, 240
"""Seconds of a song after a reference; an excerpt of one is no model for its length."""
EVEN, APART, RISE = 3.5, 9.0, 5.0
"""Decibels between quiet and loud parts up to which a piece is as strong all along, and from which its parts stand
against each other; and by which its last third is louder than its first where it grows."""
_SPAN = 8
"""Seconds over which loudness is judged."""


def like(brief: Brief, prompt: str, reference: Given) -> Brief:
    """`brief` in the manner of what was heard in the reference. What the prompt itself says stays as it is."""
    music = reference.heard.music
    if music is None:
        return brief
    text = read(prompt).text
    changed = brief
    if metre_of(text) is None:
        changed = replace(changed, metre=music.metre)
    if tempo_of(text) is None:
        changed = replace(changed, bpm=playable(music.bpm))
    if key_of(prompt)[0] is None:
        changed = replace(changed, tonic=music.key.scale, minor=music.key.minor)
    if not brief.timed and brief.length == "normal" and reference.heard.seconds >= SHORTEST:
        changed = replace(changed, seconds=round(min(LONGEST, reference.heard.seconds)), timed=True)
    return changed if curve_of(text) else replace(changed, curve=course(music))


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
