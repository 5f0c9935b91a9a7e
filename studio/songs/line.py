"""Who waits, and who comes first: the places of songs that nobody has begun yet.

The order is that in which songs are claimed, oldest first, by all processes together.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from studio.songs.models import Generation, Status


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the line."""

    before: int
    """Songs that come first, whoever they belong to, 0 or more."""
    is_held: bool
    """Its owner has as many songs under way as one person may: it begins when one of those is done."""


def waits(generation: Generation) -> bool:
    """Whether it stands in the line: nobody has begun it, it is not cancelled, and no busy host is waited for."""
    put_off = generation.retry_at is not None and generation.retry_at > timezone.now()
    return generation.status == Status.QUEUED and generation.cancel_requested_at is None and not put_off


def place(generation: Generation) -> Place | None:
    """Its place; None where it does not stand in the line."""
    return places([generation]).get(generation.pk)


def places(generations: Iterable[Generation]) -> dict[uuid.UUID, Place]:
    """Places of those of these songs that stand in the line. Without any no query is made."""
    waiting = {row.pk: row.owner_id for row in generations if waits(row)}
    if not waiting:
        return {}
    earlier = _line().filter(
        Q(created_at__lt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__lt=OuterRef("pk"))
    )
    counted = earlier.order_by().values("status").annotate(songs=Count("pk")).values("songs")
    rows = Generation.objects.filter(pk__in=waiting).annotate(before=Coalesce(Subquery(counted), 0))
    held = _held(set(waiting.values()))
    return {pk: Place(before, waiting[pk] in held) for pk, before in rows.values_list("pk", "before")}


def _line() -> QuerySet[Generation]:
    rows = Generation.objects.filter(status=Status.QUEUED, cancel_requested_at=None)
    return rows.exclude(retry_at__gt=timezone.now())


def _held(owners: set[int]) -> set[int]:
    """Those of these people who have as many songs under way as one person may."""
    most = settings.LIMIT_RUNNING_PER_USER
    if not most:
        return set()
    running = Generation.objects.filter(owner__in=owners, status=Status.RUNNING, lease_until__gt=timezone.now())
    counted = running.order_by().values("owner").annotate(songs=Count("pk")).filter(songs__gte=most)
    return {row["owner"] for row in counted}
