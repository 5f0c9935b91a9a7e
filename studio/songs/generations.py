"""What a person can do with a song, as plain functions: make, cancel, make again, rename, share, throw away.

Each takes rows whose owner is already established. Nothing here runs a song: a saved row is the hand-over, and
`changed` tells whoever listens that there is something to look at.
"""

from __future__ import annotations

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
from studio.songs import covers, engine, links, origins
from studio.songs.models import FINAL, Generation, Status, Version, Visibility

DOUBLE_CLICK = timedelta(seconds=2)
"""Within this, the same button means the same song."""

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
            generation.given = origins.of(generation)
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
    made = _from_fields_of(generation, form_token=token)
    if generation.status in (Status.FAILED, Status.CANCELLED):
        trash(generation)
    return made


def again(generation: Generation) -> Generation:
    """The same fields with a new seed and price, as a song of its own; `generation` is left as it is.

    Asked for twice within `DOUBLE_CLICK` it is one song. Raises `ledger.NotEnough`, and then nothing has changed.
    """
    with transaction.atomic():
        Generation.objects.select_for_update().get(pk=generation.pk)
        just_now = timezone.now() - DOUBLE_CLICK
        first = generation.led_to.filter(form_token=None, created_at__gte=just_now).first()
        return first or _from_fields_of(generation)


def cancel(generation: Generation) -> None:
    """Ask for it to stop. A song that nobody has begun is cancelled on the spot by whoever claims it next."""
    asked = Generation.objects.filter(pk=generation.pk, cancel_requested_at=None).exclude(status__in=FINAL)
    if asked.update(cancel_requested_at=timezone.now()):
        announce(generation)


def seen(generation: Generation) -> None:
    """Its owner has come to it: no mail needs to tell of its end."""
    if generation.mail_due_at is not None:
        Generation.objects.filter(pk=generation.pk).update(mail_due_at=None)


def rename(generation: Generation, title: str) -> None:
    """Give it another title (1-200 characters, already cleaned)."""
    Generation.objects.filter(pk=generation.pk).update(title=title)


def favour(generation: Generation, *, is_favourite: bool) -> None:
    """Make it a favourite, or an ordinary song again."""
    Generation.objects.filter(pk=generation.pk).update(is_favourite=is_favourite)
    generation.is_favourite = is_favourite


def keep_take(generation: Generation, number: int | None) -> None:
    """Say which of its takes is the better one: 1, 2, or None for no choice. The other one stays."""
    Generation.objects.filter(pk=generation.pk).update(kept_take=number)
    generation.kept_take = number


def note(generation: Generation, notes: str) -> None:
    """Keep these notes beside it (already cleaned)."""
    Generation.objects.filter(pk=generation.pk).update(notes=notes)
    generation.notes = notes


def share(generation: Generation, visibility: Visibility, **opens: bool) -> None:
    """Change who may hear it, and what its page gives besides the sound (fields of `Opened`).

    Going private ends the page and all further links for good; sharing again gives a new page.
    """
    with transaction.atomic():
        row = Generation.objects.select_for_update().get(pk=generation.pk)
        if visibility == Visibility.PRIVATE:
            row.share_id = None
            row.links.all().delete()
        elif row.share_id is None:
            row.share_id = links.new_share_id()
        row.visibility = visibility
        for name, value in opens.items():
            setattr(row, name, value)
        row.save(update_fields=["share_id", "visibility", *opens])
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
    engine.forget(generation)


def _from_fields_of(generation: Generation, form_token: uuid.UUID | None = None) -> Generation:
    return create(
        generation.owner,
        prompt=generation.prompt,
        lyrics=generation.lyrics,
        reference_url=generation.reference_url,
        instrumental_url=generation.instrumental_url,
        vocal_url=generation.vocal_url,
        melody_url=generation.melody_url,
        form_token=form_token,
        made_from=generation,
    )


def stored(generation: Generation) -> list[tuple[Storage, str]]:
    """All its files: of each the storage and the name. Sizes of its cover are among them, made or not."""
    files = []
    for version in generation.versions.all():
        files += [version.audio, version.midi, *([version.stems.archive] if hasattr(version, "stems") else [])]
    art = generation.album_art
    pictures = [(art.storage, name) for name in (str(art.name), *covers.all_of(str(art.name)))] if art else []
    return [*pictures, *((file.storage, str(file.name)) for file in files if file)]


def empty_trash(owner: User | None = None) -> int:
    """End for good, at most a hundred at once, what has lain in the trash for longer than 30 days; how many songs.

    Of one owner, if one is given, whatever is in the trash: what is not ended at once counts as 31 days old from now on
    and goes with the next rounds.
    """
    old = timezone.now() - timedelta(days=settings.TRASH_DAYS)
    gone = Generation.objects.filter(trashed_at__lt=old, status__in=FINAL)
    if owner is not None:
        mine = Generation.objects.filter(owner=owner, trashed_at__isnull=False, status__in=FINAL)
        mine.update(trashed_at=old - timedelta(days=1))
        gone = gone.filter(owner=owner)
    rows = list(gone[:100])
    for row in rows:
        delete(row)
    return len(rows)


def announce(generation: Generation) -> None:
    """Tell whoever listens, once this is committed, that there is something to look at."""
    pk = generation.pk
    transaction.on_commit(lambda: changed.send(sender=Generation, generation_id=pk))
