"""People who are signed in, and songs that wait, in the data folder of a running Duplet.

    python -m tests.bench.relay.seed SONGS PEOPLE < a line when the songs are to be made

Prints "ready" once it has made the people, and then, in one line of JSON, where each song's socket is and whose it is:
[[path, session cookie], …].
"""

from __future__ import annotations

import json
import os
import sys

import django


def main(songs: int, people: int) -> None:
    """Make people, wait for a line, make their songs: all in one transaction, so that they begin together."""
    from django.conf import settings
    from django.db import transaction
    from django.test import Client

    from studio.accounts.models import User
    from studio.songs import generations

    owners, cookies = [], []
    with transaction.atomic():
        for number in range(people):
            user = User(email=f"person-{number}@example.org")
            user.set_unusable_password()
            user.save()
            client = Client()
            client.force_login(user)
            owners.append(user)
            cookies.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    found = []
    with transaction.atomic():
        for number in range(songs):
            song = generations.create(owners[number % people], prompt=f"song {number}")
            found.append((f"/ws/generations/{song.pk}/?after=0", cookies[number % people]))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
