"""Songs that were taken away from a Duplet come in again: here or on another site, once each, and as nobody's fault.

Takes the archives of `exporting`, of `parcels` and of single songs. All in them is foreign: takes go through
`generator.probe`, covers through `generator.picture`, words through the same reading as any host's. A song comes in
whole or not at all. Its id stays, so that the same archive twice brings nothing twice; where somebody else has that id
here, it gets one that only this person and this song have.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import tempfile
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from generator import child, picture, portrait, probe
from generator.protocol.errors import AudioUnusable
from generator.protocol.lyrics import read_sections
from generator.protocol.text import one_line
from studio.accounts import ledger
from studio.accounts.models import LedgerEntry, User
from studio.songs import library_facts, portraits, sound_archive
from studio.songs.everything import FORMAT, FORMAT_VERSION
from studio.songs.exporting import NAME, PICTURE
from studio.songs.library_facts import Facts, text
from studio.songs.models import Generation, Section, Status, Version

LARGEST_TAKE = 200 * 1024 * 1024
LARGEST_COVER = 8 * 1024 * 1024
LARGEST_FACTS = 16 * 1024 * 1024
"""Bytes of song.json and library.json once unpacked."""
MOST_ENTRIES = 66_000
MOST_SONGS = 10_000
PIECE = 1024 * 1024
SPACE = uuid.UUID("5d6e2c7e-3f0b-4b62-9f0a-6c1f9a1a7d11")
"""For ids of songs whose own is somebody else's here."""


class NoArchive(Exception):  # noqa: N818  a sentence for people
    """The file is none that songs come in by. The text is a sentence for people."""


@dataclass(slots=True)
class Brought:
    """What came of an archive."""

    songs: list[uuid.UUID] = field(default_factory=list)
    there: int = 0
    """Songs that were here already."""
    refused: list[tuple[str, str]] = field(default_factory=list)
    """(title or folder, why) of each song that could not be taken in."""
    playlists: int = 0
    recordings: int = 0


@dataclass(frozen=True, slots=True)
class _Folder:
    """Where a song lies in an archive, and its song.json."""

    archive: zipfile.ZipFile
    name: str
    told: dict[str, Any]

    def holds(self, name: str) -> bool:
        return self.name + name in self.archive.NameToInfo

    def pieces(self, name: str, largest: int) -> Iterator[bytes]:
        return _pieces(self.archive, self.name + name, largest)


@dataclass(slots=True)
class _Take:
    number: int
    audio: Path
    found: probe.Probe
    told: dict[str, Any]


def bring(file: IO[bytes], user: User, *, keeps_visibility: bool = False) -> Brought:
    """Take in what `file`, a ZIP archive, holds. Raises `NoArchive`; a song that is unfit is only left out.

    Songs are private here unless `keeps_visibility`. Takes seconds a song: every take is decoded once.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _all_of(archive, user, keeps_visibility)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise NoArchive(_("This is no ZIP archive, or a part of it is missing.")) from error


def _all_of(archive: zipfile.ZipFile, user: User, keeps_visibility: bool) -> Brought:
    names = [each.filename for each in archive.infolist() if not each.is_dir()]
    if len(names) > MOST_ENTRIES:
        raise NoArchive(_("This archive holds more files than any library has."))
    songs = [name for name in names if name.rpartition("/")[2] == "song.json"]
    facts = library_facts.read(_json(archive, NAME)) if NAME in names else Facts()
    if not songs and not facts.recordings:
        raise NoArchive(_("There is no song in this archive: none of its folders holds a song.json."))
    brought, ids = Brought(), {}
    brought.recordings, brought.refused = sound_archive.bring(
        facts.recordings, functools.partial(_sound, archive), user
    )
    if PICTURE in names and not user.picture:
        _picture(archive, user)
    for name in songs[:MOST_SONGS]:
        folder = name[: -len("song.json")]
        title = one_line(folder.strip("/").rpartition("/")[2], 80)
        try:
            told = _json(archive, name)
            title = one_line(told.get("title"), 80) or title
            old, new = _identity(told, user)
            ids[old] = new
            if Generation.objects.filter(pk=new).exists():
                brought.there += 1
                continue
            row = _one(_Folder(archive, folder, told), user, new)
            library_facts.put_beside(row, facts.songs.get(old, {}), keeps_visibility=keeps_visibility)
            brought.songs.append(new)
        except (NoArchive, AudioUnusable, child.UnfitError) as fault:
            brought.refused.append((title, str(fault)))
        except zipfile.BadZipFile:
            brought.refused.append((title, _("A file of it is damaged.")))
    brought.playlists = library_facts.put(user, facts, ids)
    return brought


def _picture(archive: zipfile.ZipFile, user: User) -> None:
    """The person's own, if it is one."""
    with tempfile.TemporaryDirectory(dir=_room()) as place:
        path = Path(place) / "picture"
        path.write_bytes(b"".join(_pieces(archive, PICTURE, LARGEST_COVER)))
        with contextlib.suppress(child.UnfitError):
            portraits.put(user, async_to_sync(portrait.squared)(path))


