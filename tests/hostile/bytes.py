"""Faults of framing, and of what stands in the frames: lines, characters, JSON, types, order."""

from __future__ import annotations

import json
from typing import Any

from tests.hostile.fault import DOUBTED, WHOLE, Fault, half, lost
from tests.hostile.telling import EVENTS, NAMED, PLAIN, but, endless, event, head_of, raw, story, take, tell

SONG = [event(one) for one in story()]
WHOLE_SONG = b"".join(SONG)
HEAD = head_of(200, PLAIN)
UNICODE = [
    json.dumps(one, ensure_ascii=False).encode() for one in but({"song_name": "Größe \u2028 雨 🎵 \u0085 \u2029"})
]
EITHER: dict[str, Any] = {"end": lost("upstream_protocol", "stream_lost"), "seconds": DOUBTED}
DOUBT: dict[str, Any] = {"end": lost("stream_lost", "upstream_stalled"), "passes": ("interrupted",), "seconds": DOUBTED}
PROTOCOL: dict[str, Any] = {"end": lost("upstream_protocol", "stream_lost"), "seconds": DOUBTED}
AFTER: dict[str, Any] = {"end": lost("stream_lost"), "seconds": DOUBTED}
"""Broken once the song's id was known, and the status endpoint knows no such song."""


def _framed(data: bytes, **how: Any) -> tuple[Any, ...]:
    return (tell(data, **how),)


