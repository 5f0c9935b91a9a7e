"""Sessions: fourteen days after the last visit, ninety days after signing in, and who is signed in by one right now.

A row's `expire_date` says both: it lies `settings.SESSION_COOKIE_AGE` ahead of the last visit, to the day, and never
beyond the ninetieth day. So whoever looks at it, a page or an open socket, needs nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from studio.accounts.models import User

LONGEST = timedelta(days=90)
"""From signing in to the next time it is asked for, however often somebody comes by (OWASP ASVS 5.0, 7.3.2)."""
NOTED = timedelta(days=1)
"""How exactly the last visit is known: a session is written again at most once in so long."""
BEGUN = "begun_at"
SHAPE = re.compile(r"[0-9a-z]{8,40}", re.ASCII)
"""Of a session key; a cookie may hold anything."""
MOST_AT_ONCE = 500
"""Session keys in one query; SQLite takes a limited number of values."""


class SessionStore(db.SessionStore):
    """Sessions in the database that are renewed by visits, and end all the same."""

    def load(self) -> dict[str, Any]:
        """What the session holds; one that was last written long enough ago is to be written again."""
        row = self._get_session_from_db()  # type: ignore[attr-defined]  # Django's own, missing in its types
        if row is None:
            return {}
        data: dict[str, Any] = self.decode(row.session_data)
        now = timezone.now()
        renewed = min(now + timedelta(seconds=self.get_session_cookie_age()), _begun(data.get(BEGUN), now) + LONGEST)
        if renewed - row.expire_date > NOTED:
            self.modified = True
        return data

    def cycle_key(self) -> None:
        """A new key for what the session holds, at signing in and after a new password: the ninety days begin."""
        super().cycle_key()
        self[BEGUN] = timezone.now().isoformat()

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """When it ends if nobody comes by again."""
        now = timezone.now()
        return min(super().get_expiry_date(**kwargs), _begun(self.get(BEGUN), now) + LONGEST)

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Seconds until then, for the cookie."""
        now = timezone.now()
        left = _begun(self.get(BEGUN), now) + LONGEST - now
        return max(0, min(super().get_expiry_age(**kwargs), int(left.total_seconds())))

    def save(self, must_create: bool = False) -> None:
        """Write it, with the moment at which it began."""
        data: dict[str, Any] = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # as above
        data.setdefault(BEGUN, timezone.now().isoformat())
        super().save(must_create=must_create)


def people(keys: Collection[str]) -> dict[str, User]:
    """Who is signed in by these session keys now. Missing: what is expired, signed out, deleted or of another password,
    and whose account is switched off."""
    wanted = sorted(key for key in keys if SHAPE.fullmatch(key))
    sessions: dict[str, dict[str, Any]] = {}
    for first in range(0, len(wanted), MOST_AT_ONCE):
        some = wanted[first : first + MOST_AT_ONCE]
        rows = Session.objects.filter(session_key__in=some, expire_date__gt=timezone.now())
        sessions |= {row.session_key: row.get_decoded() for row in rows}
    theirs = {key: int(data[SESSION_KEY]) for key, data in sessions.items() if SESSION_KEY in data}
    users = User.objects.filter(is_active=True).in_bulk(set(theirs.values()))
    found = {key: users.get(pk) for key, pk in theirs.items()}
    return {key: user for key, user in found.items() if user and _is_of(user, sessions[key])}


def forget_expired(**_: Any) -> None:
    """Delete what nobody can use any more; whenever somebody signs in."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def _is_of(user: User, data: dict[str, Any]) -> bool:
    """Whether the session was begun with the password that this person has now."""
    return constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())


def _begun(written: str | None, otherwise: datetime) -> datetime:
    return datetime.fromisoformat(written) if written else otherwise
