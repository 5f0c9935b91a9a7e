"""Does a text hold words that a site may not want to sing? Own matcher, of linear time, that names line and word.

Words match whole, so that Scunthorpe, Essex and cockatoo pass, against the classes of `nsfw_words.txt`. What is meant
to slip past is undone first: look-alike letters (the most used of Unicode's confusables for a to z), accents, invisible
characters, figures and signs for letters, stars, stretched words, letters set apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import groupby, product
from pathlib import Path
from typing import Literal, cast, get_args

Kind = Literal["slur", "sexual", "strong"]

FILE = Path(__file__).with_name("nsfw_words.txt")
MOST_FINDINGS = 100
LONGEST_SHOWN = 40
LONGEST_MASKED = 24
"""Characters; no listed word is longer."""
LONGEST_FOLDED = 4
"""Letters that one character may be taken for: ligatures of Latin letters have three at most, others up to eighteen."""
INVISIBLE = frozenset(("Mn", "Mc", "Me", "Cf"))
"""Unicode's categories of marks on letters and of characters without a shape, such as zero-width spaces."""
LOOK_ALIKES = """a:аαɑᴀ b:вьβʙ c:сᴄ©¢ d:ԁđᴅ e:еεᴇ€ f:ƒꜰ g:ɡɢ h:һнհħʜ i:іιıɪ¡ j:јᴊ k:кκᴋ l:ӏłʟ£ m:мᴍ n:пηոɴ o:оοσօøᴏ
    p:рρᴘ q:ԛ r:гʀ® s:ѕꜱ t:тτŧᴛ u:υսцᴜ v:νѵᴠ w:ωԝᴡ x:хχ y:γʏ z:ᴢ ¥:у"""
"""Letters of other scripts, behind the Latin one they pass for. The Cyrillic у is both y and u: see `SIGNS`."""
BADGES = (0x1F150, 0x1F170, 0x1F1E6)
"""Where Unicode's white-on-black letters and its flags' letters begin, each from A to Z."""
LATIN = str.maketrans(
    {
        **{other: pair[0] for pair in LOOK_ALIKES.split() for other in pair[2:]},
        **{chr(first + n): chr(ord("a") + n) for first in BADGES for n in range(26)},
    }
)
SIGNS = {"@4": "a", "8": "b", "(<": "c", "3": "e", "69": "g", "#": "h", "0": "o", "5$": "s", "7+": "t", "2": "z"}
"""Figures and signs that stand for one letter; those for two are read in every way."""
READINGS = [
    str.maketrans(
        {**{sign: letter for signs, letter in SIGNS.items() for sign in signs}, **dict.fromkeys("1!|", one), "¥": y}
    )
    for one, y in (("i", "y"), ("l", "y"), ("i", "u"), ("l", "u"))
]
AMBIGUOUS = frozenset("1!|¥")
STANDS_FOR = {sign: {reading[ord(sign)] for reading in READINGS} for sign in map(chr, READINGS[0])}
MASK = frozenset("*#%&?^+=@$!|")
"""Signs that may cover any one letter."""
ENDS = "".join(MASK) + "0123456789"
PIECE = re.compile(r"(?<![^\W_])(?<![@$*])[a-z]+(?![^\W_])(?![@$*])")
ORDINARY = re.compile(r"[\"'“‘(\[]*[a-z]+(?:['’][a-z]+)*[\"'’”.,;:!?…)\]]*")
EDGE = "\"'“”‘’.,;:!?…()[]{}<>/\\-–—_~`·•"
WITHIN = re.compile(r"[a-z]{4,}")
"""Letters between figures and signs; shorter ones are too often part of a word."""
APART = re.compile(r"[-\s–—_.,;:/\\~`·•…'’\"“”\[\]{}]+")
UNREADABLE = re.compile(r"[*%&?^=~)>]")
FIGURE = re.compile(r"\d")
VOWEL_LOST = re.compile(r"([a-z]+)[-–—_.~]([a-z]+)")
PRICE = re.compile(r"\$(?=\d)")
DOUBLED = re.compile(r"(.)\1+")
SMALL_WORDS = "aiou"
"""One-letter words that may stand beside a word whose letters are set apart."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A listed word in a text: `line` from 1, `word` as it was written (at most 40 characters)."""

    line: int
    word: str
    kind: Kind


