"""`manage.py` commands one after another in one process, for tests that would wait a second for each to start.

A line of JSON comes in for each, its arguments; a line goes out, what it printed. It ends with its input, and with the
first command that fails, whose words go to standard error.
"""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stdout

import django


def main() -> None:
    """Until the input ends."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "studio.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection, connections

    for line in sys.stdin:
        told = io.StringIO()
        with redirect_stdout(told):
            call_command(*json.loads(line))
        connections.close_all()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]  # a process that has ended would hold nothing either
        sys.stdout.write(json.dumps(told.getvalue()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
