"""The document's own samples, as the reference page of a running server shows them; only the key is filled in."""

from __future__ import annotations

import html
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import soundfile

from tests.flows.scripted_site import ScriptedSite

pytestmark = pytest.mark.either_database

AUDIO_URL = re.compile(r"""["']?audio_url["']?: ["'](http[^"']+)["']""")
COMMANDS = {"python": [sys.executable, "song.py"], "javascript": ["node", "song.mjs"], "curl": ["bash", "song.sh"]}


@pytest.fixture(scope="module")
def samples(scripted_site: ScriptedSite) -> dict[tuple[str, str], str]:
    """What the page shows, by kind and language."""
    page = httpx.get(f"{scripted_site.url}/developers/", trust_env=False).text
    shown = [html.unescape(text) for text in re.findall(r"<code data-sample>(.*?)</code>", page, re.DOTALL)]
    names = [(kind, language) for kind in ("streaming", "synchronous") for language in COMMANDS]
    return dict(zip(names, shown, strict=True))


@pytest.mark.parametrize("language", COMMANDS)
@pytest.mark.parametrize("kind", ["streaming", "synchronous"])
def test_the_documents_sample_sees_every_event_and_ends_with_both_takes(
    scripted_site: ScriptedSite, samples: dict[tuple[str, str], str], key: str, kind: str, language: str, tmp_path: Path
) -> None:
    sample = samples[kind, language]
    assert sample.count("your_api_key_here") == sample.count(scripted_site.url) == 1
    printed = run(COMMANDS[language], sample.replace("your_api_key_here", key), tmp_path)
    if kind == "streaming":
        statuses = re.findall(r"""["']?status["']?: ["'](\w+)["']""", printed)
        assert statuses[:5] == ["initializing", "validated", "streaming", "processing", "running"]
        assert (statuses.count("uploading"), statuses.count("completed")) == (2, 4)
        indexes = re.findall(r"""["']?chunkIndex["']?: (\d+)""", printed)
        assert [int(index) for index in indexes] == list(range(len(statuses)))
    takes = set(AUDIO_URL.findall(printed))
    assert sorted(round(length_of(take)) for take in takes) == [3, 4]


def run(command: list[str], program: str, folder: Path) -> str:
    """What `program` prints."""
    (folder / command[1]).write_text(program)
    env = {"PATH": os.environ["PATH"]}
    ran = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr
    return ran.stdout


def length_of(address: str) -> float:
    """Seconds of sound at an address, fetched without a key."""
    answer = httpx.get(address, trust_env=False)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/mpeg")
    return float(soundfile.info(io.BytesIO(answer.content)).duration)
