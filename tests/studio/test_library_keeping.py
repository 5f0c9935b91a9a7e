"""Tags, playlists, filters, many songs at once: each does what it says to one's own songs, and can be undone."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from studio.accounts.models import User
from studio.songs import catalogue, generations, keeping, library
from studio.songs.models import Generation, Section, Status, Version, Visibility
from studio.songs.shelves import Playlist, Tag
from studio.songs.wanted import Wanted
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def songs(alice: User) -> list[Generation]:
    """Four songs of Alice's: A is the oldest."""
    return [saved_song(alice, title) for title in "ABCD"]


def found(owner: User, **wanted: Any) -> str:
    catalogue.catch_up(owner.pk)
    return "".join(row.title for row in library.songs(owner, Wanted(**wanted)))


def ids(*rows: Generation) -> list[uuid.UUID]:
    return [row.pk for row in rows]


def undo(client: Client, response: Any) -> None:
    """Press Undo on the page that follows."""
    address = next(m.extra_tags for m in response.context["messages"])
    assert address.startswith("/library/undo/")
    client.post(address)


def bulk(client: Client, do: str, *rows: Generation, **more: str) -> Any:
    given = {"do": do, "songs": [str(row.pk) for row in rows], **more}
    return client.post("/library/bulk/", {name: value for name, value in given.items() if value}, follow=True)


def test_each_filter_keeps_what_it_names(alice: User, songs: list[Generation]) -> None:
    a, b, c, d = songs
    day = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for at, row in enumerate(songs):
        Generation.objects.filter(pk=row.pk).update(created_at=day + timedelta(days=at))
    Section.objects.filter(version__generation=a).update(lines=[])
    Generation.objects.filter(pk=b.pk).update(is_favourite=True, kept_take=2)
    Generation.objects.filter(pk=c.pk).update(status=Status.FAILED, reference_url="https://example.org/a.mp3")
    generations.share(d, Visibility.PUBLIC)
    keeping.tag(alice, ids(a, d), "Calm")
    assert found(alice, state="made") == "DBA"
    assert found(alice, state="failed") == "C"
    assert found(alice, state="making") == ""
    assert found(alice, sound="instrumental") == "A"
    assert found(alice, sound="sung") == "DCB"
    assert found(alice, sound="audio") == "C"
    assert found(alice, favourite="yes") == "B"
    assert found(alice, kept="yes") == "B"
    assert found(alice, kept="no") == "DCA"
    assert found(alice, shared="yes") == found(alice, shared="public") == "D"
    assert found(alice, shared="private") == "CBA"
    assert found(alice, tag="cALM") == "DA"
    assert found(alice, since="2026-03-02", until="2026-03-03") == "CB"
    assert found(alice, tag="calm", sound="sung") == "D"


def test_each_order_is_kept(alice: User, songs: list[Generation]) -> None:
    for at, row in enumerate(songs):
        Version.objects.filter(generation=row, number=2).update(duration_ms=[5000, 9000, 2000, 7000][at])
        done = timezone.now() - timedelta(hours=[2, 4, 1, 3][at])
        Generation.objects.filter(pk=row.pk).update(finished_at=done)
    assert found(alice) == "DCBA"
    assert found(alice, sort="oldest") == found(alice, sort="title") == "ABCD"
    assert found(alice, sort="longest") == "BDAC"
    assert found(alice, sort="finished") == "CADB"


@pytest.mark.parametrize(
    "query",
    ["state=x&sort=y&view=z", "page=-1", "page=99999999999", "since=yesterday", "playlist=1", "until=9999-12-31"],
)
def test_what_is_no_answer_is_ignored(alice_client: Client, songs: list[Generation], query: str) -> None:
    assert Wanted.of(QueryDict(query)) == Wanted()
    assert alice_client.get(f"/library/?{query}").status_code == 200


def test_an_address_says_just_what_is_asked_for(alice_client: Client) -> None:
    wanted = Wanted(q="a b", state="made", tag="x&y", page=3)
    assert Wanted.of(QueryDict(wanted.address.partition("?")[2])) == wanted
    assert wanted.but(state="").page == 1
    assert alice_client.get("/library/?q=&state=&sort=title")["Location"] == "/library/?sort=title"


