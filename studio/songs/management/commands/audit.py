"""`manage.py audit`: whether every credit, song and file is as it must be."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studio.songs import audit


class Command(BaseCommand):
    """Prints what is wrong, a line each, and exits with 1 then. It changes nothing and can run beside the site."""

    help = "Checks that credits, songs and files agree; prints what does not and exits with 1."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  Django's signature
        """Look at everything once."""
        found = 0
        for finding in audit.findings():
            self.stdout.write(finding)
            found += 1
        if found:
            raise CommandError(f"{found} finding{'s' if found > 1 else ''}.")
        self.stdout.write("Credits, songs and files agree.")
