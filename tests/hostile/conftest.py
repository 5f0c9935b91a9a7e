"""One run of the table, for all tests that look at what came of it."""

from __future__ import annotations

import pytest

from tests.hostile.fault import Fault
from tests.hostile.run import Run, run
from tests.hostile.table import TABLE


@pytest.fixture(scope="session")
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Everything that was said of every song whose fault is among the tests that were asked for."""
    asked = [item.callspec.params.get("fault") for item in request.session.items if hasattr(item, "callspec")]
    names = {fault.name for fault in asked if isinstance(fault, Fault)}
    return run(tmp_path_factory.mktemp("hostile"), [fault for fault in TABLE if fault.name in names])