def test_a_tag_is_one_whatever_its_case_and_goes_with_its_last_song(alice: User, songs: list[Generation]) -> None:
    a, b, *_ = songs
    assert keeping.tag(alice, ids(a), "Für Nina") == ids(a)
    assert keeping.tag(alice, ids(a, b), "für NINA") == ids(b)
    assert [tag.name for tag in alice.tags.all()] == ["Für Nina"]
    assert keeping.untag(alice, ids(a, b), "FÜR nina") != []
    assert not Tag.objects.exists()


def test_a_song_takes_twenty_tags_of_forty_characters(alice: User, songs: list[Generation]) -> None:
    for number in range(keeping.MOST_TAGS):
        keeping.tag(alice, ids(songs[0]), f"tag {number}")
    with pytest.raises(keeping.RefusedError):
        keeping.tag(alice, ids(songs[0]), "one more")
    for name in ("", " \u202e ", "x" * 41):
        with pytest.raises(keeping.RefusedError):
            keeping.tag(alice, ids(songs[1]), name)


def test_tags_of_the_same_name_become_one(alice: User, songs: list[Generation]) -> None:
    keeping.tag(alice, ids(*songs[:2]), "calm")
    keeping.tag(alice, ids(*songs[1:]), "quiet")
    keeping.rename_tag(alice, alice.tags.get(name="quiet"), "Calm")
    assert found(alice, tag="calm") == "DCBA"
    assert alice.tags.count() == 1


def test_a_playlist_keeps_its_order_and_the_places_of_what_lies_in_the_trash(
    alice: User, songs: list[Generation]
) -> None:
    a, b, c, d = songs
    playlist, other = keeping.make_playlist(alice, "Drive"), keeping.make_playlist(alice, "Other")
    keeping.add(other, ids(d, c, b, a))
    assert keeping.add(playlist, ids(c, a, d)) == ids(c, a, d)
    assert keeping.add(playlist, ids(a, b)) == ids(b)
    assert found(alice, playlist=playlist.pk.hex) == "CADB"
    keeping.move(playlist, b.pk, before=c.pk, after=None)
    assert found(alice, playlist=playlist.pk.hex) == "BCAD"
    keeping.move(playlist, b.pk, before=None, after=d.pk)
    generations.trash(a)
    assert found(alice, playlist=playlist.pk.hex) == "CDB"
    keeping.step(playlist, d.pk, -1)
    generations.restore(a)
    assert found(alice, playlist=playlist.pk.hex) == "DCAB"
    assert found(alice, playlist=other.pk.hex) == "DCBA"


DEEDS = ["trash", "tag", "favour", "share public", "add", "add-new"]


@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_can_be_undone_and_leaves_no_trace(
    alice: User, alice_client: Client, songs: list[Generation], deed: str
) -> None:
    playlist = keeping.make_playlist(alice, "Drive")

    def now() -> Any:
        rows = Generation.objects.order_by("pk").values_list("trashed_at", "is_favourite", "visibility", "share_id")
        return list(rows), found(alice, tag="calm"), found(alice, playlist=playlist.pk.hex)

    before = now()
    do = f"add {playlist.pk.hex}" if deed == "add" else "add" if deed == "add-new" else deed
    response = bulk(alice_client, do, *songs[:3], tag="calm" if deed == "tag" else "", name="New")
    assert deed == "add-new" or now() != before
    undo(alice_client, response)
    assert now() == before


def test_links_that_went_with_a_bulk_change_work_again_after_undo(
    alice: User, alice_client: Client, songs: list[Generation]
) -> None:
    generations.share(songs[0], Visibility.UNLISTED)
    link = f"/s/{songs[0].share_id}/"
    response = bulk(alice_client, "share private", *songs)
    assert Client().get(link).status_code == 404
    undo(alice_client, response)
    assert Client().get(link).status_code == 200


def test_a_deleted_playlist_comes_back_as_it_was(alice: User, alice_client: Client, songs: list[Generation]) -> None:
    playlist = keeping.make_playlist(alice, "Drive", "Long roads")
    keeping.add(playlist, ids(*reversed(songs)))
    response = alice_client.post(f"/library/playlists/{playlist.pk}/delete/", follow=True)
    assert not Playlist.objects.exists()
    undo(alice_client, response)
    assert Playlist.objects.get().description == "Long roads"
    assert found(alice, playlist=playlist.pk.hex) == "DCBA"


