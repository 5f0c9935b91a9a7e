"""The OpenAPI document holds the server to its word: generated requests, good and hostile, and real songs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import schemathesis

from tests.flows.scripted_site import ScriptedSite

pytestmark = pytest.mark.either_database

SONG = {"prompt": "A cheerful pop song about friendship and adventure.", "lyrics": "together we are home"}


@pytest.fixture
def failing_site(tmp_path: Path) -> Iterator[ScriptedSite]:
    """Accepts songs like any other, and lets them fail at once: hundreds of them need not all be made."""
    running = ScriptedSite(tmp_path, SCRIPT="failing")
    running.start()
    try:
        yield running
    finally:
        running.stop()


def test_real_answers_have_the_documents_shape(scripted_site: ScriptedSite) -> None:
    schema = schemathesis.openapi.from_url(f"{scripted_site.url}/v6/openapi.json")
    with httpx.Client(
        base_url=scripted_site.url, headers={"Authorization": f"Bearer {scripted_site.key()}"}, trust_env=False
    ) as client:
        for path in ("/v6/generate/song", "/v6/generate/song/sync"):
            answer = client.post(path, json=SONG)
            assert answer.status_code == 200
            schema[path]["POST"].validate_response(answer)
        message_id = answer.json()["message_id"]
        status = client.get(f"/status/generation/{message_id}")
        schema["/status/generation/{message_id}"]["GET"].validate_response(status)
        assert status.json()["status"] == "completed"


def test_no_request_breaks_it_or_is_answered_in_an_undocumented_way(failing_site: ScriptedSite, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{failing_site.url}/v6/openapi.json", "--no-color"]
    options = ["--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--seed", "6"]
    key = ["--header", f"Authorization: Bearer {failing_site.key()}"]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run([*command, *options, *key], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    made = re.search(r"(\d+) generated", ran.stdout)
    assert made
    assert int(made[1]) > 100
    assert "Traceback" not in failing_site.log()
