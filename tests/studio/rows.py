"""Rows as a finished song leaves them, with real MP3 in storage."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile

from studio.accounts import ledger
from studio.accounts.models import User
from studio.songs import generations
from studio.songs.models import Generation, Section, Status, Version
from tests.flows.scripted import mp3, sections


def saved_song(owner: User, title: str, *, prompt: str = "pop", lyrics: str = "together we are home") -> Generation:
    """A completed song of `owner` with both takes stored."""
    row = generations.create(owner, prompt=prompt, lyrics=lyrics)
    sound = mp3(1.5)
    for version in row.versions.all():
        version.audio.save(f"songs/{row.pk}/take-{version.number}.mp3", ContentFile(sound), save=False)
        version.size, version.sha256 = len(sound), hashlib.sha256(sound).hexdigest()
        version.state, version.is_finished = Version.State.STORED, True
        version.duration_ms, version.peaks = 1500, [50] * 400
        version.save()
        for position, part in enumerate(sections("together we are home")):
            Section.objects.create(
                version=version,
                position=position,
                kind=part["section_type"],
                start_ms=part["start"],
                end_ms=part["end"],
                lines=[dict(line) for line in part["lines"]],
            )
    Generation.objects.filter(pk=row.pk).update(status=Status.COMPLETED, title=title, progress=100)
    ledger.capture(row.pk)
    row.refresh_from_db()
    return row