def check(text: str) -> list[Finding]:
    """All listed words in `text`, in its order, each once a line; at most 100. Lines end at LF, CRLF or CR."""
    reading, found = _Reading(), dict[Finding, None]()
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if line and not line.isspace():
            found.update(dict.fromkeys(Finding(number, word, kind) for word, kind in reading.line(line)))
        if len(found) >= MOST_FINDINGS:
            break
    return list(found)[:MOST_FINDINGS]


@dataclass(slots=True)
class _Words:
    """The data file, in the shapes in which it is looked up."""

    exact: dict[str, Kind] = field(default_factory=dict)
    stretched: dict[str, list[tuple[list[int], Kind]]] = field(default_factory=lambda: defaultdict(list))
    """By the word with every run of one letter made single: how long each run is at least."""
    masked: dict[tuple[int, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    """By length and first letter."""
    phrases: dict[str, list[tuple[list[str], Kind]]] = field(default_factory=lambda: defaultdict(list))
    """By their first word."""
    anywhere: list[str] = field(default_factory=list)
    """Without double letters."""
    allowed: dict[str, list[list[str]]] = field(default_factory=lambda: defaultdict(list))
    """Phrases by each of their words."""

    def add(self, section: str, words: list[str]) -> None:
        if section == "anywhere":
            self.anywhere += words
        elif section == "allowed":
            for word in set(words):
                self.allowed[word].append(words)
        elif len(words) > 1:
            self.phrases[words[0]].append((words, cast(Kind, section)))
        else:
            (word,), kind = words, cast(Kind, section)
            self.exact[word] = kind
            self.stretched[_single(word)].append((_runs(word), kind))
            self.masked[len(word), word[0]].append(word)


@cache
def _words() -> _Words:
    words, section = _Words(), ""
    for line in FILE.read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            if section not in (*get_args(Kind), "anywhere", "allowed"):
                raise ValueError(f"{FILE.name} has a section that is not known: {section}")
        elif line and not line.startswith("#"):
            stem, *endings = line.split("/")
            for ending in ("", *endings):
                words.add(section, (stem + ending).split())
    return words


class _Reading:
    """One text's reading: what was looked up once is not looked up again."""

    def __init__(self) -> None:
        self._words = _words()
        self._known: dict[str, Kind | None] = {}
        self._chunks: dict[str, tuple[str, list[str], Kind | None]] = {}

    def line(self, line: str) -> Iterator[tuple[str, Kind]]:
        """Listed words of one line, as they were written."""
        chunks = line.split()
        told = [self._chunk(chunk) for chunk in chunks]
        pieces = [(piece, at) for at, (_, found, _) in enumerate(told) for piece in found]
        flat = [piece for piece, _ in pieces]
        told_of = set[str]()
        for n, (piece, at) in enumerate(pieces):
            if (kind := self._lookup(piece)) and chunks[at] not in told_of and not self._allowed(flat, n):
                told_of.add(chunks[at])
                yield _shown(chunks[at]), kind
            for phrase, kind in self._words.phrases.get(piece, ()):
                if flat[n : n + len(phrase)] == phrase:
                    yield _shown(" ".join(chunks[at : pieces[n + len(phrase) - 1][1] + 1])), kind
        for at, (_, _, hidden) in enumerate(told):
            if hidden:
                yield _shown(chunks[at]), hidden
        yield from self._set_apart(chunks, [plain for plain, _, _ in told])

    def _chunk(self, chunk: str) -> tuple[str, list[str], Kind | None]:
        """A chunk without white space in plain letters, the words in it, and what it hides beside them."""
        known = self._chunks.get(chunk)
        if known is None:
            plain = _plain(chunk)
            hidden = None if ORDINARY.fullmatch(plain) else self._hidden(plain)
            known = self._chunks[chunk] = plain, PIECE.findall(plain), hidden
        return known

    def _lookup(self, word: str) -> Kind | None:
        if word not in self._known:
            kind = self._find(word)
            if not kind and "v" in word:
                kind = self._find(word.replace("v", "u"))
            self._known[word] = kind
        return self._known[word]

    def _find(self, word: str) -> Kind | None:
        if kind := self._words.exact.get(word):
            return kind
        single = _single(word)
        if any(map(single.__contains__, self._words.anywhere)):
            return "strong"
        if single == word or not (listed := self._words.stretched.get(single)):
            return None
        runs = _runs(word)
        for least, kind in listed:
            if all(run >= length for run, length in zip(runs, least, strict=True)):
                return kind
        return None

    def _allowed(self, flat: Sequence[str], at: int) -> bool:
        """Whether the word at that place belongs to a phrase in which it means no harm."""
        for phrase in self._words.allowed.get(flat[at], ()):
            for offset, word in enumerate(phrase):
                start = at - offset
                if word == flat[at] and start >= 0 and flat[start : start + len(phrase)] == phrase:
                    return True
        return False

    def _hidden(self, plain: str) -> Kind | None:
        """What is written with more than letters: figures, signs, stars, points or hyphens between letters."""
        core = PRICE.sub(" ", plain).strip(EDGE)
        parts = APART.split(core)
        for part in parts:
            if len(part) > 2 and not part.isalpha() and (kind := self._hidden_in(part)):
                return kind
        if len(parts) == 1:
            return None
        if lost := VOWEL_LOST.fullmatch(core):
            for word in (lost[1] + vowel + lost[2] for vowel in "aeiou"):
                if len(word) > 3 and (kind := self._words.exact.get(word)):
                    return kind
        joined = "".join(parts)
        return self._lookup(joined) if joined.isalpha() else self._read(joined)

    def _hidden_in(self, part: str) -> Kind | None:
        """The same for what stands between points and hyphens."""
        for word in (part.strip(ENDS), *WITHIN.findall(part)):
            if word.isalpha() and (kind := self._lookup(word)):
                return kind
        return self._read(part) or self._unmask(part)

    def _read(self, part: str) -> Kind | None:
        """The first listed word that `part` is when its figures and signs are read as letters."""
        if UNREADABLE.search(part) or 2 * len(FIGURE.findall(part)) > len(part):
            return None
        for reading in READINGS[:1] if AMBIGUOUS.isdisjoint(part) else READINGS:
            word = part.translate(reading)
            if word.isalpha() and (kind := self._lookup(word)):
                return kind
        return None

    def _unmask(self, part: str) -> Kind | None:
        """A listed word of which some letters are covered, but its first, its last and enough others are not."""
        if MASK.isdisjoint(part) or not 2 < len(part) <= LONGEST_MASKED or part[0] in MASK or part[-1] in MASK:
            return None
        covered = sum(character in MASK for character in part)
        if len(part) == 3 and "*" not in part:
            return None
        if 2 * covered > len(part) and set(part[1:-1]) != {"*"}:
            return None
        for first in STANDS_FOR.get(part[0], {part[0]}):
            for word in self._words.masked.get((len(part), str(first)), ()):
                if all(p == w or p in MASK or w in STANDS_FOR.get(p, ()) for p, w in zip(part, word, strict=True)):
                    return self._words.exact[word]
        return None

    def _set_apart(self, chunks: Sequence[str], plain: Sequence[str]) -> Iterator[tuple[str, Kind]]:
        """Words of which two letters or more stand by themselves."""
        cores = [word.strip(EDGE) for word in plain]
        end = 0
        for single, run in groupby(cores, key=lambda core: len(core) == 1):
            start, end = end, end + len(list(run))
            if not single or end - start < 2:
                continue
            # A letter at either end may be a word of its own, and a word beside them may be their beginning or end.
            firsts = [start, *([start + 1] if cores[start] in SMALL_WORDS else []), *([start - 1] if start else [])]
            lasts = [
                end,
                *([end - 1] if cores[end - 1] in SMALL_WORDS else []),
                *([end + 1] if end < len(cores) else []),
            ]
            for first, last in product(firsts, lasts):
                word = "".join(cores[first:last])
                kind = self._lookup(word) if word.isalpha() else self._read(word)
                if kind and last - first > 1 and len(word) > 2:
                    yield _shown(" ".join(chunks[first:last])), kind
                    break


def _plain(chunk: str) -> str:
    """`chunk` in small letters of a to z as far as its characters pass for them."""
    return chunk.lower() if chunk.isascii() else "".join(map(_folded, chunk))


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """What one character passes for. One by one, since marks in their thousands take quadratic time to put in order."""
    if unicodedata.category(character) in INVISIBLE:
        return ""
    letters = unicodedata.normalize("NFKD", character)[:LONGEST_FOLDED]
    return "".join(one for one in letters if unicodedata.category(one) not in INVISIBLE).lower().translate(LATIN)


def _single(word: str) -> str:
    return DOUBLED.sub(r"\1", word)


def _runs(word: str) -> list[int]:
    return [len(list(run)) for _, run in groupby(word)]


def _shown(written: str) -> str:
    shown = "".join(c if c.isprintable() else " " for c in written[: 4 * LONGEST_SHOWN]).strip(EDGE + " ")
    return shown[:LONGEST_SHOWN]
