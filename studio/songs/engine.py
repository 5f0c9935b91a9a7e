"""The upstream in use, one for each process."""

import logging
from functools import cache

from django.conf import settings

from generator.engine.lyricist import Lyricist
from generator.upstream import Upstream
from generator.upstream.embedded import Embedded
from studio.songs import nsfw
from studio.songs.models import Generation, Version

log = logging.getLogger(__name__)


@cache
def current() -> Upstream:
    """The host that makes this site's songs: the one in UPSTREAM_URL, or our own engine where that is empty.

    Made on first use; nothing starts until it is asked for a song.
    """
    if settings.UPSTREAM_URL:
        from generator.upstream.http import Http  # noqa: PLC0415  a tenth of a second that few need

        return Http(settings.UPSTREAM_URL, settings.UPSTREAM_API_KEY, allow=settings.OUTBOUND_ALLOW)
    return Embedded(
        settings.DATA_DIR / "engine", slots=settings.ENGINE_SLOTS, lyricist=_lyricist(), allow=settings.OUTBOUND_ALLOW
    )


def _lyricist() -> Lyricist:
    """Who drafts words where LYRICS_URL names an endpoint; elsewhere it knows only what was drafted before."""
    url, key, model = settings.LYRICS_URL, settings.LYRICS_API_KEY, settings.LYRICS_MODEL
    return Lyricist(url, key, model, settings.DATA_DIR / "drafts", refuses=_refuses)


def forget(song: Generation) -> None:
    """Remove the words that were drafted for a song whose row is deleted, unless another one has the same."""
    if Generation.objects.filter(seed=song.seed, prompt=song.prompt, lyrics=song.lyrics).exists():
        return
    try:
        _lyricist().forget(song.prompt, song.lyrics or None, song.seed)
    except OSError as fault:
        log.warning("The draft of a deleted song could not be removed: %s.", fault.strerror)


def _refuses(words: str) -> bool:
    return any(finding.kind in settings.NSFW_REFUSE for finding in nsfw.check(words))


def separates(version: Version) -> bool:
    """Whether stems of a take can be had here: our own engine made it, and is there to do so again."""
    song = version.generation
    return bool(version.midi) and song.is_final and song.trashed_at is None and not settings.UPSTREAM_URL


def slots() -> int:
    """How many songs are made at once, by all processes together."""
    return settings.LIMIT_RUNNING_TOTAL if settings.UPSTREAM_URL else settings.ENGINE_SLOTS
