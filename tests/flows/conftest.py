"""One running server with scripted songs, for all tests that only talk to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.flows.scripted_site import ScriptedSite


@pytest.fixture(scope="session")
def scripted_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScriptedSite]:
    """Makes whole songs at once, as many as are asked for."""
    running = ScriptedSite(tmp_path_factory.mktemp("scripted"))
    running.start()
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def key(scripted_site: ScriptedSite) -> str:
    """An API key of its owner."""
    return scripted_site.key()
