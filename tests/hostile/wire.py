"""Faults of the wire and of HTTP: nobody there, statuses, redirects, headers."""

from __future__ import annotations

import email.utils
import gzip
import json
import time
import zlib
from typing import Any

from tests.hostile.fault import DOUBTED, WHOLE, Case, Does, Fault, half, lost
from tests.hostile.telling import (
    GOOD,
    HTML,
    NAMED,
    PAGE,
    PLAIN,
    SILENT,
    body,
    endless,
    event,
    head_of,
    raw,
    story,
    tell,
    whole,
)
from tests.upstream_host import STREAM, Asked, Wire

DOUBT: dict[str, Any] = {"end": lost("stream_lost", "upstream_stalled"), "passes": ("interrupted",), "seconds": DOUBTED}
"""The order left and no id came: nobody knows what became of it until the site gives it up."""
NEVER: dict[str, Any] = {"posts": (0,), "seconds": DOUBTED}
"""Nobody was reached, so nothing can have been bought."""
PROTOCOL: dict[str, Any] = {"end": lost("upstream_protocol")}
EITHER: dict[str, Any] = {"end": lost("upstream_protocol", "stream_lost", "upstream_stalled"), "seconds": DOUBTED}
BUSY = {"success": False, "message": "Rate limits have been passed for the user. words-of-the-host-alone"}
AWAY = {"success": False, "message": "Service temporarily unavailable. Please try again in a moment.", "error": "boom"}
SHAPED = b"".join(event(one) for one in story())
"""The good song as one body; placeholders are still in it."""
TOLD = "words-of-the-host-alone"

CONNECTION = [
    Fault(name="nobody-listens", at="refused", end=lost("upstream_unreachable"), **NEVER),
    Fault(name="packets-vanish", at="vanishing", end=lost("upstream_unreachable"), **NEVER),
    Fault(name="no-such-name", at="nameless", end=lost("upstream_unreachable"), **NEVER),
    Fault(name="certificate-of-nobody", at="self-signed", end=lost("upstream_tls"), **NEVER),
    Fault(name="certificate-expired", at="expired", end=lost("upstream_tls"), **NEVER),
    Fault(name="certificate-of-another", at="misnamed", end=lost("upstream_tls"), **NEVER),
    Fault(name="no-tls-where-it-should-be", at="plain", end=lost("upstream_tls"), **NEVER),
    Fault(name="tls-never-begins", at="mute", end=lost("upstream_unreachable"), **NEVER),
    Fault(name="closed-when-accepted", at="closing", **DOUBT | {"posts": (0, 1)}),
    # The reset may come before the connection is there, and then nobody was reached.
    Fault(
        name="reset-when-accepted",
        at="resetting",
        end=lost("stream_lost", "upstream_stalled", "upstream_unreachable"),
        posts=(0, 1),
        seconds=DOUBTED,
    ),
    Fault(name="silence-for-an-answer", order=(SILENT,), **DOUBT),
    Fault(name="end-for-an-answer", order=(raw(b""),), **DOUBT),
    Fault(name="reset-for-an-answer", order=(raw(b"", "reset"),), **DOUBT),
    Fault(name="half-a-head", order=(raw(b"HTTP/1.1 200 OK\r\nContent-Ty", "drop"),), **DOUBT),
    Fault(name="half-a-head-and-silence", order=(raw(b"HTTP/1.1 200 OK\r\nContent-Ty", "silence"),), **DOUBT),
    Fault(name="head-and-reset", order=(raw(head_of(200, STREAM), "reset"),), **DOUBT),
    Fault(
        name="a-byte-now-and-then",
        order=(endless(b"H", 0.2),),
        end=lost("upstream_protocol", "upstream_stalled"),
        seconds=DOUBTED,
    ),
]

