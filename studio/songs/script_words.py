"""The words that scripts say, in the language of the page: `static/js/words.js` finds them there by their names.

In braces stand the values that a script fills in. Words that depend on a number take their form from `{n}`.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

SMALL = 200
"""Every language's rules ask for a number's last two digits at most: 100 to 199 stand for all that are larger."""


def island() -> SafeString:
    """All of them as JSON in an element that no browser runs and no policy forbids: `<script id="words">`."""
    return _island(get_language())


@cache
def _island(language: str | None) -> SafeString:  # noqa: ARG001  it decides what gettext says
    return json_script({**said(), **counted()}, "words")


def said() -> dict[str, str]:
    return {
        "play": _("Play"),
        "pause": _("Pause"),
        "play_song": _("Play {title}"),
        "pause_song": _("Pause {title}"),
        "play_take": _("Play take {letter}"),
        "pause_take": _("Pause take {letter}"),
        "take": _("Take {letter}"),
        "take_growing": _("Take {letter}, while it is being made"),
        "recording": _("recording"),
        "position": _("{at} of {length}"),
        "trouble": _("This take cannot be played. Press play to try again."),
        "not_heard": _("This recording cannot be played. Load the page again, or bring the file in again."),
        "repeat_off": _("Repeat: off"),
        "repeat_all": _("Repeat: all songs"),
        "repeat_one": _("Repeat: this song"),
        "theme_system": _("Theme: follow system"),
        "theme_light": _("Theme: light"),
        "theme_dark": _("Theme: dark"),
        "favourite_1": _("Favourite."),
        "favourite_0": _("No longer a favourite."),
        "notes_saved": _("Saved"),
        "notes_waiting": _("Not saved yet. Trying again in a moment."),
        "notes_apart": _("Other notes were saved elsewhere meanwhile. Nothing is written over."),
        "copied": _("Copied"),
        "used": _("{there} of {limit}"),
        "bringing": _("Bringing in {name}"),
        "listening": _("Listening to {name}"),
        "brought_in": _("{name} was heard and is kept."),
        "signed_out": _("You are signed out. Recording goes on; sign in to hear it."),
        "reconnecting": _("Reconnecting. Recording goes on at the server."),
        "offline": _("You are offline. The song goes on without you."),
        "site_failed": _(
            "The site could not do this. It is written down; nothing you typed is lost. Try again in a minute."
        ),
        "site_silent": _(
            "The site does not answer. Nothing was sent; what you typed is still here. Try again in a minute."
        ),
    }


def counted() -> dict[str, dict[str, str]]:
    forms: dict[str, list[str]] = {
        "minutes": [ngettext("{n} minute", "{n} minutes", n) for n in range(SMALL)],
        "minutes_and": [ngettext("{n} minute {rest}", "{n} minutes {rest}", n) for n in range(SMALL)],
        "seconds": [ngettext("{n} second", "{n} seconds", n) for n in range(SMALL)],
        "sections": [ngettext("{n} section", "{n} sections", n) for n in range(SMALL)],
        "lines": [ngettext("{n} line", "{n} lines", n) for n in range(SMALL)],
        "being_recorded": [ngettext("{n} recording", "{n} recording", n) for n in range(SMALL)],
        "waiting": [ngettext("{n} waiting", "{n} waiting", n) for n in range(SMALL)],
        "saved": [ngettext("{n} saved", "{n} saved", n) for n in range(SMALL)],
    }
    return {name: _table(by_number) for name, by_number in forms.items()}


def _table(by_number: list[str]) -> dict[str, str]:
    """The commonest form under an empty name, and under their numbers those that differ."""
    usual = Counter(by_number).most_common(1)[0][0]
    return {"": usual, **{str(n): form for n, form in enumerate(by_number) if form != usual}}
