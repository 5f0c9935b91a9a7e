"""A song's cover for what cannot show SVG: as it is stored, or as a plain print; and small, for the tags of files."""

from __future__ import annotations

import io
import logging
from functools import lru_cache

from django.core.files.storage import default_storage
from PIL import Image, ImageChops, ImageDraw

from generator import id3
from studio.songs import prints
from studio.songs.models import Generation

log = logging.getLogger(__name__)

KEPT = 64
"""Small covers of about 50 KiB that a process remembers: a player that saves a file in ranges asks for it again."""
SIDE = 630


def cover(art: str, seed: int, inks: int) -> bytes:
    """The artwork as it is stored under the name `art`, or a print where that is empty. Raises OSError."""
    if not art:
        return _two_discs(seed, inks)
    with default_storage.open(art) as file:
        return bytes(file.read())


def small(generation: Generation) -> bytes:
    """The cover as a JPEG: at most 512 pixels wide and high, at most 300 KB. Where its file is lost, a print."""
    try:
        return _small(str(generation.album_art.name or ""), generation.seed, generation.inks)
    except OSError:
        log.warning("The artwork of song %s cannot be read.", generation.pk)
        return _small("", generation.seed, generation.inks)


@lru_cache(KEPT)
def _small(art: str, seed: int, inks: int) -> bytes:
    return id3.jpeg(cover(art, seed, inks))


def _two_discs(seed: int, inks: int) -> bytes:
    """A plain print in the song's inks, for a song without artwork: where its discs lie over each other both show."""
    a, b = prints.INKS[(inks - 1) % len(prints.INKS)]
    sheet = Image.new("RGB", (SIDE, SIDE), prints.PAPER)
    for ink, place in ((a, seed % 120), (b, 180 + seed % 90)):
        plate = Image.new("RGB", (SIDE, SIDE), "white")
        ImageDraw.Draw(plate).ellipse((60 + place, 100 + place // 2, 360 + place, 400 + place // 2), fill=ink)
        sheet = ImageChops.multiply(sheet, plate)
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()