FRAMING = [
    Fault(name="ends-of-line-cr", order=_framed(WHOLE_SONG.replace(b"\n", b"\r")), end=WHOLE),
    Fault(name="ends-of-line-crlf", order=_framed(WHOLE_SONG.replace(b"\n", b"\r\n")), end=WHOLE),
    Fault(
        name="ends-of-line-mixed",
        order=_framed(b"".join(one.replace(b"\n", (b"\r", b"\n", b"\r\n")[i % 3]) for i, one in enumerate(SONG))),
        end=WHOLE,
    ),
    Fault(name="crlf-a-byte-at-a-time", order=_framed(WHOLE_SONG.replace(b"\n", b"\r\n"), cut=1), end=WHOLE),
    Fault(name="byte-order-mark", order=_framed(b"\xef\xbb\xbf" + WHOLE_SONG), end=WHOLE),
    Fault(name="no-blank-lines", order=_framed(WHOLE_SONG.replace(b"\n\n", b"\n")), end=WHOLE),
    Fault(name="no-last-blank-line", order=_framed(WHOLE_SONG.rstrip(b"\n")), end=WHOLE),
    Fault(name="no-space-after-the-colon", order=_framed(WHOLE_SONG.replace(b"data: ", b"data:")), end=WHOLE),
    Fault(name="all-in-one-piece", order=_framed(WHOLE_SONG), end=WHOLE),
    Fault(name="a-byte-at-a-time", order=_framed(WHOLE_SONG, cut=1), end=WHOLE),
    Fault(
        name="seven-bytes-at-a-time",
        order=_framed(b"".join(b"data: " + one + b"\n\n" for one in UNICODE), cut=7),
        end=WHOLE,
    ),
    Fault(
        name="split-characters", order=_framed(b"".join(b"data: " + one + b"\n\n" for one in UNICODE), cut=1), end=WHOLE
    ),
    Fault(name="broken-characters", order=_framed(WHOLE_SONG.replace(b"Sea of", b"Sea \xff\xfe\xc3")), end=WHOLE),
    Fault(
        name="other-fields",
        order=_framed(b"".join(b"event: message\nid: 7\nretry: 1\nfoo\n" + one for one in SONG)),
        end=WHOLE,
    ),
    Fault(name="done-at-the-end", order=_framed(WHOLE_SONG + b"data: [DONE]\n\n"), end=WHOLE),
    Fault(name="comments-between", order=_framed(b": hello\n\n".join(SONG)), end=WHOLE),
    Fault(name="blank-lines-between", order=_framed((b"\n" * 5000).join(SONG)), end=WHOLE),
    Fault(
        name="pretty-printed",
        order=_framed(
            b"".join(
                b"".join(b"data: " + line + b"\n" for line in json.dumps(one, indent=1).encode().splitlines()) + b"\n"
                for one in story()
            )
        ),
        end=WHOLE,
    ),
    Fault(name="in-sixteen-bits", order=_framed(WHOLE_SONG.decode().encode("utf-16")), **EITHER),
    Fault(name="no-stream-at-all", order=_framed(b"hello, here is your song\n" * 100), end=lost("upstream_protocol")),
    Fault(
        name="json-lines",
        order=_framed(b"".join(one.removeprefix(b"data: ")[:-1] for one in SONG)),
        end=lost("upstream_protocol"),
    ),
    Fault(name="comments-alone-for-ever", order=(endless(b": keep-alive\n\n", 0.05, head=HEAD),), **DOUBT),
    Fault(
        name="comments-after-the-id",
        order=(endless(b": keep-alive\n\n", 0.05, head=HEAD + b"".join(SONG[:4])),),
        **AFTER,
    ),
    Fault(name="empty-events-for-ever", order=(endless(b"data: {}\n\n", 0.2, head=HEAD),), **DOUBT | {"passes": ()}),
    Fault(
        name="progress-for-ever",
        order=(endless(b'data: {"status": "running", "progress": 50}\n\n', 0.2, head=HEAD + b"".join(SONG[:4])),),
        end=lost("stream_lost", "upstream_stalled"),
        seconds=DOUBTED,
    ),
    Fault(
        name="initializing-for-ever",
        order=(endless(SONG[0], 0.2, head=HEAD),),
        end=lost("stream_lost", "upstream_stalled"),
        seconds=DOUBTED,
    ),
    Fault(
        name="a-byte-of-an-event-at-a-time-for-ever",
        order=(endless(b"x", 0.05, head=HEAD + b'data: {"status": "'),),
        **DOUBT,
    ),
    Fault(name="endless-line", order=(endless(b"x" * 65_536, head=HEAD + b"data: "),), **PROTOCOL),
    Fault(
        name="endless-line-after-the-id",
        order=(endless(b"x" * 65_536, head=HEAD + b"".join(SONG[:4]) + b"data: "),),
        **AFTER,
    ),
    Fault(name="endless-event", order=(endless(b"data: xxxxxxxxxxxxxxxx\n" * 3000, head=HEAD),), **PROTOCOL),
    Fault(name="flood-of-events", order=(endless(b"data: {}\n\n" * 5000, head=HEAD),), **PROTOCOL),
    Fault(
        name="flood-of-progress",
        order=(
            endless(
                b"".join(event({"status": "running", "progress": n % 100}) for n in range(1000)),
                head=HEAD + b"".join(SONG[:4]),
            ),
        ),
        **AFTER,
    ),
    Fault(name="flood-of-comments", order=(endless(b": x\n" * 20_000, head=HEAD),), **PROTOCOL),
    Fault(name="flood-of-blank-lines", order=(endless(b"\n" * 65_536, head=HEAD),), **PROTOCOL),
    Fault(name="flood-of-rubbish", order=(endless(bytes(range(256)) * 256, head=HEAD),), **PROTOCOL),
    Fault(
        name="64-mib-after-the-song",
        order=(endless(b": x\n" * 16_384, head=HEAD + WHOLE_SONG, most=64 * 1024 * 1024),),
        end=WHOLE,
    ),
    Fault(name="a-song-and-silence", order=(tell(*story(), then="silence"),), end=WHOLE),
    Fault(name="a-song-and-another", order=(tell(*story(), *story()),), end=WHOLE),
    Fault(
        name="a-large-event",
        order=(tell(*story()[:3], {"status": "processing", **NAMED, "padding": "x" * 900_000}, *story()[4:]),),
        end=WHOLE,
    ),
    Fault(
        name="too-large-an-event",
        order=(tell(*story()[:3], {"status": "processing", **NAMED, "padding": "x" * 1_100_000}, *story()[4:]),),
        **AFTER,
    ),
    Fault(name="twenty-thousand-events", order=(raw(HEAD + b"data: {}\n\n" * 19_000 + WHOLE_SONG),), end=WHOLE),
]


def _with(name: str, *strange: Any, end: Any = WHOLE, at: int = 6, **row: Any) -> Fault:
    """The good song with strange events in its middle."""
    events = [one if isinstance(one, bytes) else event(one) for one in strange]
    return Fault(name=name, order=(tell(*story()[:at], *events, *story()[at:]),), end=end, **row)


