"""The numbers of all songs as one Markdown page: what holds, then every cell."""

from __future__ import annotations

import itertools
import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.listen.bars import COLOUR, GROUPS, PAIRED, Bar

APART = {"bpm": 0.12, "centroid": 0.15, "onsets": 0.2}
"""Two idioms are apart in what differs by this share or more."""


def gather(folders: dict[str, Path]) -> dict[str, dict[str, Any]]:
    """All numbers by row: "pop 1" and "pop 2" for the takes, "pop" for what belongs to both."""
    rows: dict[str, dict[str, Any]] = {}
    for name, folder in folders.items():
        numbers, heard, again = (_read(folder / f"{file}.json") for file in ("numbers", "heard", "again"))
        told = {number: _read(folder / f"{number}.json") for number in (1, 2)}
        for number in (1, 2):
            rows[f"{name} {number}"] = {
                **{key: told[number].get(key) for key in ("idiom", "metre", "singer", "bpm", "given")},
                **told[number].get("music", {}),
                **numbers.get(f"take {number}", {}),
                **heard.get(f"take {number}", {}),
            }
        rows[name] = {**numbers.get("pair", {}), **again, **told[1].get("pair", {})}
        rows[name] |= {} if not told[1] else {"differs": _differs(told[1], told[2])}
    return rows


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _differs(first: dict[str, Any], second: dict[str, Any]) -> bool:
    tempo = abs(first["bpm"] / second["bpm"] - 1) >= 0.06
    return tempo or any(first["understood"][what] != second["understood"][what] for what in ("key", "voice"))


def page(rows: dict[str, dict[str, Any]], *, title: str, about: str) -> str:
    """The whole page."""
    out = [f"# {title}", "", about, "", *_summary(rows)]
    for group, bars in GROUPS.items():
        own = [name for name in rows if (name[-2:] in (" 1", " 2")) != (bars[0] in PAIRED)]
        shown = [name for name in own if any(rows[name].get(bar.name) is not None for bar in bars)]
        out += [
            "",
            f"## {group}",
            "",
            "| | " + " | ".join(bar.name for bar in bars) + " |",
            "|---" * (len(bars) + 1) + "|",
        ]
        out += [
            f"| {name} | " + " | ".join(bar.told(rows[name].get(bar.name)) for bar in bars) + " |" for name in shown
        ]
    return "\n".join([*out, "", *_apart(rows), ""])


def _summary(rows: dict[str, dict[str, Any]]) -> list[str]:
    """One line a number: its bar, how many cells meet it, the median, the worst and where that is."""
    out = ["| number | is | good | held by | median | worst |", "|---|---|---|---|---|---|"]
    for bar in itertools.chain.from_iterable(GROUPS.values()):
        cells = {name: float(row[bar.name]) for name, row in rows.items() if row.get(bar.name) is not None}
        if not cells:
            continue
        held = sum(bar.holds(value) for value in cells.values())
        worst = max(cells, key=lambda name: _badness(bar, cells[name]))
        bounded = bar.low is not None or bar.high is not None
        share = f"{held} of {len(cells)}" if held == len(cells) else f"**{held} of {len(cells)} ✗**"
        edge = f"{bar.told(cells[worst])} ({worst})" if bounded else "-"
        middle = bar.told(statistics.median(cells.values()))
        told = (bar.name, bar.what, bar.span, share if bounded else "-", middle, edge)
        out.append(f"| {' | '.join(told)} |")
    return out


def _badness(bar: Bar, value: float) -> float:
    """How far outside its span a value lies, or how near its edge: larger is worse."""
    return max(
        -float("inf") if bar.low is None else bar.low - value, -float("inf") if bar.high is None else value - bar.high
    )


def _apart(rows: dict[str, dict[str, Any]]) -> list[str]:
    """Which idioms can be told from each other by tempo, brightness and density, and which cannot."""
    idioms: dict[str, list[dict[str, Any]]] = {}
    for name, row in rows.items():
        if name[-2:] in (" 1", " 2") and row.get("centroid"):
            idioms.setdefault(row["idiom"], []).append(row)
    middle = {
        idiom: {bar.name: statistics.mean(row[bar.name] for row in own) for bar in COLOUR}
        for idiom, own in idioms.items()
    }
    pairs = list(itertools.combinations(middle, 2))
    alike = [
        f"{a} and {b}"
        for a, b in pairs
        if all(abs(middle[a][what] / middle[b][what] - 1) < share for what, share in APART.items())
    ]
    spans = ", ".join(f"{what} by {share:.0%}" for what, share in APART.items())
    told = f"Pairs of idioms that differ in {spans}, one of them at least: {len(pairs) - len(alike)} of {len(pairs)}."
    return [told + (f" Not apart: {'; '.join(alike)}." if alike else "")]


def misses(rows: dict[str, dict[str, Any]]) -> Sequence[str]:
    """Every cell that misses its bar, worst numbers first come first."""
    return [
        f"{bar.name} {bar.told(rows[name][bar.name])} {name}"
        for bar in itertools.chain.from_iterable(GROUPS.values())
        for name in rows
        if rows[name].get(bar.name) is not None and not bar.holds(float(rows[name][bar.name]))
    ]
