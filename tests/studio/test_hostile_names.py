"""Whatever a song, a person, a list or a line of words is called, every answer that carries it keeps its own grammar.

Each name is a title, a prompt, lyrics, an artist's name and a playlist's at once; each answer is read by a parser made
for its kind and must hold as many elements, lines, entries or frames as one of a plain name.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import PurePosixPath
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client

from studio.accounts.models import User
from studio.songs import generations, keeping, shared_playlists
from studio.songs.models import Generation, Section, Visibility
from studio.songs.profiles import Profile
from studio.songs.shelves import Playlist
from tests.studio.rows import saved_song
from tests.studio.test_downloads import ID3, whole
from tests.studio.test_links import Head

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
PLAIN = "Home Again"
NAMES = {
    "script": "</script><script>alert(1)</script>",
    "attribute": "\"'><img src=x onerror=alert(1)>",
    "cdata": "]]></title><![CDATA[ <!-- --> &amp; &lt;",
    "lines": "One\r\nSet-Cookie: a=b\r\n\r\n#EXTINF:1,no\nhttps://elsewhere.example/",
    "cues": "00:00.000 --> 00:01.000\n\nNOTE x\nWEBVTT\n[00:01.00]",
    "folders": "../../..\\..\\etc/passwd",
    "escapes": "%0d%0a%2e%2e%2f{{ 7*7 }}${7*7}{% now %}",
    "unseen": "gpj.exe\u202egnos\u2028x\u2029y\u200b",
    "controls": "bell \x07 escape \x1b[31m form \x0c",
    "formula": '=cmd|" /C calc"!A0, ;filename=evil.exe',
    "signs": "👩‍👩‍👧‍👦 e\u0301\u0323 歌 שיר",
    "long": "wide " * 39 + "end",
}


class Site:
    """A shared song, a playlist and a person of one name; `shape` is what is left of their answers without it."""

    def __init__(self, owner: User, own: Client, name: str) -> None:
        self.own, self.name, self.row = own, name, saved_song(owner, "x")
        line = {"start": 0, "end": 900, "text": name, "words": [{"start": 0, "end": 400, "text": name}]}
        Section.objects.filter(version__generation=self.row).update(lines=[line])
        Generation.objects.filter(pk=self.row.pk).update(title=name, prompt=name, lyrics=name)
        generations.share(self.row, Visibility.PUBLIC, shows_prompt=True, shows_words=True, allows_download=True)
        User.objects.filter(pk=owner.pk).update(name=name[:80])
        Profile.objects.update_or_create(owner=owner, defaults={"handle": "alice", "about": name[:200]})
        self.playlist = keeping.make_playlist(owner, "x", "y")
        Playlist.objects.filter(pk=self.playlist.pk).update(name=name[:80], description=name)
        keeping.add(self.playlist, [self.row.pk])
        shared_playlists.share(self.playlist, Visibility.PUBLIC)
        self.playlist.refresh_from_db()
        self.row.refresh_from_db()

    def get(self, address: str, client: Client | None = None, **asked: str) -> HttpResponseBase:
        """An answer, whose headers are lines of their own."""
        answer = (client or self.own).get(address, asked)
        assert answer.status_code == 200, address
        assert not [value for _, value in answer.items() if re.search(r"[\x00-\x1f\x7f]", value)]
        return answer

    def text(self, address: str) -> str:
        """What a stranger is given."""
        return str(self.get(address, Client()).content.decode())  # type: ignore[attr-defined]


def pages(site: Site) -> object:
    share = site.row.share_id
    strangers = [f"/s/{share}/", f"/embed/{share}/", f"/s/{share}/embed/", f"/s/{share}/report/", "/people/alice/"]
    strangers += [f"/p/{site.playlist.share_id}/"]
    own = [f"/songs/{site.row.pk}/", f"/songs/{site.row.pk}/sharing/", "/library/", "/", "/account/profile/"]
    read = [Head(site.text(path)) for path in strangers]
    read += [Head(site.get(path).content.decode()) for path in own]  # type: ignore[attr-defined]
    return [[tag for tag in one.elements if tag != "br"] for one in read]


def told_to_programs(site: Site) -> object:
    song, playlist = (Head(site.text(path)) for path in (f"/s/{site.row.share_id}/", f"/p/{site.playlist.share_id}/"))
    facts = [json.loads("".join(head.data)) for head in (song, playlist)]
    assert [song.meta["og:title"], playlist.meta["og:title"]] == [one["name"] for one in facts]
    address = f"{settings.PUBLIC_URL}/s/{site.row.share_id}/"
    told = site.get("/oembed", Client(), url=address).json()  # type: ignore[attr-defined]
    assert Head(told["html"]).elements == ["iframe"]
    return [sorted(one) for one in facts], sorted(song.meta), sorted(playlist.meta), sorted(told)


def feeds(site: Site) -> object:
    shapes = []
    for path in ("/people/alice/feed.xml", f"/p/{site.playlist.share_id}/feed.xml"):
        root = ElementTree.fromstring(site.text(path))
        shapes.append([element.tag for element in root.iter()])
    for path in ("/people/alice/songs.m3u8", f"/p/{site.playlist.share_id}/songs.m3u8"):
        lines = site.text(path).split("\n")
        assert not [line for line in lines if line.startswith("https://elsewhere")]
        shapes.append([line.partition(":")[0] for line in lines])
    return shapes


def words(site: Site) -> object:
    lrc, vtt, plain = (
        site.get(f"/songs/{site.row.pk}/take-1.{ending}").content.decode()  # type: ignore[attr-defined]
        for ending in ("lrc", "vtt", "txt")
    )
    assert all(re.fullmatch(r"(\[[a-z]+:.*\]|(\[\d\d:\d\d\.\d\d\].*))?", line) for line in lrc.splitlines()), lrc
    blocks = vtt.strip().split("\n\n")
    assert blocks[0].startswith("WEBVTT")
    assert "-->" not in blocks[0]
    cues = [block for block in blocks if re.search(r"^\S+ --> \S+", block, re.MULTILINE)]
    assert all(sum(" --> " in line for line in cue.split("\n")) == 1 for cue in cues)
    assert plain
    return len(cues), [line[:1] for line in lrc.split("\n")]


def files(site: Site) -> object:
    mp3 = site.get(f"/songs/{site.row.pk}/take-1.mp3", download="1")
    tag = ID3(io.BytesIO(whole(mp3)), translate=False)
    assert "\n" not in str(tag["TIT2"])
    disposition = [mp3["Content-Disposition"]]
    shapes: list[Any] = [sorted(key.partition(":")[0] for key in tag)]
    for path in (f"/songs/{site.row.pk}/everything.zip", "/account/export/1.zip"):
        answer = site.get(path)
        disposition.append(answer["Content-Disposition"])
        with zipfile.ZipFile(io.BytesIO(whole(answer))) as archive:
            assert archive.testzip() is None
            names = [PurePosixPath(entry) for entry in archive.namelist()]
            for name in names:
                assert not name.is_absolute()
                assert ".." not in name.parts
                assert not set(str(name)) & set('\\:*?"<>|\r\n\t\0\x07\x1b\u202e\u2028\u2029')
            told = [json.loads(archive.read(entry)) for entry in archive.namelist() if entry.endswith(".json")]
            shapes.append((len(names), len(told)))
    for one in disposition:
        header = EmailMessage()
        header["Content-Disposition"] = one
        assert set(header["Content-Disposition"].params) == {"filename"}
    return shapes


READINGS: tuple[Callable[[Site], object], ...] = (pages, told_to_programs, feeds, words, files)


@pytest.mark.parametrize("name", [pytest.param(name, id=key) for key, name in NAMES.items()])
@pytest.mark.parametrize("reading", READINGS, ids=[one.__name__ for one in READINGS])
def test_it_is_read_like_an_answer_with_a_plain_name(
    alice: User, alice_client: Client, bob: User, bob_client: Client, name: str, reading: Callable[[Site], object]
) -> None:
    hostile = reading(Site(alice, alice_client, name))
    Profile.objects.all().delete()
    assert hostile == reading(Site(bob, bob_client, PLAIN))
