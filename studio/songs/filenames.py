"""Names under which songs are saved: whatever a title holds, a file that every system can keep and nobody mistakes."""

from __future__ import annotations

import unicodedata

from generator.protocol.text import one_line

LONGEST = 150
"""Bytes in UTF-8; file systems keep 255, and browsers add to a name that is there already."""
FORBIDDEN = str.maketrans(dict.fromkeys('/\\:*?"<>|', "-"))
"""What some system takes for a separator, a wild card or a device."""
DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"))
)
"""Names that Windows keeps for itself, whatever follows the first full stop."""


def take_name(title: str, letter: str, ending: str) -> str:
    """What one take is called when it is saved: "Home Again (take A).mp3". `ending` comes without its full stop."""
    return f"{_stem(title)} (take {letter}).{ending}"


def stems_name(title: str, letter: str) -> str:
    """What an archive of one take's stems is called: "Home Again (take A, stems).zip"."""
    return f"{_stem(title)} (take {letter}, stems).zip"


def by_word_name(title: str, letter: str) -> str:
    """What a take's LRC with the times of words is called: "Home Again (take A, by word).lrc"."""
    return f"{_stem(title)} (take {letter}, by word).lrc"


def whole_name(title: str) -> str:
    """What an archive of all that belongs to a song is called: "Home Again.zip"."""
    return f"{_stem(title)}.zip"


def folder_name(title: str) -> str:
    """The folder in that archive under which all of it lies."""
    return _stem(title)


def _stem(title: str) -> str:
    plain = one_line(unicodedata.normalize("NFC", title), 1000).translate(FORBIDDEN)
    plain = plain.encode("utf-8")[:LONGEST].decode("utf-8", "ignore")
    plain = plain.strip(" .-~")  # no hidden file, no option of a command
    if plain.partition(".")[0].rstrip().lower() in DEVICES:
        plain = f"Song {plain}"
    return plain or "Song"
