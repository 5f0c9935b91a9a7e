"""`manage.py signin_link EMAIL`: a link that lets somebody in once, without a password."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandParser

from studio.accounts import signin
from studio.accounts.models import User, plain_email


class Command(BaseCommand):
    """Prints the link alone on the last line."""

    help = "Print a link that signs somebody in once, without a password."

    def add_arguments(self, parser: CommandParser) -> None:
        """One address, and whether somebody new may have it."""
        parser.add_argument("email", help="the person's e-mail address; owner@localhost for the local owner")
        parser.add_argument("--new", action="store_true", help="make an account for whoever has none yet")

    def handle(self, *_: Any, email: str, new: bool, **__: Any) -> None:
        """Make a link, or say why there is none."""
        user = User.objects.filter(email=plain_email(email)).first()
        if user is None and new:
            user = self._welcome(email)
        if user is None:
            self._refuse(f"Nobody here has the address {email}. To make an account: signin_link --new {email}")
        if not user.is_active:
            self._refuse(f"The account {user} is switched off, so no link can let it in.")
        self.stdout.write(f"This link signs {user} in once, within {settings.SIGNIN_LINK_MINUTES} minutes:")
        self.stdout.write(signin.issue_link(user))

    def _welcome(self, email: str) -> User:
        user = User(email=plain_email(email))
        user.set_unusable_password()
        try:
            user.full_clean()
        except ValidationError:
            self._refuse(f"{email} is no e-mail address.")
        user.save()
        return user

    def _refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(1)
