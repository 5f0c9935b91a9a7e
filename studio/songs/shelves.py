"""Rows beside the songs: the order that people bring into them, and what finding them needs."""

from __future__ import annotations

import unicodedata
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from studio.songs.models import Visibility

if TYPE_CHECKING:
    from studio.songs.models import Generation

LONGEST_TAG = 40
LONGEST_NAME = 80
LONGEST_DESCRIPTION = 500


def tag_key(name: str) -> str:
    """The same for every way of writing a tag's name with small and capital letters."""
    return unicodedata.normalize("NFKC", name).casefold()


class Tag(models.Model):
    """A word of one person's own that stands on any of their songs."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=LONGEST_TAG)
    folded = models.CharField(max_length=3 * LONGEST_TAG)
    """The name without regard to case: a person has each tag once."""
    songs: models.ManyToManyField[Generation, models.Model] = models.ManyToManyField(
        "songs.Generation", related_name="tags", blank=True
    )

    class Meta:
        ordering = ("folded",)
        constraints = (models.UniqueConstraint(fields=("owner", "folded"), name="one_tag_a_name"),)

    def __str__(self) -> str:
        return self.name


class Playlist(models.Model):
    """Songs of one person in an order of their own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="playlists")
    name = models.CharField(max_length=LONGEST_NAME)
    description = models.CharField(max_length=LONGEST_DESCRIPTION, blank=True)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PRIVATE)
    share_id = models.CharField(max_length=22, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("name", "created_at")
        constraints = (
            models.CheckConstraint(
                condition=Q(visibility="private", share_id=None)
                | (~Q(visibility="private") & Q(share_id__isnull=False)),
                name="shared_playlist_has_a_share_id",
            ),
        )

    def __str__(self) -> str:
        return self.name


class PlaylistSong(models.Model):
    """A song's place in a playlist. It keeps it while the song lies in the trash."""

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="entries")
    generation = models.ForeignKey("songs.Generation", on_delete=models.CASCADE, related_name="playlist_entries")
    position = models.PositiveIntegerField()
    """Grows along the playlist; there may be holes."""
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint(fields=("playlist", "generation"), name="a_song_once_a_playlist"),)
        indexes = (models.Index(fields=("playlist", "position"), name="playlist_order"),)

    def __str__(self) -> str:
        return f"{self.playlist}, {self.position}"


class CatalogueEntry(models.Model):
    """What searching, sorting and choosing songs need of one, worked out from its rows (`studio.songs.catalogue`).

    The database makes an entry with its song and marks it stale whenever the song changes, whoever changes it.
    """

    generation = models.OneToOneField("songs.Generation", on_delete=models.CASCADE, related_name="entry")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    words = models.TextField(blank=True)
    """Every word of it once, folded, with spaces between; first the owner's mark."""
    title = models.CharField(max_length=240, blank=True)
    """By what it is sorted: its name, folded."""
    longest_ms = models.PositiveIntegerField(default=0)
    """Length of its longer take."""
    is_sung = models.BooleanField(default=False)
    """Words were sung in at least one take."""
    is_stale = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "catalogue entries"
        indexes = (
            models.Index(fields=("owner",), name="stale_entries", condition=Q(is_stale=True)),
            models.Index(fields=("owner", "title", "generation"), name="by_title"),
            models.Index(fields=("owner", "-longest_ms", "generation"), name="by_length"),
        )

    def __str__(self) -> str:
        return str(self.generation_id)
