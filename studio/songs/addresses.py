"""Where things of a song are found: paths on this site, and whole addresses for those who are elsewhere."""

from __future__ import annotations

from urllib.parse import urlencode

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


def shared(share_id: str) -> str:
    """The page to send to a friend."""
    return reverse("shared", args=[share_id])


def shared_audio(share_id: str, version: Version) -> str:
    """The sound of one take on the shared page."""
    return reverse("shared_audio", args=[share_id, version.number])


def shared_cover(share_id: str) -> str:
    """The cover on the shared page."""
    return reverse("shared_cover", args=[share_id])


def shared_poster(share_id: str) -> str:
    """A picture of 1200 by 630 pixels for previews of the link."""
    return reverse("shared_poster", args=[share_id])


def embed(share_id: str) -> str:
    """The page that others may put in a frame of theirs."""
    return reverse("embed", args=[share_id])


def person(handle: str) -> str:
    """A person's page for everybody."""
    return reverse("person", args=[handle])


def oembed(page: str) -> str:
    """Where programs ask how to show the page with this whole address; whole itself."""
    return whole(f"{reverse('oembed')}?{urlencode({'format': 'json', 'url': page})}")


def whole(path: str) -> str:
    """A path of this site as an address for elsewhere."""
    return f"{settings.PUBLIC_URL}{path}"


def _picture(generation: Generation) -> str:
    return "art" if generation.album_art else "print"
