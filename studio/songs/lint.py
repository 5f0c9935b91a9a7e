"""What is odd about lyrics before anybody sings them: each finding with its place, and the line as it was meant.

Nothing is refused here; `CreateForm` refuses the words that are told as errors.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.utils.translation import gettext as _

from studio.songs import nsfw

Level = Literal["error", "warning"]

MOST = 50
"""Findings of one text."""
LONGEST = 60_000
"""Characters that are looked at; far more than are sung."""
LONGEST_LINE = 110
"""Characters that can be sung in one go: twice the longest lines of songs."""
TAGS = (
    *("Verse", "Chorus", "Bridge", "Intro", "Outro", "Pre-chorus", "Post-chorus", "Instrumental", "Interlude"),
    *("Solo", "Hook", "Refrain", "Break", "Breakdown", "Build", "Drop", "Rap", "Spoken", "Coda", "End", "Tag"),
)
"""Names of parts that engines know; a number may follow, and a word on how, as in [Verse 2: whispered]."""
KNOWN = {re.sub(r"\W", "", tag.lower()): tag for tag in TAGS}
ALONE = re.compile(r"\s*\[([^\[\]]{1,40})\]\s*")
WITHIN = re.compile(r"\[[^\[\]]{1,40}\]")
UNCLOSED = re.compile(r"\s*\[([^\[\]]{1,40})\s*")
ODD_SPACE = re.compile(r"^[ \t]+|[ \t]+$|\t|[\u00a0\u2000-\u200b\u3000]|(?<=\S) {2,}(?=\S)")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd: `line` from 1, `start` and `end` in that line, counted as JavaScript counts (UTF-16 units)."""

    line: int
    start: int
    end: int
    level: Level
    says: str
    fix: str | None = None
    """The whole line as it was meant; empty to take it out; None where only its writer knows."""

    @property
    def is_fixable(self) -> bool:
        """There is a line that it could be changed to."""
        return self.fix is not None


def findings(lyrics: str) -> list[Finding]:
    """All that is odd in `lyrics`, in its order; at most 50. Lines end at LF, CRLF or CR."""
    lines = lyrics.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = [*_refused(lyrics, lines), *_doubled(lines)]
    for number, line in enumerate(lines, start=1):
        found += _of_line(number, line)
    return sorted(found, key=lambda one: (one.line, one.start))[:MOST]


def _refused(lyrics: str, lines: list[str]) -> Iterator[Finding]:
    for one in nsfw.check(lyrics):
        if one.kind in settings.NSFW_REFUSE:
            says = _("This site does not sing “%(word)s”.") % {"word": one.word}
            yield _at(one.line, lines[one.line - 1], one.word, "error", says)


def _doubled(lines: list[str]) -> Iterator[Finding]:
    """Tags that follow each other with nothing between them."""
    before: tuple[str, int] | None = None
    for number, line in enumerate(lines, start=1):
        tag = ALONE.fullmatch(line)
        if tag and before and _plain(tag[1]) == before[0]:
            yield _whole(number, line, _("[%(tag)s] stands twice in a row.") % {"tag": tag[1].strip()}, fix="")
        if tag:
            before = (_plain(tag[1]), number)
        elif line.strip():
            before = None


def _of_line(number: int, line: str) -> Iterator[Finding]:
    tag = ALONE.fullmatch(line)
    if tag:
        yield from _of_tag(number, line, tag[1])
    elif (within := WITHIN.search(line)) and _known(within[0]):
        apart = "\n".join(part for part in re.split(rf"\s*({WITHIN.pattern})\s*", line) if part)
        says = _("%(tag)s marks a part only on a line of its own.") % {"tag": within[0]}
        yield Finding(number, *_units(line, within.start(), within.end()), "warning", says, apart)
    elif (unclosed := UNCLOSED.fullmatch(line)) and _known(unclosed[1]):
        yield _whole(number, line, _("This tag has no closing bracket."), fix=f"[{unclosed[1].strip()}]")
    if spaces := list(ODD_SPACE.finditer(line)) if line.strip() else []:
        says = _("Spaces that are not needed.")
        start, end = spaces[0].span()
        yield Finding(number, *_units(line, start, end), "warning", says, " ".join(line.replace("\u200b", "").split()))
    if not tag and len(line.strip()) > LONGEST_LINE:
        yield _whole(number, line, _("This line is long for one breath: %(n)s characters.") % {"n": len(line.strip())})


def _of_tag(number: int, line: str, name: str) -> Iterator[Finding]:
    if _known(name):
        return
    near = difflib.get_close_matches(_plain(name), KNOWN, n=1, cutoff=0.7)
    if near:
        meant = KNOWN[near[0]]
        says = _("[%(tag)s] is no known part. Did you mean [%(meant)s]?") % {"tag": name.strip(), "meant": meant}
        yield _whole(number, line, says, fix=f"[{meant}]")


def _known(name: str) -> bool:
    return _plain(name) in KNOWN


def _plain(name: str) -> str:
    """A tag's name without number, manner and case: "Verse 2: whispered" is a verse."""
    return re.sub(r"[\W\d_]", "", re.split(r"[:,|(]", name, maxsplit=1)[0].lower())


def _whole(number: int, line: str, says: str, *, fix: str | None = None) -> Finding:
    return Finding(number, *_units(line, 0, len(line)), "warning", says, fix)


def _at(number: int, line: str, word: str, level: Level, says: str) -> Finding:
    start = line.lower().find(word.lower())
    start, end = (start, start + len(word)) if start >= 0 else (0, len(line))
    return Finding(number, *_units(line, start, end), level, says)


def _units(line: str, start: int, end: int) -> tuple[int, int]:
    """Places as JavaScript counts them: two for what lies beyond the first plane."""
    return _length(line[:start]), _length(line[:end])


def _length(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)
