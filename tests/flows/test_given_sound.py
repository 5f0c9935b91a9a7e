"""Programs give recordings by address: our own engine fetches and hears them, and sings over them or plays to them."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import httpx
import numpy as np
import pytest
import soundfile

from tests.generator.test_intake import beat, tune
from tests.server import Server

pytestmark = pytest.mark.either_database
RATE = 44_100


class Quiet(SimpleHTTPRequestHandler):
    """A host of files that does not print."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a folder with recordings on loopback."""
    folder = tmp_path_factory.mktemp("files")
    soundfile.write(folder / "track.wav", np.stack([beat(24)] * 2, axis=1), RATE)
    soundfile.write(folder / "voice.flac", tune(24), RATE)
    soundfile.write(folder / "noise.wav", np.random.default_rng(1).normal(0, 0.1, 12 * RATE).astype(np.float32), RATE)
    (folder / "page.html").write_text("<html>no sound</html>")
    host = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=host.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{host.server_port}"
    host.shutdown()
    thread.join()
    host.server_close()


@pytest.fixture(scope="module")
def site(files: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A site with its own engine, which may fetch from that host."""
    running = Server(tmp_path_factory.mktemp("site"), OUTBOUND_ALLOW=files.removeprefix("http://"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def api(site: Server) -> Iterator[httpx.Client]:
    """A program with a key."""
    site.sign_in_link()
    key = site.command("api_key", "alice@example.org").splitlines()[-1]
    with httpx.Client(
        base_url=site.url, headers={"Authorization": f"Bearer {key}"}, timeout=120, trust_env=False
    ) as client:
        yield client


@pytest.mark.parametrize(
    ("role", "file"),
    [
        ("instrumental", "track.wav"),
        ("vocal", "voice.flac"),
        ("melody", "voice.flac"),
        pytest.param("reference", "track.wav", marks=pytest.mark.thorough),
    ],
)
def test_a_song_is_made_around_what_was_given(api: httpx.Client, files: str, role: str, file: str) -> None:
    asked = {"prompt": "A calm folk song", "lyrics": "Slow the river goes\nhome before the snow"}
    told = api.post("/v6/generate/song/sync", json={**asked, f"{role}_url": f"{files}/{file}"}).json()
    takes = [take["audio_url"] for take in told["audio_data"]]
    assert len(takes) == 2
    sounds = [soundfile.read(io.BytesIO(api.get(take).content), dtype="float32")[0] for take in takes]
    for sound in sounds:
        assert len(sound) / RATE > 23
        assert np.abs(sound).max() > 0.1
    assert len(sounds[0]) != len(sounds[1]) or np.abs(sounds[0] - sounds[1]).max() > 0.01


@pytest.mark.parametrize(
    ("role", "file", "says"),
    [
        ("instrumental", "noise.wav", "without a steady beat"),
        ("instrumental", "page.html", "audio"),
        ("vocal", "nothing.wav", "audio"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_was_heard(
    api: httpx.Client, files: str, role: str, file: str, says: str
) -> None:
    answer = api.post("/v6/generate/song/sync", json={"prompt": "A song", f"{role}_url": f"{files}/{file}"})
    assert answer.status_code >= 400 or answer.json().get("error")
    assert says in answer.text
    assert "Traceback" not in answer.text


def test_two_that_do_not_go_together_are_refused_before_anything_is_fetched(api: httpx.Client, files: str) -> None:
    both = {"instrumental_url": f"{files}/track.wav", "vocal_url": f"{files}/voice.flac"}
    answer = api.post("/v6/generate/song/sync", json={"prompt": "A song", **both})
    assert answer.status_code == 422
    assert "give one of them" in answer.text


def test_what_was_heard_is_read_on_the_songs_page(site: Server, api: httpx.Client, files: str) -> None:
    asked = {"prompt": "A calm folk song", "lyrics": "Slow the river goes\nhome before the snow"}
    song = api.post("/v6/generate/song/sync", json={**asked, "melody_url": f"{files}/voice.flac"}).json()
    with httpx.Client(base_url=site.url, timeout=30, trust_env=False, follow_redirects=True) as person:
        person.get(site.sign_in_link())
        page = person.get(f"/songs/{song['message_id']}/").text
    assert "Tune taken from" in page
    assert "voice.flac" in page
