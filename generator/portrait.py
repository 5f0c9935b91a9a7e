"""A person's picture: foreign, so drawn anew as a cover is, and cut to a square around its middle.

Decoding happens in a child process (`generator.child`): `python -m generator.portrait FILE`.
"""

from __future__ import annotations

from pathlib import Path

from generator import child, picture

SIDE = 640
"""Pixels of what is kept at most: a page shows 232 of them, or twice as many on a fine screen."""


async def squared(path: Path) -> bytes:
    """The picture at `path` as a square WebP of at most 640 by 640 pixels. Raises `child.UnfitError`.

    Takes what `generator.picture` takes. Of a long one the middle is kept, of a high one the part a little above it,
    where faces are.
    """
    _, made = await child.ask(__name__, path)
    if picture.sniffed(made[: picture.HEAD_BYTES]) != "WEBP":
        raise child.UnfitError("The picture could not be drawn.")
    return made


def _draw(descriptor: int) -> child.Answer:
    seen = picture.bare(descriptor)
    side = min(seen.size)
    left, top = (seen.width - side) // 2, (seen.height - side) * 2 // 5
    square = seen.crop((left, top, left + side, top + side))
    square.thumbnail((SIDE, SIDE))
    return {}, picture.webp(square)


if __name__ == "__main__":
    child.answer(_draw)
