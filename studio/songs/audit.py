"""What must be true of all rows, entries and files, however processes ended: `manage.py audit` says what is not.

Each question is one query, or one row and its file, so that it can be asked while songs are being made: a promise is
committed as a whole, and one query sees all of it or nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import Storage, default_storage
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from studio.accounts.models import LedgerEntry, User
from studio.songs import covers
from studio.songs.models import FINAL, Generation, Version

Kind = LedgerEntry.Kind
LONGEST = timedelta(minutes=31)
"""How long after it was sent off a song may be unfinished: half an hour, and a moment to write that down."""
LITTER = timedelta(hours=24)
"""A file may be older than its row, but not by so much."""
PIECE = 1024 * 1024


def findings() -> Iterator[str]:
    """Everything that is not as it must be, a sentence each; nothing where all is well."""
    yield from _balances()
    yield from _bookings()
    yield from _lost_songs()
    yield from _late_songs()
    yield from _files()
    yield from _litter()


def _balances() -> Iterator[str]:
    owing = User.objects.annotate(credits=Sum("ledger__amount")).filter(credits__lt=0)
    for person in owing.order_by("pk"):
        yield f"Person {person.pk} has {person.credits} credits."
    often = LedgerEntry.objects.exclude(generation_id=None).values("generation_id", "kind").order_by("generation_id")
    for entry in often.annotate(times=Count("pk")).filter(times__gt=1):
        yield f"Song {entry['generation_id']} has {entry['times']} entries of the kind {entry['kind']}."


def _bookings() -> Iterator[str]:
    """Of each song: what was set aside, used and given back fits what it cost and what came of it."""
    for song in _booked_songs().iterator():
        for fault in _faults(song):
            yield f"Song {song.pk} ({song.status}) {fault}."


def _booked_songs() -> QuerySet[Generation]:
    def amount(kind: Kind) -> Subquery:
        entry = LedgerEntry.objects.filter(generation_id=OuterRef("pk"), kind=kind)
        return Subquery(entry.values("amount")[:1], output_field=IntegerField())

    stored = Version.objects.filter(generation=OuterRef("pk"), state=Version.State.STORED)
    owners = LedgerEntry.objects.filter(generation_id=OuterRef("pk")).exclude(user=OuterRef("owner"))
    return (
        Generation.objects.only("pk", "status", "cost", "refunded_at")
        .annotate(has_take=Exists(stored), is_anothers=Exists(owners))
        .annotate(reserved=amount(Kind.RESERVE), captured=amount(Kind.CAPTURE))
        .annotate(released=amount(Kind.RELEASE), refund=amount(Kind.REFUND))
        .order_by("created_at")
    )


def _faults(song: Generation) -> Iterator[str]:
    booked = vars(song)  # with what `_booked_songs` has added
    has_take, reserved, captured = booked["has_take"], booked["reserved"], booked["captured"]
    released, refund = booked["released"], booked["refund"]
    if booked["is_anothers"]:
        yield "has an entry of somebody who is not its owner"
    if reserved is None:
        yield "has set nothing aside"
        return
    if reserved != -song.cost:
        yield f"costs {song.cost} and has set {-reserved} aside"
    for name, back in (("released", released), ("refunded", refund)):
        if back is not None and back != -reserved:
            yield f"has set {-reserved} aside and {back} were {name}"
    if has_take and captured is None:
        yield "has a stored take and no capture"
    if captured is not None and not has_take and refund is None:
        yield "has a capture and no stored take"
    over_for_nothing = song.status in FINAL and captured is None
    if over_for_nothing and not has_take and released is None:
        yield "is over without a stored take and was not released"
    if released is not None and not over_for_nothing:
        yield "was released, but is not over" if captured is None else "has a release and a capture"
    if refund is not None and captured is None:
        yield "was refunded, but had used nothing"
    if (refund is None) != (song.refunded_at is None):
        yield "does not know what the ledger says of a refund"


def _lost_songs() -> Iterator[str]:
    """Songs that are deleted have no credits set aside any more."""
    of_the_song = LedgerEntry.objects.filter(generation_id=OuterRef("generation_id"))
    held = LedgerEntry.objects.filter(kind=Kind.RESERVE).exclude(
        Exists(of_the_song.filter(kind__in=(Kind.CAPTURE, Kind.RELEASE)))
    )
    for pk in held.exclude(Exists(Generation.objects.filter(pk=OuterRef("generation_id")))).values_list(
        "generation_id", flat=True
    ):
        yield f"Song {pk} is gone, and its credits are still set aside."


def _late_songs() -> Iterator[str]:
    unfinished = Generation.objects.exclude(status__in=FINAL)
    for song in unfinished.filter(submitted_at__lt=timezone.now() - LONGEST).order_by("submitted_at"):
        yield f"Song {song.pk} ({song.status}) was sent off at {song.submitted_at:%Y-%m-%d %H:%M} and is not over."


def _files() -> Iterator[str]:
    """Of each stored take: its file is there, whole and unchanged."""
    stored = Version.objects.filter(state=Version.State.STORED).order_by("pk")
    for version in stored.iterator():
        fault = _fault_of_file(version)
        if fault and stored.filter(pk=version.pk).exists():  # not deleted meanwhile
            yield f"Take {version.number} of song {version.generation_id}: {fault}."
    pictures = Generation.objects.exclude(album_art="")
    for song in pictures.only("pk", "album_art").order_by("pk").iterator():
        gone = not song.album_art.storage.exists(str(song.album_art.name))
        if gone and pictures.filter(pk=song.pk, album_art=song.album_art.name).exists():
            yield f"The cover {song.album_art.name} of song {song.pk} is not there."


def _fault_of_file(version: Version) -> str:
    if not version.audio:
        return "it is stored, but has no file"
    digest, size = hashlib.sha256(), 0
    try:
        with version.audio.open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
                size += len(piece)
    except OSError as error:
        return f"{version.audio.name} cannot be read ({error.strerror or error})"
    if size != version.size:
        return f"{version.audio.name} has {size} bytes, not {version.size}"
    return "" if digest.hexdigest() == version.sha256 else f"{version.audio.name} has other bytes than were stored"


def _litter() -> Iterator[str]:
    """Files that no row knows of, and that nobody is about to name."""
    old = timezone.now() - LITTER
    for name in _names(default_storage, ""):
        known = (
            Version.objects.filter(Q(audio=name) | Q(midi=name) | Q(stems__archive=name)).exists()
            or Generation.objects.filter(album_art=covers.whole(name)).exists()
        )
        if not known and default_storage.exists(name) and default_storage.get_modified_time(name) < old:
            yield f"The file {name} belongs to no song."


def _names(storage: Storage, folder: str) -> Iterator[str]:
    if folder and not storage.exists(folder):
        return
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return  # nothing was ever stored, or it went meanwhile
    for name in files:
        yield f"{folder}{name}"
    for name in folders:
        yield from _names(storage, f"{folder}{name}/")
