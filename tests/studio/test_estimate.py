"""The time a song takes is told only where it is known, from what songs took here."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from studio.accounts.models import User
from studio.songs import engine, estimate, generations
from studio.songs.models import Generation, Status

pytestmark = pytest.mark.django_db


def made(owner: User, *seconds: float, upstream: str = "here") -> None:
    """Songs that took so long."""
    for took in seconds:
        row = generations.create(owner, prompt="pop")
        now = timezone.now()
        Generation.objects.filter(pk=row.pk).update(
            status=Status.COMPLETED, upstream=upstream, submitted_at=now - timedelta(seconds=took), finished_at=now
        )


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        ((), ""),
        ((20, 21), ""),
        ((18, 21, 300), "about 20 seconds"),
        ((1, 1, 1), "about 5 seconds"),
        ((88, 89, 89), "about 90 seconds"),
        ((100, 100, 100), "about 2 minutes"),
        ((60 * 7, 60 * 7, 60 * 7), "about 7 minutes"),
    ],
)
def test_it_is_the_median_of_the_last_songs_in_words(alice: User, seconds: tuple[float, ...], says: str) -> None:
    made(alice, *seconds)
    assert estimate.in_words("here") == says


def test_songs_of_another_host_say_nothing(alice: User) -> None:
    made(alice, 20, 20, 20, upstream="elsewhere")
    assert estimate.in_words("here") == ""


def test_older_songs_are_forgotten(alice: User) -> None:
    made(alice, *[300] * 20)
    made(alice, *[20] * estimate.LOOKED_AT)
    assert estimate.in_words("here") == "about 20 seconds"


def test_the_create_page_says_it_and_counts_what_waits(alice_client: Client, alice: User) -> None:
    assert "about" not in alice_client.get("/").context["takes_about"]
    made(alice, 20, 20, 20, upstream=engine.current().name)
    generations.create(alice, prompt="waits")
    page = alice_client.get("/").content.decode()
    assert "about 20 seconds" in page
    assert "1 waiting, 3 saved" in page