def _only(name: str, strange: bytes, **row: Any) -> Fault:
    return Fault(name=name, order=(tell(strange),), **(row or PROTOCOL))


def _line(text: str) -> bytes:
    return b"data: " + text.encode() + b"\n\n"


DEEP = _line('{"a":' * 50_000 + "1" + "}" * 50_000)
STRANGE: dict[str, bytes] = {
    "broken-json": _line('{"status": "running", "progress":'),
    "depth-bomb": DEEP,
    "list-bomb": _line("[" * 100_000),
    "not-a-number": _line('{"status": "running", "progress": NaN}'),
    "infinity": _line('{"status": "running", "progress": -Infinity}'),
    "huge-integer": _line('{"status": "running", "progress": ' + "9" * 5000 + "}"),
    "huge-exponent": _line('{"status": "running", "progress": 1e400}'),
    "lone-surrogate": _line('{"status": "running", "song_name": "\\ud800 \\udfff", "progress": 7}'),
    "nul": _line('{"status": "running", "song_name": "a\\u0000b", "progress": 7, "k\\u0000": 1}'),
    "a-list": _line('[{"status": "failed"}]'),
    "a-string": _line('"failed"'),
    "a-number": _line("7"),
    "null": _line("null"),
    "nothing": _line("{}"),
    "single-quotes": _line("{'status': 'running'}"),
    "twice-the-same-key": _line('{"status": "running", "progress": 7, "progress": 9}'),
    "a-key-of-a-megabyte": _line('{"' + "k" * 900_000 + '": 1, "status": "running"}'),
    "many-keys": _line(json.dumps({"status": "running"} | {f"k{n}": n for n in range(50_000)})),
}
WRONG: dict[str, dict[str, Any]] = {
    "status-a-number": {"status": 5},
    "status-a-list": {"status": ["failed"]},
    "status-an-object": {"status": {"failed": True}},
    "status-null": {"status": None},
    "status-unknown": {"status": "whatever", **NAMED},
    "status-of-ten-thousand-letters": {"status": "x" * 10_000, **NAMED},
    "progress-a-list": {"status": "running", **NAMED, "progress": [50]},
    "progress-words": {"status": "running", **NAMED, "progress": "half"},
    "progress-below-nothing": {"status": "running", **NAMED, "progress": -50},
    "progress-beyond-all": {"status": "running", **NAMED, "progress": 1e308},
    "progress-true": {"status": "running", **NAMED, "progress": True},
    "id-an-object": {"status": "running", "message_id": {"a": 1}, "progress": 5},
    "id-null": {"status": "running", "message_id": None, "progress": 5},
    "id-another": {"status": "running", "message_id": "upstream-id-of-somebody-else", "progress": 5},
    "name-an-object": {"status": "running", **NAMED, "song_name": {"en": "Sea"}, "progress": 5},
    "name-null": {"status": "running", **NAMED, "song_name": None, "progress": 5},
    "art-a-list": {"status": "running", **NAMED, "album_art": ["$FILES/art.png"], "progress": 5},
    "version-a-list": {"status": "streaming", **NAMED, "version": [1], "stream_url": "$FILES/stream-1.mp3"},
    "version-below-nothing": {"status": "uploading", **NAMED, "version": -1},
    "version-beyond-all": {"status": "running", **NAMED, "version": 10**17, "progress": 3},
    "address-an-object": {"status": "streaming", **NAMED, "version": 1, "stream_url": {"url": "$FILES/stream-1.mp3"}},
    "words-a-number": {"status": "running", **NAMED, "lyrics_sections": 7},
    "complete-too-early": {"status": "running", **NAMED, "isComplete": True, "progress": 5},
    "chunk-index-a-string": {"status": "running", **NAMED, "chunkIndex": "x", "progress": 5},
    "error-null": {"status": "running", **NAMED, "error": None},
    "error-empty": {"status": "running", **NAMED, "error": ""},
    "error-false": {"status": "running", **NAMED, "error": False},
    "error-an-empty-list": {"status": "running", **NAMED, "error": []},
    "success-true": {"status": "running", **NAMED, "success": True},
    "versions-null": {"status": "running", **NAMED, "versions": None, "audio_data": None},
    "versions-rubbish": {"status": "running", **NAMED, "versions": [None, 7, [], {}], "audio_data": [None, 7, [], {}]},
    "unknown-fields": {"status": "running", **NAMED, "x": {"y": ["z" * 5000]}, "stream_urls": ["$CANARY/"]},
}


