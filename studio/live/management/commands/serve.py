"""`manage.py serve`: the site, from the first start on."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError
from django.urls import reverse

from generator import intake
from studio import failures
from studio.accounts import signin
from studio.accounts.models import User
from studio.live import process
from studio.server import PortTakenError, SiteServer

OWNER = "owner@localhost"

FORM_BYTES = 16 * 1024
"""What a form adds to the file that it sends."""


class Command(BaseCommand):
    """Serves pages, sockets and (unless RELAY=apart) songs from one process until Ctrl+C."""

    help = "Serve the site at HOST and PORT until Ctrl+C."

    def add_arguments(self, parser: CommandParser) -> None:
        """Two switches; everything else is a setting."""
        parser.add_argument("--prepare", action="store_true", help="first bring the database and the assets up to date")
        parser.add_argument("--log-requests", action="store_true", help="write a line for each request")

    def handle(self, *_: Any, prepare: bool, log_requests: bool, **__: Any) -> None:
        """Check what is needed, then serve. Exits with 1 and a sentence where something is in the way."""
        try:
            if prepare:
                call_command("prepare")
            self._refuse_unprepared()
        except OperationalError as error:
            self._refuse(process.away(error))

        from studio.asgi import application  # noqa: PLC0415  it looks the assets over, which must be in place

        server = SiteServer(
            application,
            host=settings.HOST,
            port=settings.PORT,
            largest_body=settings.LIMIT_BODY,
            larger_bodies={
                reverse("import").encode(): settings.LIMIT_IMPORT,
                reverse("change_picture").encode(): settings.LIMIT_PICTURE + FORM_BYTES,
                reverse("sounds").encode(): intake.LARGEST + FORM_BYTES,
            },
            too_large=failures.page("413.html"),
            behind_proxy=settings.SECURE,
            log_requests=log_requests,
            start=partial(process.start, makes_songs=settings.RELAY == "here"),
            drain=process.drain,
        )
        try:
            server.serve(self._greet)
        except PortTakenError as error:
            self._refuse(
                f"Port {settings.PORT} on {settings.HOST} cannot be used ({error}). Stop the program that uses it, "
                f"or choose another port: PORT={min(settings.PORT + 1, 65535)} make run"
            )

    def _refuse_unprepared(self) -> None:
        if sentence := process.obstacle():
            self._refuse(sentence)
        if not settings.DEBUG and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
            self._refuse("Styles and scripts are not in place. Run `make run`, or `manage.py collectstatic` first.")

    def _greet(self) -> None:
        """Say where the site is and how to come in. A site nobody has been to yet gets an owner and a link."""
        write = self.stdout.write
        write(f"{settings.SITE_NAME} is at {settings.PUBLIC_URL} (Ctrl+C stops it).")
        if not User.objects.exists():
            User.objects.create_superuser(OWNER)
        if User.objects.filter(last_login__isnull=False).exists():
            write(f"A link that signs you in: .venv/bin/python manage.py signin_link {self._owner()}")
        else:
            write(f"Open this link to come in. It works once, within {settings.SIGNIN_LINK_MINUTES} minutes:")
            write(signin.issue_link(self._owner()))
        self.stdout.flush()

    def _owner(self) -> User:
        return User.objects.filter(is_active=True).order_by("-is_superuser", "pk")[0]

    def _refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(1)
