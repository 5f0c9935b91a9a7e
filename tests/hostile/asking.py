"""The status endpoint, which is asked once the stream broke: in doubt it decides, and it misbehaves as well."""

from __future__ import annotations

import gzip
import json
from typing import Any

from tests.hostile.cuts import RUNNING
from tests.hostile.fault import CANCELLED, DOUBTED, WHOLE, Does, End, Fault, half, lost
from tests.hostile.telling import (
    HTML,
    PAGE,
    SILENT,
    UNKNOWN,
    body,
    endless,
    head_of,
    raw,
    story,
    tell,
    whole,
)

JSON = {"Content-Type": "application/json"}
STREAM_LOST = lost("stream_lost")
TOLD = "words-of-the-host-alone"
ONE = whole()["versions"][:1]
BROKEN = tell(*story()[:5], then="reset")
"""The stream breaks once the song's id is known."""
BROKEN_LATER = tell(*story()[:11], then="reset")
"""It breaks once the first take is whole."""


def _asked(name: str, *answers: Does, end: End = STREAM_LOST, order: Does = BROKEN, **row: Any) -> Fault:
    return Fault(
        **{"name": f"asked-{name}", "order": (order,), "status": answers, "end": end, "seconds": DOUBTED, **row}
    )


FAR: dict[str, Any] = {"passes": ("interrupted",)}
"""Nobody can say what became of it: that is shown, and left by itself."""
FAILED = body(200, {"status": "failed", "message_id": "$ID", "error": TOLD})
WHOLE_NOW = body(200, whole())
ASKED = [
    _asked("unknown", UNKNOWN),
    _asked("unknown-in-html", body(404, HTML, PAGE)),
    _asked("not-allowed", body(405)),
    _asked("unknown-after-one-take", UNKNOWN, order=BROKEN_LATER, end=half("stream_lost")),
    _asked("unknown-at-first", UNKNOWN, UNKNOWN, UNKNOWN, RUNNING, WHOLE_NOW, end=WHOLE),
    _asked("whole", WHOLE_NOW, end=WHOLE),
    _asked("whole-after-one-take", WHOLE_NOW, order=BROKEN_LATER, end=WHOLE),
    _asked("whole-in-time", RUNNING, RUNNING, RUNNING, RUNNING, WHOLE_NOW, end=WHOLE),
    _asked(
        "whole-as-the-other-answer",
        body(200, {"message_id": "$ID", "audio_data": [{"audio_url": f"$FILES/audio-{n}.mp3"} for n in (1, 2)]}),
        end=WHOLE,
    ),
    _asked("whole-in-an-envelope", body(200, {"success": True, "data": whole()}), end=WHOLE),
    _asked("whole-without-its-id", body(200, {k: v for k, v in whole().items() if k != "message_id"}), end=WHOLE),
    _asked(
        "whole-with-commas",
        body(
            200,
            json.dumps(whole()).replace("}]", "},]").encode(),
            JSON,
        ),
        end=WHOLE,
    ),
    _asked("whole-in-another-type", body(200, whole(), PAGE), end=WHOLE),
    _asked("failed", FAILED, end=lost("upstream_refused")),
    _asked("failed-after-one-take", FAILED, order=BROKEN_LATER, end=half("upstream_refused")),
    _asked("cancelled", body(200, {"status": "cancelled", "message_id": "$ID"}), end=lost("upstream_refused")),
    _asked(
        "one-take",
        body(200, {"status": "partial", "message_id": "$ID", "versions": ONE}),
        end=half("stream_lost", "upstream_refused"),
    ),
    _asked(
        "completed-without-sound",
        body(200, {"status": "completed", "message_id": "$ID"}),
        end=lost("stream_lost", "upstream_refused", "audio_unavailable"),
    ),
    _asked(
        "completed-without-sound-after-one-take",
        body(200, {"status": "completed"}),
        order=BROKEN_LATER,
        end=half("stream_lost", "upstream_refused"),
    ),
    _asked("completed-but-not-there", WHOLE_NOW, files={"audio-*": (body(404),)}, end=lost("audio_unavailable")),
    _asked(
        "completed-elsewhere",
        body(200, {**whole(), "versions": [{"version": n, "audio_url": f"$CANARY/{n}.mp3"} for n in (1, 2)]}),
        end=lost("audio_rejected"),
    ),
    _asked("of-another-song", body(200, whole(message_id="upstream-id-of-somebody-else"))),
    _asked(
        "of-another-song-that-failed", body(200, {"status": "failed", "message_id": "upstream-id-of-somebody-else"})
    ),
    _asked("shut", body(401, {"message": TOLD}), **FAR),
    _asked("forbidden", body(403, HTML, PAGE), **FAR),
    _asked("shut-for-a-while", *[body(401)] * 4, WHOLE_NOW, end=WHOLE),
    _asked("broken", body(500, HTML, PAGE), **FAR),
    _asked("broken-for-a-while", *[body(500)] * 4, WHOLE_NOW, end=WHOLE),
    _asked("broken-after-one-take", body(500, HTML, PAGE), order=BROKEN_LATER, end=half("stream_lost"), **FAR),
    _asked("broken-for-long", *[body(502)] * 15, WHOLE_NOW, end=WHOLE, **FAR),
    _asked("busy", body(429, {}, {"Retry-After": "1"}), **FAR),
    _asked("busy-for-a-year", body(503, {}, {"Retry-After": "31536000"}), **FAR),
    _asked("silent", SILENT, **FAR),
    _asked("reset", raw(b"", "reset"), **FAR),
    _asked("ended", raw(b""), **FAR),
    _asked("half-an-answer", body(200, b'{"status": "comp', JSON, then="drop", more=50), **FAR),
    _asked("moved", body(302, b"", {"Location": "$CANARY/status"}), **FAR),
    _asked("a-page", body(200, HTML, PAGE)),
    _asked("empty", body(200, b"", JSON)),
    _asked("no-content", body(204, b"", {"Content-Length": "none"}), end=STREAM_LOST),
    _asked("a-list", body(200, [whole()])),
    _asked("a-text", body(200, "completed")),
    _asked("null", body(200, None)),
    _asked("nothing", body(200, {})),
    _asked("another-shape", body(200, {"hello": "there"})),
    _asked("rubbish-in-its-fields", body(200, {"status": ["completed"], "versions": "all", "progress": {}})),
    _asked("a-status-of-nobody", body(200, {"status": "whatever"}), end=lost("stream_lost", "upstream_stalled")),
    _asked("running-for-ever", RUNNING, end=lost("stream_lost", "upstream_stalled")),
    _asked("queued-for-ever", body(200, {"status": "queued"}), end=lost("stream_lost", "upstream_stalled")),
    _asked("running-for-ever-after-one-take", RUNNING, order=BROKEN_LATER, end=half("stream_lost", "upstream_stalled")),
    _asked("running-then-unknown", RUNNING, RUNNING, UNKNOWN),
    _asked(
        "now-this-now-that",
        *[RUNNING, UNKNOWN, UNKNOWN, UNKNOWN, body(500)] * 40,
        end=lost("stream_lost", "upstream_stalled"),
    ),
    _asked(
        "backwards",
        body(200, {"status": "running", "progress": 90}),
        body(200, {"status": "running", "progress": 5}),
        WHOLE_NOW,
        end=WHOLE,
    ),
    _asked("deep", body(200, b'{"status": ' + b"[" * 100_000, JSON)),
    _asked("bomb", body(200, gzip.compress(b" " * 50_000_000, 1), {**JSON, "Content-Encoding": "gzip"})),
    _asked("endless", endless(b'{"a": ' * 10_000, head=head_of(200, JSON))),
    _asked("a-byte-now-and-then", endless(b" ", 0.2, head=head_of(200, JSON)), **FAR),
]
GIVEN_UP = [
    Fault(name="given-up-while-silent", order=(SILENT,), end=CANCELLED, posts=(0, 1), given_up="running"),
    Fault(name="given-up-while-nobody-knows", order=(raw(b""),), end=CANCELLED, posts=(0, 1), given_up="interrupted"),
    Fault(
        name="given-up-while-busy",
        order=(body(429, {}, {"Retry-After": "20"}),),
        end=CANCELLED,
        posts=(0, 1),
        given_up="queued",
    ),
    _asked("given-up-while-it-is-asked-for", RUNNING, end=CANCELLED, posts=(0, 1), given_up="running"),
    _asked("given-up-while-out-of-reach", body(500), end=CANCELLED, posts=(0, 1), given_up="interrupted"),
]
"""The owner cancels while the host leaves everybody waiting."""
