"""Our own engine's songs outlive the server as well: the same song is made once more, byte for byte."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.site import HastySite, Listener, heard_all, must_hold
from tests.flows.visitor import Visitor

SHORT = "A short cheerful pop song about friendship"
WORDS = "Through every road we roam, together we are home"
FAULTS = pytest.mark.faults
MOMENTS = (2, *(pytest.param(seq, marks=FAULTS) for seq in (0, 1, 3, 4, 5, 6)))
"""So many promises have been heard when the server is killed."""


@pytest.mark.parametrize("promises", MOMENTS)
async def test_a_song_of_our_own_engine_is_made_again_as_the_same_song(promises: int, tmp_path: Path) -> None:
    site = HastySite(tmp_path / "site")
    (tmp_path / "site").mkdir()
    await asyncio.to_thread(site.start)
    try:
        with closing(Visitor(site)) as alice:
            await asyncio.to_thread(alice.sign_in)
            listener = Listener(alice, await asyncio.to_thread(alice.make, SHORT, lyrics=WORDS))
            async with asyncio.timeout(120), asyncio.TaskGroup() as tasks:
                tasks.create_task(listener.listen())
                while len(listener.seqs) < promises or not listener.states:
                    await asyncio.sleep(0.01)
                await asyncio.to_thread(site.kill)
                await asyncio.to_thread(site.start)
        row = (await asyncio.to_thread(site.rows))[SHORT]
        must_hold(row)
        heard_all(listener, row)
        assert (row["status"], row["attempts"]) == ("completed", 2)
        assert [kind for _, kind in row["events"]].count("validated") == 1
        await asyncio.to_thread(site.audit)
        (tmp_path / "words.txt").write_text(WORDS)
        again = ("song", SHORT, f"--lyrics={tmp_path / 'words.txt'}", f"--seed={row['seed']}", f"--out={tmp_path}")
        await asyncio.to_thread(site.command, *again)
    finally:
        await asyncio.to_thread(site.stop)
    assert [version["found"] for version in row["versions"]] == _digests(tmp_path)


def _digests(folder: Path) -> list[str]:
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.mp3"))]
