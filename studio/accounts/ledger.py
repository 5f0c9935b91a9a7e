"""Credits: what people have, what songs hold of it, and every booking ever made.

Entries are only added; a balance is the sum of its person's entries and never below 0. A song sets its credits aside
when it is asked for (reserve, -n), and either uses them when its first take is stored and can be played (capture, 0) or
gives them back when it ends without one (release, +n). The operator may give back what was used (refund, +n). Where
songs cost nothing the same entries are made, with 0: so a price that is set later finds nothing half done.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.dispatch import Signal
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import ngettext

from studio.accounts.models import LedgerEntry, User

Kind = LedgerEntry.Kind

refunded = Signal()
"""Sent with `generation_id`, in the transaction of the entry: what this song used was given back."""


class NotEnough(Exception):  # noqa: N818  read as a sentence: reserve … or there is not enough
    """A person has `balance` credits where `cost` are needed."""

    def __init__(self, balance: int, cost: int) -> None:
        super().__init__(f"{cost} credits are needed, {balance} are there.")
        self.balance = balance
        self.cost = cost


def balance(user: User) -> int:
    """The credits of this person that are neither used nor set aside, 0 or more."""
    return int(LedgerEntry.objects.filter(user=user).aggregate(total=Sum("amount", default=0))["total"])


def reserve(user: User, generation_id: uuid.UUID, cost: int) -> None:
    """Set `cost` credits (0 or more) aside for a song that is about to be made.

    To be called in the transaction that makes the song. Raises `NotEnough` before anything is written, and
    `IntegrityError` for a song that has its entry already.
    """
    with transaction.atomic():
        if cost:
            _keep_others_waiting(user)
            daily(user)
            there = balance(user)
            if there < cost:
                raise NotEnough(there, cost)
        LedgerEntry.objects.create(user=user, generation_id=generation_id, kind=Kind.RESERVE, amount=-cost)


def capture(generation_id: uuid.UUID) -> bool:
    """The song is there: what was set aside for it is used. Whether this was written, which happens once at most."""
    return _book(generation_id, Kind.CAPTURE, unless=(Kind.CAPTURE, Kind.RELEASE))


def release(generation_id: uuid.UUID) -> bool:
    """No song came: what was set aside is given back. Whether this was written: once at most, and after no capture."""
    return _book(generation_id, Kind.RELEASE, unless=(Kind.CAPTURE, Kind.RELEASE))


def refund(generation_id: uuid.UUID, note: str = "") -> bool:
    """Give back what a song has used, by the operator's will. Whether this was written: once, after a capture only."""
    with transaction.atomic():
        written = _book(generation_id, Kind.REFUND, after=Kind.CAPTURE, unless=(Kind.REFUND,), note=note)
        if written:
            refunded.send(sender=LedgerEntry, generation_id=generation_id)
    return written


def grant(user: User, amount: int, note: str = "") -> LedgerEntry:
    """Give somebody `amount` credits, 1 or more."""
    return LedgerEntry.objects.create(user=user, kind=Kind.GRANT, amount=amount, note=note)


def daily(user: User) -> bool:
    """Give this person the credits of the day (UTC) if there are any and they were not given yet; whether they were."""
    if not settings.CREDITS_DAILY:
        return False
    today = timezone.now().astimezone(UTC).date()
    if LedgerEntry.objects.filter(user=user, day=today).exists():
        return False
    entry = LedgerEntry(user=user, kind=Kind.GRANT, amount=settings.CREDITS_DAILY, day=today)
    return _added(entry)


def next_daily() -> datetime | None:
    """When the next day's credits can be had; None where days bring none."""
    if not settings.CREDITS_DAILY:
        return None
    tomorrow = timezone.now().astimezone(UTC).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), UTC)


def in_words(amount: int) -> str:
    """1 credit, 2,000 credits."""
    return ngettext("%(n)s credit", "%(n)s credits", amount) % {"n": figure(amount)}


def figure(amount: int) -> str:
    """2,000"""
    return number_format(amount, force_grouping=True)


def _keep_others_waiting(user: User) -> None:
    """Until this transaction ends nobody else spends from the same balance.

    The row is locked on PostgreSQL, without its key: entries that point at it are written on. SQLite's transactions are
    IMMEDIATE, so one writes at a time anyway.
    """
    User.objects.select_for_update(no_key=True).values_list("pk").get(pk=user.pk)


def _book(
    generation_id: uuid.UUID, kind: Kind, *, unless: tuple[Kind, ...], after: Kind = Kind.RESERVE, note: str = ""
) -> bool:
    entries = {entry.kind: entry for entry in LedgerEntry.objects.filter(generation_id=generation_id)}
    if Kind.RESERVE not in entries or after not in entries or any(other in entries for other in unless):
        return False
    reserved = entries[Kind.RESERVE]
    amount = 0 if kind == Kind.CAPTURE else -reserved.amount
    return _added(
        LedgerEntry(user_id=reserved.user_id, generation_id=generation_id, kind=kind, amount=amount, note=note)
    )


def _added(entry: LedgerEntry) -> bool:
    """Whether the entry was written; not where somebody wrote its like at the same moment."""
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        return False
    return True
