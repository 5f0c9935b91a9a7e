"""What people call the parts that recordings take in songs, and the parts that songs are taken apart into."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from generator.given import ROLES, Role
from studio.songs import engine
from studio.songs.models import Stems

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

USES: dict[Role, StrPromise] = {
    "reference": gettext_lazy("Reference"),
    "instrumental": gettext_lazy("Track"),
    "vocal": gettext_lazy("Voice"),
    "melody": gettext_lazy("Melody"),
}
STEMS: dict[str, StrPromise] = {
    "drums": gettext_lazy("Drums"),
    "bass": gettext_lazy("Bass"),
    "harmony": gettext_lazy("Harmony"),
    "lead": gettext_lazy("Lead"),
    "vocal": gettext_lazy("Voice"),
    "backing": gettext_lazy("Backing"),
    "instrumental": gettext_lazy("Your track"),
}
"""What people call the files of an archive of stems."""


def uses() -> list[tuple[Role, StrPromise]]:
    """The roles that the engine in use takes, as people call them."""
    return [(role, USES[role]) for role in ROLES if f"{role}_url" in engine.current().inputs]


def stems_in(found: Stems) -> list[tuple[str, StrPromise]]:
    """The stems of an archive that is ready, in its order; none where it cannot be read."""
    try:
        with found.archive.open("rb") as file, zipfile.ZipFile(file) as archive:
            names = [name.removesuffix(".flac") for name in archive.namelist()]
    except (OSError, zipfile.BadZipFile):
        return []
    return [(name, STEMS[name]) for name in names if name in STEMS]