def _json(archive: zipfile.ZipFile, name: str) -> dict[str, Any]:
    try:
        found = json.loads(b"".join(_pieces(archive, name, LARGEST_FACTS)))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NoArchive(_("%(name)s cannot be read.") % {"name": name[-60:]})
    return found


def _identity(told: dict[str, Any], user: User) -> tuple[str, uuid.UUID]:
    """A song's id as it was told, and the one it has here."""
    if told.get("format") != FORMAT or told.get("version") != FORMAT_VERSION:
        raise NoArchive(_("It is of a kind that this site does not know."))
    try:
        pk = uuid.UUID(str(told.get("id")))
    except ValueError:
        raise NoArchive(_("It does not say which song it is.")) from None
    entries = LedgerEntry.objects.filter(generation_id=pk).exclude(user=user)  # they outlive a song
    is_anothers = entries.exists() or Generation.objects.filter(pk=pk).exclude(owner=user).exists()
    return str(pk), uuid.uuid5(SPACE, f"{user.pk} {pk}") if is_anothers else pk


def _one(song: _Folder, user: User, pk: uuid.UUID) -> Generation:
    with tempfile.TemporaryDirectory(dir=_room()) as place:
        takes = list(_takes(song, Path(place)))
        if not takes:
            raise NoArchive(_("None of its takes is in the archive."))
        cover = _cover(song, Path(place))
        row = _row(song.told, user, pk, len(takes))
        stored: list[Any] = []
        try:
            with transaction.atomic():
                row.cost = _set_aside(user, pk)
                row.save(force_insert=True)
                if cover:
                    row.album_art.save(f"songs/{pk}/cover-0.webp", ContentFile(cover), save=True)
                    stored.append(row.album_art)
                for number in (1, 2):
                    take = next((take for take in takes if take.number == number), None)
                    stored += _kept(row, number, take)
                ledger.capture(row.pk)
        except BaseException:
            for one in stored:
                one.storage.delete(str(one.name))
            raise
    return row


def _set_aside(user: User, pk: uuid.UUID) -> int:
    """What a song had cost here before it was deleted; one that was never here costs nothing."""
    before = LedgerEntry.objects.filter(generation_id=pk, kind=LedgerEntry.Kind.RESERVE).first()
    if before is not None:
        return -before.amount
    ledger.reserve(user, pk, 0)
    return 0


def _room() -> str:
    """Where unpacked files lie meanwhile: beside the library, not in a system's small /tmp."""
    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    return str(settings.DATA_DIR)


def _takes(song: _Folder, place: Path) -> Iterator[_Take]:
    listed = song.told.get("takes")
    for take in listed[:2] if isinstance(listed, list) else ():
        if not isinstance(take, dict) or take.get("letter") not in ("A", "B"):
            raise NoArchive(_("Its takes are not told as A and B."))
        number = 1 + "AB".index(take["letter"])
        path = place / f"take-{number}"
        name = one_line(take.get("file"), 240)
        if not song.holds(name):
            continue
        with path.open("wb") as file:
            for piece in song.pieces(name, LARGEST_TAKE):
                file.write(piece)
        yield _Take(number, path, async_to_sync(probe.probe)(path), take)


