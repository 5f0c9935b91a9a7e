"""Where a song's files lie: early sound while it is made, the stored takes and the cover for good.

Every name holds the fence of the lease under which it was written, so that a process that was thought dead can neither
overwrite nor remove what another one has kept since.
"""

from __future__ import annotations

import shutil
import time
import uuid
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from studio.songs.generations import stored
from studio.songs.models import Generation

EARLY_KEPT_SECONDS = 24 * 3600.0


def folder(generation_id: uuid.UUID) -> str:
    """The name in storage under which all of a song's files lie."""
    return f"songs/{generation_id}"


def early_folder(generation_id: uuid.UUID, fence: int) -> Path:
    """Early audio and unfinished downloads of a song under one lease."""
    return Path(settings.EARLY_DIR) / str(generation_id) / str(fence)


def put(path: Path, name: str) -> str:
    """Move a file into storage under `name`; what the same lease left there is replaced. Raises OSError."""
    if default_storage.exists(name):
        default_storage.delete(name)
    try:
        with path.open("rb") as file:
            return default_storage.save(name, File(file))
    except OSError:
        drop(name)  # a part of it may lie there
        raise
    finally:
        path.unlink(missing_ok=True)


def drop(name: str) -> None:
    """Remove one stored file that no row names."""
    with suppress(OSError):
        default_storage.delete(name)


def named(generation_id: uuid.UUID) -> set[str] | None:
    """The stored files that the rows of a song name; None while it is not over, or where there is no such song."""
    row = Generation.objects.prefetch_related("versions__stems").filter(pk=generation_id).first()
    if row is None or not row.is_final:
        return None
    return {name for _, name in stored(row)}


def tidy(generation_id: uuid.UUID, kept: set[str]) -> None:
    """Remove what attempts have left of a song that is over, all but the files named in `kept`."""
    with suppress(OSError):
        _, found = default_storage.listdir(folder(generation_id))
        for name in (f"{folder(generation_id)}/{name}" for name in found):
            if name not in kept:
                drop(name)


def sweep_early() -> None:
    """Remove early audio that nobody can be listening to any more."""
    if settings.EARLY_DIR.is_dir():
        for old in settings.EARLY_DIR.iterdir():
            with suppress(FileNotFoundError):
                if time.time() - old.stat().st_mtime > EARLY_KEPT_SECONDS:
                    shutil.rmtree(old, ignore_errors=True)
