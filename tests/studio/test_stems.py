"""A take's notes and stems, as its owner asks for them and gets them."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from studio.accounts.models import User
from studio.songs import audit, generations, stems
from studio.songs.models import Generation, Stems, Version
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db
NOTES = b"MThd notes"


def song(owner: User, title: str = "Home Again") -> Generation:
    """A finished song of our own engine."""
    row = saved_song(owner, title)
    for version in row.versions.all():
        version.midi.save(f"songs/{row.pk}/take-{version.number}.mid", ContentFile(NOTES))
    return row


def take(row: Generation, number: int = 1) -> Version:
    return Version.objects.select_related("generation").get(generation=row, number=number)


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as whole:
        whole.writestr(zipfile.ZipInfo("drums.flac"), b"fLaC")  # at no time of day: made twice it is the same
    return out.getvalue()


def ready(version: Version, **more: Any) -> Stems:
    """Stems that were made."""
    row = stems.wish(version)
    row.archive.save(f"songs/{version.generation_id}/stems-{version.number}.zip", ContentFile(archive()), save=False)
    row.state, row.size, row.sha256, row.is_exact = Stems.State.READY, len(archive()), "5" * 64, True
    row.made_at = timezone.now()
    for name, value in more.items():
        setattr(row, name, value)
    row.save()
    return row


def whole(answer: Any) -> bytes:
    async def read() -> bytes:
        return b"".join([piece async for piece in answer])

    return async_to_sync(read)()


def test_the_song_page_offers_notes_and_stems_of_each_take(client: Client, alice: User) -> None:
    row = song(alice)
    client.force_login(alice)
    page = client.get(f"/songs/{row.pk}/").content.decode()
    for number in (1, 2):
        assert f'href="/songs/{row.pk}/take-{number}.mid" download' in page
        assert f'href="/songs/{row.pk}/take-{number}/stems/"' in page


def test_they_are_not_offered_for_what_another_host_made(client: Client, alice: User) -> None:
    row = saved_song(alice, "Elsewhere")
    client.force_login(alice)
    page = client.get(f"/songs/{row.pk}/").content.decode()
    assert "MIDI" not in page
    assert "stems" not in page
    assert client.get(f"/songs/{row.pk}/take-1.mid").status_code == 404
    assert client.post(f"/songs/{row.pk}/take-1/stems/").status_code == 404
    assert not Stems.objects.exists()


def test_a_site_that_has_songs_made_elsewhere_now_keeps_notes_and_makes_no_stems(
    client: Client, alice: User, settings: Settings
) -> None:
    row = song(alice)
    settings.UPSTREAM_URL = "https://host.example"
    client.force_login(alice)
    assert client.get(f"/songs/{row.pk}/take-1.mid").status_code == 200
    assert client.get(f"/songs/{row.pk}/take-1/stems/").status_code == 404


def test_the_notes_are_saved_under_the_songs_name(client: Client, alice: User) -> None:
    row = song(alice)
    client.force_login(alice)
    answer = client.get(f"/songs/{row.pk}/take-2.mid")
    assert whole(answer) == NOTES
    assert answer["Content-Type"] == "audio/midi"
    assert answer["Content-Disposition"] == 'attachment; filename="Home Again (take B).mid"'
    assert answer["Cache-Control"] == "private, no-store"


def test_asking_twice_is_one_wish(client: Client, alice: User) -> None:
    row = song(alice)
    client.force_login(alice)
    for _ in range(2):
        assert client.post(f"/songs/{row.pk}/take-1/stems/")["Location"] == f"/songs/{row.pk}/take-1/stems/"
    assert Stems.objects.get().version == take(row)


def test_a_wish_is_told_to_whoever_makes_stems(alice: User, django_capture_on_commit_callbacks: Any) -> None:
    heard: list[Any] = []
    row = song(alice)

    def hear(generation_id: Any, **_: Any) -> None:
        heard.append(generation_id)

    generations.changed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            stems.wish(take(row))
    finally:
        generations.changed.disconnect(hear)
    assert heard == [row.pk]


def test_one_person_waits_for_so_many_at_most(client: Client, alice: User, bob: User) -> None:
    songs = [song(alice, f"Song {k}") for k in range(stems.MOST_AT_ONCE + 1)]
    client.force_login(alice)
    for row in songs:
        client.post(f"/songs/{row.pk}/take-1/stems/")
    assert Stems.objects.count() == stems.MOST_AT_ONCE
    assert b"takes are waiting for their stems" in client.get(f"/songs/{songs[-1].pk}/take-1/stems/").content
    stems.wish(take(song(bob)))
    Stems.objects.filter(version=take(songs[0])).update(state=Stems.State.READY)
    stems.wish(take(songs[-1]))


def test_the_page_says_how_far_they_are_and_looks_again_by_itself(client: Client, alice: User) -> None:
    row = song(alice)
    client.force_login(alice)
    stems.wish(take(row))
    stems.wish(take(row, 2))
    assert "1 other take comes first" in client.get(f"/songs/{row.pk}/take-2/stems/").content.decode()
    Stems.objects.filter(version=take(row)).update(state=Stems.State.RUNNING, progress=43)
    page = client.get(f"/songs/{row.pk}/take-1/stems/").content.decode()
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
    assert 'value="43"' in page


def test_a_page_that_is_over_does_not_look_again(client: Client, alice: User) -> None:
    row = song(alice)
    client.force_login(alice)
    ready(take(row))
    page = client.get(f"/songs/{row.pk}/take-1/stems/").content.decode()
    assert "http-equiv" not in page
    assert "hx-trigger" not in page
    assert f"/songs/{row.pk}/take-1/stems.zip" in page
    assert "exactly the take you hear" in page


def test_stems_of_a_newer_engine_say_that_they_are(client: Client, alice: User) -> None:
    row = song(alice)
    client.force_login(alice)
    ready(take(row), is_exact=False)
    page = client.get(f"/songs/{row.pk}/take-1/stems/").content.decode()
    assert "exactly" not in page
    assert "The engine has changed since this song was made" in page


def test_the_archive_is_saved_whole(client: Client, alice: User) -> None:
    row = song(alice)
    ready(take(row))
    client.force_login(alice)
    answer = client.get(f"/songs/{row.pk}/take-1/stems.zip")
    assert whole(answer) == archive()
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="Home Again (take A, stems).zip"'


def test_what_failed_says_why_and_can_be_tried_anew(client: Client, alice: User) -> None:
    row = song(alice)
    client.force_login(alice)
    stems.wish(take(row))
    Stems.objects.update(state=Stems.State.FAILED, error="A string broke.")
    assert "A string broke." in client.get(f"/songs/{row.pk}/take-1/stems/").content.decode()
    client.post(f"/songs/{row.pk}/take-1/stems/")
    assert Stems.objects.get().state == Stems.State.WAITING


def test_a_wish_can_be_taken_back_and_what_is_ready_stays(client: Client, alice: User) -> None:
    row = song(alice)
    client.force_login(alice)
    stems.wish(take(row))
    ready(take(row, 2))
    for number in (1, 2):
        assert client.post(f"/songs/{row.pk}/take-{number}/stems/cancel/").status_code == 302
    assert [s.version for s in Stems.objects.all()] == [take(row, 2)]


def test_they_go_with_the_song(alice: User) -> None:
    row = song(alice)
    kept = str(ready(take(row)).archive.name)
    notes = str(take(row).midi.name)
    assert default_storage.exists(kept)
    generations.delete(row)
    assert not default_storage.exists(kept)
    assert not default_storage.exists(notes)


def test_they_are_no_litter(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    row = song(alice)
    ready(take(row))
    monkeypatch.setattr(audit, "LITTER", timedelta(days=-1))
    assert not [found for found in audit.findings() if str(row.pk) in found]


def test_archives_are_forgotten_after_a_week_and_can_be_made_again(alice: User) -> None:
    row = song(alice)
    fresh, old = ready(take(row)), ready(take(row, 2), made_at=timezone.now() - stems.KEPT - timedelta(minutes=1))
    stems.forget_old()
    assert list(Stems.objects.all()) == [fresh]
    assert not default_storage.exists(str(old.archive.name))
    assert default_storage.exists(str(fresh.archive.name))
    assert stems.wish(take(row, 2)).state == Stems.State.WAITING


def test_nobody_else_gets_any_of_it(client: Client, alice: User, bob: User) -> None:
    row = song(alice)
    ready(take(row))
    client.force_login(bob)
    for path in ("take-1.mid", "take-1/stems/", "take-1/stems.zip"):
        assert client.get(f"/songs/{row.pk}/{path}").status_code == 404
    assert client.post(f"/songs/{row.pk}/take-1/stems/cancel/").status_code == 404
    assert Stems.objects.exists()
