"""The audit: silent where credits, songs and files agree, and a sentence for everything that does not."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from studio.accounts import ledger
from studio.accounts.models import LedgerEntry, User
from studio.songs import audit, generations
from studio.songs.models import Generation, Status, Version
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db
Kind = LedgerEntry.Kind


@pytest.fixture(autouse=True)
def own_media(settings: Settings, tmp_path: Path) -> Path:
    """A folder for songs that no other test writes to."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture(autouse=True)
def price(settings: Settings) -> None:
    """Songs cost 2 credits."""
    settings.CREDITS_PER_SONG = 2


@pytest.fixture
def alice(alice: User) -> User:
    """Alice, who has credits."""
    ledger.grant(alice, 20)
    return alice


def failed_song(owner: User) -> Generation:
    """A song that is over without a take."""
    row = generations.create(owner, prompt="pop")
    Generation.objects.filter(pk=row.pk).update(status=Status.FAILED)
    ledger.release(row.pk)
    row.refresh_from_db()
    return row


def found() -> list[str]:
    return list(audit.findings())


def test_all_is_well_where_nothing_happened(db: None) -> None:
    assert found() == []


def test_all_is_well_with_songs_of_every_kind(alice: User) -> None:
    saved, refunded, deleted = saved_song(alice, "Kept"), saved_song(alice, "Refunded"), saved_song(alice, "Deleted")
    failed_song(alice)
    generations.create(alice, prompt="waiting")
    assert ledger.refund(refunded.pk)
    generations.delete(deleted)
    saved.album_art.save(f"songs/{saved.pk}/art.png", ContentFile(b"art"))
    assert found() == []
    call_command("audit")


def test_the_command_lists_what_is_wrong_and_fails(alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    row = generations.create(alice, prompt="pop")
    Generation.objects.filter(pk=row.pk).update(status=Status.FAILED)
    with pytest.raises(CommandError, match="1 finding"):
        call_command("audit")
    assert capsys.readouterr().out == f"Song {row.pk} (failed) is over without a stored take and was not released.\n"


def test_a_balance_below_nothing_is_found(bob: User) -> None:
    LedgerEntry.objects.create(user=bob, kind=Kind.RESERVE, amount=-3, generation_id=uuid.uuid4())
    assert f"Person {bob.pk} has -3 credits." in found()


def test_credits_that_a_deleted_song_still_holds_are_found(alice: User) -> None:
    row = generations.create(alice, prompt="pop")
    Generation.objects.filter(pk=row.pk).delete()
    assert found() == [f"Song {row.pk} is gone, and its credits are still set aside."]


def take_without_capture(alice: User) -> Generation:
    row = generations.create(alice, prompt="pop")
    saved = saved_song(alice, "Source").versions.get(number=1)
    row.versions.filter(number=1).update(
        state=Version.State.STORED, audio=saved.audio.name, size=saved.size, sha256=saved.sha256
    )
    return row


def capture_without_take(alice: User) -> Generation:
    row = generations.create(alice, prompt="pop")
    ledger.capture(row.pk)
    return row


def released_and_unfinished(alice: User) -> Generation:
    row = generations.create(alice, prompt="pop")
    ledger.release(row.pk)
    return row


def without_entries(alice: User) -> Generation:
    return Generation.objects.create(owner=alice, prompt="pop")


def with_another_cost(alice: User) -> Generation:
    row = failed_song(alice)
    Generation.objects.filter(pk=row.pk).update(cost=7)
    return row


def with_a_release_of_another_amount(alice: User) -> Generation:
    row = generations.create(alice, prompt="pop")
    Generation.objects.filter(pk=row.pk).update(status=Status.CANCELLED)
    LedgerEntry.objects.create(user=alice, generation_id=row.pk, kind=Kind.RELEASE, amount=5)
    return row


def refunded_behind_its_back(alice: User) -> Generation:
    row = saved_song(alice, "Refunded")
    LedgerEntry.objects.create(user=alice, generation_id=row.pk, kind=Kind.REFUND, amount=2)
    return row


def refunded_for_nothing(alice: User) -> Generation:
    row = failed_song(alice)
    LedgerEntry.objects.create(user=alice, generation_id=row.pk, kind=Kind.REFUND, amount=2)
    Generation.objects.filter(pk=row.pk).update(refunded_at=timezone.now())
    return row


def paid_by_somebody_else(alice: User) -> Generation:
    row = failed_song(alice)
    other = User.objects.create_user("carol@example.org")
    Generation.objects.filter(pk=row.pk).update(owner=other)
    return row


def never_settled(alice: User) -> Generation:
    row = generations.create(alice, prompt="pop")
    long_ago = timezone.now() - timedelta(minutes=32)
    Generation.objects.filter(pk=row.pk).update(status=Status.INTERRUPTED, submitted_at=long_ago)
    return row


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (take_without_capture, "has a stored take and no capture"),
        (capture_without_take, "has a capture and no stored take"),
        (released_and_unfinished, "was released, but is not over"),
        (without_entries, "has set nothing aside"),
        (with_another_cost, "costs 7 and has set 2 aside"),
        (with_a_release_of_another_amount, "has set 2 aside and 5 were released"),
        (refunded_behind_its_back, "does not know what the ledger says of a refund"),
        (refunded_for_nothing, "was refunded, but had used nothing"),
        (paid_by_somebody_else, "has an entry of somebody who is not its owner"),
        (never_settled, "is not over"),
    ],
)
def test_a_song_whose_books_do_not_fit_is_found(alice: User, make: Callable[[User], Generation], says: str) -> None:
    row = make(alice)
    (finding,) = found()
    assert str(row.pk) in finding
    assert says in finding


def test_a_song_that_was_sent_off_just_now_may_be_unfinished(alice: User) -> None:
    row = generations.create(alice, prompt="pop")
    recently = timezone.now() - timedelta(minutes=29)
    Generation.objects.filter(pk=row.pk).update(status=Status.INTERRUPTED, submitted_at=recently)
    assert found() == []


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: path.unlink(), "cannot be read"),
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), "bytes, not"),
        (lambda path: path.write_bytes(b"\0" + path.read_bytes()[1:]), "has other bytes than were stored"),
    ],
)
def test_a_stored_take_without_its_own_bytes_is_found(alice: User, spoil: Callable[[Path], object], says: str) -> None:
    version = saved_song(alice, "Home").versions.get(number=2)
    spoil(Path(version.audio.path))
    (finding,) = found()
    assert finding.startswith(f"Take 2 of song {version.generation_id}")
    assert says in finding


def test_a_cover_that_is_gone_is_found(alice: User) -> None:
    row = saved_song(alice, "Home")
    row.album_art.save(f"songs/{row.pk}/art.png", ContentFile(b"art"))
    Path(row.album_art.path).unlink()
    assert found() == [f"The cover {row.album_art.name} of song {row.pk} is not there."]


def test_a_file_that_belongs_to_nothing_is_found_after_a_day(alice: User, own_media: Path) -> None:
    saved_song(alice, "Home")
    name = default_storage.save("songs/left/take-1-3.mp3", ContentFile(b"litter"))
    assert found() == []
    yesterday = time.time() - 25 * 3600
    for path in own_media.rglob("*.mp3"):
        os.utime(path, (yesterday, yesterday))
    assert found() == [f"The file {name} belongs to no song."]
