"""Songs in every state and a large library for a person, and the addresses of all pages they can open, as JSON.

python -m tests.bars.site EMAIL SONGS
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Make the rows and print `{"name of a page": "path"}`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    import django

    django.setup()
    from studio.accounts.models import User
    from studio.songs import drafts, generations, presets
    from studio.songs.models import Generation, Status, Visibility
    from tests import every_state, large_library

    user = User.objects.get(email=sys.argv[1])
    User.objects.filter(pk=user.pk).update(name="Alice")
    large_library.fill(user, int(sys.argv[2]))
    saved = Generation.objects.filter(owner=user, status=Status.COMPLETED)[0]
    generations.share(saved, Visibility.PUBLIC, allows_download=True, shows_prompt=True, shows_words=True)
    generations.trash(Generation.objects.filter(owner=user, status=Status.COMPLETED)[5])
    odd = {"prompt": "A polka", "lyrics": "[Vers]\nWe are  home ", "melody_url": "https://music.example.org/a.mp3"}
    presets.keep(user, "Polkas", odd)
    drafts.save(user, {"prompt": "A slow waltz"}, revision=0)
    pages = {
        "create": "/",
        "create, from a preset": f"/?preset={presets.of(user).get().pk}",
        "create, like a song": f"/?like={saved.pk}",
        "presets": "/presets/",
        "library": "/library/",
        "library, searched": "/library/?q=paper",
        "library, nothing found": "/library/?q=nothingatall",
        "library, trash": "/library/?trash=1",
        "song": f"/songs/{saved.pk}/",
        "sharing": f"/songs/{saved.pk}/sharing/",
        "shared": f"/s/{saved.share_id}/",
        "embedding": f"/s/{saved.share_id}/embed/",
        "embed": f"/embed/{saved.share_id}/",
        "report": f"/s/{saved.share_id}/report/",
        "email": "/account/email/",
        "password": "/account/password/change/",
        "profile": "/account/profile/",
        "API keys": "/account/keys/",
        "credits": "/account/credits/",
        "second factor": "/account/security/",
        "sessions": "/account/sessions/",
        "export": "/account/export/",
        "sounds": "/sounds/",
        "delete": "/account/delete/",
        "developers": "/developers/",
        "sign out": "/account/logout/",
        "nothing there": "/nothing-there/",
    }
    for row in every_state.every_state(user):
        name = row.prompt.removeprefix("A slow seaside waltz, ")
        pages[f"song, {name}"] = f"/songs/{row.pk}/"
    sys.stdout.write(json.dumps(pages))


if __name__ == "__main__":
    main()
