"""Saved songs for somebody on a site: `python -m tests.browser.full_shelf EMAIL COUNT`, with its variables set."""

from __future__ import annotations

import os
import sys
from datetime import timedelta

NAMES = ("Paper Lanterns", "Kitchen Radio", "Früher Morgen", "Slow Satellites", "North of July")


def main() -> None:
    """Song 1 is the newest; the first ones have names, the rest are numbered. Every second one is instrumental."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "studio.settings"
    import django

    django.setup()
    from django.utils import timezone

    from studio.accounts.models import User
    from studio.songs.models import Generation, Section
    from tests.studio.rows import saved_song

    email, count = sys.argv[1], int(sys.argv[2])
    owner = User.objects.get(email=email)
    for number in range(count):
        title = NAMES[number] if number < len(NAMES) else f"Song {number + 1:02}"
        row = saved_song(owner, title, prompt="slow waltz" if number == 0 else "pop", lyrics="")
        if number % 2:
            Section.objects.filter(version__generation=row).update(lines=[])
        made_at = timezone.now() - timedelta(hours=number + 1)
        Generation.objects.filter(pk=row.pk).update(created_at=made_at, finished_at=made_at)


if __name__ == "__main__":
    main()
