"""A card outlives every line: lost, blocked, silent, offline, and a server that goes and comes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, WebSocketRoute

from tests.browser.test_first_song import until
from tests.browser.watching import announced, card, is_row, ordered, says
from tests.faults.host import SongHost
from tests.server import Server

LOST, OFFLINE = "Reconnecting", "You are offline. The song goes on without you."


def test_who_is_offline_is_told_so_and_finds_the_song_done_when_the_line_is_back(
    at_held: Page, held: Server, host: SongHost
) -> None:
    prompt = "offline hold at 7"
    song = ordered(at_held, held, host, prompt)
    until(lambda: "71 percent" in says(at_held, song), 20)
    at_held.context.set_offline(True)
    until(lambda: says(at_held, song) == OFFLINE, 3)
    assert card(at_held, song).locator(".say .i").is_visible()
    host.release(prompt)
    at_held.context.set_offline(False)
    until(lambda: "Saved." in says(at_held, song), 10)
    until(lambda: is_row(at_held, song), 10)


def test_a_socket_that_is_lost_is_said_after_a_second_and_a_blip_is_not(
    at_held: Page, held: Server, host: SongHost
) -> None:
    sockets: list[WebSocketRoute] = []
    is_open = True

    def connect(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        if is_open:
            socket.connect_to_server()
        else:
            socket.close(code=4000)

    at_held.route_web_socket("**/ws/**", connect)
    prompt = "lost hold at 7"
    song = ordered(at_held, held, host, prompt)
    until(lambda: "71 percent" in says(at_held, song), 20)

    def mine() -> list[WebSocketRoute]:
        return [socket for socket in sockets if song in socket.url]

    before = len(mine())
    mine()[-1].close(code=4000)
    until(lambda: says(at_held, song) and len(mine()) > before, 5)  # what is asked of the page lets news of it in
    at_held.wait_for_timeout(1500)
    assert not [said for said in announced(at_held, song) if LOST in said], "what is back at once is not worth a word"

    is_open = False
    at_held.route("**/card/**", lambda route: route.abort())
    mine()[-1].close(code=4000)
    until(lambda: LOST in says(at_held, song), 4)
    assert card(at_held, song).locator(".say .i").is_visible()
    is_open = True
    at_held.unroute("**/card/**")
    until(lambda: says(at_held, song).endswith("71 percent."), 15)
    assert announced(at_held, song)[-1].endswith("71 percent.")
    host.release(prompt)
    until(lambda: is_row(at_held, song), 20)


@pytest.mark.parametrize("how", ["refused", pytest.param("silent", marks=pytest.mark.thorough)])
def test_where_sockets_do_not_work_the_card_goes_on_within_five_seconds_and_alarms_nobody(
    at_held: Page, held: Server, host: SongHost, how: str
) -> None:
    at_held.route_web_socket("**/ws/**", lambda socket: socket.close(code=4000) if how == "refused" else None)
    prompt = f"blocked {how} hold at 7"
    song = ordered(at_held, held, host, prompt)
    until(lambda: "71 percent" in says(at_held, song), 6)
    host.release(prompt)
    until(lambda: "Saved." in says(at_held, song) or is_row(at_held, song), 6)
    until(lambda: is_row(at_held, song), 10)
    assert not [said for said in announced(at_held, song) if LOST in said or "offline" in said]


@pytest.mark.thorough
def test_a_page_finds_its_song_again_after_a_restart_of_the_server(at_held: Page, held: Server, host: SongHost) -> None:
    prompt = "restart hold at 7"
    song = ordered(at_held, held, host, prompt)
    until(lambda: "71 percent" in says(at_held, song), 20)
    at_held.evaluate("document.documentElement.dataset.same = '1'")
    held.stop()
    until(lambda: LOST in says(at_held, song), 10)
    held.start()
    until(lambda: LOST not in says(at_held, song), 15)
    host.release(prompt)
    until(lambda: is_row(at_held, song), 40)
    assert at_held.evaluate("document.documentElement.dataset.same") == "1", "the page was never loaded anew"
