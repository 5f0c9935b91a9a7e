"""The ledger: every credit is booked once, nobody spends what is not there, and nothing booked ever changes."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from studio.accounts import ledger
from studio.accounts.models import LedgerEntry, User
from tests.studio.together import together

pytestmark = pytest.mark.django_db(transaction=True)
Kind = LedgerEntry.Kind


def song(user: User, cost: int) -> uuid.UUID:
    """A song for which `cost` credits are set aside."""
    pk = uuid.uuid4()
    ledger.reserve(user, pk, cost)
    return pk


def kinds(pk: uuid.UUID) -> list[tuple[str, int]]:
    return list(LedgerEntry.objects.filter(generation_id=pk).order_by("pk").values_list("kind", "amount"))


def test_what_is_set_aside_is_no_longer_there(alice: User) -> None:
    ledger.grant(alice, 5, "Welcome")
    song(alice, 2)
    assert ledger.balance(alice) == 3


def test_a_song_that_came_has_used_its_credits(alice: User) -> None:
    ledger.grant(alice, 5)
    pk = song(alice, 2)
    assert ledger.capture(pk)
    assert ledger.balance(alice) == 3
    assert kinds(pk) == [(Kind.RESERVE, -2), (Kind.CAPTURE, 0)]


def test_a_song_that_did_not_come_gives_them_back(alice: User) -> None:
    ledger.grant(alice, 5)
    pk = song(alice, 2)
    assert ledger.release(pk)
    assert ledger.balance(alice) == 5


def test_told_twice_it_is_booked_once(alice: User) -> None:
    ledger.grant(alice, 5)
    used, unused = song(alice, 2), song(alice, 2)
    assert [ledger.capture(used) for _ in range(3)] == [True, False, False]
    assert [ledger.release(unused) for _ in range(3)] == [True, False, False]
    assert [ledger.refund(used) for _ in range(3)] == [True, False, False]
    assert ledger.balance(alice) == 5


def test_what_is_used_is_not_given_back_and_what_is_given_back_is_not_used(alice: User) -> None:
    ledger.grant(alice, 5)
    used, unused = song(alice, 1), song(alice, 1)
    ledger.capture(used)
    ledger.release(unused)
    assert not ledger.release(used)
    assert not ledger.capture(unused)
    assert ledger.balance(alice) == 4


def test_only_what_was_used_is_refunded(alice: User) -> None:
    ledger.grant(alice, 5)
    running, unused = song(alice, 1), song(alice, 1)
    ledger.release(unused)
    assert not ledger.refund(running)
    assert not ledger.refund(unused)
    assert not ledger.refund(uuid.uuid4())
    assert ledger.balance(alice) == 4


def test_a_song_that_nobody_asked_for_books_nothing(db: None) -> None:
    assert not ledger.capture(uuid.uuid4())
    assert not ledger.release(uuid.uuid4())
    assert not LedgerEntry.objects.exists()


def test_too_few_credits_are_told_and_nothing_is_written(alice: User) -> None:
    ledger.grant(alice, 1)
    with pytest.raises(ledger.NotEnough) as caught:
        song(alice, 2)
    assert (caught.value.balance, caught.value.cost) == (1, 2)
    assert ledger.balance(alice) == 1
    assert LedgerEntry.objects.count() == 1


def test_songs_that_cost_nothing_have_their_entries_and_are_never_refused(alice: User) -> None:
    pk = song(alice, 0)
    ledger.capture(pk)
    assert kinds(pk) == [(Kind.RESERVE, 0), (Kind.CAPTURE, 0)]
    assert ledger.balance(alice) == 0


def test_one_song_has_one_reserve(alice: User) -> None:
    pk = song(alice, 0)
    with pytest.raises(IntegrityError):
        ledger.reserve(alice, pk, 0)


def test_nobody_spends_what_somebody_else_has(alice: User, bob: User) -> None:
    ledger.grant(alice, 5)
    with pytest.raises(ledger.NotEnough):
        song(bob, 1)


def test_a_day_gives_its_credits_once(alice: User, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CREDITS_DAILY = 3
    now = datetime(2028, 2, 29, 23, 59, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert [ledger.daily(alice) for _ in range(3)] == [True, False, False]
    assert ledger.next_daily() == datetime(2028, 3, 1, tzinfo=UTC)
    now += timedelta(minutes=1)
    assert [ledger.daily(alice) for _ in range(3)] == [True, False, False]
    assert ledger.balance(alice) == 6


def test_the_days_credits_are_there_for_whoever_comes_to_spend_them(alice: User, settings: Settings) -> None:
    settings.CREDITS_DAILY = 2
    song(alice, 2)
    assert ledger.balance(alice) == 0


def test_without_daily_credits_no_day_brings_any(alice: User) -> None:
    assert not ledger.daily(alice)
    assert ledger.next_daily() is None


def test_two_songs_of_one_moment_cannot_spend_the_same_credit(alice: User) -> None:
    ledger.grant(alice, 1)
    outcomes = together([partial(song, alice, 1) for _ in range(4)])
    assert sum(isinstance(outcome, uuid.UUID) for outcome in outcomes) == 1, outcomes
    assert sum(isinstance(outcome, ledger.NotEnough) for outcome in outcomes) == 3, outcomes
    assert ledger.balance(alice) == 0


def test_a_capture_and_a_release_of_one_moment_are_one_of_the_two(alice: User) -> None:
    ledger.grant(alice, 10)
    for _ in range(10):
        pk = song(alice, 1)
        outcomes = together([partial(ledger.capture, pk), partial(ledger.release, pk), partial(ledger.capture, pk)])
        assert sorted(outcomes, key=str) == [False, False, True]
        assert len(kinds(pk)) == 2


def test_refunds_and_daily_credits_of_one_moment_are_written_once(alice: User, settings: Settings) -> None:
    settings.CREDITS_DAILY = 4
    assert sorted(together([partial(ledger.daily, alice) for _ in range(4)]), key=str) == [False, False, False, True]
    pk = song(alice, 4)
    ledger.capture(pk)
    assert sorted(together([partial(ledger.refund, pk) for _ in range(4)]), key=str) == [False, False, False, True]
    assert ledger.balance(alice) == 4


def test_a_person_who_spends_keeps_nobody_from_finishing_a_song(alice: User) -> None:
    ledger.grant(alice, 2)
    pk = song(alice, 1)
    with transaction.atomic():
        song(alice, 1)  # holds what it locks until the end of this block
        if transaction.get_connection().vendor == "postgresql":
            assert together([partial(ledger.capture, pk)]) == [True]
    assert ledger.balance(alice) == 0


def test_nothing_booked_can_be_changed_or_deleted(alice: User) -> None:
    entry = ledger.grant(alice, 5)
    entry.amount = 50
    attempts: list[Any] = [
        entry.save,
        entry.delete,
        LedgerEntry.objects.all().delete,
        lambda: LedgerEntry.objects.update(amount=50),
        lambda: LedgerEntry.objects.bulk_update([entry], ["amount"]),
        lambda: LedgerEntry.objects.update_or_create(pk=entry.pk, defaults={"amount": 50}),
        lambda: alice.ledger.all().delete(),
    ]
    for attempt in attempts:
        with pytest.raises(TypeError, match="only added to"):
            attempt()
    assert ledger.balance(alice) == 5


def test_an_account_that_goes_takes_its_entries_along(alice: User) -> None:
    ledger.grant(alice, 5)
    alice.delete()
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": Kind.GRANT, "amount": 0},
        {"kind": Kind.GRANT, "amount": -1},
        {"kind": Kind.GRANT, "amount": 1, "generation_id": uuid.uuid4()},
        {"kind": Kind.RESERVE, "amount": 1, "generation_id": uuid.uuid4()},
        {"kind": Kind.RESERVE, "amount": -1},
        {"kind": Kind.CAPTURE, "amount": -1, "generation_id": uuid.uuid4()},
        {"kind": Kind.CAPTURE, "amount": 1, "generation_id": uuid.uuid4()},
        {"kind": Kind.RELEASE, "amount": -1, "generation_id": uuid.uuid4()},
        {"kind": Kind.REFUND, "amount": -1, "generation_id": uuid.uuid4()},
        {"kind": Kind.REFUND, "amount": 1},
        {"kind": Kind.RELEASE, "amount": 1, "generation_id": uuid.uuid4(), "day": datetime(2026, 1, 1, tzinfo=UTC)},
        {"kind": "gift", "amount": 1},
    ],
)
def test_the_database_refuses_what_makes_no_sense(alice: User, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        LedgerEntry.objects.create(user=alice, **wrong)
    assert not LedgerEntry.objects.exists()