def _cover(song: _Folder, place: Path) -> bytes:
    """Its picture as WebP; nothing where it has none of its own, or one that cannot be drawn."""
    name = one_line(song.told.get("cover"), 80)
    if not song.holds(name) or name.endswith(".svg"):
        return b""
    path = place / "cover"
    path.write_bytes(b"".join(song.pieces(name, LARGEST_COVER)))
    try:
        return async_to_sync(picture.remade)(path)
    except child.UnfitError:
        return b""


def _pieces(archive: zipfile.ZipFile, name: str, largest: int) -> Iterator[bytes]:
    """An entry's bytes, unpacked; what it says of its size is believed of nobody."""
    size = 0
    with archive.open(name) as file:
        while piece := file.read(PIECE):
            size += len(piece)
            if size > largest:
                raise NoArchive(_("One of its files is larger than any song’s."))
            yield piece


def _sound(archive: zipfile.ZipFile, name: str, largest: int) -> Iterator[bytes]:
    """The same of a recording. Raises `AudioUnusable` instead."""
    try:
        yield from _pieces(archive, name, largest)
    except NoArchive as fault:
        raise AudioUnusable(str(fault), "audio_rejected") from fault


def _row(told: dict[str, Any], user: User, pk: uuid.UUID, takes: int) -> Generation:
    seed = told.get("seed")
    row = Generation(
        pk=pk,
        owner=user,
        prompt=text(told.get("prompt"), settings.LIMIT_PROMPT) or _("Not told"),
        lyrics=text(told.get("lyrics"), settings.LIMIT_LYRICS),
        title=one_line(told.get("title"), 200),
        upstream=one_line(told.get("made_by"), 40),
        status=Status.COMPLETED if takes == 2 else Status.PARTIAL,
        progress=100,
        cost=0,
        kept_take={"A": 1, "B": 2}.get(str(told.get("kept_take"))),
        created_at=_moment(told.get("created_at")) or timezone.now(),
        submitted_at=_moment(told.get("accepted_at")),
        accepted_at=_moment(told.get("accepted_at")),
        finished_at=_moment(told.get("finished_at")) or timezone.now(),
    )
    if isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed < 2**53:
        row.seed = seed
    row.inks = row.seed % 6 + 1
    origin = told.get("made_from")
    if origin_id := library_facts.as_id(origin):
        row.made_from = Generation.objects.filter(owner=user, pk=origin_id).first()
    return row


def _kept(row: Generation, number: int, take: _Take | None) -> list[Any]:
    """The row of a take, with its file and words; the files that were stored."""
    if take is None:
        Version.objects.create(generation=row, number=number, state=Version.State.FAILED)
        return []
    understood = take.told.get("understood")
    version = Version(
        generation=row,
        number=number,
        state=Version.State.STORED,
        is_finished=True,
        size=take.audio.stat().st_size,
        sha256=_digest(take.audio),
        duration_ms=take.found.duration_ms,
        peaks=list(take.found.peaks),
        understood=library_facts.plain(understood) if isinstance(understood, dict) else {},
    )
    with take.audio.open("rb") as file:
        version.audio.save(f"songs/{row.pk}/take-{number}-0.{take.found.kind}", File(file), save=False)
    version.save()
    sections = read_sections(take.told.get("lyrics_sections"))
    Section.objects.bulk_create(
        Section(
            version=version,
            position=position,
            kind=part["section_type"],
            start_ms=part["start"],
            end_ms=part["end"],
            lines=[dict(line) for line in part["lines"]],
        )
        for position, part in enumerate(sections)
    )
    return [version.audio]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _moment(told: object) -> datetime | None:
    try:
        found = parse_datetime(told) if isinstance(told, str) else None
    except ValueError:
        found = None
    return found if found and found.tzinfo and found < timezone.now() else None
