"""The host that the upstream's tests order from."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.upstream_host import SONG, Host, play


@pytest.fixture
def host() -> Iterator[Host]:
    with Host() as running:
        running.on(SONG, play("good"))
        yield running


@pytest.fixture
def shown(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that is logged, down to the last detail."""
    caplog.set_level(logging.DEBUG)
    return caplog
