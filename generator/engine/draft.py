"""Words that somebody else wrote for us: taken as far as they rhyme, scan and can be sung; our writer adds the rest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.protocol import json_text
from generator.protocol.errors import Rejected

from .scansion import length, rhymes, scan_chorus
from .singable import check_lyrics

if TYPE_CHECKING:
    from .verses import Author  # it brings numpy, which the process that serves the site goes without

HOOK_LINES = 4
"""A text of up to so many lines without tags is a hook: the rest is written around it."""
MOST_LINES = 40
LONGEST_LINE = 80
"""Characters."""
SIGNS = frozenset(" ,.!?;:'’“”\"-–—")
"""What a line may hold beside letters: no brackets, figures or addresses."""
CHORUS_LINE = (2, 9)
"""Syllables of a chorus line."""
GOOD_SHARE = 0.5
"""If fewer of its couplets are good, a draft is of no use: what is left of it would not hang together."""

Couplet = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """Words for a song, in couplets but for the chorus; nothing is said of their worth yet."""

    verses: tuple[tuple[Couplet, ...], ...]
    lifts: tuple[Couplet, ...]
    """Couplets that lead up to a chorus, and last the bridge."""
    chorus: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """All lines."""
        couplets = [couplet for verse in self.verses for couplet in verse] + list(self.lifts)
        return (*(line for couplet in couplets for line in couplet), *self.chorus)

    @property
    def text(self) -> str:
        """The draft as JSON, for `read_draft`."""
        verses = [[line for couplet in verse for line in couplet] for verse in self.verses]
        lift, bridge = ([*couplet] for couplet in (*self.lifts, (), ())[:2])
        body = {"verses": verses, "lift": lift, "bridge": bridge, "chorus": self.chorus}
        return json.dumps(body, ensure_ascii=False)


def read_draft(text: str) -> Draft:
    """The draft in a model's answer, whatever it wrote around the JSON. Raises ValueError if there is none."""
    body = json_text.read_object(text[text.find("{") : text.rfind("}") + 1])
    verses = body.get("verses")
    if not isinstance(verses, list) or not verses:
        raise ValueError("no verses")
    lifts = [couplet for name in ("lift", "bridge") for couplet in _couplets(_lines(body.get(name, [])))[:1]]
    draft = Draft(tuple(_couplets(_lines(verse)) for verse in verses), tuple(lifts), _lines(body.get("chorus", [])))
    if not 4 <= len(draft.lines) <= MOST_LINES:
        raise ValueError("too few lines, or too many")
    try:
        check_lyrics("\n".join(draft.lines))
    except Rejected as refusal:
        raise ValueError("cannot be sung") from refusal
    return draft


def _lines(value: Any) -> tuple[str, ...]:
    """Lines that hold nothing but words. Raises ValueError."""
    if not isinstance(value, list):
        raise ValueError("no list of lines")
    for line in value:
        plain = isinstance(line, str) and all(c.isalpha() or c in SIGNS for c in line)
        if not plain or not 0 < len(line) <= LONGEST_LINE:
            raise ValueError("no line of words")
    return tuple(" ".join(line.split()) for line in value)


def _couplets(lines: Sequence[str]) -> tuple[Couplet, ...]:
    return tuple(zip(lines[::2], lines[1::2], strict=False))


class Drafted:
    """An `Author` that sings a draft where it is good, and has `writer` write the rest."""

    def __init__(self, draft: Draft, writer: Author, plan: int) -> None:
        """`plan`: how many syllables a line of a verse is meant to have, give or take one."""
        self._writer = writer
        self._taken: set[str] = set()
        verses = [[couplet for couplet in verse if self._is_good(couplet, plan)] for verse in draft.verses]
        lifts = [couplet for couplet in draft.lifts if self._is_good(couplet, min(plan, 8))]
        count = sum(map(len, draft.verses)) + len(draft.lifts)
        useful = sum(map(len, verses)) + len(lifts) >= GOOD_SHARE * count
        self._verses, self._lifts = (verses, lifts) if useful else ([], [])
        self._chorus = draft.chorus if useful and _is_chorus(draft.chorus) else ()

    def _is_good(self, couplet: Couplet, plan: int) -> bool:
        """Whether it rhymes, scans, and has not been there before."""
        new = not self._taken.intersection(line.lower() for line in couplet)
        self._taken.update(line.lower() for line in couplet)
        return new and rhymes(*couplet) and all(abs(length(line) - plan) <= 1 for line in couplet)

    def couplets(self, count: int, part: int) -> tuple[str, ...]:
        """See `Author`."""
        left = self._verses[part] if part < len(self._verses) else []
        own = [line for couplet in left[:count] for line in couplet]
        missing = count - len(own) // 2
        return (*own, *self._writer.couplets(missing, part)[: 2 * missing]) if missing else tuple(own)

    def lift(self, part: int) -> tuple[str, ...]:
        """See `Author`."""
        return self._lifts.pop(0) if self._lifts else self._writer.lift(part)

    def chorus(self) -> tuple[str, ...]:
        """See `Author`."""
        return self._chorus or self._writer.chorus()


def _is_chorus(lines: Sequence[str]) -> bool:
    low, high = CHORUS_LINE
    scan = scan_chorus(lines)
    whole = scan.length_share == scan.rhyme_share == 1 and lines[0].lower() == lines[2].lower()
    return whole and all(low <= length(line) <= high for line in lines)
