"""All that belongs to a song, as one archive, written while it is sent: for safe keeping, and for a way back.

song.json says all of a song that another Duplet would need to show it again:

    {"format": "duplet-song", "version": 1,
     "id": UUID, "title": str, "artist": str, "prompt": str, "lyrics": str, "seed": int,
     "made_with_ai": true, "made_by": the host's name,
     "made_from": UUID or null, "led_to": [UUID ...],
     "created_at", "accepted_at", "finished_at": ISO 8601 in UTC, or null,
     "kept_take": "A", "B" or null, "cover": file name,
     "takes": [{"letter": "A" or "B", "file": file name, "kind": "mp3", "wav", "flac" or "ogg",
                "duration_ms": int, "peaks": [400 of 0-100],
                "understood": {tempo, key, metre, voice, style ...},
                "lyrics_sections": [{"section_type", "start", "end", "lines": [{"start", "end", "text", "words"}]}]}]}

Times of words are milliseconds from the start of a take. Its owner's notes are left out, since archives are passed on,
and so are the addresses of given sound, which may let others in where it lies.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.files.storage import Storage
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from generator.zipped import Entry, entry
from studio.songs import filenames, media, prints, sheets, tagged
from studio.songs.models import Generation, Stems, Version

FORMAT, FORMAT_VERSION = "duplet-song", 1


def entries(song: Generation) -> list[Entry]:
    """What the archive of a song with at least one stored take holds, all of it in one folder."""
    takes = [version for version in song.versions.all() if version.state == Version.State.STORED]
    found = [_sound(song, version) for version in takes]
    for version in takes:
        version.generation = song
        found += _beside(song, version)
    found += [_cover(song), entry("song.json", _told(song, takes)), entry("About this song.txt", _about(song))]
    folder = filenames.folder_name(song.name)
    return [Entry(f"{folder}/{each.name}", each.size, each.read) for each in found]


def _sound(song: Generation, version: Version) -> Entry:
    name = filenames.take_name(song.name, version.letter, version.ending)
    storage, place = version.audio.storage, str(version.audio.name)
    version.generation = song
    if version.ending != "mp3":
        return _file(name, storage, place, version.size)
    made = tagged.tagged(version)
    length = made.last - made.first
    return Entry(name, made.size, lambda: media.behind(made.tag, media.pieces(storage, place, made.first, length)))


def _beside(song: Generation, version: Version) -> list[Entry]:
    """Notes, words and stems of a take, as far as there are any."""
    found = []
    if version.midi:
        found.append(stored(filenames.take_name(song.name, version.letter, "mid"), version.midi))
    if parts := sheets.parts(version):
        for ending in sheets.KINDS:
            words = sheets.written(version, parts, ending)
            found.append(entry(filenames.take_name(song.name, version.letter, ending), words.encode()))
        by_word = sheets.written(version, parts, "lrc", by_word=True)
        found.append(entry(filenames.by_word_name(song.name, version.letter), by_word.encode()))
    stems = Stems.objects.filter(version=version, state=Stems.State.READY).first()
    if stems is not None:
        archive = stems.archive
        found.append(
            _file(filenames.stems_name(song.name, version.letter), archive.storage, str(archive.name), stems.size)
        )
    return found


def _cover(song: Generation) -> Entry:
    if song.album_art:
        return stored(_cover_name(song), song.album_art)
    return entry(_cover_name(song), prints.draw(song.seed, song.inks).encode())


def _cover_name(song: Generation) -> str:
    return f"cover.{str(song.album_art.name).rpartition('.')[2] if song.album_art else 'svg'}"


def stored(name: str, field: FieldFile) -> Entry:
    """An entry of what lies in storage."""
    return _file(name, field.storage, str(field.name), field.storage.size(str(field.name)))


def _file(name: str, storage: Storage, stored: str, size: int) -> Entry:
    def read() -> AsyncGenerator[bytes]:
        return media.pieces(storage, stored, 0, size)

    return Entry(name, size, read)


def _told(song: Generation, takes: list[Version]) -> bytes:
    """song.json."""
    facts: dict[str, Any] = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "id": str(song.pk),
        "title": song.name,
        "artist": tagged.artist(song),
        "prompt": song.prompt,
        "lyrics": song.lyrics,
        "seed": song.seed,
        "made_with_ai": True,
        "made_by": song.upstream,
        "made_from": _named(song.made_from_id),
        "led_to": [str(pk) for pk in song.led_to.order_by("created_at").values_list("pk", flat=True)],
        "created_at": _moment(song.created_at),
        "accepted_at": _moment(song.accepted_at),
        "finished_at": _moment(song.finished_at),
        "kept_take": "AB"[song.kept_take - 1] if song.kept_take else None,
        "cover": _cover_name(song),
        "takes": [
            {
                "letter": version.letter,
                "file": filenames.take_name(song.name, version.letter, version.ending),
                "kind": version.ending,
                "duration_ms": version.duration_ms,
                "peaks": version.peaks,
                "understood": version.understood,
                "lyrics_sections": tagged.sections(version),
            }
            for version in takes
        ],
    }
    return json.dumps(facts, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def _about(song: Generation) -> bytes:
    told = {"title": song.name, "site": settings.SITE_NAME, "host": song.upstream or settings.SITE_NAME}
    return "\n\n".join(
        (
            _("“%(title)s” was made with AI, on %(site)s. Its sound comes from: %(host)s.") % told,
            _(
                "Every file says so: MP3 in the tags AI_GENERATED and COMM, WAV in ICMT, the words in their last or "
                "first line, song.json in made_with_ai. Please leave that in when you pass the song on."
            ),
            _(
                "%(site)s claims no rights in the song. Where another host made its sound, that host's terms say what "
                "you may do with it. Words and sound that you gave stay under whatever rights they have."
            )
            % told,
            "",
        )
    ).encode()


def _named(pk: uuid.UUID | None) -> str | None:
    return str(pk) if pk else None


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None
