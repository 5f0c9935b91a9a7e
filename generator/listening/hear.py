"""All that is heard of a given sound, whatever part it will take in a song."""

from __future__ import annotations

from generator.given import Heard

from .facts import Melody, Music, Name
from .kind import kind
from .melody import melody
from .music import music
from .pace import pace
from .sound import CannotHear, Sound


def hear(sound: Sound) -> Heard:
    """Its kind, how it goes, and its tune: None where there is no beat or no tune, and for silence."""
    what = kind(sound).name
    if what == "silence":
        return Heard(kind=what, seconds=sound.seconds, music=None, melody=None)
    tune = _melody(sound)
    return Heard(kind=what, seconds=sound.seconds, music=_going(sound, what, tune), melody=tune)


def _going(sound: Sound, what: Name, tune: Melody | None) -> Music | None:
    """How it goes: of one line alone by its notes, which begin on the beat; its consonants come before that."""
    found = pace(sound, tune) if what == "voice" and tune else None
    if found:
        return found
    try:
        return music(sound)
    except CannotHear:
        return None


def _melody(sound: Sound) -> Melody | None:
    try:
        return melody(sound)
    except CannotHear:
        return None
