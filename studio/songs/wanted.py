"""What a library page is asked to show. All of it stands in the page's address; whatever is no answer is ignored."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from studio.songs.shelves import LONGEST_TAG

LONGEST_QUESTION = 200
LONGEST_NUMBER = 6
SORTS: dict[str, str | Promise] = {
    "newest": gettext_lazy("Newest first"),
    "oldest": gettext_lazy("Oldest first"),
    "title": gettext_lazy("Title"),
    "longest": gettext_lazy("Longest first"),
    "finished": gettext_lazy("Recently finished"),
}
CHOICES: dict[str, dict[str, str | Promise]] = {
    "state": {
        "made": gettext_lazy("Made"),
        "making": gettext_lazy("Being made"),
        "failed": gettext_lazy("Not made"),
    },
    "sound": {
        "sung": gettext_lazy("With words"),
        "instrumental": gettext_lazy("Instrumental"),
        "audio": gettext_lazy("From audio"),
    },
    "shared": {
        "yes": gettext_lazy("Shared"),
        "private": gettext_lazy("Only you"),
        "unlisted": gettext_lazy("Anyone with the link"),
        "public": gettext_lazy("Everyone"),
    },
    "kept": {
        "yes": gettext_lazy("A take is kept"),
        "no": gettext_lazy("No take is kept"),
    },
    "favourite": {"yes": gettext_lazy("Favourites")},
}
"""Names in the address, their values, and what people call those."""


ON_THE_PAGE = {
    ("shared", "yes"),
    ("favourite", "yes"),
    ("state", "failed"),
    *(("sound", value) for value in CHOICES["sound"]),
}
"""What has a place of its own there, beside the list or above it."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that narrows a list; `without` is the address of the list that it does not narrow."""

    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A shelf, what narrows it, its order and its page. Fields are named as in the address; empty means all."""

    q: str = ""
    trash: str = ""
    """"1": the trash instead of the library."""
    state: str = ""
    sound: str = ""
    shared: str = ""
    kept: str = ""
    favourite: str = ""
    tag: str = ""
    playlist: str = ""
    """The id of one's playlist, as 32 hexadecimal digits."""
    since: str = ""
    """Made on this day (UTC, YYYY-MM-DD) or later."""
    until: str = ""
    """Made on this day or earlier."""
    sort: str = ""
    """One of `SORTS`; empty is the shelf's own order: newest first, a playlist's songs as they were put."""
    view: str = ""
    """"list" or "grid"; empty is the shelf's own: a list for a playlist, else a grid."""
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> Wanted:
        """What an address asks for."""
        given = {name: " ".join(query.get(name, "").replace("\0", "").split()) for name in _NAMES}
        chosen = {name: given[name] for name, values in CHOICES.items() if given[name] in values}
        return cls(
            q=given["q"][:LONGEST_QUESTION],
            trash="1" if given["trash"] == "1" else "",
            tag=given["tag"][:LONGEST_TAG],
            playlist=_id(given["playlist"]),
            since=_day(given["since"]),
            until=_day(given["until"]),
            sort=given["sort"] if given["sort"] in SORTS else "",
            view=given["view"] if given["view"] in ("list", "grid") else "",
            page=_number(given["page"]),
            **chosen,
        )

    @property
    def address(self) -> str:
        """Where this stands; what is not asked for is left out."""
        said = {name: getattr(self, name) for name in _NAMES if getattr(self, name) not in ("", 1)}
        return f"{reverse('library')}?{urlencode(said)}" if said else reverse("library")

    def but(self, **changes: Any) -> Wanted:
        """The same with something else asked for; from its first page, if no other is named."""
        return replace(self, **{"page": 1, **changes})

    @property
    def is_list(self) -> bool:
        """Shown as rows with waves, not as a grid of covers."""
        return self.view == "list" or (not self.view and bool(self.playlist))

    @property
    def is_in_order(self) -> bool:
        """A whole playlist in its own order: there songs can be moved."""
        return bool(self.playlist) and not self.sort and not self.narrowed and not self.q

    @property
    def order(self) -> str:
        """By which of `SORTS` it is sorted; empty for a playlist's own order."""
        return self.sort or ("" if self.playlist else "newest")

    @property
    def since_day(self) -> date | None:
        """`since` as a date."""
        return date.fromisoformat(self.since) if self.since else None

    @property
    def until_day(self) -> date | None:
        """`until` as a date."""
        return date.fromisoformat(self.until) if self.until else None

    @property
    def narrowed(self) -> bool:
        """Less than the whole shelf is asked for; a question counts apart."""
        return bool(self.state or self.sound or self.shared or self.kept or self.favourite or self.tag or self._days)

    @property
    def chips(self) -> list[Chip]:
        """What narrows it, apart from the shelf itself, the question and the quick choices."""
        told = [
            (name, str(CHOICES[name][getattr(self, name)]))
            for name in CHOICES
            if getattr(self, name) and (name, getattr(self, name)) not in ON_THE_PAGE
        ]
        if self.tag:
            told.append(("tag", self.tag))
        if self.since_day:
            told.append(("since", _("From %(day)s") % {"day": date_format(self.since_day)}))
        if self.until_day:
            told.append(("until", _("Until %(day)s") % {"day": date_format(self.until_day)}))
        return [Chip(label, self.but(**{name: ""}).address) for name, label in told]

    @property
    def _days(self) -> str:
        return self.since or self.until


_NAMES = tuple(field.name for field in fields(Wanted))


def _id(text: str) -> str:
    try:
        return uuid.UUID(text).hex if text else ""
    except ValueError:
        return ""


def _number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 1


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return ""
    return day.isoformat() if day and 1900 <= day.year < 3000 else ""
