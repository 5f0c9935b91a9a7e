"""The real server, except that its songs come from a script: `python -m tests.flows.scripted_site serve --prepare`."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

from generator.protocol import events as v6
from generator.upstream import SongRequest
from tests.flows.scripted import Scripted, sections, whole_song
from tests.server import Server

NO_LIMITS = {
    "LIMIT_REQUESTS_PER_MINUTE": "0",
    "LIMIT_CREATIONS_PER_MINUTE": "0",
    "LIMIT_RUNNING_PER_USER": "0",
}
SLOW = "slow"
"""With this word in the prompt a song waits for its end until nobody waits for it any more."""


class ScriptedSite(Server):
    """A site whose songs are there at once, with as many words as songs have. With SCRIPT=failing all of them fail."""

    program = ("-m", "tests.flows.scripted_site")

    def __init__(self, data_dir: Path, **settings: str) -> None:
        super().__init__(data_dir, **{**NO_LIMITS, "ENGINE_SLOTS": "64", **settings})

    def key(self, email: str = "owner@localhost") -> str:
        """A fresh API key of this person."""
        return self.command("api_key", email).splitlines()[-1]


class LongWords(Scripted):
    """Sends as many words with their times as a song of four minutes has, so that events are as long as they get."""

    async def generate(self, request: SongRequest) -> AsyncGenerator[v6.Event, None]:
        """The document's stream."""
        if SLOW in request.prompt:
            await asyncio.sleep(3600)
        text = " ".join((request.lyrics or "we are home").split())
        words = [part for _ in range(60) for part in sections(text)]
        async for event in super().generate(request):
            match event:
                case v6.Finished():
                    yield v6.Finished(message_id=event.message_id, version=event.version, lyrics_sections=words)
                case _:
                    yield event


def main() -> None:
    """manage.py, with another host behind the form and the API."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "studio.settings"
    import django

    django.setup()
    from studio.songs import engine

    upstream = LongWords([v6.Failed(error="No room.")] if os.environ.get("SCRIPT") == "failing" else whole_song())
    engine.current = lambda: upstream  # type: ignore[assignment]  # it is a cached function otherwise

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
