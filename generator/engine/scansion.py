"""Do lines rhyme, and are they as long as they are meant to be? By the sounds they are sung with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .sheet import sung_tokens
from .words import rhyme_key, syllables


class Scan(NamedTuple):
    """How many lines there are and how many of them have the right length; the same for pairs and rhymes."""

    lines: int
    in_length: int
    pairs: int
    rhymed: int

    @property
    def length_share(self) -> float:
        """Share of lines within a syllable of their plan, 0 to 1."""
        return self.in_length / max(1, self.lines)

    @property
    def rhyme_share(self) -> float:
        """Share of pairs that rhyme, 0 to 1."""
        return self.rhymed / max(1, self.pairs)


def length(line: str) -> int:
    """Syllables of a line as it is sung."""
    return sum(len(syllables(token)) for token in sung_tokens(line))


def rhymes(first: str, second: str) -> bool:
    """Whether two lines end on different words that sound alike from their last stress on."""
    ends = [sung_tokens(line)[-1:] for line in (first, second)]
    if not all(ends):
        return False
    (one,), (other,) = ends
    return one.strip(".,!?;:").lower() != other.strip(".,!?;:").lower() and rhyme_key(one) == rhyme_key(other)


def scan_couplets(lines: Sequence[str], plan: int) -> Scan:
    """Lines that rhyme in pairs and have `plan` syllables each, give or take one."""
    fit = sum(abs(length(line) - plan) <= 1 for line in lines)
    pairs = list(zip(lines[::2], lines[1::2], strict=False))
    return Scan(len(lines), fit, len(pairs), sum(rhymes(*pair) for pair in pairs))


def scan_chorus(lines: Sequence[str]) -> Scan:
    """Four lines of which the second and the fourth rhyme and are equally long, and the hook comes again as the third.

    What is sung again word for word rhymes with itself.
    """
    if len(lines) != 4:
        return Scan(len(lines), 0, 1, 0)
    hook, answer, again, last = lines
    fit = 2 * (length(hook) == length(again)) + 2 * (abs(length(answer) - length(last)) <= 1)
    return Scan(4, fit, 1, int(answer == last or rhymes(answer, last)))


def total(scans: Iterable[Scan]) -> Scan:
    """All together."""
    return Scan(*(sum(values) for values in zip(Scan(0, 0, 0, 0), *scans, strict=True)))
