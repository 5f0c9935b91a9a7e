"""What programs are told of a shared song: previews of links, search engines, players that take it in.

The head of the page follows Open Graph, X's player card, oEmbed and schema.org, whose names are used as they are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from generator.protocol.understood import in_a_line
from studio.accounts.people import display_name
from studio.songs import addresses, media, state
from studio.songs.links import Shared
from studio.songs.models import Version

DESCRIPTION = 160
"""Characters that previews show of a description."""
AI_MADE = "https://schema.org/TrainedAlgorithmicMediaDigitalSource"
AI_AND_GIVEN = "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource"
"""IPTC's digital source types, as schema.org names them: the second where sound that somebody gave went in."""
IN_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""Characters that could end a script element, or a line of one."""
POSTER = (1200, 630)
"""Pixels of the wide picture."""
LOCALES = {"en": "en_US", "ja": "ja_JP", "ko": "ko_KR", "sv": "sv_SE", "da": "da_DK", "cs": "cs_CZ", "uk": "uk_UA"}
"""Languages whose country is not called like them."""


@dataclass(frozen=True)
class Preview:
    """A shared song, described. Every address is whole."""

    shared: Shared

    @cached_property
    def title(self) -> str:
        """The song's name."""
        return self.shared.generation.name

    @cached_property
    def artist(self) -> str:
        """What its owner is called."""
        return display_name(self.shared.generation.owner)

    @cached_property
    def person(self) -> str:
        """The page of its owner, where they have one and the song stands on it; else empty."""
        profile = getattr(self.shared.generation.owner, "profile", None) if self.shared.is_public else None
        return addresses.whole(addresses.person(profile.handle)) if profile else ""

    @cached_property
    def stored(self) -> list[Version]:
        """Takes that can be heard, the better one first."""
        generation = self.shared.generation
        found = [version for version in generation.versions.all() if version.state == Version.State.STORED]
        return sorted(found, key=lambda version: (version.number != generation.kept_take, version.number))

    @cached_property
    def seconds(self) -> int:
        """Length of the first take; 0 while there is none."""
        return round(self.stored[0].duration_ms / 1000) if self.stored else 0

    @cached_property
    def description(self) -> str:
        """How it sounds, how long it lasts, and its first line: at most 160 characters."""
        about = in_a_line(self.stored[0].understood) or state.clock(self.seconds) if self.stored else ""
        text = " ".join(part for part in (f"{about}." if about else "", self._first_line) if part)
        text = text or _("A song made with %(site)s.") % {"site": settings.SITE_NAME}
        return text if len(text) <= DESCRIPTION else f"{text[: DESCRIPTION - 1].rstrip()}…"

    @property
    def locale(self) -> str:
        """The page's language as Open Graph writes it."""
        name = to_locale(get_language() or "en")
        return name if "_" in name else LOCALES.get(name, f"{name}_{name.upper()}")

    @property
    def host(self) -> str:
        """Where the page lies, as previews say it."""
        return urlsplit(settings.PUBLIC_URL).netloc

    @property
    def page(self) -> str:
        """The page of the link that was followed."""
        return addresses.whole(addresses.shared(self.shared.share_id))

    @property
    def path(self) -> str:
        """The same, on this site."""
        return addresses.shared(self.shared.share_id)

    @property
    def cover_path(self) -> str:
        """The square cover, on this site."""
        return addresses.shared_cover(self.shared.share_id)

    @property
    def length(self) -> str:
        """Minutes and seconds of the first take; empty while there is none."""
        return state.clock(self.seconds) if self.seconds else ""

    @property
    def cover(self) -> str:
        """The square cover."""
        return addresses.whole(addresses.shared_cover(self.shared.share_id))

    @property
    def poster(self) -> str:
        """The wide picture."""
        return addresses.whole(addresses.shared_poster(self.shared.share_id))

    @property
    def embed(self) -> str:
        """The page for frames."""
        return addresses.whole(addresses.embed(self.shared.share_id))

    @property
    def oembed(self) -> str:
        """Where programs ask how to show it."""
        return addresses.oembed(self.page)

    @property
    def sound(self) -> str:
        """The first take's file; empty while there is none."""
        if not self.stored:
            return ""
        return addresses.whole(addresses.shared_audio(self.shared.share_id, self.stored[0]))

    @property
    def sound_type(self) -> str:
        """Its media type."""
        return media.SOUNDS.get(self.stored[0].ending, media.NO_TYPE) if self.stored else ""

    @property
    def is_secure(self) -> bool:
        """Players in cards need https."""
        return settings.PUBLIC_URL.startswith("https://")

    @cached_property
    def json_ld(self) -> SafeString:
        """The song as schema.org describes recordings, fit for a script element."""
        # Nothing in it can end the element: every character that could is escaped.
        return mark_safe(json.dumps(self._recording(), ensure_ascii=False).translate(IN_SCRIPT))  # noqa: S308

    @property
    def _first_line(self) -> str:
        if not self.shared.opened.shows_words:
            return ""
        sections = (section for version in self.stored[:1] for section in version.sections.all())
        return next((str(line["text"]) for section in sections for line in section.lines), "")

    def _recording(self) -> dict[str, Any]:
        generation, length = self.shared.generation, f"PT{self.seconds // 60}M{self.seconds % 60}S"
        found: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "MusicRecording",
            "@id": self.page,
            "url": self.page,
            "name": self.title,
            "byArtist": {"@type": "Person", "name": self.artist, **({"url": self.person} if self.person else {})},
            "image": self.cover,
            "dateCreated": generation.created_at.isoformat(timespec="seconds"),
            "isAccessibleForFree": True,
            "digitalSourceType": AI_AND_GIVEN if generation.vocal_url or generation.instrumental_url else AI_MADE,
        }
        if self.stored:
            found["duration"] = length
            found["audio"] = {
                "@type": "AudioObject",
                "contentUrl": self.sound,
                "encodingFormat": self.sound_type,
                "duration": length,
                "embedUrl": self.embed,
            }
        if self.shared.opened.shows_words and (words := self._words()):
            text = {"@type": "CreativeWork", "text": words, "inLanguage": get_language() or "en"}
            found["recordingOf"] = {"@type": "MusicComposition", "name": self.title, "lyrics": text}
        return found

    def _words(self) -> str:
        sections = (section for version in self.stored[:1] for section in version.sections.all())
        return "\n\n".join("\n".join(str(line["text"]) for line in s.lines) for s in sections if s.lines)
