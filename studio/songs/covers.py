"""Covers in the sizes in which pages show them: made once from the kept picture, and kept beside it."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from asgiref.sync import async_to_sync
from django.core.files.base import ContentFile
from django.core.files.storage import Storage

from generator import thumbnails
from generator.child import UnfitError

log = logging.getLogger(__name__)

WIDTHS = {str(width): width for width in thumbnails.WIDTHS}
"""By the way in which addresses ask for them."""
SIZED = re.compile(rf"-(?:{'|'.join(WIDTHS)})(?=\.webp$)")


def sized(name: str, width: int) -> str:
    """The name of the picture `name` in this width: cover-1-ab.webp is kept in 96 pixels as cover-1-ab-96.webp."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}-{width}.{ending}"


def all_of(name: str) -> list[str]:
    """The names of a picture's sizes, whether they were made or not."""
    return [sized(name, width) for width in thumbnails.WIDTHS]


def whole(name: str) -> str:
    """The name of the picture that this is, or may be, a size of."""
    return SIZED.sub("", name)


def kept(storage: Storage, name: str, width: int) -> str:
    """The name under which the picture `name` is kept in this width; its own where it cannot be made smaller.

    The first to ask waits for about a third of a second, in which all widths are made.
    """
    small = sized(name, width)
    if not name.endswith(".webp"):
        return name
    return small if storage.exists(small) or _make(storage, name) else name


def _make(storage: Storage, name: str) -> bool:
    with TemporaryDirectory(prefix="duplet-cover-") as folder:
        path = Path(folder) / "whole.webp"
        try:
            with storage.open(name) as file:
                path.write_bytes(file.read())
            for width, piece in async_to_sync(thumbnails.made)(path).items():
                _keep(storage, sized(name, width), piece)
        except (UnfitError, OSError) as fault:
            log.warning("There are no sizes of %s: %s", name, fault)
            return False
    return True


def _keep(storage: Storage, name: str, piece: bytes) -> None:
    if storage.exists(name):
        return
    there = storage.save(name, ContentFile(piece))
    if there != name:  # somebody was faster
        storage.delete(there)
