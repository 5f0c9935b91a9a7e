"""A kept picture in the sizes in which it is shown, so that a row of 48 pixels does not fetch a poster.

What is kept came out of `generator.picture`, but from a process that had read a foreign file: it is decoded under the
same limits, in a child of its own: `python -m generator.thumbnails FILE`.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

from generator import child, picture

if TYPE_CHECKING:
    from PIL import Image

WIDTHS = (96, 192, 400, 800)
"""Pixels: a row, a tile, a page, each also for finer screens."""
QUALITY = {96: 40, 192: 40, 400: 50, 800: 50}
"""Of WebP, by width: of the smallest a page shows two dozen."""
SOFTENED = 0.45
"""Radius of a blur in pixels of the small picture: halftone dots become the shade that they stand for. Measured on
twelve of our prints: 2.1 kB at 192 pixels, where quality 70 without it takes 3.6 kB and shows a pattern of its own."""


async def made(path: Path) -> dict[int, bytes]:
    """The WebP at `path` in each of `WIDTHS`, none wider than it is itself. Raises `child.UnfitError`."""
    facts, joined = await child.ask(__name__, path)
    found, begin = {}, 0
    for width in WIDTHS:
        size = facts.get(str(width))
        piece = joined[begin : begin + size] if isinstance(size, int) and size > 0 else b""
        if picture.sniffed(piece[: picture.HEAD_BYTES]) != "WEBP":
            raise child.UnfitError("The picture could not be drawn smaller.")
        found[width], begin = piece, begin + len(piece)
    return found


def _draw(descriptor: int) -> child.Answer:
    # Loaded in the child alone, and before its doors are shut.
    from PIL import Image, ImageFilter, WebPImagePlugin  # noqa: F401, PLC0415

    Image.preinit()
    Image.MAX_IMAGE_PIXELS = picture.LARGEST_SIDE**2
    child.shut()
    try:
        with os.fdopen(descriptor, "rb") as file, Image.open(file, formats=("WEBP",)) as image:
            if max(image.size) > picture.LARGEST_SIDE:
                raise child.UnfitError("The picture is larger than those that are kept.")
            image.load()
            whole = image.copy()
    except (child.UnfitError, MemoryError):
        raise
    except Exception as error:  # as in generator.picture
        raise child.UnfitError(f"The picture cannot be read ({type(error).__name__}).") from None
    pieces = {str(width): _small(whole, width) for width in WIDTHS}
    return {width: len(piece) for width, piece in pieces.items()}, b"".join(pieces.values())


def _small(whole: Image.Image, width: int) -> bytes:
    from PIL import ImageFilter  # noqa: PLC0415  loaded above

    factor = max(1.0, max(whole.size) / width)
    small = whole.filter(ImageFilter.GaussianBlur(SOFTENED * factor)) if factor > 1 else whole.copy()
    small.thumbnail((width, width))
    out = io.BytesIO()
    small.save(out, "WEBP", quality=QUALITY[width], method=6)
    return out.getvalue()


if __name__ == "__main__":
    child.answer(_draw)
