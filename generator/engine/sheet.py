"""Reads a lyric sheet: tags, stanzas and lines, as people write them down.

A tag stands alone in brackets (`[Verse 2]`, `[Pre-Chorus]`, `(Chorus)`), or with a colon or number (`Chorus:`,
`Verse 1`), and may ask for repeats (`[Chorus x2]`). Everything else in square brackets is a direction and is not sung.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from .lexicon import WRITTEN_SHORT
from .score import SectionKind
from .words import syllables

TAGS: tuple[tuple[str, SectionKind], ...] = (
    ("prechorus", "prechorus"),
    ("pre chorus", "prechorus"),
    ("pre hook", "prechorus"),
    ("post chorus", "interlude"),
    ("build", "prechorus"),
    ("chorus", "chorus"),
    ("hook", "chorus"),
    ("refrain", "chorus"),
    ("verse", "verse"),
    ("strophe", "verse"),
    ("rap", "verse"),
    ("bridge", "bridge"),
    ("middle eight", "bridge"),
    ("middle 8", "bridge"),
    ("breakdown", "breakdown"),
    ("drop", "drop"),
    ("instrumental", "instrumental"),
    ("solo", "instrumental"),
    ("interlude", "interlude"),
    ("break", "interlude"),
    ("intro", "intro"),
    ("outro", "outro"),
    ("ending", "outro"),
    ("coda", "outro"),
    ("end", "outro"),
)
"""What a tag says and which part it means; the first one found in the tag counts."""
PLAYED: frozenset[SectionKind] = frozenset(
    ("intro", "outro", "interlude", "instrumental", "drop", "breakdown", "bridge")
)
"""Parts that are played when a tag has no words under it; the others are then sung again, or written."""

LONGEST_TAG = 40
LONGEST_CHAIN = 24
"""Characters of a word with hyphens that is still sung in one breath."""
TIMES = re.compile(r"(?:^|[\s(\[])(?:[x×]\s?([2-8])|([2-8])\s?[x×])[)\]]?$")
AGAIN = re.compile(r"\s*[(\[](?:repeat(?:ed)?|again|bis)[)\]]$", re.IGNORECASE)
LABEL = re.compile(r"([a-z][a-z -]{2,20}?)\s?\d{0,2}\s?(?:[(\[]?[x×]\s?\d[)\]]?)?\s?:?", re.ASCII)


@dataclass(slots=True)
class Stanza:
    """Lines that stand together; `kind` is None where no tag says what they are."""

    kind: SectionKind | None
    lines: list[str] = field(default_factory=list)
    times: int = 1


@lru_cache(4096)
def sung_tokens(line: str) -> tuple[str, ...]:
    """The words of a written line that are sung, as they stand: not directions in brackets, nor signs without sound."""
    tokens: list[str] = []
    depth = 0
    for token in line.split():
        opened = depth
        depth = max(0, depth + token.count("[") - token.count("]"))
        if not (opened or depth or token.startswith("[")):
            tokens += (part for part in _parts(token) if syllables(part))
    return tuple(tokens)


def _parts(token: str) -> list[str]:
    """A token divided after dashes and slashes between words; after hyphens only if it is long."""
    if token.lower() in WRITTEN_SHORT:
        return [token]
    cuts = "—–…/-" if len(token) > LONGEST_CHAIN else "—–…/"
    return [part for part in re.split(f"(?<=[{cuts}])(?<!\\d/)(?=\\w)", token) if part]


def read_sheet(text: str) -> list[Stanza]:
    """The stanzas of a sheet in order; those with neither a tag nor a sung line are left out. Linear in the text."""
    stanzas: list[Stanza] = []
    current: Stanza | None = None
    tagged = False
    for raw in text.splitlines():
        line = " ".join(raw.split())
        kind, rest, times = _tag(line)
        if kind is not None:
            current = Stanza(kind, times=times)
            stanzas.append(current)
            tagged = True
            line = rest
        if not line:
            # Blank lines part stanzas, but not the lines under one tag.
            current = current if tagged else None
            continue
        line, times = _repeats(line)
        if not line and current is not None:
            current.times = times
        if not sung_tokens(line):
            continue
        if current is None:
            current = Stanza(None)
            stanzas.append(current)
        current.lines += [line] * times
    return stanzas


def _tag(line: str) -> tuple[SectionKind | None, str, int]:
    """What part a line's tag names, the rest of the line, and how often the part is asked for."""
    bare = line.strip("*#_ ")
    if bare.startswith(("[", "(")):
        close = bare.find("]" if bare[0] == "[" else ")")
        if 0 < close <= LONGEST_TAG:
            label, rest = bare[1:close], bare[close + 1 :].strip("*_: ")
            kind = _kind(label)
            if kind and (bare[0] == "[" or (not rest and LABEL.fullmatch(label.lower()))):
                after = TIMES.search(rest) if len(rest) < 6 else None
                times = TIMES.search(label) or after
                return kind, "" if after else rest, _count(times)
    elif len(bare) <= LONGEST_TAG and (bare.endswith(":") or bare[-1:].isdigit() or bare[-1:] == ")"):
        match = LABEL.fullmatch(bare.lower())
        kind = _kind(match[1]) if match else None
        if match and kind and len(match[1].split()) <= 2:
            return kind, "", _count(TIMES.search(bare.rstrip(": ")))
    return None, line, 1


def _kind(label: str) -> SectionKind | None:
    """The part that a tag's text names, or None if it is only a direction."""
    said = f" {label.lower().replace('-', ' ')} "
    return next((kind for word, kind in TAGS if f" {word}" in said), None)


def _count(match: re.Match[str] | None) -> int:
    return min(4, int(match[1] or match[2])) if match else 1


def _repeats(line: str) -> tuple[str, int]:
    """A line without the "(x2)" or "(repeat)" at its end, and how often it is sung; alone it is about the stanza."""
    again = AGAIN.search(line[-12:])
    if again:
        return line[: len(line) - len(again[0])].rstrip(), 2
    match = TIMES.search(line[-8:])
    if not match or (match.start() == 0 and len(line) <= 8 and line[0] not in "(["):
        return line, 1
    return line[: len(line) - len(line[-8:]) + match.start()].rstrip(), _count(match)
