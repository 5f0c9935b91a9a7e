"""Fill a library, ask for each kind of its pages several times, and print the best beside that of a small library.

The peer is the same page at a hundred songs: what a page costs must not grow with what it does not show.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from functools import partial

SMALL, TIMES, BAR_MS = 100, 9, 150.0
PAGES = {
    "newest": "/library/",
    "list": "/library/?view=list",
    "deep page": "/library/?page=400",
    "title": "/library/?sort=title&page=100",
    "longest": "/library/?sort=longest",
    "finished": "/library/?sort=finished",
    "search, a rare word": "/library/?q=needle",
    "search, a common word": "/library/?q=love",
    "search, two beginnings": "/library/?q=night+lo",
    "instrumental": "/library/?sound=instrumental",
    "made, from audio": "/library/?state=made&sound=audio",
    "tag": "/library/?tag=calm",
    "trash": "/library/?trash=1",
}
WORDS = (
    *("love", "night", "rain", "river", "glass", "harbour", "morning"),
    *("silver", "train", "winter", "summer", "paper", "window", "dance"),
)


def main() -> int:
    """Exit code 1 where a page takes longer than it may."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.test.utils import get_runner, setup_test_environment

    django.setup()
    setup_test_environment()
    from django.conf import settings

    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        return _measure(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
    finally:
        runner.teardown_databases(databases)


def _measure(songs: int) -> int:
    from django.db import connection
    from django.test import Client

    from studio.accounts.models import User
    from studio.songs import catalogue

    clients = []
    for name, many in (("small", SMALL), ("large", songs)):
        owner = User.objects.create_user(f"{name}@example.org", name=name)
        _fill(owner, many)
        began = time.perf_counter()
        done = catalogue.catch_up(owner.pk)
        _say(f"{connection.vendor}: {done} songs into the catalogue in {time.perf_counter() - began:.1f} s")
        client = Client()
        client.force_login(owner)
        clients.append(client)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    slow = 0
    for name, address in PAGES.items():
        small, large = (_best(partial(client.get, address)) for client in clients)
        slow += large > BAR_MS
        _say(f"{name:<24}{large:7.1f} ms at {songs}, {small:7.1f} ms at {SMALL}: {large / small:4.1f} times")
    return 1 if slow else 0


def _best(ask: Callable[[], object]) -> float:
    """Milliseconds of the fastest of several: what else the machine does is not the page's."""
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        ask()
        took.append(1000 * (time.perf_counter() - began))
    return min(took)


def _fill(owner: object, many: int) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from studio.songs.models import Generation, Section, Status, Version
    from studio.songs.shelves import Tag

    chance = random.Random(many)

    def text(words: int) -> str:
        return " ".join(chance.choices(WORDS, k=words))

    now = timezone.now()
    rows = Generation.objects.bulk_create(
        (
            Generation(
                owner=owner,  # type: ignore[misc]
                prompt=text(40) + (" needle" if n % 1000 == 7 else ""),
                lyrics=text(150),
                title=f"{text(2)} {n}",
                status=Status.COMPLETED if n % 20 else Status.FAILED,
                reference_url="https://example.org/a.mp3" if n % 50 == 0 else "",
                is_favourite=n % 9 == 0,
                created_at=now - timedelta(minutes=n),
                finished_at=now - timedelta(minutes=n),
                trashed_at=now if n % 30 == 0 else None,
            )
            for n in range(many)
        ),
        batch_size=500,
    )
    takes = Version.objects.bulk_create(
        (
            Version(
                generation=row,
                number=number,
                state=Version.State.STORED,
                duration_ms=chance.randint(60_000, 240_000),
                peaks=[50] * 400,
            )
            for row in rows
            for number in (1, 2)
        ),
        batch_size=500,
    )
    Section.objects.bulk_create(
        (
            Section(version=take, position=at, kind="verse", start_ms=0, end_ms=1, lines=[{"text": text(12)}] * 4)
            for take in takes
            for at in range(2)
            if take.generation_id.int % 3
        ),
        batch_size=500,
    )
    tag = Tag.objects.create(owner=owner, name="calm", folded="calm")  # type: ignore[misc]
    tag.songs.add(*rows[::20])


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
