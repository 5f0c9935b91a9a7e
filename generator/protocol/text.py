"""Words from elsewhere, made fit for one line of a page or a log."""

from __future__ import annotations

import unicodedata

UNFIT = frozenset(("Cc", "Cs", "Zl", "Zp"))
"""Unicode's categories of control characters, lone surrogates, line and paragraph separators."""
TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
"""Marks that turn the direction of all text behind them (UAX #9): words of others must not reorder a page. Arabic and
Hebrew need none of them to be read, and the marks that only sit beside a letter stay."""


def one_line(text: object, limit: int) -> str:
    """`text` as one line of at most `limit` characters: no control characters, runs of white space made single.

    Marks that turn the direction of writing are left out.
    """
    head = str(text or "")[: 4 * limit]
    if head.isascii() and head.isprintable():  # nearly all are, and a song has thousands of words
        return " ".join(head.split())[:limit].rstrip()
    plain = "".join(" " if unicodedata.category(c) in UNFIT else c for c in head.translate(TURNING))
    return " ".join(plain.split())[:limit].rstrip()
