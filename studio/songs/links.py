"""Links to shared songs: a page of its own for each, and further links beside it, one for each friend, with more or
less behind it, each ended by itself.

Search engines, embeds and feeds know the song's own page, `/s/<share_id>/`, and nothing of the further ones.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.db import models, transaction
from django.http import Http404
from django.utils import timezone

from studio.songs.models import Generation, Opened, Visibility

MOST = 50
"""Further links of one song."""


def new_share_id() -> str:
    """16 characters nobody can guess (96 bits)."""
    return secrets.token_urlsafe(12)


class Link(Opened):
    """A further way to one shared song. Whoever ends it deletes the row."""

    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="links")
    share_id = models.CharField(max_length=22, unique=True, default=new_share_id)
    name = models.CharField(max_length=80, blank=True)
    """For whom it is; only the owner reads it."""
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return self.name or self.share_id


class TooMany(Exception):  # noqa: N818  a sentence for a page
    """The song has as many further links as one song may have."""


class NotShared(Exception):  # noqa: N818  a sentence for a page
    """Nobody but its owner may hear this song."""


class TakenDown(Http404):
    """The operator ended the sharing of this song."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A song as somebody without an account comes to it."""

    generation: Generation
    share_id: str
    """Of the link that was followed."""
    opened: Opened
    """What that link gives."""

    @property
    def is_own_page(self) -> bool:
        """The link is the song's own page, not a further one."""
        return self.share_id == self.generation.share_id

    @property
    def is_public(self) -> bool:
        """Search engines, feeds and profiles may know of it."""
        return self.is_own_page and self.generation.visibility == Visibility.PUBLIC


def shared(share_id: str) -> Shared:
    """The song behind a link. Raises `TakenDown`, and `Http404` where it is private, in the trash, or never was."""
    rows = Generation.objects.exclude(visibility=Visibility.PRIVATE).filter(trashed_at=None)
    rows = rows.select_related("owner__profile").prefetch_related("versions__sections")
    row, link = rows.filter(share_id=share_id).first(), None
    if row is None:
        link = Link.objects.filter(share_id=share_id).first()
        row = rows.filter(pk=link.generation_id).first() if link else None
    if row is None:
        raise Http404("There is no such song.")
    if row.taken_down_at:
        raise TakenDown("This song is no longer shared.")
    return Shared(row, share_id, link or row)


def add(generation: Generation, name: str, **opens: bool) -> Link:
    """One more link, for somebody (`name`, one line). `opens`: fields of `Opened`. Raises `NotShared`, `TooMany`."""
    with transaction.atomic():
        row = Generation.objects.select_for_update().get(pk=generation.pk)
        if row.visibility == Visibility.PRIVATE:
            raise NotShared
        if row.links.count() >= MOST:
            raise TooMany
        return Link.objects.create(generation=row, name=name, **opens)


def end(generation: Generation, number: int) -> bool:
    """End one further link for good; whether there was one."""
    return bool(Link.objects.filter(generation=generation, pk=number).delete()[0])
