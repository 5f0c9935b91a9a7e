"""How a recording comes in, whatever way it took here: it is copied, heard and kept."""

from __future__ import annotations

import uuid
from pathlib import Path

from asgiref.sync import async_to_sync
from django.core.files import File
from django.utils.translation import gettext as _

from generator import intake
from generator.given import Given, Role, check_fit, facts
from generator.protocol.errors import AudioUnusable
from generator.protocol.text import one_line
from studio.accounts import limits
from studio.accounts.models import User
from studio.songs import sounds
from studio.songs.sounds import LONGEST_NAME, Sound

A_MINUTE = 6
"""Recordings that somebody may send; to hear one takes seconds of a core."""


def refusal(user: User) -> str:
    """Why this person may bring in nothing now, in a sentence; empty where they may, and then it counts as one."""
    if sounds.of(user).count() >= sounds.MOST:
        return _("There are %(most)s recordings; delete one first.") % {"most": sounds.MOST}
    if full := sounds.lack_of_room(user):
        return full
    allowance = limits.take(f"sounds of user {user.pk}", A_MINUTE)
    if allowance and not allowance.granted:
        return _("That was too often. Wait a minute, then try again.")
    return ""


def take_in(
    user: User,
    foreign: Path,
    folder: Path,
    name: str,
    *,
    cut_from: str = "",
    role: Role | None = None,
    pk: uuid.UUID | None = None,
) -> Sound:
    """The recording of the sound at `foreign`. `folder` is room for a copy; `cut_from`: see `Sound`; `pk`: its id.

    Raises `AudioUnusable` where it cannot be read or does not fit in, `given.Unfit` where it cannot have `role`.
    """
    copy = folder / "copy.flac"
    heard, found = async_to_sync(intake.take_in)(foreign, copy)
    if role is not None:
        check_fit(Given(role=role, path=copy, heard=heard))
    if full := sounds.lack_of_room(user, copy.stat().st_size):
        raise AudioUnusable(full, "audio_rejected")
    row = Sound(
        pk=pk or uuid.uuid4(), owner=user, name=one_line(name, LONGEST_NAME) or _("Recording"), size=copy.stat().st_size
    )
    row.duration_ms, row.peaks, row.heard, row.cut_from = found.duration_ms, list(found.peaks), facts(heard), cut_from
    with copy.open("rb") as whole:
        row.file.save(f"sounds/{user.pk}/{row.pk}.flac", File(whole), save=False)
    row.save(force_insert=True)
    return row
