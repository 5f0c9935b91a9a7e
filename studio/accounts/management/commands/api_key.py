"""`manage.py api_key EMAIL`: a key with which programs make songs for somebody."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from studio.accounts import keys
from studio.accounts.models import User, plain_email


class Command(BaseCommand):
    """Prints the key alone on the last line."""

    help = "Make an API key for somebody and print it."

    def add_arguments(self, parser: CommandParser) -> None:
        """One address, and what the key is for."""
        parser.add_argument("email", help="the person's e-mail address; owner@localhost for the local owner")
        parser.add_argument("--name", default="Terminal", help="what it is for; shown in the account")

    def handle(self, *_: Any, email: str, name: str, **__: Any) -> None:
        """Make a key, or say whom there is."""
        user = User.objects.filter(email=plain_email(email)).first()
        if user is None:
            self._refuse(f"Nobody here has the address {email}. To make an account: signin_link --new {email}")
        if not user.is_active:
            self._refuse(f"The account {user} is switched off, so no key can act for it.")
        try:
            row, key = keys.issue(user, " ".join(name.split())[:80] or "Terminal")
        except keys.TooManyKeysError:
            self._refuse(f"{user} has {keys.MOST_KEYS} keys, which is as many as there may be. Revoke one first.")
        self.stdout.write(f"API key “{row.name}” of {user}. It is shown only this once:")
        self.stdout.write(key)

    def _refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(1)