def _numbered(first: object, second: object) -> tuple[Any, ...]:
    events = [
        {**one, "version": first if one["version"] == 1 else second} if "version" in one else one for one in story()
    ]
    return (tell(*events),)


FIRST, SECOND = take(1), take(2)
CONTENT = [
    *(_with(f"among-good-{name}", strange) for name, strange in STRANGE.items()),
    *(
        _only(f"alone-{name}", strange)
        for name, strange in STRANGE.items()
        if name not in ("lone-surrogate", "nul", "twice-the-same-key", "a-key-of-a-megabyte", "many-keys")
    ),
    *(_with(f"wrong-{name}", strange) for name, strange in WRONG.items()),
    Fault(name="counts-from-zero", order=_numbered(0, 1), end=WHOLE),
    Fault(name="counts-in-letters", order=_numbered("A", "B"), end=WHOLE),
    Fault(name="counts-in-strings", order=_numbered("1", "2"), end=WHOLE),
    Fault(name="counts-backwards", order=_numbered(2, 1), end=WHOLE),
    Fault(name="counts-wildly", order=_numbered(-7, 10**15), end=WHOLE),
    Fault(name="a-third-take", order=(tell(*story(), *take(3)),), end=WHOLE),
    Fault(name="a-third-take-first", order=(tell(*story()[:7], *take(3), *story()[7:]),), end=WHOLE),
    Fault(
        name="interleaved",
        order=(tell(*story()[:7], FIRST[0], SECOND[0], FIRST[1], SECOND[1], FIRST[2], SECOND[2], FIRST[3], SECOND[3]),),
        end=WHOLE,
    ),
    Fault(
        name="words-before-sound",
        order=(tell(*story()[:7], FIRST[0], FIRST[3], FIRST[1], SECOND[3], SECOND[1], SECOND[2]),),
        end=WHOLE,
    ),
    Fault(name="no-early-sound", order=(tell(*story()[:7], *FIRST[1:], *SECOND[1:]),), end=WHOLE),
    Fault(name="no-validated", order=(tell(story()[0], *story()[2:]),), end=WHOLE),
    Fault(name="validated-again-and-again", order=(tell(*story()[:2], *[story()[1]] * 50, *story()[2:]),), end=WHOLE),
    Fault(name="nothing-but-ends", order=(tell(FIRST[1], FIRST[3], SECOND[1], SECOND[3]),), end=WHOLE),
    Fault(name="nothing-but-the-last", order=(tell(FIRST[3], SECOND[3]),), end=lost("stream_lost")),
    Fault(name="everything-twice", order=(tell(*[one for one in story() for _ in range(2)]),), end=WHOLE),
    Fault(name="everything-backwards", order=(tell(*reversed(story())),), end=WHOLE),
    Fault(
        name="no-ids-at-all",
        order=(tell(*[{k: v for k, v in one.items() if k != "message_id"} for one in story()]),),
        end=WHOLE,
    ),
    Fault(
        name="no-ids-and-cut",
        order=(tell(*[{k: v for k, v in one.items() if k != "message_id"} for one in story()[:9]], then="reset"),),
        end=half("stream_lost"),
        seconds=DOUBTED,
    ),
    Fault(name="one-take-only", order=(tell(*story()[:11]),), end=half("stream_lost"), seconds=DOUBTED),
    Fault(name="no-takes", order=(tell(*story()[:7]),), **AFTER),
    Fault(
        name="all-null",
        order=(
            tell(
                {"status": "initializing"},
                dict.fromkeys(
                    (
                        "status",
                        "message_id",
                        "album_art",
                        "song_name",
                        "version",
                        "stream_url",
                        "audio_url",
                        "lyrics_sections",
                        "progress",
                        "error",
                    )
                ),
                *story()[1:],
            ),
        ),
        end=WHOLE,
    ),
    Fault(
        name="progress-backwards",
        order=(
            tell(
                *story()[:5],
                *[{"status": "running", **NAMED, "progress": n} for n in (90, 10, 50, 99, 3)],
                *story()[7:],
            ),
        ),
        end=WHOLE,
    ),
]
assert len(SONG) == EVENTS
