"""Measure both targets and print the table. See the package."""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.relay import gauge
from tests.bench.relay.stamps import GO, STOP, Stamps
from tests.bench.relay.targets import Duplet, Plain, Sockets, Target, command, end, read_line, write_line
from tests.server import free_port

TARGET_CORE, OTHER_CORE = 0, 1
WARM_SECONDS = 8.0
TABS_WARM_SECONDS = 5.0
LONGEST_SECONDS = 45.0
"""A song grows for 100 seconds at most, and both windows must fit."""
COLUMNS = (
    *("relay", "streams", "CPU ms/1000", "x plain", "p50 ms", "p99 ms", "worst ms", "KiB/stream", "next tab"),
    *("progress %", "promises %", "opening s", "others %"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """What one target did with one number of streams."""

    name: str
    streams: int
    opening: float
    """Seconds until every tab had heard that its song is accepted."""
    cpu: float
    """Milliseconds for 1000 delivered events."""
    p50: float
    p99: float
    worst: float
    """Added latency in milliseconds, between the host's write and the tab's read."""
    memory: float
    """KiB for each stream with its tab."""
    delivered: float
    """Percent of the progress that was told."""
    promises: float
    """Percent of tabs that heard every promise of their song, in order and once."""
    other: float
    """What else the machine did, in percent of one core."""
    further: float | None
    """What an event costs on one more tab, as a part of what it costs on the first; None where there is no such tab."""


class Tabs:
    """The process that holds all sockets."""

    def __init__(self, port: int, stamps: Path) -> None:
        self._process = command("tabs", port, stamps)
        self.pid = self._process.pid

    def ask(self, order: dict[str, object]) -> Any:
        """Give an order and wait for its answer."""
        write_line(self._process, json.dumps(order))
        return json.loads(read_line(self._process))

    def open(self, sockets: Sockets) -> float:
        """One more tab for each song; seconds."""
        return float(self.ask({"open": sockets, "first": 0})["seconds"])

    def close(self) -> None:
        end(self._process)


def measure(target: Target, streams: int, seconds: float, folder: Path) -> Row:
    """One row: open, let it settle, look for `seconds`, open one more tab where that is a thing, look again, end."""
    stamps_path, port = folder / "stamps", free_port()
    stamps = Stamps(stamps_path)
    with ExitStack() as stack:
        host = command("host", port, stamps_path, streams)
        stack.callback(end, host)
        stack.callback(target.stop)
        target.start(folder, f"http://127.0.0.1:{port}", streams)
        tabs = Tabs(target.port, stamps_path)
        stack.callback(tabs.close)
        ours = [os.getpid(), host.pid, tabs.pid]
        for pid in ours:
            gauge.pin(pid, OTHER_CORE)
        gauge.pin(target.pid, TARGET_CORE)
        idle = gauge.memory_kib(gauge.family(target.pid))
        sockets = target.sockets(streams)
        opening = tabs.open(sockets)

        stamps.set_signal(GO, time.monotonic_ns() + 500_000_000)
        time.sleep(WARM_SECONDS)
        cpu, load, heard = _look(tabs, target, ours, seconds)
        memory = (gauge.memory_kib(gauge.family(target.pid)) - idle) / streams
        further = None
        if isinstance(target, Duplet):
            tabs.open(sockets)
            time.sleep(TABS_WARM_SECONDS)
            both, _, _ = _look(tabs, target, ours, seconds / 2)
            further = (2 * both - cpu) / cpu  # of every two deliveries one is on a further tab
        stamps.set_signal(STOP, time.monotonic_ns())
        promises = tabs.ask({"close": 1})
    return Row(
        name=target.name,
        streams=streams,
        opening=opening,
        cpu=cpu,
        p50=heard["p50"],
        p99=heard["p99"],
        worst=heard["worst"],
        memory=memory,
        delivered=100 * heard["delivered"] / max(1, heard["told"]),
        promises=100 * promises["whole"] / promises["tabs"],
        other=load.other,
        further=further,
    )


def _look(tabs: Tabs, target: Target, ours: Sequence[int], seconds: float) -> tuple[float, gauge.Load, dict[str, Any]]:
    """One window: CPU milliseconds for 1000 delivered events, the load, and what the tabs heard."""
    window = gauge.Window(target.pid, ours)
    tabs.ask({"begin": 1})
    time.sleep(seconds)
    load, heard = window.read(), tabs.ask({"end": 1})
    rate = heard["delivered"] / (seconds - 0.5)  # the last half second is left out of what was heard
    return load.target / load.seconds / max(1e-9, rate) * 1e6, load, heard


def table(rows: Sequence[Row]) -> str:
    """The rows, each with its CPU as a multiple of the plain relay's at as many streams."""
    lines: list[tuple[str, ...]] = [COLUMNS]
    plain = {row.streams: row for row in rows if row.name == Plain.name}
    for row in rows:
        base = plain.get(row.streams)
        told = [row.name, f"{row.streams}", f"{row.cpu:.0f}", f"{row.cpu / base.cpu:.2f}" if base else "-"]
        told += [f"{row.p50:.2f}", f"{row.p99:.1f}", f"{row.worst:.0f}", f"{row.memory:.0f}"]
        told += ["-" if row.further is None else f"{row.further:.2f}", f"{row.delivered:.1f}", f"{row.promises:.1f}"]
        lines.append((*told, f"{row.opening:.1f}", f"{row.other:.0f}"))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def main() -> None:
    """Measure what is asked for, and print each row as it comes and the table in the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.relay", description=__doc__)
    parser.add_argument("--streams", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--seconds", type=float, default=40.0, help=f"of each window, {LONGEST_SECONDS:.0f} at most")
    parser.add_argument("--only", choices=("plain", "duplet"))
    parser.add_argument("--repeat", type=int, default=1)
    told = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    rows = []
    for streams in [streams for streams in told.streams for _ in range(told.repeat)]:
        for kind in (Plain, Duplet):
            if told.only and (told.only == "plain") != (kind is Plain):
                continue
            with tempfile.TemporaryDirectory(prefix="duplet-bench-") as folder:
                row = measure(kind(), streams, min(told.seconds, LONGEST_SECONDS), Path(folder))
            sys.stderr.write(f"{row}\n")
            rows.append(row)
    sys.stdout.write(f"{table(rows)}\n")


if __name__ == "__main__":
    try:
        main()
    except subprocess.SubprocessError as error:
        sys.exit(str(error))
