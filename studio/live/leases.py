"""Who may work on which song: claimed by a conditional UPDATE, kept by a heartbeat, taken over when it lapses."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from studio.live.journal import Lease
from studio.songs.models import Generation, Status

LEASE = timedelta(seconds=15)
"""How long a song stays with a process that is no longer heard of."""
LONGEST_PAUSE = timedelta(minutes=30)
"""For no song it is right to be left alone for longer. A time further ahead was written before a clock was set back,
as is a lease that ends later than any that is given."""
ATTEMPTS = 3
"""How often our own engine begins a song before it counts as failed: a crash is worth another try, not endless ones."""
UNDER_WAY = (Status.RUNNING, Status.INTERRUPTED)
TURNS = 0x6475706C6574
"""The number under which PostgreSQL knows the lock of those who claim: "duplet" in ASCII."""


def claim(owner: str, slots: int) -> Lease | None:
    """The oldest waiting song, or one whose keeper fell silent, for `owner`; None if nothing waits or no slot is free.

    Slots are counted over all processes, so that two of them never start more than `slots` songs together. What only
    has to be ended, or asked after, needs no slot.
    """
    now = timezone.now()
    with transaction.atomic():
        _take_turns()
        waiting = _waiting(now)
        found = waiting.filter(Q(status=Status.INTERRUPTED) | Q(cancel_requested_at__isnull=False)).first()
        if found is None:
            held = Generation.objects.filter(
                status=Status.RUNNING, lease_until__gt=now, lease_until__lte=now + 2 * LEASE
            )
            if held.count() >= slots:
                return None
            found = waiting.exclude(owner__in=_busy(held)).first()
        if found is None:
            return None
        mine = Generation.objects.filter(pk=found["pk"], status=found["status"], lease_fence=found["lease_fence"])
        taken = mine.update(
            status=Status.INTERRUPTED if found["status"] == Status.INTERRUPTED else Status.RUNNING,
            lease_owner=owner,
            lease_fence=F("lease_fence") + 1,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
        )
        return Lease(found["pk"], found["lease_fence"] + 1) if taken else None


def keep(owner: str) -> None:
    """Extend all leases of `owner`."""
    _held_by(owner).update(lease_until=timezone.now() + LEASE)


def look(owner: str, held: Collection[Lease]) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """Which of these songs `owner` still holds, and which of them their owners want cancelled."""
    rows = list(_held_by(owner).values_list("pk", "lease_fence", "cancel_requested_at"))
    fences = {lease.generation_id: lease.fence for lease in held}
    kept = {pk for pk, fence, _ in rows if fence == fences.get(pk)}
    return kept, {pk for pk, _, asked in rows if asked and pk in kept}


def begin_again(lease: Lease, *, count: bool) -> None:
    """Put a song back into the queue. `count`: the attempt was a real one and counts towards `ATTEMPTS`."""
    attempts = {} if count else {"attempts": F("attempts") - 1}
    _give_back(lease, status=Status.QUEUED, progress=0, **attempts)


def hand_over(lease: Lease) -> None:
    """Leave a song that goes on elsewhere to whoever claims it next, at once and just as it stands."""
    _give_back(lease)


def put_off(lease: Lease, seconds: float, orders: int) -> None:
    """Put a song back that was refused for now, and surely not bought, after `orders` orders: for `seconds`."""
    later = timezone.now() + timedelta(seconds=seconds)
    changes: dict[str, Any] = {"retry_at": later, "submitted_at": None, "orders": F("orders") + orders}
    _give_back(lease, status=Status.QUEUED, progress=0, **changes)


def _take_turns() -> None:
    """Let nobody else claim before this transaction has ended, or two would count the same slot as free.

    On SQLite whoever writes is alone anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURNS])


def _held_by(owner: str) -> QuerySet[Generation]:
    return Generation.objects.filter(lease_owner=owner, status__in=UNDER_WAY)


def _waiting(now: Any) -> QuerySet[Generation, Any]:
    """Unfinished songs that nobody keeps and that need not be left alone any longer, the oldest first."""
    unkept = Q(lease_until=None) | Q(lease_until__lte=now) | Q(lease_until__gt=now + 2 * LEASE)
    rows = Generation.objects.filter(Q(status=Status.QUEUED) | Q(unkept, status__in=UNDER_WAY))
    rows = rows.exclude(retry_at__gt=now, retry_at__lte=now + LONGEST_PAUSE, cancel_requested_at=None)
    return rows.order_by("created_at", "pk").values("pk", "status", "lease_fence")


def _give_back(lease: Lease, **changes: Any) -> None:
    mine = Generation.objects.filter(pk=lease.generation_id, lease_fence=lease.fence, status__in=UNDER_WAY)
    mine.update(lease_owner="", lease_until=None, **changes)


def _busy(held: QuerySet[Generation]) -> list[int]:
    """People who have as many songs running as one person may."""
    most = settings.LIMIT_RUNNING_PER_USER
    if not most:
        return []
    rows = held.values("owner").annotate(songs=Count("pk")).filter(songs__gte=most)
    return [row["owner"] for row in rows]
