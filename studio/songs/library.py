"""One person's songs, found: everything a page shows of them comes through here, and only what is theirs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.functions import Lower
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from studio.accounts.models import User
from studio.songs import catalogue
from studio.songs.models import FINAL, Generation, Status, Version, Visibility
from studio.songs.shelves import Playlist, Tag, tag_key
from studio.songs.wanted import Wanted

MADE = (Status.COMPLETED, Status.PARTIAL)
STATES = {
    "made": Q(status__in=MADE),
    "making": ~Q(status__in=FINAL),
    "failed": Q(status__in=(Status.FAILED, Status.CANCELLED)),
}
NO_AUDIO = Q(reference_url="", instrumental_url="", vocal_url="", melody_url="")
SOUNDS = {
    "sung": Q(entry__is_sung=True),
    "instrumental": Q(entry__is_sung=False, status__in=MADE),
    "audio": ~NO_AUDIO,
}
ORDERS: dict[str, tuple[str | OrderBy, ...]] = {
    "": ("playlist_entries__position", "playlist_entries__pk"),
    "newest": ("-created_at", "-pk"),
    "oldest": ("created_at", "pk"),
    "title": ("entry__title", "pk"),
    "longest": ("-entry__longest_ms", "pk"),
    "finished": (F("finished_at").desc(nulls_last=True), "-pk"),
}


def owned(user: User, pk: uuid.UUID) -> Generation:
    """This person's song with both its versions; 404 where it is somebody else's or nobody's."""
    row = Generation.objects.filter(owner=user, pk=pk).prefetch_related("versions").first()
    if row is None:
        raise Http404("There is no such song.")
    return row


def stored_take(user: User, pk: uuid.UUID, number: int) -> Version:
    """A take of this person's song that is kept as a whole; 404 where it is not theirs, or not there."""
    song = owned(user, pk)
    version = next((row for row in song.versions.all() if row.number == number), None)
    if version is None or version.state != Version.State.STORED:
        raise Http404("This take is not there.")
    version.generation = song
    return version


def songs(user: User, wanted: Wanted) -> QuerySet[Generation]:
    """What of one's songs is asked for, in the order that is asked for."""
    rows = _shelf(user, wanted)
    if wanted.q:
        rows = catalogue.holding(rows, user.pk, wanted.q)
    return rows.filter(_narrowing(wanted)).order_by(*ORDERS[wanted.order])


def page_of(rows: QuerySet[Generation], start: int, many: int) -> list[Generation]:
    """`many` songs of a list from its `start`, with everything that lists show of them.

    Which ones is found out first: skipping whole rows to get far down a list would be slow.
    """
    ids = list(rows.values_list("pk", flat=True)[start : start + many])
    found = Generation.objects.filter(pk__in=ids).prefetch_related(_light_versions(), "tags").in_bulk()
    return [found[pk] for pk in ids if pk in found]


@dataclass(frozen=True, slots=True)
class Shelves:
    """How many songs stand on each shelf, and one's playlists with theirs."""

    songs: int
    favourites: int
    shared: int
    trash: int
    playlists: list[Playlist]
    """Each with `many`: how many of its songs are not in the trash."""
    tags: list[Tag]


def shelves(user: User) -> Shelves:
    """What stands beside the list."""
    kept = Q(trashed_at=None)
    many = Generation.objects.filter(owner=user).aggregate(
        songs=Count("pk", filter=kept),
        favourites=Count("pk", filter=kept & Q(is_favourite=True)),
        shared=Count("pk", filter=kept & ~Q(visibility=Visibility.PRIVATE)),
        trash=Count("pk", filter=Q(trashed_at__gte=trash_begins())),
    )
    return Shelves(**many, playlists=list(playlists(user)), tags=list(user.tags.all()))


def playlists(user: User) -> QuerySet[Playlist]:
    """One's playlists by name, each with `many`: how many of its songs are not in the trash."""
    seen = Count("entries", filter=Q(entries__generation__trashed_at=None))
    return Playlist.objects.filter(owner=user).annotate(many=seen).order_by(Lower("name"), "created_at")


def trash_begins() -> datetime:
    """What was thrown away before that is gone, or about to go."""
    return timezone.now() - timedelta(days=settings.TRASH_DAYS)


def kin(generation: Generation) -> list[tuple[str, Generation]]:
    """The song that this one was made from, and those made from it, each with what it is to it; without the trash."""
    of_owner = Generation.objects.filter(owner=generation.owner_id, trashed_at=None)
    found = [(_("Made from"), row) for row in of_owner.filter(led_to=generation)]
    return found + [(_("Led to"), row) for row in of_owner.filter(made_from=generation).order_by("created_at")]


def session(user: User) -> QuerySet[Generation]:
    """What the create page shows beside the form: everything unfinished, and the last day's songs, newest first."""
    recent = timezone.now() - timedelta(days=1)
    rows = Generation.objects.filter(owner=user, trashed_at=None)
    return rows.filter(Q(created_at__gte=recent) | ~Q(status__in=FINAL)).prefetch_related(_light_versions())


def _shelf(user: User, wanted: Wanted) -> QuerySet[Generation]:
    rows = Generation.objects.filter(owner=user)
    if wanted.playlist:
        rows = rows.filter(
            playlist_entries__playlist=uuid.UUID(wanted.playlist), playlist_entries__playlist__owner=user
        )
    return rows.filter(trashed_at__gte=trash_begins()) if wanted.trash else rows.filter(trashed_at=None)


def _narrowing(wanted: Wanted) -> Q:
    asked = Q()
    if wanted.state:
        asked &= STATES[wanted.state]
    if wanted.sound:
        asked &= SOUNDS[wanted.sound]
    if wanted.shared:
        private = Q(visibility=Visibility.PRIVATE)
        asked &= ~private if wanted.shared == "yes" else Q(visibility=wanted.shared)
    if wanted.kept:
        asked &= Q(kept_take__isnull=wanted.kept == "no")
    if wanted.favourite:
        asked &= Q(is_favourite=True)
    if wanted.tag:
        asked &= Q(tags__folded=tag_key(wanted.tag))
    if wanted.since_day:
        asked &= Q(created_at__gte=_midnight(wanted.since_day))
    if wanted.until_day:
        asked &= Q(created_at__lt=_midnight(wanted.until_day) + timedelta(days=1))
    return asked


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _light_versions() -> Prefetch[str]:
    return Prefetch("versions", Version.objects.all())
