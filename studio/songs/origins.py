"""What songs were made from: what was heard in recordings of their owner's when a song was asked for.

It is kept with the song, so that it can be read there when the recording has been corrected since, or is gone.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, TypedDict
from urllib.parse import unquote, urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

from generator.given import ROLES, Role, told
from generator.protocol.text import one_line
from studio.songs import sounds
from studio.songs.models import Generation
from studio.songs.sounds import Sound

LONGEST_FACT = 40
MOST_SECONDS = 86_400


class Origin(TypedDict):
    """One recording. `bpm`, `key`, `metre`: empty or 0 without a steady beat. `chorus`: seconds; None where no part
    comes again. `kind`: of `generator.listening.facts.Name`."""

    sound: str
    name: str
    kind: str
    seconds: int
    bpm: int
    key: str
    metre: str
    chorus: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One of them for its owner. `address`: where the recording stands; empty where it is gone."""

    word: str
    name: str
    says: str
    address: str


def of(row: Generation) -> dict[str, Any]:
    """What is kept of the recordings that a song, saved or not, is made from: an `Origin` by role."""
    return {role: _origin(sound) for role, sound in sounds.used(row).items()}


def with_heard(row: Generation, found: object) -> dict[str, Any]:
    """The same with what the host that makes the song heard behind other addresses. It may tell anything."""
    heard: dict[str, Any] = {
        role: origin | {"sound": "", "name": one_line(_place(getattr(row, f"{role}_url")), sounds.LONGEST_NAME)}
        for role, origin in read(found).items()
        if getattr(row, f"{role}_url")
    }
    return heard | row.given


def shown(row: Generation) -> list[Shown]:
    """The recordings of a song as its page tells them."""
    kept = read(row.given)
    ids = {origin["sound"] for origin in kept.values()} - {""}
    here = {str(pk) for pk in Sound.objects.filter(owner=row.owner_id, pk__in=ids).values_list("pk", flat=True)}
    return [
        Shown(
            word=_word(role),
            name=origin["name"],
            says=says(origin),
            address=f"{reverse('sounds')}#sound-{origin['sound']}" if origin["sound"] in here else "",
        )
        for role, origin in kept.items()
    ]


def says(origin: Origin) -> str:
    """108 bpm, A minor, chorus from 0:42; or what else it is."""
    if not origin["bpm"]:
        return sounds.without_beat(origin["kind"])
    parts = [_("%(bpm)s bpm") % {"bpm": origin["bpm"]}, origin["key"]]
    if origin["metre"] != "4/4":
        parts.append(origin["metre"])
    if origin["chorus"] is not None:
        parts.append(_("chorus from %(at)s") % {"at": f"{origin['chorus'] // 60}:{origin['chorus'] % 60:02}"})
    return ", ".join(part for part in parts if part)


def read(found: object) -> dict[Role, Origin]:
    """What has the right shape of facts that may come from elsewhere; the rest counts as not told."""
    kept: dict[Role, Origin] = {}
    for role in ROLES:
        facts = found.get(role) if isinstance(found, dict) else None
        if isinstance(facts, dict):
            kept[role] = Origin(
                sound=_id(facts.get("sound")),
                name=one_line(facts.get("name"), sounds.LONGEST_NAME),
                kind=one_line(facts.get("kind"), LONGEST_FACT),
                seconds=_number(facts.get("seconds")) or 0,
                bpm=_number(facts.get("bpm")) or 0,
                key=one_line(facts.get("key"), LONGEST_FACT),
                metre=one_line(facts.get("metre"), LONGEST_FACT),
                chorus=_number(facts.get("chorus")),
            )
    return kept


def _origin(sound: Sound) -> Any:
    return {"sound": str(sound.pk), "name": sound.name, **told(sound.known)}


def _place(address: str) -> str:
    """What people call what lies behind an address: its file's name, else its host."""
    parts = urlsplit(address)
    return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.hostname or ""


def _word(role: Role) -> str:
    return {
        "reference": _("Feel taken from"),
        "instrumental": _("Sung over"),
        "vocal": _("Built around"),
        "melody": _("Tune taken from"),
    }[role]


def _id(told: object) -> str:
    try:
        return str(uuid.UUID(told)) if isinstance(told, str) else ""
    except ValueError:
        return ""


def _number(told: object) -> int | None:
    return told if isinstance(told, int) and not isinstance(told, bool) and 0 <= told < MOST_SECONDS else None
