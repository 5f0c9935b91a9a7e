"""A site whose songs are tones; and one whose songs a host holds where their prompts say, with somebody signed in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.sounding_site import SoundingSite
from tests.browser.watching import visit
from tests.faults.host import SongHost
from tests.faults.site import FREE
from tests.server import Server


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundingSite]:
    """A site whose songs are tones. Modules that need another have one of this name."""
    running = SoundingSite(tmp_path_factory.mktemp("sounding"))
    running.start()
    yield running
    running.stop()


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
