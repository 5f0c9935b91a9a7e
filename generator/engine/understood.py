"""What a prompt was understood to ask for, as data: kept with each take, and shown beside it."""

from __future__ import annotations

from collections.abc import Sequence

from .idioms import IDIOMS
from .instruments import INSTRUMENTS
from .score import Brief, Player, Singer

MAJOR_NOTES = ("C", "D♭", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
MINOR_NOTES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "G♯", "A", "B♭", "B")
VOICES: dict[Singer, str] = {
    "female": "female",
    "young": "young female",
    "alto": "low female",
    "breathy": "breathy female",
    "male": "male",
    "deep": "deep male",
}
PLAYERS: dict[Player, str] = {
    "drums": "drums",
    "bass": "bass",
    "keys": "keys",
    "guitar": "guitar",
    "pad": "pads",
    "strings": "strings",
}
"""What the players are called. The lead plays what the others have left, so it is not told of."""
ALONE = 2
"""A band of so few players is told by who plays, a bigger one by who does not."""


def understood(brief: Brief) -> dict[str, str | int]:
    """The facts of one take. Always tempo, key, metre, voice and style; what the prompt leaves open besides is missing.

    tempo: beats a minute. key: "D minor". metre: "3/4". voice: "female", "none" for an instrumental, "given" where a
    recording is sung. style: the idiom's name. instruments: those asked for. alone: who plays where hardly anybody
    does. without: who was ruled out. mood: moods. length: minutes and seconds that were asked for. unmet: what is not
    done as it was asked.
    """
    notes = MINOR_NOTES if brief.minor else MAJOR_NOTES
    playing = [player for player in PLAYERS if player not in brief.without]
    alone = bool(brief.without) and len(playing) <= ALONE
    covered = {INSTRUMENTS[name].player for name in brief.instruments}
    names = (*brief.instruments, *(PLAYERS[player] for player in playing if player not in covered))
    told: dict[str, str | int] = {
        "tempo": brief.bpm,
        "key": f"{notes[brief.key]} {'minor' if brief.minor else 'major'}",
        "metre": brief.metre,
        "voice": "none" if brief.instrumental else VOICES[brief.singer],
        "style": IDIOMS[brief.idiom].genre.lower(),
        "instruments": "" if alone else _listed(brief.instruments, "and"),
        "alone": _listed(names, "and") if alone else "",
        "without": "" if alone else _listed([PLAYERS[p] for p in PLAYERS if p in brief.without], "or"),
        "mood": _listed(sorted(brief.mood), "and"),
        "length": f"{brief.seconds // 60}:{brief.seconds % 60:02}" if brief.timed else "",
        "unmet": _listed(brief.unmet, "and"),
    }
    return {name: value for name, value in told.items() if value}


def _listed(names: Sequence[str], last: str) -> str:
    """Names as people list them: "piano, bass and drums"."""
    return f" {last} ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
