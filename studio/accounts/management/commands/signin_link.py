"""`manage.py signin_link EMAIL`: a link that lets somebody in once, without a password."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from studio.accounts import signin
from studio.accounts.models import User, plain_email


class Command(BaseCommand):
    """Prints the link alone on the last line."""

    help = "Print a link that signs somebody in once, without a password."

    def add_arguments(self, parser: CommandParser) -> None:
        """One address."""
        parser.add_argument("email", help="the person's e-mail address; owner@localhost for the local owner")

    def handle(self, *_: Any, email: str, **__: Any) -> None:
        """Make a link, or say whom there is."""
        user = User.objects.filter(email=plain_email(email)).first()
        if user is None:
            self.stderr.write(f"Nobody here has the address {email}. The local owner is owner@localhost.")
            sys.exit(1)
        if not user.is_active:
            self.stderr.write(f"The account {user} is switched off, so no link can let it in.")
            sys.exit(1)
        self.stdout.write(f"This link signs {user} in once, within {settings.SIGNIN_LINK_MINUTES} minutes:")
        self.stdout.write(signin.issue_link(user))
