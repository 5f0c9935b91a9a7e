"""Writes words where the person gave none: couplets of our own from `couplets.txt`, chosen by theme, never one twice.

The data file says how it is laid out. What comes out is sung as written, and marked as generated wherever it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from .chance import dice
from .scansion import Scan, length, scan_chorus, scan_couplets, total
from .score import Brief, Mood, Words
from .subject import LONGEST, Subject

COUPLETS = Path(__file__).parent / "couplets.txt"
Style = Literal["plain", "waltz", "rap", "sparse"]
SHELVES: dict[Style, tuple[str, str]] = {
    "plain": ("verse", "lift"),
    "waltz": ("waltz", "waltz"),
    "rap": ("rap", "lift"),
    "sparse": ("chant", "chant"),
}
"""Which couplets of the data file are verses, and which lead up to a chorus."""
PLAN: dict[Style, int] = {"plain": 8, "waltz": 8, "rap": 10, "sparse": 4}
"""How many syllables a line of a verse is meant to have, give or take one."""
ANYTIME = ("road", "city", "friends", "summer", "courage", "memory", "sky", "home", "hope", "dance")
"""Themes for songs that name none and have no mood."""
MOODS: dict[Mood, tuple[str, ...]] = {
    "happy": ("summer", "friends", "dance", "table"),
    "hopeful": ("hope", "courage", "road"),
    "playful": ("animals", "friends", "summer", "table"),
    "tender": ("love", "home", "memory"),
    "calm": ("sea", "woods", "rain", "home"),
    "dreamy": ("sky", "sea", "memory"),
    "lullaby": ("lullaby",),
    "sad": ("parting", "letting", "rain", "grief"),
    "dark": ("city", "winter", "sea", "parting"),
    "mysterious": ("woods", "sky", "sea", "city"),
    "angry": ("courage", "work", "letting"),
    "energetic": ("dance", "courage", "road", "city"),
}
"""Themes for songs that name none, by their mood."""
SAD: frozenset[Mood] = frozenset(("sad", "dark", "angry"))
"""Moods in which nobody raises a glass."""
COMMON = "any"
"""The theme whose lines fit every song."""
CALLED = 0.7
"""How often the chorus names what the song is about where verses do so too."""
SHORTEST = 3
"""Syllables of a hook."""
SLOT = re.compile(r"\{(\w+)\}")


class Author(Protocol):
    """Whoever writes what a song lacks. `part` counts parts of one kind from 0."""

    def couplets(self, count: int, part: int) -> tuple[str, ...]:
        """The lines of a verse of `count` couplets."""

    def lift(self, part: int) -> tuple[str, ...]:
        """Two lines before a chorus, or a bridge."""

    def chorus(self) -> tuple[str, ...]:
        """Four lines; the first is the hook."""


@dataclass(slots=True)
class Theme:
    """What our lines can speak of."""

    name: str
    asks: frozenset[str]
    shelves: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    """Couplets and choruses by the words that open them in the data file: "verse", "hook" and so on."""


@cache
def library() -> tuple[dict[str, Theme], dict[str, tuple[str, ...]]]:
    """All themes by name, and the words for each slot."""
    themes: dict[str, Theme] = {}
    slots: dict[str, tuple[str, ...]] = {}
    theme = Theme("", frozenset())
    for line in COUPLETS.read_text("utf-8").splitlines():
        head, _, rest = line.partition(" ")
        if head == "slot":
            name, _, words = rest.partition(":")
            slots[name] = tuple(words.split())
        elif head == "theme":
            name, _, asks = rest.partition(":")
            theme = themes[name] = Theme(name, frozenset(asks.split()))
        elif head.endswith(":"):
            theme.shelves.setdefault(head[:-1], []).append(tuple(rest.split(" / ")))
    return themes, slots


def style_of(brief: Brief) -> Style:
    """What kind of lines suit a song."""
    if brief.metre != "4/4":
        return "waltz"
    if brief.idiom == "hiphop":
        return "rap"
    return "sparse" if brief.idiom in ("house", "ambient") else "plain"


def scan_written(words: Words, brief: Brief) -> Scan:
    """How well the words that are not the person's own rhyme and keep to their plan."""
    plan = PLAN[style_of(brief)]
    scans: list[Scan] = []
    for section in words.sections:
        if section.generated and section.kind == "chorus":
            scans += [scan_chorus(section.lines[at : at + 4]) for at in range(0, len(section.lines), 4)]
        elif section.generated and section.lines:
            scans.append(scan_couplets(section.lines, plan if section.kind == "verse" else min(plan, PLAN["plain"])))
    return total(scans)


