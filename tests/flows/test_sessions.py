"""Who is signed out hears nothing more: open sockets end with the session they were opened with."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, closing

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from studio.live.consumers import SIGNED_OUT, TOO_MANY
from tests.flows.scripted_site import SLOW, ScriptedSite
from tests.flows.visitor import Visitor

LONGEST = 60.0
"""Seconds after which a socket must be closed."""
PASSWORD, NEW_PASSWORD = "tambourine-harbour-42", "another-harbour-43"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Guest(Visitor):
    """A visitor who signs up with a password."""

    def fill_in(self, page: str, **fields: str) -> int:
        """Open the page and send its form; the answer's status."""
        token = TOKEN.search(self.http.get(page).text)
        assert token, page
        said = {"Origin": self.server.url, "Referer": f"{self.server.url}{page}"}
        return self.http.post(page, data={"csrfmiddlewaretoken": token[1], **fields}, headers=said).status_code

    def sign_up(self, email: str) -> Guest:
        """Make an account, and be in."""
        assert self.fill_in("/account/signup/", email=email, password1=PASSWORD) == 200
        assert self.http.get("/library/").url.path == "/library/"
        return self

    def run(self, code: str) -> None:
        """Something the operator does, to the person or to all their sessions: `user` and `sessions` are at hand."""
        begin = (
            "from django.contrib.sessions.models import Session;from studio.accounts.models import User;"
            f"sessions = Session.objects.filter(pk={self.http.cookies['session']!r});"
            f"user = User.objects.get(pk=sessions.get().get_decoded()['_auth_user_id']);"
        )
        self.server.command("shell", "--no-imports", "-c", begin + code)


def sign_out(guest: Guest) -> None:
    assert guest.fill_in("/account/logout/") == 200


def change_the_password_elsewhere(guest: Guest) -> None:
    with closing(Guest(guest.server)) as elsewhere:
        assert elsewhere.fill_in("/account/login/", login="password@example.org", password=PASSWORD) == 200
        new = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        assert elsewhere.fill_in("/account/password/change/", **new) == 200
        assert elsewhere.http.get("/library/").url.path == "/library/"


ENDS: dict[str, Callable[[Guest], None]] = {
    "out@example.org": sign_out,
    "password@example.org": change_the_password_elsewhere,
    "switched-off@example.org": lambda guest: guest.run("user.is_active = False; user.save()"),
    "expired@example.org": lambda guest: guest.run(
        "from django.utils import timezone; sessions.update(expire_date=timezone.now())"
    ),
    "deleted@example.org": lambda guest: guest.run("sessions.delete()"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScriptedSite]:
    running = ScriptedSite(tmp_path_factory.mktemp("sessions"), LIMIT_SOCKETS_PER_USER="3")
    running.start()
    try:
        yield running
    finally:
        running.stop()


async def closed(socket: ClientConnection) -> int | None:
    """The code with which it is closed; whatever else is told is let pass."""
    try:
        async with asyncio.timeout(LONGEST + 30):
            async for _ in socket:
                pass
    except ConnectionClosed:
        pass
    return socket.close_code


async def test_sockets_end_within_a_minute_of_their_session_however_it_ends(site: ScriptedSite) -> None:
    with ExitStack() as guests:
        everybody = {email: guests.enter_context(closing(Guest(site))) for email in [*ENDS, "stays@example.org"]}
        async with AsyncExitStack() as stack:
            sockets = {}
            for email, guest in everybody.items():
                await asyncio.to_thread(guest.sign_up, email)
                song = await asyncio.to_thread(guest.make, f"a {SLOW} song")
                sockets[email] = await stack.enter_async_context(guest.watch(song))
                await sockets[email].recv()
            begun = time.monotonic()
            await asyncio.gather(*(asyncio.to_thread(end, everybody[email]) for email, end in ENDS.items()))
            codes = await asyncio.gather(*(closed(sockets[email]) for email in ENDS))
            assert dict(zip(ENDS, codes, strict=True)) == dict.fromkeys(ENDS, SIGNED_OUT)
            assert time.monotonic() - begun < LONGEST
            assert everybody["stays@example.org"].http.get("/library/").url.path == "/library/"
            await (await sockets["stays@example.org"].ping())
            for email in ENDS:
                page = await asyncio.to_thread(everybody[email].http.get, "/library/")
                assert page.url.path == "/account/login/", email


async def test_a_person_has_only_so_many_sockets_and_one_that_closes_makes_room(site: ScriptedSite) -> None:
    with closing(Guest(site)) as guest, closing(Guest(site)) as other:
        await asyncio.to_thread(guest.sign_up, "many@example.org")
        await asyncio.to_thread(other.sign_up, "few@example.org")
        song = await asyncio.to_thread(guest.make, f"a {SLOW} song")
        others = await asyncio.to_thread(other.make, f"a {SLOW} song")
        async with AsyncExitStack() as stack:
            sockets = [await stack.enter_async_context(guest.watch(song)) for _ in range(3)]
            for socket in sockets:
                await socket.recv()
            async with guest.watch(song) as fourth:
                assert await closed(fourth) == TOO_MANY
            async with other.watch(others) as socket:
                await socket.recv()
            await sockets[0].close()
            async with asyncio.timeout(20):
                while True:
                    async with guest.watch(song) as again:
                        try:
                            await again.recv()
                            break
                        except ConnectionClosed:  # the one that closed may not be counted out yet
                            assert again.close_code == TOO_MANY
