"""Recordings of one's own that songs are made from: kept privately, heard once, named, corrected, used again, deleted.

A sound has an address on this site, which stands in a form like any other address of audio. Our own engine is given the
file behind it; another host gets an address that opens it for an hour.
"""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from generator import given as sounds
from generator.given import Given, Heard, Role
from generator.listening.facts import NAMES, Key
from studio.accounts.models import User
from studio.songs import addresses
from studio.songs.models import Generation

MOST = 50
"""Of one person."""
LONGEST_NAME = 120
MEGABYTE = 1024 * 1024
BARS = 60
"""Of a small wave."""
LENT_SECONDS = 3600
ADDRESS = re.compile(r"/sounds/([0-9a-f-]{36})/")
TEMPOS = {"half": 0.5, "heard": 1.0, "double": 2.0}
KEYS = tuple(f"{name} {kind}" for kind in ("major", "minor") for name in NAMES)


class Sound(models.Model):
    """A recording, as the engine takes it (`generator.canonical`), and what was heard in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sounds")
    name = models.CharField(max_length=LONGEST_NAME)
    file = models.FileField(max_length=200)
    size = models.PositiveBigIntegerField(default=0)
    duration_ms = models.PositiveIntegerField(default=0)
    peaks: models.JSONField[list[int], list[int]] = models.JSONField(default=list)
    heard: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    """`generator.given.facts` of it."""
    tempo = models.CharField(max_length=8, default="heard")
    """A key of `TEMPOS`: what its owner made of the heard tempo."""
    key = models.CharField(max_length=12, blank=True)
    """One of `KEYS`, or nothing where what was heard is right."""
    downbeat = models.PositiveSmallIntegerField(default=0)
    """By how many beats bars begin later than was heard, 0 to 3."""
    cut_from = models.CharField(max_length=120, blank=True, default="", db_default="")
    """What of ours it is a copy of: "take <number of the version's row>", with a stem's name behind; else empty."""
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """What stands in a form for it."""
        return addresses.whole(reverse("sound", args=[self.pk]))

    @property
    def known(self) -> Heard:
        """What was heard, with its owner's corrections."""
        heard = sounds.heard_from(self.heard)
        return sounds.corrected(heard, tempo=TEMPOS[self.tempo], key=_key(self.key), downbeat=self.downbeat)

    @property
    def seconds(self) -> float:
        """Its length, in tenths."""
        return self.duration_ms // 100 / 10

    @property
    def length(self) -> str:
        """The same as 3:07.5."""
        return clock(self.seconds)

    @property
    def lasts(self) -> str:
        """The same as 3:07."""
        return clock(self.duration_ms // 1000)

    @property
    def wave(self) -> str:
        """How loud it is along its length, as the path of a picture of 240 by 24."""
        if not self.peaks:
            return ""
        step, most = max(1, len(self.peaks) // BARS), max(*self.peaks, 1)
        loud = [max(self.peaks[at : at + step]) / most for at in range(0, len(self.peaks), step)][:BARS]
        across = 240 / len(loud)
        return "".join(f"M{across * (n + 0.5):.1f} {12 - h * 11:.1f}V{12 + h * 11:.1f}" for n, h in enumerate(loud))

    @property
    def says(self) -> str:
        """108 bpm, A minor, 3/4; or what else it is."""
        heard = self.known
        music = heard.music
        if music is None:
            return without_beat(heard.kind)
        told = [_("%(bpm)s bpm") % {"bpm": round(music.bpm)}, str(music.key), music.metre]
        return ", ".join([*told, *([_("one voice")] if heard.kind == "voice" else [])])


def clock(at: float) -> str:
    """Minutes, seconds and tenths: 1:23.4, without a tenth that is none."""
    tenths = round(10 * at)
    return f"{tenths // 600}:{tenths // 10 % 60:02}" + (f".{tenths % 10}" if tenths % 10 else "")


def without_beat(kind: str) -> str:
    """What people call a sound of this `Heard.kind` in which there is no steady beat; empty for what is no kind."""
    return {
        "silence": _("silence"),
        "noise": _("noise, no beat"),
        "applause": _("applause"),
        "speech": _("speech"),
        "drums": _("drums, no steady beat"),
        "voice": _("one voice, no steady beat"),
        "music": _("music, no steady beat"),
    }.get(kind, "")


def of(user: User) -> models.QuerySet[Sound]:
    """This person's, the newest first."""
    return Sound.objects.filter(owner=user)


def kept_bytes(user: User) -> int:
    """How much room this person's recordings take."""
    return int(of(user).aggregate(bytes=models.Sum("size"))["bytes"] or 0)


def room_told(user: User) -> str:
    """84 MB of 500 MB; without a limit 84 MB."""
    kept = filesizeformat(kept_bytes(user))
    if not settings.LIMIT_RECORDINGS:
        return kept
    return _("%(kept)s of %(most)s") % {"kept": kept, "most": filesizeformat(settings.LIMIT_RECORDINGS * MEGABYTE)}


def lack_of_room(user: User, more: int = 0) -> str:
    """What is said where `more` bytes do not fit; empty where they do, or where anything more does if none are told."""
    most = settings.LIMIT_RECORDINGS * MEGABYTE
    if not most or kept_bytes(user) + more <= most - (not more):
        return ""
    return _("There is no room for this: recordings take %(room)s. Delete one you no longer need.") % {
        "room": room_told(user)
    }


def behind(user: User, address: str) -> Sound | None:
    """The sound of this person that an address leads to; None for all other addresses."""
    found = _parts(address)
    try:
        return of(user).filter(pk=uuid.UUID(found[1])).first() if found else None
    except ValueError:
        return None


def _parts(address: str) -> re.Match[str] | None:
    """What an address of a sound on this site is made of; None for all other addresses."""
    is_here = address.startswith(settings.PUBLIC_URL)
    return ADDRESS.fullmatch(address.removeprefix(settings.PUBLIC_URL)) if is_here else None


def used(row: Generation) -> dict[Role, Sound]:
    """The sounds of its owner that a song is made from."""
    found = {role: behind(row.owner, getattr(row, f"{role}_url")) for role in sounds.ROLES}
    return {role: sound for role, sound in found.items() if sound}


def given(row: Generation) -> tuple[Given, ...]:
    """The same for our own engine."""
    return tuple(Given(role=role, path=Path(sound.file.path), heard=sound.known) for role, sound in used(row).items())


def refusal(user: User, audio: dict[str, str]) -> tuple[str, str] | None:
    """Which field of a form holds a sound that cannot have that role, and why; None where all is well."""
    for role in sounds.ROLES:
        address = audio.get(f"{role}_url", "")
        sound = behind(user, address)
        if sound is None:
            if _parts(address):
                return f"{role}_url", _("This recording is not here any more, or is not yours. Give another one.")
            continue
        if is_out_of_reach():
            return f"{role}_url", out_of_reach()
        try:
            check_fit(role, sound)
        except sounds.Unfit as unfit:
            return f"{role}_url", str(unfit)
    return None


def is_out_of_reach() -> bool:
    """Songs are made by a host that cannot fetch recordings from here: this site is known on its own machine alone."""
    host = urlsplit(settings.UPSTREAM_URL).hostname
    return settings.PUBLIC_URL == settings.LOCAL_URL and host not in (None, "localhost", "127.0.0.1", "::1")


def out_of_reach() -> str:
    """What is said then, with what can be done."""
    return _(
        "Songs are made by %(host)s, which cannot fetch recordings from this site. Put the recording where anybody can "
        "open it and give that address."
    ) % {"host": urlsplit(settings.UPSTREAM_URL).hostname}


def check_fit(role: Role, sound: Sound) -> None:
    """Whether a sound can have a role. Raises `generator.given.Unfit`."""
    sounds.check_fit(Given(role=role, path=Path(), heard=sound.known))


def lent(sound: Sound) -> str:
    """An address that opens it for an hour, for a host that is to fetch it."""
    token = TimestampSigner(salt="sound").sign(sound.pk.hex)
    return addresses.whole(reverse("lent_sound", args=[token]))


def lent_by(token: str) -> Sound | None:
    """The sound that such an address opens; None where its hour is over or it was never given."""
    try:
        return Sound.objects.filter(pk=TimestampSigner(salt="sound").unsign(token, max_age=LENT_SECONDS)).first()
    except BadSignature:
        return None


def end(sound: Sound) -> None:
    """Delete it with its file. Songs made from it stay."""
    storage, name = sound.file.storage, str(sound.file.name)
    sound.delete()
    storage.delete(name)


def _key(told: str) -> Key | None:
    if told not in KEYS:
        return None
    name, kind = told.split()
    return Key(NAMES.index(name), kind == "minor", 1.0)
