"""`manage.py import_library`: archives of songs of any size, into one person's library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.accounts.models import User, plain_email
from studio.songs import importing
from studio.songs.bringing import told


class Command(BaseCommand):
    """Says what came of each archive."""

    help = "Take archives that a Duplet made into the library of the person with this address."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, which files, and whether they are shared as they were."""
        parser.add_argument("email")
        parser.add_argument("archives", nargs="+", type=Path)
        parser.add_argument("--keep-visibility", action="store_true", help="share songs here as they were shared there")

    def handle(self, *_: Any, email: str, archives: list[Path], keep_visibility: bool, **__: Any) -> None:
        """Exits with an error where a file is no archive; what came in before stays."""
        user = User.objects.filter(email=plain_email(email)).first()
        if user is None:
            raise CommandError(f"Nobody here has the address {email}.")
        for path in archives:
            try:
                with path.open("rb") as file:
                    brought = importing.bring(file, user, keeps_visibility=keep_visibility)
            except (OSError, importing.NoArchive) as fault:
                raise CommandError(f"{path}: {fault}") from fault
            self.stdout.write(f"{path}: {' '.join(told(brought))}")
            for title, why in brought.refused:
                self.stdout.write(f"  {title}: {why}")