def test_all_that_a_list_finds_goes_at_once_but_never_too_many(
    alice: User, alice_client: Client, songs: list[Generation], monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk(alice_client, "tag", tag="calm", all="1", list="/library/?q=B")
    assert found(alice, tag="calm") == "B"
    monkeypatch.setattr(keeping, "MOST_AT_ONCE", 3)
    response = bulk(alice_client, "trash", all="1", list="/library/")
    assert "Up to 3 songs go at once." in response.content.decode()
    assert found(alice) == "DCBA"


@pytest.mark.parametrize("do", ["trash", "tag", "favour", "share public", "untag calm", "restore", "add"])
def test_nobody_does_anything_to_songs_of_others(
    alice: User, bob_client: Client, songs: list[Generation], do: str
) -> None:
    before = list(Generation.objects.order_by("pk").values())
    response = bulk(bob_client, do, *songs, tag="calm", name="Mine")
    assert "Nothing has changed." in response.content.decode()
    assert list(Generation.objects.order_by("pk").values()) == before
    assert not Playlist.objects.exists()
    assert not Tag.objects.exists()


def test_nobody_changes_or_reads_playlists_of_others(
    alice: User, bob: User, bob_client: Client, songs: list[Generation]
) -> None:
    playlist = keeping.make_playlist(alice, "Drive")
    keeping.add(playlist, ids(*songs))
    his = saved_song(bob, "His")
    assert bob_client.get(f"/library/?playlist={playlist.pk.hex}").status_code == 404
    for do in (f"add {playlist.pk.hex}", f"remove {playlist.pk.hex}", f"move {playlist.pk.hex} up"):
        bulk(bob_client, do, his)
    assert found(alice, playlist=playlist.pk.hex) == "ABCD"
    assert keeping.add(playlist, ids(his)) == []


@pytest.mark.parametrize("do", ["", "trash", "nothing", "trash no-id", "move x y z", "share x", "add 1", "remove"])
def test_a_deed_that_makes_no_sense_changes_nothing(
    alice: User, alice_client: Client, songs: list[Generation], do: str
) -> None:
    before = list(Generation.objects.order_by("pk").values())
    assert alice_client.post("/library/bulk/", {"do": do}, follow=True).status_code == 200
    assert list(Generation.objects.order_by("pk").values()) == before


def test_an_emptied_trash_is_empty_at_once(alice: User, alice_client: Client, songs: list[Generation]) -> None:
    keeping.trash(alice, ids(*songs[:2]))
    assert "2 songs are deleted" in alice_client.get("/library/trash/empty/").content.decode()
    assert alice_client.post("/library/trash/empty/").status_code == 302
    assert found(alice, trash="1") == ""
    assert Generation.objects.count() == 2


@pytest.mark.parametrize("address", ["/library/", "/library/?view=list&sort=title", "/library/?q=song&sound=sung"])
def test_a_page_costs_the_same_queries_at_ten_songs_and_at_a_thousand(
    alice: User, alice_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, address: str
) -> None:
    many(alice, 10)
    alice_client.get(address)
    with django_assert_max_num_queries(14) as asked:
        alice_client.get(address)
        few = len(asked)
    many(alice, 990)
    alice_client.get(address)
    with django_assert_max_num_queries(few):
        alice_client.get(address)


def many(owner: User, count: int) -> None:
    """Songs without files, as fast as rows are written."""
    rows = Generation.objects.bulk_create(
        Generation(owner=owner, prompt="pop", title=f"Song {n}", status=Status.COMPLETED) for n in range(count)
    )
    takes = Version.objects.bulk_create(
        Version(generation=row, number=n, state=Version.State.STORED, duration_ms=1000) for row in rows for n in (1, 2)
    )
    Section.objects.bulk_create(
        Section(version=take, position=0, kind="verse", start_ms=0, end_ms=1000, lines=[{"text": "a sung line"}])
        for take in takes[::2]
    )
    catalogue.catch_up(owner.pk)
