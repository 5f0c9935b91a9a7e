"""Hosts repeat in their complaints what they were sent. What a person wrote is theirs, and stays out of logs."""

from __future__ import annotations

import re
from collections.abc import Iterable

HIDDEN = "<their words>"
SHORTEST = 12
"""Letters and digits in a row, punctuation and space left out, from which a repetition is no coincidence; a whole
text may be shorter."""
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
BETWEEN = re.compile(r"(?:\\[nrt]|[^\w]|_)+")


def without(text: str, written: Iterable[str]) -> str:
    """`text` with every passage hidden that also stands in one of the texts `written`, however it is spaced or quoted.

    >>> without('Refused: {"prompt": "A song about\\\\nrain"}', ["a song about rain"])
    'Refused: {"prompt": "<their words>"}'
    """
    texts = [bare for one in written if (bare := _bare(one))]
    plain = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    spans = [(gap.start(), gap.end()) for gap in BETWEEN.finditer(plain)]
    edges = [0, *(edge for span in spans for edge in span), len(plain)]
    words = [(begin, end) for begin, end in zip(edges[::2], edges[1::2], strict=True) if begin < end]
    kept, cursor, first = [], 0, 0
    while first < len(words):
        last, run = first, ""
        while last < len(words) and any(run + _bare(plain[slice(*words[last])]) in one for one in texts):
            run += _bare(plain[slice(*words[last])])
            last += 1
        if len(run) < SHORTEST and run not in texts:
            first += 1
            continue
        kept += [plain[cursor : words[first][0]], HIDDEN]
        cursor, first = words[last - 1][1], last
    return "".join([*kept, plain[cursor:]]) if kept else text


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
