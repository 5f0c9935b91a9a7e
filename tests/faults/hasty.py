"""The real server, except that leases lapse and songs that nobody can ask for are given up after less time.

`python -m tests.faults.hasty serve` is what tests run that everybody waits for; `make faults` has the real patience.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

LEASE_SECONDS, KEEP_SECONDS, NAMELESS_SECONDS = 6.0, 2.0, 25.0


def main() -> None:
    """manage.py, with less patience."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "studio.settings"
    import django

    django.setup()
    from studio.live import leases, supervisor

    leases.LEASE, supervisor.KEEP_SECONDS = timedelta(seconds=LEASE_SECONDS), KEEP_SECONDS
    supervisor.NAMELESS = timedelta(seconds=NAMELESS_SECONDS)

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