class Writer:
    """Our own `Author`: writes for one song, and the same song the same way again."""

    def __init__(self, brief: Brief, subject: Subject | None, seed: int, given: Sequence[str] = ()) -> None:
        """`given`: lines the person wrote; what they speak of counts as well, and none of them is written again."""
        self._chance = dice(seed, "verses")
        self._style = style_of(brief)
        self._subject = subject
        self._must_call = self._style == "sparse" or brief.length == "short"
        self._sad = bool(brief.mood & SAD)
        self._words = set(_with_singulars((*brief.about, *given[:4])))
        self._taken = {_bare(line) for line in given}
        self._slots: dict[str, list[str]] = {
            name: [str(word) for word in self._chance.permutation(words)] for name, words in library()[1].items()
        }
        self.themes, self._others = self._choose(brief.mood)

    def _choose(self, moods: Iterable[Mood]) -> tuple[list[Theme], list[Theme]]:
        """One or two themes, whose words the song shares most, else by its mood; and all others, the nearest first."""
        themes = [theme for theme in library()[0].values() if theme.name != COMMON]
        drawn = [themes[int(i)] for i in self._chance.permutation(len(themes))]
        fitting = {name for mood in moods for name in MOODS[mood]}
        shared = {theme.name: len(self._words & theme.asks) for theme in drawn}
        drawn.sort(key=lambda theme: (-shared[theme.name], theme.name not in fitting, theme.name not in ANYTIME))
        count = 2 if shared[drawn[1].name] or not shared[drawn[0].name] else 1
        return drawn[:count], drawn[count:]

    def couplets(self, count: int, part: int) -> tuple[str, ...]:
        """The lines of a verse of `count` couplets; themes take turns. The first one says what the song is about."""
        count *= 2 if self._style == "sparse" else 1
        lines = self._about() if part < 2 else ()
        while len(lines) < 2 * count:
            lines += self._take(self._pool(SHELVES[self._style][0], part))
        return lines

    def lift(self, part: int) -> tuple[str, ...]:
        """Two lines before a chorus, or a bridge."""
        return self._take(self._pool(SHELVES[self._style][1], part))

    def chorus(self) -> tuple[str, ...]:
        """Four lines; the first is the hook."""
        lines = self._called() or self._filled(self._drawn(self.themes[0].shelves["hook"]))
        return lines[:2] * 2 if self._style == "sparse" else lines

    def _called(self) -> tuple[str, ...]:
        """A chorus that names what the song is about, where there is such a thing; always where no verse can do so."""
        chance = self._chance.random()  # drawn in any case, so that what follows does not depend on the subject
        if self._subject is None or (chance > CALLED and not self._must_call):
            return ()
        name = self._subject.names[0]
        calls = [c for c in self._naming("call", "plea") if SHORTEST <= length(_named(c[0], name)) <= LONGEST]
        return self._filled(self._drawn(calls), name) if calls else ()

    def _about(self) -> tuple[str, ...]:
        """A couplet that names what the song is about, in lines of the right length; the fullest name that fits."""
        if self._subject is None or self._style == "sparse":
            return ()
        shelves = ("shout", "shout") if self._style == "rap" else ("about", "toast")
        couplets = [couplet for couplet in self._naming(*shelves) if _bare(couplet[0]) not in self._taken]
        for name in self._subject.names:
            fitting = [c for c in couplets if abs(length(_named(c[0], name)) - PLAN[self._style]) <= 1]
            if fitting:
                couplet = self._drawn(fitting)
                self._taken.add(_bare(couplet[0]))
                return self._filled(couplet, name)
        return ()

    def _naming(self, shelf: str, glad: str) -> list[tuple[str, ...]]:
        """Lines that name what the song is about: the theme's own, else those for all songs, or for all glad ones."""
        if own := self.themes[0].shelves.get(shelf):
            return own
        shelves = library()[0][COMMON].shelves
        sober = self._sad or (self._subject is not None and self._subject.doing)
        return shelves[shelf] if sober or glad == shelf else [*shelves[shelf], *shelves[glad]]

    def _pool(self, shelf: str, part: int) -> list[tuple[str, ...]]:
        """Couplets left: of the part's own theme, else of any."""
        own = self.themes[part % len(self.themes)]
        common = library()[0][COMMON]
        left = (
            [couplet for couplet in theme.shelves.get(shelf, ()) if _bare(couplet[0]) not in self._taken]
            for theme in (own, *self.themes, common, *self._others)
        )
        return next((pool for pool in left if pool), own.shelves["verse"])

    def _take(self, pool: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
        """One couplet, more likely one that shares words with what the song is about."""
        weights = [1.0 + 2 * len(self._words.intersection(re.findall(r"[a-z]+", " ".join(c).lower()))) for c in pool]
        couplet = self._drawn(pool, weights)
        self._taken.add(_bare(couplet[0]))
        return self._filled(couplet)

    def _drawn(self, pool: Sequence[tuple[str, ...]], weights: Sequence[float] = ()) -> tuple[str, ...]:
        shares = np.array(weights or [1.0] * len(pool))
        return pool[int(self._chance.choice(len(pool), p=shares / shares.sum()))]

    def _filled(self, lines: tuple[str, ...], name: str = "") -> tuple[str, ...]:
        """Lines with their slots filled; a slot's words take turns within a song."""
        return tuple(SLOT.sub(self._next, _named(line, name)) for line in lines)

    def _next(self, match: re.Match[str]) -> str:
        words = self._slots[match[1]]
        words.append(words.pop(0))
        return words[-1]


def _named(line: str, name: str) -> str:
    """A line that says what the song is about."""
    return line.replace("{subject}", name).replace("{Subject}", name[:1].upper() + name[1:])


def _bare(line: str) -> str:
    """What two lines have in common if they are the same to the ear."""
    return line.lower().strip(" .,!?")


def _with_singulars(phrases: Iterable[str]) -> Iterator[str]:
    """The words of phrases, and what they are without a plural s."""
    for word in " ".join(phrases).lower().split():
        yield word
        if word.endswith("s"):
            yield word[:-1]
