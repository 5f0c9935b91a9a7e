"""How people order their songs: tags, playlists, and what is done to many songs at once.

Each function takes ids of songs of the owner it is given, changes only what is theirs, and says what it really changed,
so that exactly this can be undone.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import Count, Manager, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from generator.protocol.text import one_line
from studio.accounts.models import User
from studio.songs import generations
from studio.songs.models import FINAL, Generation, Visibility
from studio.songs.shelves import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_TAG, Playlist, PlaylistSong, Tag, tag_key

MOST_AT_ONCE = 500
MOST_TAGS = 20
"""On one song."""
MOST_PLAYLISTS = 200
LONGEST_PLAYLIST = 2_000
SONGS: Manager[Any] = Tag.songs.through._default_manager
"""Which tag stands on which song."""


class RefusedError(ValueError):
    """What was asked for cannot be done; the text says why, for the person who asked."""


def tag(owner: User, ids: Sequence[uuid.UUID], name: str) -> list[uuid.UUID]:
    """Put a tag on songs; on which of them it is new. Raises `RefusedError` where no song can take it."""
    name = one_line(name, LONGEST_TAG + 1)
    if not name:
        raise RefusedError(_("A tag needs a letter that can be seen."))
    if len(name) > LONGEST_TAG:
        raise RefusedError(_("A tag has up to %(most)s characters.") % {"most": LONGEST_TAG})
    with transaction.atomic():
        mine = Generation.objects.filter(owner=owner, pk__in=ids).exclude(tags__folded=tag_key(name))
        free = [pk for pk, many in mine.annotate(many=Count("tags")).values_list("pk", "many") if many < MOST_TAGS]
        if not free:
            if mine.exists():
                raise RefusedError(_("A song takes up to %(most)s tags. Take one away first.") % {"most": MOST_TAGS})
            return []
        row, _made = Tag.objects.get_or_create(owner=owner, folded=tag_key(name), defaults={"name": name})
        SONGS.bulk_create((SONGS.model(tag_id=row.pk, generation_id=pk) for pk in free), ignore_conflicts=True)
    return free


def untag(owner: User, ids: Sequence[uuid.UUID], name: str) -> list[uuid.UUID]:
    """Take a tag off songs; off which. A tag that stands on no song any more is gone."""
    with transaction.atomic():
        row = Tag.objects.select_for_update().filter(owner=owner, folded=tag_key(name)).first()
        if row is None:
            return []
        on = SONGS.filter(tag_id=row.pk, generation_id__in=ids)
        gone = list(on.values_list("generation_id", flat=True))
        on.delete()
        if not row.songs.exists():
            row.delete()
    return gone


def rename_tag(owner: User, old: Tag, name: str) -> None:
    """Give a tag another name; where there is one of that name, both become one. Raises `RefusedError`."""
    name = one_line(name, LONGEST_TAG + 1)
    if not name or len(name) > LONGEST_TAG:
        raise RefusedError(_("A tag has 1 to %(most)s characters.") % {"most": LONGEST_TAG})
    with transaction.atomic():
        other = Tag.objects.filter(owner=owner, folded=tag_key(name)).exclude(pk=old.pk).first()
        if other is None:
            Tag.objects.filter(pk=old.pk).update(name=name, folded=tag_key(name))
            return
        new = old.songs.exclude(tags=other).values_list("pk", flat=True)
        SONGS.bulk_create((SONGS.model(tag_id=other.pk, generation_id=pk) for pk in new), ignore_conflicts=True)
        old.delete()


def make_playlist(owner: User, name: str, description: str = "") -> Playlist:
    """A new playlist without songs. Raises `RefusedError`."""
    name, description = _described(name, description)
    if Playlist.objects.filter(owner=owner).count() >= MOST_PLAYLISTS:
        raise RefusedError(_("There are %(most)s playlists; delete one first.") % {"most": MOST_PLAYLISTS})
    return Playlist.objects.create(owner=owner, name=name, description=description)


def describe(playlist: Playlist, name: str, description: str) -> None:
    """Give it another name and description. Raises `RefusedError`."""
    playlist.name, playlist.description = _described(name, description)
    playlist.save(update_fields=["name", "description"])


def add(playlist: Playlist, ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Put songs at its end, in their order; which of them are new in it. Raises `RefusedError`."""
    with transaction.atomic():
        Playlist.objects.select_for_update().get(pk=playlist.pk)
        there = set(playlist.entries.values_list("generation_id", flat=True))
        mine = set(Generation.objects.filter(owner=playlist.owner_id, pk__in=ids).values_list("pk", flat=True))
        new = [pk for pk in dict.fromkeys(ids) if pk in mine and pk not in there]
        if len(there) + len(new) > LONGEST_PLAYLIST:
            raise RefusedError(_("A playlist holds up to %(most)s songs.") % {"most": LONGEST_PLAYLIST})
        positions = count(_end(playlist))
        PlaylistSong.objects.bulk_create(
            PlaylistSong(playlist=playlist, generation_id=pk, position=next(positions)) for pk in new
        )
    return new


