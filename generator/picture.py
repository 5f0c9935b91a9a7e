"""A song's picture, made anew: whatever a host sends, what is kept is a small WebP of our own and nothing else.

Drawn anew, a picture loses all that a file can carry beside what is seen: places, cameras, colour profiles, comments,
further frames, and other files behind or inside it. Only four kinds are taken, by their first bytes.

Decoding happens in a child process (`generator.child`): `python -m generator.picture FILE`.
"""

from __future__ import annotations

import io
import os
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from generator import child

if TYPE_CHECKING:
    from PIL import Image

HEAD_BYTES = 12
BEGINNINGS = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff", "GIF": b"GIF8"}
LARGEST_SIDE = 1024
"""Pixels of the longer side of what is kept; our own covers have as many."""
SMALLEST_SIDE = 16
"""Pixels; what is smaller is no cover but somebody counting who looks."""
MOST_PIXELS = 25_000_000
QUALITY = 88


async def remade(path: Path) -> bytes:
    """The picture at `path` as WebP, at most 1024 by 1024 pixels, upright. Raises `child.UnfitError`.

    Takes PNG, JPEG, WebP and GIF of up to 25 million pixels; of a moving one the first frame is kept.
    """
    _, made = await child.ask(__name__, path)
    if sniffed(made[:HEAD_BYTES]) != "WEBP":
        raise child.UnfitError("The picture could not be drawn.")
    return made


def sniffed(head: bytes) -> str | None:
    """Pillow's name for what begins with `head` (`HEAD_BYTES` or more); None for all that is not taken."""
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    return next((kind for kind, begins in BEGINNINGS.items() if head.startswith(begins)), None)


def _plain(image: Image.Image) -> Image.Image:
    """The same picture in eight bits of red, green and blue, with transparency where it has some."""
    if image.mode.startswith("I"):  # 16 bits of grey, or more: Pillow would cut them off at 255
        return image.convert("I").point(lambda level: level * (1 / 256)).convert("L").convert("RGB")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def bare(descriptor: int) -> Image.Image:
    """In a child: what is seen of a foreign picture, upright, at most `LARGEST_SIDE` wide and high. Shuts the child.

    Raises `child.UnfitError`.
    """
    kind = sniffed(os.pread(descriptor, HEAD_BYTES, 0))
    if kind is None:
        raise child.UnfitError("This is no PNG, JPEG, WebP or GIF picture.")
    # Loaded under the limits, in the child alone, and all of it before the doors are shut: Pillow imports late.
    import copy  # noqa: F401, PLC0415

    from PIL import Image, ImageColor, ImageOps, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin  # noqa: F401, PLC0415

    Image.preinit()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)  # beyond that number Pillow only warns
    child.shut()
    try:
        with os.fdopen(descriptor, "rb") as file, Image.open(file, formats=(kind,)) as image:
            if min(image.size) < SMALLEST_SIDE:
                raise child.UnfitError("The picture is too small to be seen.")
            image.draft("RGB", (2 * LARGEST_SIDE, 2 * LARGEST_SIDE))  # a JPEG can be read smaller than it is
            image.load()
            with suppress(Exception):  # notes on how it was held may be rubbish: then it stays as it is
                ImageOps.exif_transpose(image, in_place=True)
            small = _plain(image)
            small.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
            return Image.frombytes(small.mode, small.size, small.tobytes())  # nothing but what is seen
    except (child.UnfitError, MemoryError):
        raise
    except Exception as error:  # decoders of hostile files fail in many ways, and all mean the same
        raise child.UnfitError(f"The picture cannot be read ({type(error).__name__}).") from None


def webp(image: Image.Image) -> bytes:
    """A picture that was drawn anew, as it is kept."""
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


def _draw(descriptor: int) -> child.Answer:
    return {}, webp(bare(descriptor))


if __name__ == "__main__":
    child.answer(_draw)
