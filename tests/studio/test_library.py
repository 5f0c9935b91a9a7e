"""One's own songs: found, renamed, thrown away, brought back; and nobody else's, ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from studio.accounts.models import User
from studio.songs import generations, library
from studio.songs.models import Generation, Status, Version, Visibility
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db(transaction=True)


def titles(response: Any) -> list[str]:
    return [item.card.title for item in response.context["page"]]


def test_newest_come_first_and_pages_turn(alice_client: Client, alice: User) -> None:
    for number in range(30):
        saved_song(alice, f"Song {number:02}")
    assert titles(alice_client.get("/library/"))[:2] == ["Song 29", "Song 28"]
    assert titles(alice_client.get("/library/?page=2")) == [f"Song {n:02}" for n in range(5, -1, -1)]
    assert titles(alice_client.get("/library/?page=rubbish"))[0] == "Song 29"


def test_a_song_can_be_renamed_and_an_empty_title_is_refused(alice_client: Client, alice: User) -> None:
    row = saved_song(alice, "Old")
    assert alice_client.post(f"/songs/{row.pk}/rename/", {"title": " New "}).status_code == 302
    row.refresh_from_db()
    assert row.title == "New"
    assert alice_client.post(f"/songs/{row.pk}/rename/", {"title": "  "}).status_code == 422
    row.refresh_from_db()
    assert row.title == "New"


def test_the_trash_can_be_undone_and_only_what_lies_in_it_can_be_deleted(alice_client: Client, alice: User) -> None:
    row = saved_song(alice, "Keep me")
    alice_client.post(f"/songs/{row.pk}/delete/")
    assert Generation.objects.filter(pk=row.pk).exists()
    response = alice_client.post(f"/songs/{row.pk}/trash/", follow=True)
    assert titles(response) == []
    assert f"/songs/{row.pk}/restore/" in response.content.decode()
    assert titles(alice_client.get("/library/?trash=1")) == ["Keep me"]
    alice_client.post(f"/songs/{row.pk}/restore/")
    assert titles(alice_client.get("/library/")) == ["Keep me"]


def test_deleting_for_good_removes_the_sound_as_well(alice_client: Client, alice: User) -> None:
    row = saved_song(alice, "Gone")
    storage, names = row.versions.all()[0].audio.storage, [str(v.audio.name) for v in row.versions.all()]
    assert all(storage.exists(name) for name in names)
    alice_client.post(f"/songs/{row.pk}/trash/")
    alice_client.post(f"/songs/{row.pk}/delete/")
    assert not Generation.objects.filter(pk=row.pk).exists()
    assert not any(storage.exists(name) for name in names)


def test_the_trash_empties_itself_after_thirty_days(alice: User) -> None:
    old, young = saved_song(alice, "Old"), saved_song(alice, "Young")
    Generation.objects.filter(pk=old.pk).update(trashed_at=timezone.now() - timedelta(days=31))
    Generation.objects.filter(pk=young.pk).update(trashed_at=timezone.now() - timedelta(days=29))
    assert generations.empty_trash() == 1
    assert [row.title for row in Generation.objects.all()] == ["Young"]


def test_a_failed_song_is_made_again_from_the_same_words(alice_client: Client, alice: User) -> None:
    row = saved_song(alice, "Broken", prompt="waltz", lyrics="we are home")
    Generation.objects.filter(pk=row.pk).update(status=Status.FAILED)
    alice_client.post(f"/songs/{row.pk}/retry/")
    alice_client.post(f"/songs/{row.pk}/retry/")
    again = Generation.objects.get(trashed_at=None)
    assert (again.prompt, again.lyrics, again.status) == ("waltz", "we are home", Status.QUEUED)


def test_a_song_page_tells_from_which_song_it_was_made_and_which_were_made_from_it(
    alice_client: Client, alice: User
) -> None:
    first = saved_song(alice, "Harbour lights", prompt="waltz")
    again = generations.retry(first)
    assert library.kin(again) == [("Made from", first)]
    assert library.kin(first) == [("Led to", again)]
    assert f"/songs/{again.pk}/" in alice_client.get(f"/songs/{first.pk}/").content.decode()
    page = alice_client.get(f"/songs/{again.pk}/").content.decode()
    assert "Made from" in page
    assert "Harbour lights" in page
    generations.trash(first)
    assert library.kin(again) == []
    generations.delete(first)
    again.refresh_from_db()
    assert again.made_from is None


GETS = ["/songs/{pk}/", "/songs/{pk}/card/", "/songs/{pk}/cover/", "/songs/{pk}/take-1.mp3"]
POSTS = ["cancel", "retry", "rename", "share", "trash", "restore", "delete"]


@pytest.mark.parametrize("path", GETS)
def test_what_belongs_to_another_is_not_there(bob_client: Client, alice: User, path: str) -> None:
    assert bob_client.get(path.format(pk=saved_song(alice, "Hers").pk)).status_code == 404


@pytest.mark.parametrize("deed", POSTS)
def test_nobody_changes_what_belongs_to_another(bob_client: Client, alice: User, deed: str) -> None:
    row = saved_song(alice, "Hers")
    fields = {"title": "Mine", "visibility": "public"}
    assert bob_client.post(f"/songs/{row.pk}/{deed}/", fields).status_code == 404
    row.refresh_from_db()
    assert (row.title, row.visibility, row.trashed_at) == ("Hers", Visibility.PRIVATE, None)


@pytest.mark.parametrize("deed", POSTS)
def test_nothing_changes_by_a_link(alice_client: Client, alice: User, deed: str) -> None:
    assert alice_client.get(f"/songs/{saved_song(alice, 'Hers').pk}/{deed}/").status_code == 405


def test_both_finished_takes_stand_in_attributes_of_the_songs_page(alice_client: Client, alice: User) -> None:
    row = saved_song(alice, "Heard")
    html = alice_client.get(f"/songs/{row.pk}/").content.decode()
    assert f'"/songs/{row.pk}/take-1.mp3"' in html
    assert f'"/songs/{row.pk}/take-2.mp3"' in html
    assert "together we are home" in html


def test_a_download_is_named_after_the_song(alice_client: Client, alice: User) -> None:
    row = saved_song(alice, 'Über "Wasser"/Feuer\r\nX: y')
    response = alice_client.head(f"/songs/{row.pk}/take-2.mp3?download=1")
    said = response["Content-Disposition"]
    assert said.startswith("attachment; filename*=utf-8''")
    assert "%C3%9Cber" in said
    assert "\n" not in said
    version = Version.objects.get(generation=row, number=2)
    assert int(response["Content-Length"]) > version.size  # with a tag that says what it is called now
    assert response["Content-Type"] == "audio/mpeg"
