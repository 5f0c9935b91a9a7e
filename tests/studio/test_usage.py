"""The wave of what one made: a bar for each day, and words for those who do not see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from studio.accounts.models import User
from studio.songs.models import Generation
from studio.songs.usage import DAYS, HALF, usage
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db


def made(owner: User, title: str, days_ago: int) -> Generation:
    row = saved_song(owner, title)
    Generation.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=days_ago))
    return row


def test_each_of_the_last_thirty_days_has_its_songs_and_minutes(alice: User, bob: User) -> None:
    for title, days_ago in (("One", 0), ("Two", 0), ("Three", 4), ("Long ago", DAYS)):
        made(alice, title, days_ago)
    made(bob, "Somebody else’s", 0)
    told = usage(alice)
    assert [day.songs for day in told.days] == [0] * 25 + [1] + [0] * 3 + [2]
    assert (told.days[-1].up, told.days[-5].up, told.days[0].up) == (HALF, HALF // 2, 0)
    assert told.days[-1].minutes == pytest.approx(4 * 1.5 / 60, abs=0.05)
    assert told.says.startswith("3 songs and 0 minutes of music in the last 30 days. Most on ")


def test_nobody_who_has_made_nothing_sees_a_broken_picture(alice_client: Client) -> None:
    page = alice_client.get("/account/credits/").content.decode()
    assert page.count('class="none"') == DAYS
    assert "0 songs and 0 minutes of music in the last 30 days." in page


def test_it_takes_as_many_queries_for_a_hundred_songs_as_for_one(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        made(alice, f"Song {number}", number)
    with django_assert_num_queries(2):
        usage(alice)
