"""Words from elsewhere, made fit for one line of a page or a log."""

from __future__ import annotations

import unicodedata

UNFIT = frozenset(("Cc", "Cs", "Zl", "Zp"))
"""Unicode's categories of control characters, lone surrogates, line and paragraph separators."""


def one_line(text: object, limit: int) -> str:
    """`text` as one line of at most `limit` characters: no control characters, runs of white space made single."""
    head = str(text or "")[: 4 * limit]
    if head.isascii() and head.isprintable():  # nearly all are, and a song has thousands of words
        return " ".join(head.split())[:limit].rstrip()
    plain = "".join(" " if unicodedata.category(c) in UNFIT else c for c in head)
    return " ".join(plain.split())[:limit].rstrip()
