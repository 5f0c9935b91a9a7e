"""What a person can do with a song, as plain functions: make, cancel, make again, rename, share, throw away.

Each takes rows whose owner is already established. Nothing here runs a song: a saved row is the hand-over, and
`changed` tells whoever listens that there is something to look at.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta

from django.conf import settings
from django.core.files.storage import Storage
from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone

from generator.upstream import VERSIONS
from studio.accounts import ledger
from studio.accounts.models import User
from studio.songs.models import FINAL, Generation, Status, Version, Visibility

changed = Signal()
"""Sent on commit with `generation_id`: a generation was made, or its owner asked to cancel it, or for stems of it."""


def create(
    owner: User,
    *,
    prompt: str,
    lyrics: str = "",
    reference_url: str = "",
    instrumental_url: str = "",
    vocal_url: str = "",
    melody_url: str = "",
    form_token: uuid.UUID | None = None,
    made_from: Generation | None = None,
) -> Generation:
    """A new generation, waiting for its turn, with its credits set aside. Raises `ledger.NotEnough`.

    The same form sent twice gives the first one's row again. What it is made from has been checked by `CreateForm`.
    """
    try:
        with transaction.atomic():
            generation = Generation(
                owner=owner,
                prompt=prompt,
                lyrics=lyrics,
                reference_url=reference_url,
                instrumental_url=instrumental_url,
                vocal_url=vocal_url,
                melody_url=melody_url,
                form_token=form_token,
                made_from=made_from,
                cost=settings.CREDITS_PER_SONG,
            )
            generation.inks = generation.seed % 6 + 1
            ledger.reserve(owner, generation.pk, generation.cost)
            generation.save(force_insert=True)
            Version.objects.bulk_create(Version(generation=generation, number=number) for number in VERSIONS)
    except (IntegrityError, ledger.NotEnough):  # the first of two may have taken the last credit
        first = Generation.objects.filter(owner=owner, form_token=form_token).first() if form_token else None
        if first is None:
            raise
        return first
    announce(generation)
    return generation


def retry(generation: Generation) -> Generation:
    """Another attempt, as a song of its own with a new seed and price; asked for twice it is still one song.

    Raises `ledger.NotEnough`, and then nothing has changed.
    A failed or cancelled song goes to the trash, one of which a take came stays; one that is under way is left alone.
    One that was interrupted goes on being asked after: its takes are kept if they come after all.
    """
    if not (generation.is_final or generation.status == Status.INTERRUPTED):
        return generation
    token = uuid.uuid5(generation.pk, "retry")
    again = create(
        generation.owner,
        prompt=generation.prompt,
        lyrics=generation.lyrics,
        reference_url=generation.reference_url,
        instrumental_url=generation.instrumental_url,
        vocal_url=generation.vocal_url,
        melody_url=generation.melody_url,
        form_token=token,
        made_from=generation,
    )
    if generation.status in (Status.FAILED, Status.CANCELLED):
        trash(generation)
    return again


def cancel(generation: Generation) -> None:
    """Ask for it to stop. A song that nobody has begun is cancelled on the spot by whoever claims it next."""
    asked = Generation.objects.filter(pk=generation.pk, cancel_requested_at=None).exclude(status__in=FINAL)
    if asked.update(cancel_requested_at=timezone.now()):
        announce(generation)


def rename(generation: Generation, title: str) -> None:
    """Give it another title (1-200 characters, already cleaned)."""
    Generation.objects.filter(pk=generation.pk).update(title=title)


def share(generation: Generation, visibility: Visibility) -> None:
    """Change who may hear it. Going private ends the old link for good; sharing again gives a new one."""
    with transaction.atomic():
        row = Generation.objects.select_for_update().get(pk=generation.pk)
        if visibility == Visibility.PRIVATE:
            row.share_id = None
        elif row.share_id is None:
            row.share_id = secrets.token_urlsafe(12)
        row.visibility = visibility
        row.save(update_fields=["share_id", "visibility"])
    generation.share_id, generation.visibility = row.share_id, row.visibility


def trash(generation: Generation) -> None:
    """Put it in the trash: it can be restored for 30 days. A running one is cancelled as well."""
    cancel(generation)
    Generation.objects.filter(pk=generation.pk, trashed_at=None).update(trashed_at=timezone.now())


def restore(generation: Generation) -> None:
    """Take it out of the trash."""
    Generation.objects.filter(pk=generation.pk).update(trashed_at=None)


def delete(generation: Generation) -> None:
    """End it for good, with all its files. What a song that came to nothing held is given back."""
    files = stored(generation)
    with transaction.atomic():
        Generation.objects.select_for_update().filter(pk=generation.pk).first()  # before its entries, as the journal
        ledger.release(generation.pk)
        generation.delete()
    for storage, name in files:  # the row first: a file without a row is litter, a row without its file is a lie
        storage.delete(name)


def stored(generation: Generation) -> list[tuple[Storage, str]]:
    """All its files: of each the storage and the name."""
    files = [generation.album_art]
    for version in generation.versions.all():
        files += [version.audio, version.midi, *([version.stems.archive] if hasattr(version, "stems") else [])]
    return [(file.storage, str(file.name)) for file in files if file]


def empty_trash() -> int:
    """End for good what has lain in the trash for longer than 30 days; says how many songs."""
    old = timezone.now() - timedelta(days=settings.TRASH_DAYS)
    rows = list(Generation.objects.filter(trashed_at__lt=old, status__in=FINAL)[:100])
    for row in rows:
        delete(row)
    return len(rows)


def announce(generation: Generation) -> None:
    """Tell whoever listens, once this is committed, that there is something to look at."""
    pk = generation.pk
    transaction.on_commit(lambda: changed.send(sender=Generation, generation_id=pk))
