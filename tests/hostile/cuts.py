"""The stream breaks off before each of its 15 events, and after the last, in four ways with four outcomes."""

from __future__ import annotations

from typing import Any, Literal

from tests.hostile.fault import DOUBTED, WHOLE, Does, End, Fault, half, lost
from tests.hostile.telling import EVENTS, UNKNOWN, body, event, story, tell, whole

Way = Literal["fin", "reset", "silence", "half"]
RUNNING = body(200, {"status": "running", "message_id": "$ID", "progress": 80})
AFTERWARDS: dict[Way, tuple[Does, ...]] = {
    "fin": (body(200, whole()),),
    "reset": (UNKNOWN,),
    "silence": (RUNNING, RUNNING, body(200, whole())),
    "half": (RUNNING, body(200, {"status": "failed", "message_id": "$ID", "error": "words-of-the-host-alone"})),
}
"""What the status endpoint says when the stream broke in that way: whole, unknown, at last whole, failed."""
KNOWN, FIRST, SECOND = 2, 9, 13
"""So many events tell the song's id, its first finished take, its second one."""


def _end(cut: int, way: Way) -> End:
    if cut >= SECOND:
        return WHOLE  # both takes had been told: what is missing are words
    if cut < KNOWN:
        return lost("upstream_stalled" if way == "silence" else "stream_lost")
    if way in ("fin", "silence"):
        return WHOLE
    code = "stream_lost" if way == "reset" else "upstream_refused"
    return half(code) if cut >= FIRST else lost(code)


def _cut(cut: int, way: Way) -> Fault:
    told: list[Any] = story()[:cut]
    if way == "half" and cut < EVENTS:
        told.append(event(story()[cut])[:40])
    then: Any = {"fin": "end", "half": "drop"}.get(way, way)
    doubted: dict[str, Any] = {"passes": ("interrupted",)} if cut < KNOWN else {}
    order = (tell(*told, then=then),)
    return Fault(
        name=f"cut-{cut}-{way}",
        order=order,
        end=_end(cut, way),
        status=AFTERWARDS[way],
        seconds=DOUBTED,
        **doubted,
    )


WAYS: tuple[Way, ...] = ("fin", "reset", "silence", "half")
CUTS = [_cut(cut, way) for way in WAYS for cut in range(EVENTS + 1)]
