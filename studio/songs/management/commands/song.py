"""`manage.py song "PROMPT"`: a song at the terminal, straight from the engine. No rows, no server."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from generator.engine import __main__ as terminal


class Command(BaseCommand):
    """Makes both takes of a song and writes them to files."""

    help = "Make a song: two takes, a cover and the words with their times, written to files."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The same command line as that of `python -m generator.engine`."""
        terminal.add_arguments(parser)

    def handle(self, **told: Any) -> None:
        """Exits with 1 and one sentence where the song could not be made."""
        if code := terminal.run(**{name: told[name] for name in terminal.ARGUMENTS}):
            sys.exit(code)
