"""A person's page for everybody, with a feed and a list for players."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from studio.accounts.models import User
from studio.songs import generations, reports
from studio.songs.models import Generation, Visibility
from studio.songs.profiles import Profile
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db

HOSTILE = ']]></title><script>alert(1)</script>"\x01\x1b[2J\n#EXTINF:1,no\nhttps://elsewhere.example/ & \u202e'
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"


def song_of(owner: User, title: str, visibility: Visibility = Visibility.PUBLIC) -> Generation:
    row = saved_song(owner, title)
    generations.share(row, visibility)
    return row


def page_of(client: Client, **told: str) -> None:
    assert client.post("/account/profile/", {"name": "Alice", "handle": "alice", **told}).status_code == 302


def test_nobody_has_a_page_who_does_not_want_one(alice_client: Client, client: Client, alice: User) -> None:
    song_of(alice, "Found")
    assert client.get("/people/alice/").status_code == 404
    page_of(alice_client)
    assert "Found" in client.get("/people/alice/").text
    alice_client.post("/account/profile/", {"name": "Alice", "handle": ""})
    for path in ("", "feed.xml", "songs.m3u8"):
        assert client.get(f"/people/alice/{path}").status_code == 404


def test_it_shows_public_songs_and_no_others(alice_client: Client, client: Client, alice: User, bob: User) -> None:
    page_of(alice_client, about="I write waltzes.")
    song_of(alice, "Out in the open")
    song_of(alice, "For friends", Visibility.UNLISTED)
    saved_song(alice, "Mine alone")
    thrown, down = song_of(alice, "Thrown away"), song_of(alice, "Taken down")
    generations.trash(thrown)
    reports.take_down(down)
    song_of(bob, "Of somebody else")
    html = client.get("/people/alice/").text
    feed, songs = client.get("/people/alice/feed.xml").text, client.get("/people/alice/songs.m3u8").text
    for text in (html, feed, songs):
        assert "Out in the open" in text
        hidden = ("For friends", "Mine alone", "Thrown away", "Taken down", "Of somebody else")
        assert not [title for title in hidden if title in text]
    assert "I write waltzes." in html
    assert "Music made with AI" in html
    assert "Music made with AI" in feed
    assert alice.email not in html + feed + songs


@pytest.mark.parametrize(
    ("handle", "words"),
    [("ab", "3 to 30"), ("-dash", "3 to 30"), ("with space", "3 to 30"), ("ünï", "3 to 30"), ("admin", "taken"),
     ("bob", "taken"), ("BOB", "taken")],
)  # fmt: skip
def test_a_page_needs_an_address_that_is_free(
    alice_client: Client, bob_client: Client, handle: str, words: str
) -> None:
    bob_client.post("/account/profile/", {"name": "Bob", "handle": "bob"})
    answer = alice_client.post("/account/profile/", {"name": "Alice", "handle": handle, "about": "Kept words."})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Kept words." in answer.text


def test_the_picture_is_a_cover_of_a_public_song_of_ones_own(
    alice_client: Client, client: Client, alice: User, bob: User
) -> None:
    mine, other = song_of(alice, "Mine"), song_of(bob, "Other")
    assert alice_client.post("/account/profile/", {"handle": "alice", "picture_of": other.pk}).status_code == 422
    page_of(alice_client, picture_of=str(mine.pk))
    assert f"/s/{mine.share_id}/cover/" in client.get("/people/alice/").text
    generations.share(mine, Visibility.PRIVATE)
    assert "/cover/" not in client.get("/people/alice/").text


def test_the_feed_is_a_feed(alice_client: Client, client: Client, alice: User) -> None:
    page_of(alice_client)
    row = song_of(alice, "A waltz & more")
    answer = client.get("/people/alice/feed.xml")
    assert answer["Content-Type"].startswith("application/rss+xml")
    channel = ElementTree.fromstring(answer.content).find("channel")
    assert channel is not None
    item = channel.find("item")
    assert item is not None
    assert item.findtext("title") == "A waltz & more"
    enclosure = item.find("enclosure")
    assert enclosure is not None
    assert enclosure.get("url") == f"{settings.PUBLIC_URL}/s/{row.share_id}/take-1.mp3"
    assert enclosure.get("type") == "audio/mpeg"
    version = row.versions.get(number=1)
    assert int(enclosure.get("length", "0")) == version.size
    assert item.findtext(f"{ITUNES}duration") == "2"
    assert item.findtext("guid") == item.findtext("link") == f"{settings.PUBLIC_URL}/s/{row.share_id}/"


def test_the_list_plays_the_songs(alice_client: Client, client: Client, alice: User) -> None:
    page_of(alice_client)
    row = song_of(alice, "A waltz")
    assert client.get("/people/alice/songs.m3u8").text.splitlines() == [
        "#EXTM3U",
        "#PLAYLIST:Alice",
        "#EXTINF:2,Alice - A waltz",
        f"{settings.PUBLIC_URL}/s/{row.share_id}/take-1.mp3",
    ]


def test_hostile_words_break_no_grammar(alice_client: Client, client: Client, alice: User) -> None:
    page_of(alice_client, about="plain")
    row = song_of(alice, "x")
    Generation.objects.filter(pk=row.pk).update(title=HOSTILE)
    User.objects.filter(pk=alice.pk).update(name=HOSTILE[:80])
    Profile.objects.filter(owner=alice).update(about=HOSTILE)
    feed = ElementTree.fromstring(client.get("/people/alice/feed.xml").content)
    assert len(feed.findall("channel/item")) == 1
    assert not feed.findall(".//script")
    lines = client.get("/people/alice/songs.m3u8").text.splitlines()
    assert len(lines) == 4
    assert not [line for line in lines if line.startswith("https://elsewhere")]
    assert "<script>alert" not in client.get("/people/alice/").text


def test_the_song_names_its_persons_page(alice_client: Client, client: Client, alice: User) -> None:
    row, hidden = song_of(alice, "x"), song_of(alice, "y", Visibility.UNLISTED)
    page_of(alice_client)
    assert f"{settings.PUBLIC_URL}/people/alice/" in client.get(f"/s/{row.share_id}/").text
    assert "/people/alice/" not in client.get(f"/s/{hidden.share_id}/").text
