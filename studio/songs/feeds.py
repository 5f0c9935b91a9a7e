"""Shared songs for programs: an RSS feed with its sound, and a list for players; of a person, or of a playlist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from generator.protocol.text import one_line
from studio.songs import addresses, links, profiles
from studio.songs.preview import Preview

MOST_SONGS = 100


class SongFeed(Rss201rev2Feed):
    """RSS 2.0 with the words that players of podcasts know for music."""

    def rss_attributes(self) -> dict[str, str]:
        """The names that are used beside RSS's own."""
        return {
            **super().rss_attributes(),
            "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
            "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
        }

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """The channel: who, and what kind."""
        super().add_root_elements(handler)
        handler.addQuickElement("podcast:medium", "music")
        handler.addQuickElement("itunes:author", self.feed["author"])
        handler.addQuickElement("itunes:explicit", "false")
        if self.feed["picture"]:
            handler.addQuickElement("itunes:image", attrs={"href": self.feed["picture"]})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """A song: length and cover."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("itunes:duration", str(item["seconds"]))
        handler.addQuickElement("itunes:image", attrs={"href": item["picture"]})


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed is of. Addresses are whole."""

    title: str
    page: str
    description: str
    author: str
    picture: str
    """Empty where there is none."""


@require_safe
def rss(request: HttpRequest, handle: str) -> HttpResponse:
    """The newest songs, each with its better take."""
    profile = profiles.found(handle)
    artist = profile.owner.name or profile.handle
    picture = profiles.picture(profile)
    about = Channel(
        artist,
        addresses.whole(reverse("person", args=[profile.handle])),
        profile.about or _("Songs by %(artist)s. Music made with AI.") % {"artist": artist},
        artist,
        addresses.whole(picture) if picture else "",
    )
    return rss_of(about, addresses.whole(request.path), _songs(profile))


def rss_of(about: Channel, address: str, songs: Iterable[Preview]) -> HttpResponse:
    """A feed of these songs, which lies at `address`."""
    feed = SongFeed(
        title=_xml(about.title),
        link=about.page,
        description=_xml(about.description),
        feed_url=address,
        author=_xml(about.author),
        picture=about.picture,
    )
    for song in songs:
        version = song.stored[0]
        feed.add_item(
            title=_xml(song.title),
            link=song.page,
            description=_("%(about)s Music made with AI.") % {"about": f"{_xml(song.description)}\n"},
            unique_id=song.page,
            pubdate=song.shared.generation.finished_at or song.shared.generation.created_at,
            enclosures=[Enclosure(song.sound, str(version.size), song.sound_type)],
            seconds=song.seconds,
            picture=song.poster,
        )
    return _answer(feed.writeString("utf-8").encode(), "application/rss+xml; charset=utf-8")


@require_safe
def m3u(request: HttpRequest, handle: str) -> HttpResponse:  # noqa: ARG001  Django hands it over
    """The same songs as an extended M3U list in UTF-8."""
    profile = profiles.found(handle)
    return m3u_of(profile.owner.name or profile.handle, _songs(profile))


def m3u_of(name: str, songs: Iterable[Preview]) -> HttpResponse:
    """A list of these songs under this name."""
    lines = ["#EXTM3U", f"#PLAYLIST:{one_line(name, 80)}"]
    for song in songs:
        artist, title = one_line(song.artist, 80), one_line(song.title, 200)
        lines += [f"#EXTINF:{song.seconds},{artist} - {title}", song.sound]
    return _answer("".join(f"{line}\n" for line in lines).encode(), "audio/x-mpegurl; charset=utf-8")


def _songs(profile: profiles.Profile) -> list[Preview]:
    rows = profiles.public_songs(profile.owner)[:MOST_SONGS]
    return [Preview(links.Shared(row, str(row.share_id), row)) for row in rows]


def _answer(body: bytes, kind: str) -> HttpResponse:
    told: Mapping[str, str] = {"Cache-Control": "public, max-age=300", "Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(body, content_type=kind, headers={**told, "Access-Control-Allow-Origin": "*"})


def _xml(text: str) -> str:
    """`text` without the characters that no XML document can hold."""
    return "".join(one_line(line, 500) + "\n" for line in text.splitlines()).strip()
