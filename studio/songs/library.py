"""One person's songs, found: everything a page shows of them comes through here, and only what is theirs."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from studio.accounts.models import User
from studio.songs.models import FINAL, Generation, Version, Visibility


def owned(user: User, pk: uuid.UUID) -> Generation:
    """This person's song with both its versions; 404 where it is somebody else's or nobody's."""
    row = Generation.objects.filter(owner=user, pk=pk).prefetch_related("versions").first()
    if row is None:
        raise Http404("There is no such song.")
    return row


def songs(user: User, *, words: str = "", trashed: bool = False) -> QuerySet[Generation]:
    """Newest first; `words` must each stand in the title, the prompt, the given or the sung words."""
    rows = Generation.objects.filter(owner=user, trashed_at__isnull=not trashed)
    for word in words.split()[:12]:
        rows = rows.filter(Q(title__icontains=word) | Q(prompt__icontains=word) | Q(lyrics__icontains=word))
    return rows.prefetch_related(_light_versions())


def kin(generation: Generation) -> list[tuple[str, Generation]]:
    """The song that this one was made from, and those made from it, each with what it is to it; without the trash."""
    of_owner = Generation.objects.filter(owner=generation.owner_id, trashed_at=None)
    found = [("Made from", row) for row in of_owner.filter(led_to=generation)]
    return found + [("Led to", row) for row in of_owner.filter(made_from=generation).order_by("created_at")]


def session(user: User) -> QuerySet[Generation]:
    """What the create page shows beside the form: everything unfinished, and the last day's songs, newest first."""
    recent = timezone.now() - timedelta(days=1)
    rows = Generation.objects.filter(owner=user, trashed_at=None)
    return rows.filter(Q(created_at__gte=recent) | ~Q(status__in=FINAL)).prefetch_related(_light_versions())


def shared(share_id: str) -> Generation:
    """A song that its owner shares, by its link; 404 where it is private, in the trash, or never was."""
    rows = Generation.objects.exclude(visibility=Visibility.PRIVATE).filter(share_id=share_id, trashed_at=None)
    row = rows.prefetch_related("versions__sections").first()
    if row is None:
        raise Http404("There is no such song.")
    return row


def _light_versions() -> Prefetch[str]:
    return Prefetch("versions", Version.objects.all())
