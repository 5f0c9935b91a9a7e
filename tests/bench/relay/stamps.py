"""Memory that the host and the tabs share: when each percent of each song was told, in monotonic nanoseconds."""

from __future__ import annotations

import mmap
from pathlib import Path

MOST_SONGS = 2048
SLOTS = 128
"""For each song: slot 0 is when it was accepted, 1 to 100 its percents, 101 its end."""
ACCEPTED, ENDED = 0, 101
GO, STOP = 0, 1
"""The two words before them: from when on songs grow, and when they end. 0 means not yet."""
_HEAD = 2


class Stamps:
    """The file behind it is made by whoever comes first."""

    def __init__(self, path: Path) -> None:
        size = 8 * (_HEAD + MOST_SONGS * SLOTS)
        with path.open("a+b") as file:
            file.truncate(size)
            self._words = memoryview(mmap.mmap(file.fileno(), size)).cast("q")

    def get(self, song: int, slot: int) -> int:
        """The moment, 0 if it has not come."""
        return self._words[_HEAD + song * SLOTS + slot]

    def put(self, song: int, slot: int, moment: int) -> None:
        """Note a moment."""
        self._words[_HEAD + song * SLOTS + slot] = moment

    def signal(self, word: int) -> int:
        """When `GO` or `STOP` is to be, 0 if that is not known yet."""
        return self._words[word]

    def set_signal(self, word: int, moment: int) -> None:
        """Say when it is to be."""
        self._words[word] = moment

    def told(self, songs: int, begin: int, end: int) -> int:
        """How many percents the host told between two moments."""
        table = self._words[_HEAD : _HEAD + songs * SLOTS].tolist()
        return sum(begin <= table[song * SLOTS + percent] < end for song in range(songs) for percent in range(1, ENDED))
