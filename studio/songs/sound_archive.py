"""Recordings in archives of a library: how they leave, and how they come in again, on another site or after a loss.

library.json names those in its part under "recordings": [{"id", "file", "name", "tempo", "key", "downbeat",
"created_at"}], the last four but one as in `sounds.Sound`. What was heard in them is heard anew: an archive may say
anything. Songs know their recordings by their ids, so these stay, where they are free.
"""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from generator.canonical import LARGEST
from generator.protocol.errors import AudioUnusable
from generator.protocol.text import one_line
from generator.zipped import Entry
from studio.accounts.models import User
from studio.songs import everything, filenames, sounds, taking_in
from studio.songs.library_facts import as_id, own
from studio.songs.sounds import KEYS, LONGEST_NAME, MOST, TEMPOS, Sound

BEATS = 4
"""A bar has at most so many; `Sound.downbeat` is less."""
Pieces = Callable[[str, int], Iterator[bytes]]
"""An entry's bytes, unpacked, of which there may be at most so many."""


def entries(found: Iterable[Sound]) -> list[Entry]:
    """The files of some recordings."""
    return [everything.stored(_file(sound), sound.file) for sound in found]


def told(found: Iterable[Sound]) -> list[dict[str, Any]]:
    """What library.json says of them."""
    return [
        {
            "id": str(sound.pk),
            "file": _file(sound),
            "name": sound.name,
            "tempo": sound.tempo,
            "key": sound.key,
            "downbeat": sound.downbeat,
            "created_at": sound.created_at.astimezone(UTC).isoformat(timespec="seconds"),
        }
        for sound in found
    ]


def bring(listed: list[dict[str, Any]], pieces: Pieces, user: User) -> tuple[int, list[tuple[str, str]]]:
    """Take in the recordings that are not here yet: how many, and (name, why) of those that were left out."""
    came, refused = 0, []
    for facts in listed[:MOST]:
        pk, name = as_id(facts.get("id")), one_line(facts.get("name"), LONGEST_NAME)
        if pk is None or sounds.of(user).filter(pk__in=(pk, own(user, pk))).exists():
            continue
        try:
            row = _one(facts, pieces, user, own(user, pk) if Sound.objects.filter(pk=pk).exists() else pk)
        except AudioUnusable as unfit:
            refused.append((name, unfit.sentence))
        except (KeyError, zipfile.BadZipFile):
            refused.append((name, _("A file of it is damaged.")))
        else:
            _correct(row, facts)
            came += 1
    return came, refused


def _one(facts: dict[str, Any], pieces: Pieces, user: User, pk: uuid.UUID) -> Sound:
    """Raises `AudioUnusable`; KeyError where the archive has no such file."""
    if sounds.of(user).count() >= MOST:
        raise AudioUnusable(_("There are %(most)s recordings; delete one first.") % {"most": MOST}, "audio_rejected")
    with TemporaryDirectory(dir=settings.DATA_DIR, prefix="duplet-sound-") as folder:
        path = Path(folder) / "foreign"
        with path.open("wb") as file:
            for piece in pieces(one_line(facts.get("file"), 240), LARGEST):
                file.write(piece)
        return taking_in.take_in(user, path, Path(folder), one_line(facts.get("name"), LONGEST_NAME), pk=pk)


def _correct(row: Sound, facts: dict[str, Any]) -> None:
    """What its owner knew better, as far as it can be."""
    tempo, key, downbeat = facts.get("tempo"), facts.get("key"), facts.get("downbeat")
    row.tempo = tempo if isinstance(tempo, str) and tempo in TEMPOS else row.tempo
    row.key = key if isinstance(key, str) and key in KEYS else ""
    row.downbeat = downbeat if isinstance(downbeat, int) and 0 <= downbeat < BEATS else 0
    row.save(update_fields=["tempo", "key", "downbeat"])


def _file(sound: Sound) -> str:
    return f"recordings/{filenames.folder_name(sound.name)} {sound.pk.hex[:8]}.flac"
