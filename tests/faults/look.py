"""What a server's rows say of its songs, as JSON on stdout: `python -m tests.faults.look`, with that server's settings.

A process of its own, because a test's own database is another one, and because it must see what is on disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from typing import Any


def main() -> None:
    """One object for each song, the oldest first."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "studio.settings"
    import django

    django.setup()
    from studio.accounts.models import LedgerEntry
    from studio.songs.models import Generation

    entries: dict[str, list[list[object]]] = {}
    for entry in LedgerEntry.objects.exclude(generation_id=None).order_by("pk"):
        entries.setdefault(str(entry.generation_id), []).append([entry.kind, entry.amount])
    rows = Generation.objects.order_by("created_at", "pk").prefetch_related("versions", "events")
    json.dump([_told(row) | {"ledger": entries.get(str(row.pk), [])} for row in rows], sys.stdout)


def _told(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "prompt": row.prompt,
        "lyrics": row.lyrics,
        "seed": row.seed,
        "status": row.status,
        "error_code": row.error_code,
        "attempts": row.attempts,
        "fence": row.lease_fence,
        "known": bool(row.upstream_message_id),
        "submitted": row.submitted_at is not None,
        "last_seq": row.last_seq,
        "events": [[event.seq, event.kind] for event in row.events.all()],
        "versions": [_version(version) for version in row.versions.all()],
    }


def _version(version: Any) -> dict[str, Any]:
    found = ""
    if version.audio and version.audio.storage.exists(version.audio.name):
        with version.audio.open("rb") as file:
            found = hashlib.sha256(file.read()).hexdigest()
    return {
        "state": version.state,
        "name": version.audio.name or "",
        "sha256": version.sha256,
        "found": found,
        "finished": version.is_finished,
    }


if __name__ == "__main__":
    main()
