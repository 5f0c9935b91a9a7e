"""Who may work on which song: claimed by a conditional UPDATE, kept by a heartbeat, taken over when it lapses."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from studio.live.journal import Lease
from studio.songs.models import Generation, Status

LEASE = timedelta(seconds=15)
"""How long a song stays with a process that is no longer heard of."""
ATTEMPTS = 3
"""How often a song is begun before it counts as failed: a crash is worth another try, not endless ones."""


def claim(owner: str, slots: int) -> Lease | None:
    """The oldest waiting song, or one whose keeper fell silent, for `owner`; None if nothing waits or no slot is free.

    Slots are counted over all processes, so that two of them never start more than `slots` songs together.
    """
    now = timezone.now()
    with transaction.atomic():
        held = Generation.objects.filter(status=Status.RUNNING, lease_until__gt=now)
        if held.count() >= slots:
            return None
        free = Q(status=Status.QUEUED) | Q(status=Status.RUNNING, lease_until__lte=now)
        free |= Q(status=Status.RUNNING, lease_until=None)
        waiting = (
            Generation.objects.filter(free)
            .exclude(owner__in=_busy(held))
            .exclude(retry_at__gt=now, cancel_requested_at=None)
        )
        found = waiting.order_by("created_at", "pk").values("pk", "status", "lease_fence").first()
        if found is None:
            return None
        mine = Generation.objects.filter(pk=found["pk"], status=found["status"], lease_fence=found["lease_fence"])
        taken = mine.update(
            status=Status.RUNNING,
            lease_owner=owner,
            lease_fence=F("lease_fence") + 1,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
        )
        return Lease(found["pk"], found["lease_fence"] + 1) if taken else None


def beat(owner: str, held: Collection[Lease]) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """Extend all leases; which songs are still held, and which of them their owner wants cancelled."""
    ids = [lease.generation_id for lease in held]
    mine = Generation.objects.filter(pk__in=ids, lease_owner=owner, status=Status.RUNNING)
    mine.update(lease_until=timezone.now() + LEASE)
    rows = list(mine.values_list("pk", "lease_fence", "cancel_requested_at"))
    fences = {lease.generation_id: lease.fence for lease in held}
    kept = {pk for pk, fence, _ in rows if fence == fences[pk]}
    return kept, {pk for pk, _, asked in rows if asked and pk in kept}


def give_back(lease: Lease, *, count: bool) -> None:
    """Put a song back into the queue. `count`: the attempt was a real one and counts towards `ATTEMPTS`."""
    _give_back(lease, {} if count else {"attempts": F("attempts") - 1})


def put_off(lease: Lease, seconds: float) -> None:
    """Put a song back into the queue that was refused for now, and surely not bought: not before `seconds` are over."""
    later = timezone.now() + timedelta(seconds=seconds)
    _give_back(lease, {"attempts": F("attempts") - 1, "retry_at": later, "submitted_at": None})


def _give_back(lease: Lease, further: dict[str, Any]) -> None:
    mine = Generation.objects.filter(pk=lease.generation_id, lease_fence=lease.fence, status=Status.RUNNING)
    changes: dict[str, Any] = {"status": Status.QUEUED, "lease_owner": "", "lease_until": None, "progress": 0}
    mine.update(**changes, **further)


def _busy(held: Iterable[Generation]) -> list[int]:
    """People who have as many songs running as one person may."""
    most = settings.LIMIT_RUNNING_PER_USER
    if not most:
        return []
    rows = Generation.objects.filter(pk__in=[row.pk for row in held]).values("owner").annotate(songs=Count("pk"))
    return [row["owner"] for row in rows if row["songs"] >= most]
