"""Playlists for friends: what is in them is heard by others only where each song is shared itself."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from studio.accounts.models import User
from studio.songs import generations, keeping, reports, shared_playlists
from studio.songs.models import Generation, Visibility
from studio.songs.shelves import Playlist
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db
HOSTILE = "</script><b>\u2028\u202e“x” & 'y'\n#EXTINF:1,evil"


def evening(owner: User, *shared: Visibility, name: str = "Evening") -> tuple[Playlist, list[Generation]]:
    """A playlist of a song for each way of sharing, in that order."""
    songs = [saved_song(owner, f"Song {number}") for number, _ in enumerate(shared)]
    for song, visibility in zip(songs, shared, strict=True):
        generations.share(song, visibility)
    playlist = keeping.make_playlist(owner, name, "Slow ones")
    keeping.add(playlist, [song.pk for song in songs])
    return playlist, songs


def opened(playlist: Playlist, visibility: Visibility = Visibility.UNLISTED) -> str:
    """The path of its page."""
    shared_playlists.share(playlist, visibility)
    playlist.refresh_from_db()
    return f"/p/{playlist.share_id}/"


def titles(page: str) -> list[str]:
    return re.findall(r'<a class="t"[^>]*>([^<]*)</a>', page)


def test_others_see_the_shared_songs_of_a_shared_playlist_in_its_order(alice: User, client: Client) -> None:
    ways = (Visibility.UNLISTED, Visibility.PRIVATE, Visibility.PUBLIC, Visibility.UNLISTED, Visibility.UNLISTED)
    playlist, songs = evening(alice, *ways)
    keeping.move(playlist, songs[2].pk, before=songs[0].pk, after=None)
    reports.take_down(songs[3])
    generations.trash(songs[4])
    path = opened(playlist)
    answer = client.get(path)
    assert titles(answer.content.decode()) == ["Song 2", "Song 0"]
    for name in ("feed.xml", "songs.m3u8"):
        told = client.get(f"{path}{name}").content.decode()
        assert [n for n in range(5) if f"Song {n}" in told] == [0, 2]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "X-Robots-Tag" not in client.get(opened(playlist, Visibility.PUBLIC))


def test_a_playlist_that_is_private_again_is_nowhere_and_comes_back_elsewhere(alice: User, client: Client) -> None:
    playlist, _songs = evening(alice, Visibility.PUBLIC)
    path = opened(playlist)
    shared_playlists.share(playlist, Visibility.PRIVATE)
    assert [client.get(f"{path}{name}").status_code for name in ("", "feed.xml", "songs.m3u8")] == [404] * 3
    assert opened(playlist) != path


def test_the_owner_is_told_which_songs_others_miss_and_opens_them_in_one_step(
    alice: User, alice_client: Client, client: Client
) -> None:
    playlist, songs = evening(alice, Visibility.PRIVATE, Visibility.PRIVATE, Visibility.PUBLIC)
    form, share = f"/library/playlists/{playlist.pk}/", f"/library/playlists/{playlist.pk}/share/"
    assert "others do not see" not in alice_client.get(form).content.decode()
    page = alice_client.post(share, {"visibility": "unlisted"}, follow=True).content.decode()
    assert "2 songs in it are yours alone: others do not see them there." in page
    playlist.refresh_from_db()
    assert f"/p/{playlist.share_id}/" in page
    page = alice_client.post(share, {"do": "open"}, follow=True).content.decode()
    assert "2 songs can now be heard by others." in page
    assert "yours alone" not in page
    assert [Generation.objects.get(pk=song.pk).visibility for song in songs] == ["unlisted", "unlisted", "public"]
    assert len(titles(client.get(f"/p/{playlist.share_id}/").content.decode())) == 3
    assert "Choose who may see it." in alice_client.post(share, {}, follow=True).content.decode()


def test_nobody_else_shares_a_playlist(alice: User, bob_client: Client) -> None:
    playlist, _songs = evening(alice, Visibility.PRIVATE)
    for posted in ({"visibility": "public"}, {"do": "open"}):
        assert bob_client.post(f"/library/playlists/{playlist.pk}/share/", posted).status_code == 404
    playlist.refresh_from_db()
    assert playlist.visibility == Visibility.PRIVATE
    assert not Generation.objects.exclude(visibility=Visibility.PRIVATE).exists()


def test_programs_are_told_of_the_playlist_in_their_own_words(alice: User, client: Client) -> None:
    playlist, songs = evening(alice, Visibility.PUBLIC, Visibility.PUBLIC)
    path = opened(playlist, Visibility.PUBLIC)
    page = client.get(path).content.decode()
    facts = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)[0])
    assert (facts["@type"], facts["name"], facts["numTracks"]) == ("MusicPlaylist", "Evening", 2)
    assert [track["url"].rpartition("/s/")[2].strip("/") for track in facts["track"]] == [s.share_id for s in songs]
    assert '<meta property="og:type" content="music.playlist">' in page
    assert f'<link rel="canonical" href="http://localhost:8000{path}">' in page
    assert page.count('<meta property="music:song"') == 2


def test_hostile_names_break_no_answer(alice: User, client: Client) -> None:
    playlist, songs = evening(alice, Visibility.PUBLIC)
    Playlist.objects.filter(pk=playlist.pk).update(name=HOSTILE[:80], description=HOSTILE)
    Generation.objects.filter(pk=songs[0].pk).update(title=HOSTILE)
    User.objects.filter(pk=alice.pk).update(name=HOSTILE[:80])
    path = opened(playlist)
    page = client.get(path).content.decode()
    assert "<b>" not in page
    facts = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[0])
    assert facts["name"] == HOSTILE[:80]
    channel = ET.fromstring(client.get(f"{path}feed.xml").content)
    assert len(channel.findall("./channel/item")) == 1
    lines = client.get(f"{path}songs.m3u8").content.decode().splitlines()
    assert [line.partition(":")[0] for line in lines] == ["#EXTM3U", "#PLAYLIST", "#EXTINF", "http"]


def test_a_long_playlist_takes_as_many_queries_as_a_short_one(alice: User, client: Client) -> None:
    playlist, songs = evening(alice, Visibility.UNLISTED)
    path = opened(playlist)
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    more = [saved_song(alice, f"More {number}") for number in range(4)]
    for song in more:
        generations.share(song, Visibility.UNLISTED)
    keeping.add(playlist, [song.pk for song in more])
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(titles(client.get(path).content.decode())) == 5
    assert len(many) == len(few) < 20
    assert songs