def remove(playlist: Playlist, ids: Sequence[uuid.UUID]) -> list[tuple[uuid.UUID, int]]:
    """Take songs out of it; which, and where they stood."""
    with transaction.atomic():
        gone = playlist.entries.filter(generation__in=ids)
        places = list(gone.values_list("generation_id", "position"))
        gone.delete()
    return places


def put_back(playlist: Playlist, places: Sequence[tuple[uuid.UUID, int]]) -> None:
    """Undo `remove`."""
    alive = set(
        Generation.objects.filter(owner=playlist.owner_id, pk__in=[pk for pk, _at in places]).values_list(
            "pk", flat=True
        )
    )
    PlaylistSong.objects.bulk_create(
        (PlaylistSong(playlist=playlist, generation_id=pk, position=at) for pk, at in places if pk in alive),
        ignore_conflicts=True,
    )


def move(playlist: Playlist, pk: uuid.UUID, *, before: uuid.UUID | None, after: uuid.UUID | None) -> None:
    """Put one of its songs right before or after another one; what is not in it (any more) moves nothing."""
    with transaction.atomic():
        Playlist.objects.select_for_update().get(pk=playlist.pk)
        entries = list(playlist.entries.order_by("position", "pk"))
        moved = next((entry for entry in entries if entry.generation_id == pk), None)
        rest = [entry for entry in entries if entry is not moved]
        near = next((i for i, entry in enumerate(rest) if entry.generation_id == (before or after)), None)
        if moved is None or near is None:
            return
        rest.insert(near if before else near + 1, moved)
        changed = [entry for at, entry in enumerate(rest) if entry.position != at]
        for at, entry in enumerate(rest):
            entry.position = at
        PlaylistSong.objects.bulk_update(changed, ["position"], batch_size=200)


def step(playlist: Playlist, pk: uuid.UUID, way: int) -> None:
    """Move one of its songs up (-1) or down (1), past the next one that is not in the trash."""
    seen = list(playlist.entries.filter(generation__trashed_at=None).values_list("generation_id", flat=True))
    if pk not in seen:
        return
    other = seen.index(pk) + way
    if 0 <= other < len(seen):
        move(playlist, pk, before=seen[other] if way < 0 else None, after=seen[other] if way > 0 else None)


def trash(owner: User, ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Put songs in the trash; which were not there before. Those under way are cancelled as well."""
    rows = Generation.objects.filter(owner=owner, pk__in=ids, trashed_at=None)
    found = list(rows.values_list("pk", flat=True))
    for row in rows.exclude(status__in=FINAL):
        generations.cancel(row)
    Generation.objects.filter(pk__in=found, trashed_at=None).update(trashed_at=timezone.now())
    return found


def restore(owner: User, ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Take songs out of the trash; which lay there."""
    rows = Generation.objects.filter(owner=owner, pk__in=ids, trashed_at__isnull=False)
    found = list(rows.values_list("pk", flat=True))
    Generation.objects.filter(pk__in=found).update(trashed_at=None)
    return found


def favour(owner: User, ids: Sequence[uuid.UUID], *, is_favourite: bool) -> list[uuid.UUID]:
    """Make songs favourites, or no favourites any more; which changed."""
    rows = Generation.objects.filter(owner=owner, pk__in=ids, is_favourite=not is_favourite)
    found = list(rows.values_list("pk", flat=True))
    Generation.objects.filter(pk__in=found).update(is_favourite=is_favourite)
    return found


def share(owner: User, ids: Sequence[uuid.UUID], visibility: Visibility) -> list[tuple[uuid.UUID, str, str | None]]:
    """Change who may hear songs; of those that changed, who could hear them before, and by which link."""
    rows = list(Generation.objects.filter(owner=owner, pk__in=ids).exclude(visibility=visibility))
    before = [(row.pk, row.visibility, row.share_id) for row in rows]
    for row in rows:
        generations.share(row, visibility)
    return before


def share_again(owner: User, before: Sequence[tuple[uuid.UUID, str, str | None]]) -> None:
    """Undo `share`: the links of before work again."""
    for pk, visibility, share_id in before:
        rows = Generation.objects.filter(owner=owner, pk=pk)
        rows.update(visibility=Visibility(visibility), share_id=share_id)


def _end(playlist: Playlist) -> int:
    last = playlist.entries.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def _described(name: str, description: str) -> tuple[str, str]:
    name, description = one_line(name, LONGEST_NAME + 1), one_line(description, LONGEST_DESCRIPTION + 1)
    if not name:
        raise RefusedError(_("A playlist needs a name with a letter that can be seen."))
    if len(name) > LONGEST_NAME:
        raise RefusedError(_("A playlist's name has up to %(most)s characters.") % {"most": LONGEST_NAME})
    if len(description) > LONGEST_DESCRIPTION:
        raise RefusedError(_("A description has up to %(most)s characters.") % {"most": LONGEST_DESCRIPTION})
    return name, description
