"""A take's words as files, from its rows: LRC, WebVTT and plain text."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from generator import captions
from studio.songs import state, tagged
from studio.songs.models import Version
from studio.songs.views import takes

KINDS = {"txt": "text/plain; charset=utf-8", "lrc": "text/plain; charset=utf-8", "vtt": "text/vtt; charset=utf-8"}
"""Types by endings."""


def parts(version: Version) -> list[captions.Part]:
    """The parts of a take, labelled as its page labels them; none at all where no words are sung."""
    shown = takes(state.shown(version.generation), audio={})
    found = next(each["sections"] for each in shown if each["version"].number == version.number)
    listed: list[captions.Part] = [{"label": part["label"], "lines": part["lines"]} for part in found]
    return listed if any(part["lines"] for part in listed) else []


def written(version: Version, listed: list[captions.Part], ending: str, *, by_word: bool = False) -> str:
    """The words of a take as a file of the kind with this ending; `by_word` is for LRC alone."""
    title, artist = version.generation.name, tagged.artist(version.generation)
    made = _("Made with AI.")
    match ending:
        case "lrc":
            by = f"{settings.SITE_NAME} ({_('made with AI')})"
            length = version.duration_ms
            return captions.lrc(title=title, artist=artist, made=by, duration_ms=length, parts=listed, by_word=by_word)
        case "vtt":
            return captions.vtt(title=title, artist=artist, made=made, parts=listed)
        case _:
            return captions.plain(title=title, by=_("by %(artist)s") % {"artist": artist}, made=made, parts=listed)
