"""A library as somebody has after years: `python -m tests.large_library EMAIL SONGS` beside a site, with its settings.

Songs differ in title, prompt, words, date and cover; the sound is one for each take, so that it fits on a disk.
"""

from __future__ import annotations

import os
import random
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.accounts.models import User

FIRST = (
    "Paper",
    "Salt",
    "Kitchen",
    "Slow",
    "Blue",
    "Winter",
    "Velvet",
    "Copper",
    "Hollow",
    "Northern",
    "Quiet",
    "Wild",
)
SECOND = ("Lanterns", "Radio", "Harbour", "Satellites", "Letters", "Rivers", "Engines", "Gardens", "Mirrors", "Tides")
STYLES = ("pop", "rock", "folk", "jazz", "ambient", "house", "bossa nova", "lofi")
COVERS = 12
DAYS = 3 * 365
BATCH = 500


def fill(user: User, songs: int, seed: int = 7) -> None:
    """`songs` saved songs of `user` over the last three years, the same ones for the same seed."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage
    from django.utils import timezone

    from generator.engine import art
    from studio.songs.models import Generation, Section, Status, Version
    from tests.flows.scripted import mp3

    chance, now = random.Random(seed), timezone.now()
    sound = {number: mp3(20.0, 440.0 / number) for number in (1, 2)}
    files = {number: default_storage.save(f"songs/take-{number}.mp3", ContentFile(sound[number])) for number in sound}
    covers = [
        default_storage.save(f"songs/cover-{n}.webp", ContentFile(art.cover(f"{FIRST[n]} {SECOND[n % 10]}", "pop", n)))
        for n in range(COVERS)
    ]
    for first in range(0, songs, BATCH):
        rows, versions, sections = [], [], []
        for number in range(first, min(songs, first + BATCH)):
            title = f"{chance.choice(FIRST)} {chance.choice(SECOND)} {number}"
            made = now - timedelta(minutes=chance.randrange(DAYS * 24 * 60))
            row = Generation(
                owner=user,
                title=title,
                prompt=f"A {chance.choice(STYLES)} song about {title.lower()}",
                lyrics=f"[Verse]\nWe sing of {title.lower()}\nuntil the morning comes",
                status=Status.COMPLETED,
                progress=100,
                inks=number % 6 + 1,
                album_art=chance.choice(covers),
                created_at=made,
                submitted_at=made,
                accepted_at=made,
                finished_at=made + timedelta(seconds=20),
                upstream="Embedded engine",
            )
            rows.append(row)
            for take in (1, 2):
                version = Version(
                    generation=row,
                    number=take,
                    state=Version.State.STORED,
                    audio=files[take],
                    size=len(sound[take]),
                    sha256=f"{number:063x}{take}",
                    duration_ms=20_000,
                    peaks=[30 + (n * (number + take) % 61) for n in range(400)],
                    is_finished=True,
                    understood={"tempo": 92, "key": "D minor", "voice": "female"},
                )
                versions.append(version)
                line = {"start": 1000, "end": 4000, "text": f"We sing of {title.lower()}", "words": []}
                sections.append(
                    Section(version=version, position=0, kind="verse", start_ms=0, end_ms=20_000, lines=[line])
                )
        Generation.objects.bulk_create(rows)
        Version.objects.bulk_create(versions)
        Section.objects.bulk_create(sections)


def main() -> None:
    """Fill the library of a person who has an account."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    import django

    django.setup()
    from studio.accounts.models import User

    fill(User.objects.get(email=sys.argv[1]), int(sys.argv[2]))


if __name__ == "__main__":
    main()
