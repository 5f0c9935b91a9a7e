"""A site's whole day with every request logged: nothing that opens a door, and nothing people wrote, is in its log."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote_plus

import httpx
import pytest

from tests.flows.test_sessions import NEW_PASSWORD, PASSWORD, TOKEN, Guest
from tests.server import REPOSITORY, Server

pytestmark = pytest.mark.either_database

HOST_KEY = "host-key-5d1f0a7c93b24e68"
PROMPT, LYRICS, SEARCH = "promptheron over the marsh", "lyricsheron through every road", "searchheron"
WAIT = 60.0


class Parrot(BaseHTTPRequestHandler):
    """A host that answers every order with a fault that repeats what it was sent, its key above all."""

    def do_POST(self) -> None:
        """Refuse, and repeat."""
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        said = json.dumps(
            {"detail": f"Wrong key {self.headers['Authorization']} for {sent}", "headers": str(self.headers)}
        )
        self.send_response(401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said.encode())

    do_GET = do_POST  # noqa: N815  the base class's names

    def log_message(self, *_: object) -> None:
        """Write nothing."""


class Watched(Server):
    """A site that logs every request, its log apart from what it prints for whoever runs it."""

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "manage.py", "serve", "--prepare", "--log-requests"]
        with self.log_path.open("ab") as log, (self.data_dir / "printed").open("ab") as printed:
            self.process = subprocess.Popen(command, cwd=REPOSITORY, env=self.env, stdout=printed, stderr=log)
        until = time.monotonic() + WAIT
        while not self.answers():
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < until, self.log()
            time.sleep(0.1)

    def printed(self) -> str:
        """What it has printed at the terminal: links and mails, which are for whoever runs it."""
        return (self.data_dir / "printed").read_text(errors="replace")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Watched]:
    """A site whose songs are to come from a parrot."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Parrot) as parrot:
        threading.Thread(target=parrot.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{parrot.server_port}"
        running = Watched(tmp_path, UPSTREAM_URL=address, UPSTREAM_API_KEY=HOST_KEY)
        running.start()
        try:
            yield running
        finally:
            running.stop()
            parrot.shutdown()


def use_a_key(site: Watched, guest: Guest, song: str) -> set[str]:
    """Make a key, use it in the right and in wrong places; what of it must not be written down."""
    token = TOKEN.search(guest.http.get("/account/keys/").text)
    assert token
    form = {"name": "Laptop", "csrfmiddlewaretoken": token[1]}
    made = guest.http.post("/account/keys/", data=form, headers={"Origin": site.url}).text
    key = re.search(r"duplet_[0-9A-Za-z]+_([0-9A-Za-z]+)", made)
    assert key
    said = {"Authorization": f"Bearer {key[0]}"}
    order = {"prompt": PROMPT, "lyrics": LYRICS}
    with httpx.Client(base_url=site.url, timeout=60, trust_env=False) as program:
        assert HOST_KEY not in program.post("/v6/generate/song", json=order, headers=said).text
        program.get(f"/status/generation/{song}", headers=said)
        program.get(f"/v5/status?message_id={song}&api_key={key[0]}", headers=said)
        program.get(f"/stream/{key[1]}.mp3")
        program.get(f"/signin/{key[1]}/")
        program.get("/", headers={"Host": "evil.example", "Cookie": f"session={key[1]}"})
    return {key[1], token[1]}


async def test_nothing_that_opens_a_door_and_nothing_people_wrote_is_in_the_log(site: Watched) -> None:
    secrets = {PASSWORD, NEW_PASSWORD, HOST_KEY, "heron", "wrong-password-1"}
    with closing(Guest(site)) as guest, closing(Guest(site)) as linked:
        guest.sign_up("carol@example.org")
        guest.fill_in("/account/logout/")
        guest.fill_in("/account/login/", login="carol@example.org", password="wrong-password-1")
        guest.fill_in("/account/login/", login="carol@example.org", password=PASSWORD)
        secrets |= set(guest.http.cookies.values())
        new = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        guest.fill_in("/account/password/change/", **new)
        secrets |= set(guest.http.cookies.values())
        link = site.sign_in_link("dora@example.org")
        secrets.add(link.split("/")[-2])
        assert linked.http.get(link).status_code == 200
        assert linked.http.get(link).status_code == 200  # used up, and in already
        secrets |= set(linked.http.cookies.values())

        guest.fill_in("/account/password/reset/", email="carol@example.org")
        reset = re.search(r"/account/password/reset/key/[0-9A-Za-z]+-([^/\s]+)/", site.printed())
        assert reset
        secrets.add(reset[1])
        guest.http.get(reset[0])

        song = guest.make(PROMPT, lyrics=LYRICS)
        heard = await guest.hear(song)
        assert heard[-1]["state"]["status"] == "failed"
        assert HOST_KEY not in json.dumps(heard)
        assert HOST_KEY not in guest.http.get(f"/songs/{song}/").text
        guest.http.get(f"/library/?q={quote_plus(SEARCH)}")
        cover = re.search(r"/art/[0-9a-f-]{36}/([\w-]+)/", json.dumps(heard))
        if cover:
            secrets.add(cover[1])
            guest.http.get(cover[0])
        guest.send(f"/songs/{song}/share/", visibility="public")

        secrets |= await asyncio.to_thread(use_a_key, site, guest, song)
        guest.fill_in("/account/logout/")
    site.stop()

    log = site.log()
    assert "POST /account/login/ 302" in log  # it is a log
    assert f"socket /ws/generations/{song}/" in log
    assert "The host said" in log or "401" in log
    assert len(secrets) > 12
    assert min(map(len, secrets)) > 4
    assert not "\n".join(line for line in log.splitlines() if any(secret in line for secret in secrets))
