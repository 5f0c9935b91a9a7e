"""Writes words where the person gave none: couplets of our own from `couplets.txt`, chosen by theme, never one twice.

The data file says how it is laid out. What comes out is sung as written, and marked as generated wherever it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from .chance import dice

COUPLETS = Path(__file__).parent / "couplets.txt"
ANYTIME = frozenset(("road", "city", "friends", "summer", "courage", "memory", "sky", "home"))
"""Themes for songs that name none."""
SLOT = re.compile(r"\{(\w+)\}")


@dataclass(slots=True)
class Theme:
    """What our lines can speak of."""

    name: str
    asks: frozenset[str]
    verses: list[tuple[str, ...]] = field(default_factory=list)
    lifts: list[tuple[str, ...]] = field(default_factory=list)
    hooks: list[tuple[str, ...]] = field(default_factory=list)


@cache
def library() -> tuple[dict[str, Theme], dict[str, tuple[str, ...]]]:
    """All themes by name, and the words for each slot."""
    themes: dict[str, Theme] = {}
    slots: dict[str, tuple[str, ...]] = {}
    theme = Theme("", frozenset())
    for line in COUPLETS.read_text("utf-8").splitlines():
        head, _, rest = line.partition(" ")
        lines = tuple(rest.split(" / "))
        if head == "slot":
            name, _, words = rest.partition(":")
            slots[name] = tuple(words.split())
        elif head == "theme":
            name, _, asks = rest.partition(":")
            theme = themes[name] = Theme(name, frozenset(asks.split()))
        elif head == "verse:":
            theme.verses.append(lines)
        elif head == "lift:":
            theme.lifts.append(lines)
        elif head == "hook:":
            theme.hooks.append(lines)
    return themes, slots


class Writer:
    """Writes the parts of one song. Lines it has used, or that the person has, do not come again."""

    def __init__(self, about: Sequence[str], seed: int, taken: Sequence[str] = ()) -> None:
        """`about`: words that say what the song is about; `taken`: lines already in the song."""
        self._chance = dice(seed, "verses")
        self._words = frozenset(word for phrase in about for word in _with_singulars(phrase))
        self._taken = {line.lower().strip(" .,!?") for line in taken}
        self._slots: dict[str, list[str]] = {
            name: [str(word) for word in self._chance.permutation(words)] for name, words in library()[1].items()
        }
        self.themes = self._choose()

    def _choose(self) -> list[Theme]:
        """Two themes: those whose words the song shares most, earlier ones first; strangers are drawn."""
        themes = list(library()[0].values())
        order = self._chance.permutation(len(themes))
        shared = {theme.name: len(self._words & theme.asks) for theme in themes}
        ranked = sorted((themes[int(i)] for i in order), key=lambda theme: -shared[theme.name])
        if not shared[ranked[0].name]:
            return [theme for theme in ranked if theme.name in ANYTIME][:2]
        return ranked[: 2 if shared[ranked[1].name] else 1]

    def couplets(self, count: int, part: int) -> tuple[str, ...]:
        """The lines of a verse of `count` couplets; `part` counts verses, so that two themes take turns."""
        lines: list[str] = []
        for _ in range(count):
            lines += self._take(self._pool("verses", part))
        return tuple(lines)

    def lift(self, part: int) -> tuple[str, ...]:
        """Two lines before a chorus, or a bridge."""
        return self._take(self._pool("lifts", part))

    def chorus(self) -> tuple[str, ...]:
        """Four lines; the first is the hook."""
        hooks = self.themes[0].hooks
        return self._filled(hooks[int(self._chance.integers(len(hooks)))])

    def _pool(self, shelf: str, part: int) -> list[tuple[str, ...]]:
        """Couplets left: of the part's own theme, else of any."""
        own = self.themes[part % len(self.themes)]
        themes = [own, *self.themes, *library()[0].values()]
        pools = ([c for c in getattr(theme, shelf) if c[0].lower() not in self._taken] for theme in themes)
        return next((pool for pool in pools if pool), getattr(own, shelf))

    def _take(self, pool: list[tuple[str, ...]]) -> tuple[str, ...]:
        """One couplet, more likely one that shares words with what the song is about."""
        weights = np.array(
            [1.0 + 2 * len(self._words.intersection(re.findall(r"[a-z]+", " ".join(c).lower()))) for c in pool]
        )
        couplet = pool[int(self._chance.choice(len(pool), p=weights / weights.sum()))]
        self._taken.add(couplet[0].lower())
        return self._filled(couplet)

    def _filled(self, lines: tuple[str, ...]) -> tuple[str, ...]:
        """Lines with their slots filled; a slot's words take turns within a song."""
        return tuple(SLOT.sub(self._next, line) for line in lines)

    def _next(self, match: re.Match[str]) -> str:
        words = self._slots[match[1]]
        words.append(words.pop(0))
        return words[-1]


def _with_singulars(phrase: str) -> list[str]:
    """A phrase's words, and what they are without a plural s."""
    words = phrase.lower().split()
    return words + [word[:-1] for word in words if word.endswith("s")]
