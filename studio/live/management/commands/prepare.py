"""`manage.py prepare`: the database up to date, and styles and scripts where they are served from."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from studio.songs import catalogue

MARK = "collected"
"""A file beside the collected ones: of which sources they are."""


class Command(BaseCommand):
    """What comes before the first start, and after each change of the program; done twice, it does nothing twice."""

    help = "Bring the database and the collected styles and scripts up to date."

    def handle(self, *_: Any, **__: Any) -> None:
        """Collecting reads and packs each file, which takes longer than all else at a start: only where one changed."""
        call_command("migrate", verbosity=0, interactive=False)
        catalogue.catch_up()
        root, now = Path(settings.STATIC_ROOT), _sources()
        mark = root / MARK
        if not mark.exists() or mark.read_text("ascii") != now or not (root / "staticfiles.json").exists():
            call_command("collectstatic", verbosity=0, interactive=False)
            mark.write_text(now, "ascii")


def _sources() -> str:
    """Changes with any file that is collected, and with how they are packed."""
    told = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            told.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return told.hexdigest()
