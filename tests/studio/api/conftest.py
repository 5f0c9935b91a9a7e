"""Programs that call the API, and an upstream whose every step the test knows."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from generator import probe
from generator.probe import Probe
from generator.protocol.errors import AudioUnusable
from studio.accounts import keys
from studio.accounts.models import User
from studio.songs import engine
from tests.flows.scripted import Scripted, whole_song
from tests.studio.api.program import Program


@pytest.fixture(autouse=True)
def upstream(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """The host that makes this site's songs: the document's stream, from beginning to end."""
    scripted = Scripted(whole_song())
    monkeypatch.setattr(engine, "current", lambda: scripted)
    return scripted


@pytest.fixture(autouse=True)
def quick_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks at a take's first bytes only: the child process that decodes it all is the pipeline's own matter."""

    async def look(path: Path) -> Probe:
        if not (await asyncio.to_thread(path.read_bytes)).startswith(b"\xff"):
            raise AudioUnusable("This take does not play.", "audio_rejected")
        return Probe("mp3", duration_ms=3000, peaks=(50,) * 400)

    monkeypatch.setattr(probe, "probe", look)


@pytest.fixture
def alice_program(alice: User) -> Program:
    """A program with a key of Alice's."""
    return Program(keys.issue(alice, "Radio bot")[1])


@pytest.fixture
def bob_program(bob: User) -> Program:
    """A program with a key of Bob's."""
    return Program(keys.issue(bob, "Laptop")[1])
