"""Whatever the host does: the true end and charge, one purchase at most, one story everywhere, nothing given away."""

from __future__ import annotations

import os
from collections.abc import Iterator
from html import escape
from typing import Any

import pytest

from tests.hostile.fault import ID, KEY, WORDS, Fault
from tests.hostile.run import Outcome, Run
from tests.hostile.table import OFTEN, TABLE

pytestmark = pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="its rows are read beside SQLite's server")
MOST_MEMORY = 64 * 1024 * 1024
"""What all faults together may add to the server's memory, in bytes."""
CHARGED = [("reserve", -1), ("capture", 0)]
GIVEN_BACK = [("reserve", -1), ("release", 1)]
ROWS = [pytest.param(fault, id=fault.name, marks=[] if fault.name in OFTEN else pytest.mark.faults) for fault in TABLE]
FOR_NOBODY = (KEY, WORDS, ID, "/files/", "root:x:0", "169.254.169.254")
"""What no owner, program or visitor is ever shown. A prompt may hold a fault's name, which is none of these."""


@pytest.mark.parametrize("fault", ROWS)
def test_it_ends_truly_and_is_told_so_everywhere(played: Run, fault: Fault) -> None:
    outcome, posts = played.outcomes[fault.name], played.posts[fault.name]
    wrong = [*untrue(fault, outcome, posts), *disagreeing(outcome), *shown(outcome)]
    assert not wrong, "\n".join(wrong)


def untrue(fault: Fault, outcome: Outcome, posts: int, seconds: float = 0.0) -> Iterator[str]:
    """Where a song's end is not the fault's, or comes later than after `seconds`, where that is not the fault's own."""
    seconds = seconds or fault.seconds
    row, end = outcome.row, fault.end
    kept = row["takes"].split(",").count("stored")
    if (row["status"], kept) != (end.status, end.kept) or row["error_code"] not in end.codes:
        yield f"ended {row['status']} {row['error_code']!r} with {kept} takes, not as {end}"
    if sorted(outcome.booked) != sorted(CHARGED if end.kept else GIVEN_BACK):
        yield f"booked {outcome.booked}"
    if posts not in fault.posts:
        yield f"ordered {posts} times, not {fault.posts}"
    if row["seconds"] > seconds:
        yield f"took {row['seconds']:.0f} s, not {seconds:.0f}"
    if missing := [status for status in fault.passes if status not in outcome.seen]:
        yield f"never seen as {missing}, only as {outcome.seen}"


def disagreeing(outcome: Outcome) -> Iterator[str]:
    """Where the card, the page, the API, the socket and the rows tell different things."""
    row = outcome.row
    state: dict[str, Any] = outcome.told[-1]["state"]
    if {state["status"], outcome.status.get("status", row["status"])} != {row["status"]}:
        yield f"the row says {row['status']}, the socket {state['status']}, the API {outcome.status.get('status')}"
    if not state["is_final"] or outcome.status.get("isComplete") is False:
        yield "somebody still waits for its end"
    kept = {number for number, take in enumerate(row["takes"].split(","), 1) if take == "stored"}
    whole = {take["number"] for take in state["takes"] if take["whole"]}
    listed = {v["version"] for v in outcome.status.get("versions", ()) if "audio_url" in v}
    if not kept == whole == set(outcome.stored) or (outcome.status and listed != kept):
        yield f"takes: the row has {kept}, the socket {whole}, the API {listed}, to be heard are {set(outcome.stored)}"
    if outcome.status and (outcome.status["credits_charged"] != bool(kept)):
        yield f"the API says that {outcome.status['credits_charged']} credits were charged"
    if outcome.status.get("error", "") != row["error"] or outcome.status.get("error_code", "") != row["error_code"]:
        yield "the API and the row tell different faults"
    if row["status"] in ("failed", "cancelled") and escape(state["say"]) not in outcome.card:
        yield f"the card does not say {state['say']!r}"
    if 'aria-current="step"' in outcome.card + outcome.page or "data-live" in outcome.card.split(">")[0]:
        yield "the card still turns"
    seqs = [message["seq"] for message in outcome.told if message["seq"] is not None]
    if seqs != list(range(1, row["last_seq"] + 1)):
        yield f"promises {seqs}, of {row['last_seq']}"


def shown(outcome: Outcome) -> Iterator[str]:
    """What is shown of the host that is nobody's business."""
    places = {
        "card": outcome.card,
        "page": outcome.page,
        "API": str(outcome.status),
        "socket": str(outcome.told),
        "row": row_text(outcome),
    }
    for place, text in places.items():
        yield from (f"the {place} shows {secret!r}" for secret in FOR_NOBODY if secret in text)
    if "<script>window" in outcome.card + outcome.page or "onerror=window.__xss=1>" in outcome.card + outcome.page:
        yield "markup of the host stands in the page"


def row_text(outcome: Outcome) -> str:
    return f"{outcome.row['error']} {outcome.row['error_code']}"


def test_everybody_elses_songs_are_made_meanwhile(played: Run) -> None:
    assert len(played.bystanders) >= 8
    for outcome in played.bystanders:
        assert outcome.row["status"] == "completed", outcome.row
        assert not list(disagreeing(outcome))
    slowest = max(outcome.row["seconds"] for outcome in played.bystanders)
    assert slowest < 60, f"somebody waited for {slowest:.0f} s"


def test_no_host_makes_the_server_grow(played: Run) -> None:
    grown = played.most - played.before
    assert grown <= MOST_MEMORY, f"{grown / 2**20:.0f} MiB more than the {played.before / 2**20:.0f} MiB before"


def test_nobody_is_led_to_an_address_that_the_operator_did_not_name(played: Run) -> None:
    assert not played.canary_asked


def test_the_key_goes_to_the_two_endpoints_alone(played: Run) -> None:
    strangers = {
        path for path in played.keys_at if not path.startswith(("/v6/generate/song", "/status/", "/v5/status"))
    }
    assert not strangers


def test_the_log_holds_no_key_and_no_accident(played: Run) -> None:
    assert KEY not in played.log
    assert KEY[:12] not in played.log
    accidents = [line for line in played.log.splitlines() if "Traceback" in line or "nobody foresaw" in line]
    assert not accidents, played.log[played.log.index(accidents[0]) :][:4000]
    assert "\x1b" not in played.log


def test_the_books_are_in_order_afterwards(played: Run) -> None:
    assert [(code, said) for code, said in played.audits if code] == []


def test_the_table_holds_every_group_of_faults() -> None:
    names = [fault.name for fault in TABLE]
    assert len(OFTEN) >= 60
    assert len(set(names)) == len(names)