REFUSALS = [
    (400, {"detail": "Invalid or empty prompt provided"}, "rejected_prompt"),
    (
        400,
        {"success": False, "message": "NSFW words detected. Please try again with different lyrics."},
        "rejected_words",
    ),
    (400, {"detail": TOLD}, "upstream_refused"),
    (401, {"success": False, "message": TOLD}, "upstream_auth"),
    (402, {"success": False, "message": "Insufficient balance for this operation."}, "no_credits"),
    (403, {"detail": TOLD}, "upstream_auth"),
    (404, {"detail": TOLD}, "upstream_protocol"),
    (405, {"detail": TOLD}, "upstream_protocol"),
    (406, {}, "upstream_refused"),
    (407, {}, "upstream_refused"),
    (408, {}, "upstream_refused"),
    (409, {}, "upstream_refused"),
    (410, {}, "upstream_refused"),
    (411, {}, "upstream_refused"),
    (413, {}, "upstream_refused"),
    (415, {}, "upstream_refused"),
    (418, {}, "upstream_refused"),
    (421, {}, "upstream_refused"),
    (422, {"detail": [{"loc": ["body", "lyrics"], "msg": TOLD, "type": "x"}]}, "rejected_input"),
    (425, {}, "upstream_refused"),
    (451, {}, "upstream_refused"),
    (499, {}, "upstream_refused"),
    (500, {"error": TOLD}, "upstream_refused"),
    (501, {}, "upstream_refused"),
    (502, HTML, "upstream_refused"),
    (504, HTML, "upstream_refused"),
    (520, HTML, "upstream_refused"),
    (599, [], "upstream_refused"),
]
"""An answer that says no is an end: nothing was bought, and nothing is asked for again."""


def _busy(name: str, wait: str | None, *, status: int = 429, then: Does | None = GOOD, **row: Any) -> Fault:
    """Busy at first, with this Retry-After; `then` good, or None: for ever."""
    headers = {} if wait is None else {"Retry-After": wait}
    first = body(status, BUSY if status == 429 else AWAY, headers)
    posts = (2,) if then else (3,)
    end = WHOLE if then else lost("upstream_busy")
    return Fault(**{"name": name, "order": (first, then) if then else (first,), "end": end, "posts": posts, **row})


def _dated(seconds: float) -> str:
    return email.utils.formatdate(time.time() + seconds, usegmt=True)


def _until_soon(case: Case, wire: Wire, asked: Asked) -> Any:
    return body(503, AWAY, {"Retry-After": _dated(3)})(case, wire, asked)


