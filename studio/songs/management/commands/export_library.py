"""`manage.py export_library`: everything one person has, as the archives that another Duplet takes in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from generator import zipped
from studio.accounts.models import User, plain_email
from studio.songs import exporting


class Command(BaseCommand):
    """Writes one file a part."""

    help = "Write everything that the person with this address has into ZIP archives in a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and where to."""
        parser.add_argument("email")
        parser.add_argument("folder", type=Path)

    def handle(self, *_: Any, email: str, folder: Path, **__: Any) -> None:
        """Existing files of the same name are refused."""
        user = User.objects.filter(email=plain_email(email)).first()
        if user is None:
            raise CommandError(f"Nobody here has the address {email}.")
        folder.mkdir(parents=True, exist_ok=True)
        parts = list(exporting.parts(user))
        for part in parts:
            path = folder / f"library-{part.number}.zip"
            try:
                with path.open("xb") as file:
                    asyncio.run(_write(zipped.archive(exporting.packed(user, part, len(parts)), timezone.now()), file))
            except FileExistsError:
                raise CommandError(f"{path} is there already.") from None
            self.stdout.write(f"{path}: {len(part.songs)} songs")


async def _write(pieces: AsyncGenerator[bytes], file: Any) -> None:
    async for piece in pieces:
        file.write(piece)
