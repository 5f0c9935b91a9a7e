"""Where things of a song are found: paths on this site, and whole addresses for those who are elsewhere."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from studio.songs.models import Generation, Version


def song(generation: Generation) -> str:
    """The song's own page, for its owner."""
    return reverse("song", args=[generation.pk])


def cover(generation: Generation) -> str:
    """Its cover for the owner: the artwork, or our own print until there is one. Changes when the picture does."""
    return f"{reverse('cover', args=[generation.pk])}?v={_picture(generation)}"


def bare_cover(generation: Generation) -> str:
    """Its cover for programs: nobody can guess this, and it works without signing in."""
    return f"{reverse('bare_cover', args=[generation.pk, generation.art_key])}?v={_picture(generation)}"


def audio(generation: Generation, version: Version) -> str:
    """The stored sound of one take, for the owner."""
    return reverse("take_audio", args=[generation.pk, version.number])


def stream(version: Version) -> str:
    """A take that can be heard while it is being made; nobody can guess it, and it works without signing in."""
    return reverse("stream", args=[version.stream_key])


def shared(generation: Generation) -> str:
    """The page to send to a friend. Only for shared songs."""
    return reverse("shared", args=[generation.share_id])


def shared_audio(generation: Generation, version: Version) -> str:
    """The sound of one take on the shared page."""
    return reverse("shared_audio", args=[generation.share_id, version.number])


def shared_cover(generation: Generation) -> str:
    """The cover on the shared page."""
    return reverse("shared_cover", args=[generation.share_id])


def whole(path: str) -> str:
    """A path of this site as an address for elsewhere."""
    return f"{settings.PUBLIC_URL}{path}"


def _picture(generation: Generation) -> str:
    return "art" if generation.album_art else "print"
