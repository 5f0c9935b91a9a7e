"""`manage.py rebuild_catalogue`: work out anew what every song is found by."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from studio.songs import catalogue, catalogue_tables


class Command(BaseCommand):
    """Says how many songs there were. Never needed after a `migrate`; harmless at any time."""

    help = "Work out anew what every song is found by."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  Django's signature
        """Bring every entry up to date, whatever stands in it."""
        catalogue_tables.take_away()
        catalogue_tables.set_up()
        self.stdout.write(f"Songs in the catalogue: {catalogue.catch_up()}.")
