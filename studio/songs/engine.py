"""The upstream in use, one for each process."""

from functools import cache

from django.conf import settings

from generator.upstream import Upstream
from generator.upstream.embedded import Embedded


@cache
def current() -> Upstream:
    """The host that makes this site's songs. Made on first use; nothing starts until it is asked for a song."""
    return Embedded(settings.DATA_DIR / "engine", slots=settings.ENGINE_SLOTS)