ONCE: dict[str, Any] = {"then": None, "posts": (1,)}
LATER: dict[str, Any] = {"passes": ("queued",), "seconds": DOUBTED}
STATUSES = [
    *(
        Fault(
            name=f"status-{code}-{number}", order=(body(code, said, PAGE if said is HTML else None),), end=lost(as_code)
        )
        for number, (code, said, as_code) in enumerate(REFUSALS)
    ),
    _busy("busy-once", None),
    _busy("busy-for-ever", None, then=None),
    _busy("busy-for-a-second", "1"),
    _busy("busy-for-no-time", "0"),
    _busy("busy-a-second-at-a-time", "1", then=None, seconds=DOUBTED),
    _busy("busy-longer-than-a-click-waits", "9", **LATER),
    _busy("busy-until-yesterday", _dated(-86_400)),
    _busy("busy-until-next-year", _dated(360 * 86_400), **ONCE),
    _busy("busy-for-thirty-years", "999999999", **ONCE),
    _busy("busy-for-all-digits", "9" * 4000, **ONCE),
    _busy("busy-for-less-than-nothing", "-5"),
    _busy("busy-for-who-knows", "in a while, perhaps"),
    _busy("busy-for-half-a-second", "0.5"),
    _busy("busy-for-infinity", "inf"),
    _busy("busy-in-other-digits", "\u0661\u0662".encode().decode("latin-1")),
    _busy("busy-until-no-date", "Fri, 99 Foo 2099 99:99:99 GMT"),
    _busy("away-once", None, status=503),
    _busy("away-for-ever", "2", status=503, then=None, seconds=DOUBTED),
    Fault(name="away-until-a-date", order=(_until_soon, GOOD), end=WHOLE, posts=(2,)),
    _busy("busy-then-broken", "1", then=body(500, {}), end=lost("upstream_refused")),
    _busy("busy-then-silent", "1", then=SILENT, **DOUBT),
    Fault(name="away-in-html", order=(body(503, HTML, PAGE),), end=lost("upstream_busy"), posts=(3,)),
    Fault(
        name="no-content",
        order=(body(204, b"", {"Content-Length": "none"}),),
        end=lost("stream_lost", "upstream_protocol"),
        seconds=DOUBTED,
    ),
    Fault(name="reset-content", order=(body(205, b""),), end=lost("stream_lost", "upstream_protocol"), seconds=DOUBTED),
    Fault(name="not-modified", order=(body(304, b"", {"Content-Length": "none"}),), end=lost("upstream_protocol")),
    Fault(
        name="taken-but-not-told",
        order=(body(202, {"message_id": "$ID", "status": "queued"}),),
        status=(body(200, {"status": "running", "progress": 9}), body(200, whole())),
        end=WHOLE,
    ),
    Fault(name="created", order=(tell(*story()),), end=WHOLE),
    Fault(
        name="status-999",
        order=(raw(b"HTTP/1.1 999 Whatever\r\nConnection: close\r\n\r\n"),),
        end=lost("upstream_refused", "upstream_protocol"),
    ),
    Fault(name="status-no-number", order=(raw(b"HTTP/1.1 abc Whatever\r\n\r\n"),), end=lost("upstream_protocol")),
    Fault(name="not-http", order=(raw(b"SSH-2.0-OpenSSH_9.2\r\n"),), **EITHER),
    Fault(
        name="another-protocol",
        order=(raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"),),
        end=lost("upstream_protocol", "stream_lost"),
        seconds=DOUBTED,
    ),
]

DOCUMENTED: list[tuple[str, Any, str, tuple[int, ...]]] = [
    ("rate", BUSY, "upstream_busy", (1, 2, 3)),
    ("balance", {"success": False, "message": "Insufficient balance for this operation."}, "no_credits", (1,)),
    ("prompt", {"detail": "Invalid or empty prompt provided"}, "rejected_prompt", (1,)),
    (
        "words",
        {"success": False, "message": "NSFW words detected. Please try again with different lyrics."},
        "rejected_words",
        (1,),
    ),
    ("away", AWAY, "upstream_busy", (1, 2, 3)),
    ("key", {"success": False, "message": "Invalid API key"}, "upstream_auth", (1,)),
    ("list", {"detail": [{"loc": ["body", "prompt"], "msg": "field required"}]}, "rejected_prompt", (1,)),
]
"""The document's bodies, which may come with a good status or as events."""
BODIES = [
    *(
        Fault(name=f"good-status-bad-{name}", order=(body(200, said),), end=lost(code), posts=posts, seconds=DOUBTED)
        for name, said, code, posts in DOCUMENTED
    ),
    *(
        Fault(name=f"event-of-{name}", order=(tell(said),), end=lost(code), posts=posts, seconds=DOUBTED)
        for name, said, code, posts in DOCUMENTED
    ),
    *(
        Fault(
            name=f"late-event-of-{name}",
            order=(tell(*story()[:5], said),),
            end=lost("upstream_refused", code) if code != "upstream_busy" else lost("upstream_refused"),
        )
        for name, said, code, _ in DOCUMENTED
    ),
]

MOVED = (
    "http://another.example/v6/generate/song",
    "$HOST/v6/generate/song",
    "$CANARY/v6/generate/song",
    "//$CANARY",
    "file:///etc/passwd",
    "",
)
REDIRECTS = [
    *(
        Fault(
            name=f"redirect-{code}",
            order=(body(code, b"", {"Location": "$CANARY/v6/generate/song"}),),
            end=lost("upstream_protocol"),
        )
        for code in (300, 301, 302, 303, 307, 308)
    ),
    *(
        Fault(name=f"redirect-to-{number}", order=(body(307, b"", {"Location": to}),), end=lost("upstream_protocol"))
        for number, to in enumerate(MOVED)
    ),
]

BOMB = gzip.compress(b"data: {}\n\n" + b": \n" * 20_000_000, 1)


def _packed(how: str, data: bytes) -> Does:
    """The good song, packed."""

    async def packing(case: Case, wire: Wire, asked: Asked) -> None:
        plain = case.filled(data.decode("latin-1")).encode("latin-1")
        packed = gzip.compress(plain) if how == "gzip" else zlib.compress(plain) if how == "deflate" else plain
        await wire.head(200, {**STREAM, "Content-Encoding": how})
        await wire.send(packed)
        await wire.finish()

    return packing


HINTS = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
STREAM_HEAD = head_of(200, PLAIN)
HEADERS = [
    Fault(name="packed-gzip", order=(_packed("gzip", SHAPED),), end=WHOLE),
    Fault(name="packed-deflate", order=(_packed("deflate", SHAPED),), end=WHOLE),
    Fault(name="packed-in-a-way-nobody-knows", order=(_packed("br", SHAPED),), **PROTOCOL),
    Fault(name="packed-twice", order=(_packed("gzip, gzip", SHAPED),), **PROTOCOL),
    Fault(name="not-packed-as-it-says", order=(body(200, SHAPED, {**PLAIN, "Content-Encoding": "gzip"}),), **PROTOCOL),
    Fault(name="packed-bomb", order=(body(200, BOMB, {**PLAIN, "Content-Encoding": "gzip"}),), **PROTOCOL),
    Fault(
        name="packed-bomb-in-json",
        order=(
            body(
                200,
                gzip.compress(b" " * 80_000_000, 1),
                {"Content-Type": "application/json", "Content-Encoding": "gzip"},
            ),
        ),
        **PROTOCOL,
    ),
    Fault(
        name="packed-bomb-in-a-refusal",
        order=(body(400, gzip.compress(b" " * 80_000_000, 1), {"Content-Encoding": "gzip"}),),
        end=lost("upstream_refused"),
    ),
    Fault(name="a-page", order=(body(200, HTML, PAGE),), **PROTOCOL),
    Fault(name="a-page-that-says-stream", order=(body(200, HTML, PLAIN),), **EITHER),
    Fault(name="no-type", order=(body(200, SHAPED, {"Content-Type": "none"}),), end=WHOLE),
    Fault(name="another-type", order=(body(200, SHAPED, {"Content-Type": "text/plain"}),), end=WHOLE),
    Fault(name="strange-type", order=(body(200, SHAPED, {"Content-Type": "\xff;;=/;charset=utf-7"}),), end=WHOLE),
    Fault(name="json-type-for-a-stream", order=(body(200, SHAPED, {"Content-Type": "application/json"}),), **PROTOCOL),
    Fault(name="huge-header", order=(raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000 + b"\r\n\r\n"),), **PROTOCOL),
    Fault(name="many-headers", order=(raw(b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 50_000 + b"\r\n"),), **PROTOCOL),
    Fault(
        name="endless-header",
        order=(endless(b"X: " + b"x" * 60_000 + b"\r\n", head=b"HTTP/1.1 200 OK\r\n"),),
        **PROTOCOL,
    ),
    Fault(name="first-hints-then-events", order=(raw(HINTS + STREAM_HEAD + SHAPED),), end=WHOLE),
    Fault(name="hints-for-ever", order=(endless(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 20, 0.05),), **DOUBT),
    Fault(name="flood-of-hints", order=(endless(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 2000),), **EITHER),
    Fault(name="length-and-chunks", order=(raw(head_of(200, {**STREAM, "Content-Length": "5"}) + SHAPED),), **EITHER),
    Fault(name="two-lengths", order=(raw(head_of(200, {**PLAIN, "Content-Length": "5, 6"}) + SHAPED),), **PROTOCOL),
    Fault(
        name="length-below-nothing", order=(raw(head_of(200, {**PLAIN, "Content-Length": "-1"}) + SHAPED),), **PROTOCOL
    ),
    Fault(name="length-too-small", order=(raw(head_of(200, {**PLAIN, "Content-Length": "20"}) + SHAPED),), **EITHER),
    Fault(name="chunk-of-rubbish", order=(raw(head_of(200, STREAM) + b"zz\r\nhello\r\n"),), **PROTOCOL),
    Fault(
        name="chunk-of-all-bytes",
        order=(raw(head_of(200, STREAM) + b"FFFFFFFFFFFFFFFF\r\n" + SHAPED, "drop"),),
        end=WHOLE,
    ),
    Fault(
        name="chunk-with-a-long-name",
        order=(raw(head_of(200, STREAM) + b"5;" + b"x" * 200_000 + b"\r\nhello\r\n0\r\n\r\n"),),
        **PROTOCOL,
    ),
    Fault(name="cookie", order=(tell(*story(), headers={**STREAM, "Set-Cookie": "a=b; Path=/"}),), end=WHOLE),
    Fault(
        name="line-feeds-in-a-header",
        order=(raw(b"HTTP/1.1 200 OK\nContent-Type: text/event-stream\n\n" + SHAPED),),
        end=WHOLE,
    ),
    Fault(
        name="older-http",
        order=(raw(b"HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + SHAPED),),
        end=WHOLE,
    ),
    Fault(name="oldest-http", order=(raw(SHAPED),), **PROTOCOL),
]

SYNC = {
    "message_id": "$ID",
    "audio_data": [{"audio_url": f"$FILES/audio-{n}.mp3", "song_name": "Sea"} for n in (1, 2)],
    "album_art": "$FILES/art.png",
    "song_name": "Sea",
}
COMMAS = json.dumps(SYNC).replace("}]", "},]")[:-1].encode() + b",}"
INSTEAD = [
    Fault(name="song-as-json", order=(body(200, SYNC),), end=WHOLE),
    Fault(name="song-as-json-with-commas", order=(body(200, COMMAS, {"Content-Type": "application/json"}),), end=WHOLE),
    Fault(
        name="song-as-json-by-addresses",
        order=(body(200, {**SYNC, "audio_data": [f"$FILES/audio-{n}.mp3" for n in (1, 2)]}),),
        end=WHOLE,
    ),
    Fault(
        name="song-as-json-without-sound",
        order=(body(200, {**SYNC, "audio_data": []}),),
        end=lost("stream_lost", "upstream_refused"),
    ),
    Fault(
        name="song-as-json-null-sound",
        order=(body(200, {**SYNC, "audio_data": None}),),
        end=lost("stream_lost", "upstream_refused"),
    ),
    Fault(
        name="half-a-song-as-json",
        order=(body(200, {**SYNC, "audio_data": SYNC["audio_data"][:1]}),),
        end=half("stream_lost"),
    ),
    Fault(name="song-as-one-event", order=(tell(SYNC),), end=WHOLE),
    Fault(name="list-as-json", order=(body(200, [NAMED]),), **PROTOCOL),
    Fault(name="null-as-json", order=(body(200, None),), **PROTOCOL),
    Fault(name="nothing-as-json", order=(body(200, {}),), **EITHER),
    Fault(
        name="broken-json", order=(body(200, b'{"message_id": "x', {"Content-Type": "application/json"}),), **PROTOCOL
    ),
    Fault(
        name="endless-json",
        order=(endless(b'{"a":' * 10_000, head=head_of(200, {"Content-Type": "application/json"})),),
        **PROTOCOL,
    ),
    Fault(name="json-that-never-ends", order=(body(200, SYNC, then="silence", more=10),), **DOUBT),
]
