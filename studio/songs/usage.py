"""What a person made on each of the last days, as the wave on their account's first page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from studio.accounts.models import User
from studio.songs.models import Generation, Version

DAYS = 30
HALF = 56
"""The most that a bar reaches up or down, in units of the picture."""
LEAST = 3
"""What a bar of something reaches at least."""
STEP = 16


@dataclass(frozen=True, slots=True)
class Day:
    """One day in UTC: `songs` that are still there, asked for on it, and the `minutes` of music in their takes.

    `x`, `up` and `down` are its place and its bars' lengths in the picture; the tallest of each kind has `HALF`.
    """

    day: date
    songs: int
    minutes: float
    x: int
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class Usage:
    """The last `DAYS` days, today the last."""

    days: tuple[Day, ...]
    songs: int
    minutes: int

    @property
    def says(self) -> str:
        """The wave in a sentence, for those who do not see it."""
        songs = ngettext("%(n)s song", "%(n)s songs", self.songs) % {"n": self.songs}
        minutes = ngettext("%(n)s minute of music", "%(n)s minutes of music", self.minutes) % {"n": self.minutes}
        told = _("%(songs)s and %(minutes)s in the last %(days)s days.") % {
            "songs": songs,
            "minutes": minutes,
            "days": DAYS,
        }
        if not self.songs:
            return told
        most = max(self.days, key=lambda day: day.songs)
        return f"{told} " + _("Most on %(day)s.") % {"day": date_format(most.day, "j F")}


def usage(user: User) -> Usage:
    """What `user` made; two queries, whatever there is."""
    today = timezone.now().date()
    first = today - timedelta(days=DAYS - 1)
    since = Generation.objects.filter(owner=user, created_at__date__gte=first)
    songs = Counter(created.date() for created in since.values_list("created_at", flat=True))
    lengths = Version.objects.filter(generation__in=since, state=Version.State.STORED)
    seconds: Counter[date] = Counter()
    for created, length in lengths.values_list("generation__created_at").annotate(length=Sum("duration_ms")):
        seconds[created.date()] += round((length or 0) / 1000)
    most_songs, most_seconds = max(songs.values(), default=0), max(seconds.values(), default=0)
    days = tuple(
        Day(
            day=day,
            songs=songs[day],
            minutes=seconds[day] / 60,
            x=STEP // 2 + STEP * number,
            up=_length(songs[day], most_songs),
            down=_length(seconds[day], most_seconds),
        )
        for number, day in enumerate(first + timedelta(days=n) for n in range(DAYS))
    )
    return Usage(days, sum(songs.values()), round(sum(seconds.values()) / 60))


def _length(value: int, most: int) -> int:
    return max(LEAST, round(HALF * value / most)) if value else 0
