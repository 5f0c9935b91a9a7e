"""A site whose songs come from a host that holds them where their prompts say, and somebody signed in there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.watching import visit
from tests.faults.host import SongHost
from tests.faults.site import FREE
from tests.server import Server


@pytest.fixture(scope="module")
def host() -> Iterator[SongHost]:
    with SongHost() as running:
        yield running


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, host: SongHost) -> Iterator[Server]:
    """A site whose songs wait where their prompts say."""
    running = Server(tmp_path_factory.mktemp("held"), **{**FREE, **host.settings})
    running.start()
    yield running
    running.stop()


@pytest.fixture
def at_held(browser: Browser, held: Server) -> Iterator[Page]:
    context, page = visit(browser, held)
    yield page
    context.close()
