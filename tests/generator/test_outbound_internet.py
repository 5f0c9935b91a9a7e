"""The door in a network where every address answers: what it connects to is seen from there, not from here."""

from __future__ import annotations

import ipaddress
import json
import shutil
import subprocess
import sys

import pytest

from tests.generator.outbound_addresses import PUBLIC
from tests.server import REPOSITORY

GOOD = ["93.184.216.34 80", "93.184.216.34 443"]
ALL_MINE = "ip link set lo up && ip route add local default dev lo && ip -6 route add local default dev lo"
"""For a fresh network namespace: every address there is leads to this machine."""

Found = list[tuple[str, str, str, list[str]]]


@pytest.fixture(scope="module")
def found() -> Found:
    """(what was tried, the address, what came of it, "address port" of what was connected to)."""
    if not shutil.which("unshare") or not shutil.which("ip"):
        pytest.skip("needs unshare (util-linux) and ip (iproute2)")
    apart = ["unshare", "--net", "--map-root-user", "sh", "-c"]
    if subprocess.run([*apart, ALL_MINE], capture_output=True, check=False).returncode:
        pytest.skip("this machine gives nobody a network of their own, or has no IPv6")
    program = f'{ALL_MINE} && exec "$0" -m tests.generator.internet'
    done = subprocess.run(
        [*apart, program, sys.executable], cwd=REPOSITORY, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return [(case, address, outcome, reached) for case, address, outcome, reached in json.loads(done.stdout)]


def test_public_hosts_are_reached_where_they_are(found: Found) -> None:
    fine = [(outcome, reached) for case, _, outcome, reached in found if case == "fine"]
    assert [outcome for outcome, _ in fine] == ["sound"] * (3 + len(PUBLIC))
    assert [reached for _, reached in fine[:3]] == [[GOOD[0]], [GOOD[1]], [GOOD[0], GOOD[1], GOOD[1]]]
    assert [reached for _, reached in fine[3:]] == [[f"{ipaddress.ip_address(one)} 80"] for one in PUBLIC]


def test_nothing_inside_is_reached_in_any_way(found: Found) -> None:
    inside = [one for one in found if one[0] == "inside"]
    sent = [one for one in found if one[0] == "sent inside"]
    odd = [one for one in found if one[0] == "sent somewhere odd"]
    assert min(len(inside) / 500, len(sent) / 500, len(odd) / 50) > 1
    assert not [one for one in inside if one[2] != "audio_rejected" or one[3]]
    assert not [one for one in sent if one[2] != "audio_rejected" or one[3] != GOOD[:1]]
    assert not [one for one in odd if not set(one[3]) <= set(GOOD)]


def test_names_that_change_their_mind_are_reached_in_public_or_not_at_all(found: Found) -> None:
    public = {f"{ipaddress.ip_address(one)} 80" for one in PUBLIC}
    dice = [one for one in found if one[0] == "dice"]
    assert {outcome for _, _, outcome, _ in dice} == {"sound", "audio_rejected"}
    assert {place for *_, reached in dice for place in reached} <= public
    assert all(len(reached) == 2 for _, _, outcome, reached in dice if outcome == "sound")


def test_a_connection_to_a_judged_address_still_has_to_prove_the_name(found: Found) -> None:
    proofs = {case: (outcome, reached) for case, _, outcome, reached in found}
    assert proofs["another's certificate"] == ("audio_unavailable", GOOD[1:])
    assert proofs["an address's certificate"] == ("audio_unavailable", GOOD[1:])
    assert proofs["less secure"] == ("audio_rejected", GOOD[1:])
