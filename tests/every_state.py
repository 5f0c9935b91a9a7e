"""Rows of a song in every state that a card, a tile or a song page can show.

In a test: `every_state(user)`. For a page to look at: a site with RELAY=apart, so that nobody begins what waits, and
`python -m tests.every_state alice@example.org` beside it with the same settings.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studio.accounts.models import User
    from studio.songs.models import Generation, Version

COST = 20
LONG = "The very long ballad of a lighthouse keeper who counted every wave until the morning came and then some"
PEAKS = [[20 + 25 * (i // 60 % 2) + (i * step % 47) for i in range(400)] for step in (29, 31)]


def every_state(user: User) -> list[Generation]:
    """One song of `user` for each state, made in this order; each one's prompt names its state."""
    return [make(user) for make in _MAKERS]


def _song(user: User, state: str, *, title: str = "Paper Lanterns", **columns: Any) -> Generation:
    from studio.songs import generations

    row = generations.create(user, prompt=f"A slow seaside waltz, {state}", lyrics="[Verse]\nWe are home")
    for name, value in {"title": title, "cost": COST, **columns}.items():
        setattr(row, name, value)
    row.save()
    return row


def _begun(user: User, state: str, percent: int, *takes: str, **columns: Any) -> Generation:
    """A song that is being recorded; `takes`: the states of take A and B."""
    from django.utils import timezone

    now = timezone.now()
    since = {"submitted_at": now, "accepted_at": now, "upstream_message_id": "abc", "upstream": "Embedded engine"}
    row = _song(user, state, **{"status": "running", "progress": percent, **since, **columns})
    for version, wanted in zip(row.versions.all(), takes, strict=False):
        if wanted == "stored":
            _store(version)
        version.state = wanted
        version.save()
    return row


def _store(version: Version) -> None:
    from django.core.files.base import ContentFile

    from tests.flows.scripted import mp3

    sound = mp3(3.0, 440.0 if version.number == 1 else 330.0)
    version.audio.save(f"songs/{version.generation_id}/take-{version.number}.mp3", ContentFile(sound), save=False)
    version.size, version.sha256 = len(sound), hashlib.sha256(sound).hexdigest()
    version.duration_ms, version.peaks, version.is_finished = 3000, PEAKS[version.number - 1], True


def _ended(user: User, state: str, status: str, *takes: str, **columns: Any) -> Generation:
    from django.utils import timezone

    from studio.accounts import ledger

    row = _begun(user, state, 70, *takes, **{"status": status, "finished_at": timezone.now(), **columns})
    (ledger.capture if "stored" in takes else ledger.release)(row.pk)
    return row


def _failed(user: User, code: str, error: str, **columns: Any) -> Generation:
    return _ended(user, f"failed: {code}", "failed", "failed", "failed", error_code=code, error=error, **columns)


def _soon(seconds: float) -> Any:
    from django.utils import timezone

    return timezone.now() + timedelta(seconds=seconds)


LOST = "The line to songs.example.org broke before the song was whole."
BOUGHT = "It had taken the order before, so it was not ordered again. Make it again if you like."
_MAKERS: tuple[Callable[[User], Generation], ...] = (
    lambda user: _song(user, "next in line", title=""),
    lambda user: _song(user, "second in line", title=""),
    lambda user: _song(user, "third in line", title=""),
    lambda user: _song(user, "the engine is busy", title="", retry_at=_soon(84)),
    lambda user: _song(user, "sent", title="", status="running", submitted_at=_soon(0)),
    lambda user: _begun(user, "accepted", 0),
    lambda user: _begun(user, "accepted and free", 0, cost=0),
    lambda user: _begun(user, "recording", 18),
    lambda user: _begun(user, "take A playable", 42, "playable"),
    lambda user: _begun(user, "both takes playable", 61, "playable", "playable"),
    lambda user: _begun(user, "take A saved", 61, "stored"),
    lambda user: _begun(user, "take A saved, take B playable", 77, "stored", "playable"),
    lambda user: _begun(user, "saving", 96, "stored", "stored"),
    lambda user: _begun(user, "cancelling", 30, cancel_requested_at=_soon(0)),
    lambda user: _begun(user, "interrupted", 70, status="interrupted", error_code="stream_lost", retry_at=_soon(30)),
    lambda user: _begun(user, "interrupted, take A saved", 70, "stored", status="interrupted", retry_at=_soon(30)),
    lambda user: _song(user, "never answered", title="", status="interrupted", submitted_at=_soon(0)),
    lambda user: _ended(user, "saved", "completed", "stored", "stored", progress=100),
    lambda user: _ended(user, "long title", "completed", "stored", "stored", title=LONG, progress=100),
    lambda user: _ended(user, "given back", "completed", "stored", "stored", progress=100, refunded_at=_soon(0)),
    lambda user: _ended(
        user, "one take", "partial", "stored", "failed", error_code="stream_lost", error=f"{LOST} {BOUGHT}"
    ),
    lambda user: _ended(user, "cancelled", "cancelled", "failed", "failed", error_code="cancelled"),
    lambda user: _failed(user, "engine_failed", "The engine stopped while it was making this song."),
    lambda user: _failed(
        user,
        "upstream_unreachable",
        "songs.example.org cannot be reached. Nothing was ordered. Try again in a few minutes.",
        accepted_at=None,
        submitted_at=None,
    ),
    lambda user: _failed(
        user,
        "rejected_words",
        "songs.example.org refuses some of these words. Change the lyrics or the prompt and try again.",
        accepted_at=None,
    ),
    lambda user: _failed(user, "stream_lost", f"{LOST} {BOUGHT}", cost=0),
    lambda user: _failed(
        user, "storage_failed", "This site has no room to keep the song. Whoever runs it has to make some.", title=LONG
    ),
)


def main() -> None:
    """Give this person, who has an account, a song in every state."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    import django

    django.setup()
    from studio.accounts.models import User

    every_state(User.objects.get(email=sys.argv[1]))


if __name__ == "__main__":
    main()
