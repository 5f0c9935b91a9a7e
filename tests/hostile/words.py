"""What the host says: failures in every shape, and values meant to do harm where they are shown or followed."""

from __future__ import annotations

from typing import Any

from tests.flows.scripted import sections
from tests.hostile.fault import DOUBTED, KEY, WHOLE, Fault, half, lost
from tests.hostile.telling import NAMED, but, story, take, tell

REFUSED: dict[str, Any] = {"end": lost("upstream_refused")}
TOLD = "words-of-the-host-alone"
XSS = "<script>window.__xss=1</script><img src=x onerror=window.__xss=1>"
FAILURES: dict[str, dict[str, Any]] = {
    "failed": {"status": "failed", **NAMED, "error": TOLD},
    "error": {"status": "error", **NAMED},
    "cancelled": {"status": "cancelled", **NAMED},
    "canceled": {"status": "canceled", **NAMED},
    "timeout": {"status": "timeout", **NAMED},
    "timed-out": {"status": "TIMED OUT", **NAMED},
    "expired": {"status": "expired", **NAMED},
    "shouting": {"status": "FAILED", "message_id": "$ID"},
    "success-false": {"success": False, "message": TOLD},
    "success-false-in-words": {"success": "false", "message": TOLD},
    "error-alone": {"error": TOLD},
    "error-while-running": {"status": "running", **NAMED, "progress": 50, "error": TOLD},
    "error-an-object": {"status": "failed", **NAMED, "error": {"message": TOLD, "code": 7}},
    "error-a-list": {"status": "failed", **NAMED, "error": [TOLD, {"msg": TOLD}]},
    "error-a-number": {"status": "failed", **NAMED, "error": 500},
    "error-with-markup": {"status": "failed", **NAMED, "error": f"{TOLD} {XSS}"},
    "error-with-our-key": {"status": "failed", **NAMED, "error": f"{TOLD} Bearer {KEY} is wrong"},
    "error-with-half-our-key": {"status": "failed", **NAMED, "error": "x" * 280 + f" {KEY}"},
    "error-of-a-megabyte": {"status": "failed", **NAMED, "error": TOLD * 40_000},
    "error-with-lines": {"status": "failed", **NAMED, "error": f"{TOLD}\r\n2026-01-01 INFO root: forged\x1b[31m"},
    "code-of-nobody": {"status": "failed", **NAMED, "error": TOLD, "error_code": "upstream_made_up"},
    "code-of-ours": {"status": "failed", **NAMED, "error": TOLD, "error_code": "cancelled"},
    "detail": {"detail": TOLD},
}
EARLY = ("failed", "success-false", "error-alone", "cancelled", "detail", "error-with-our-key")
SECOND_FAILS = {"status": "failed", "message_id": "$ID", "version": 2, "error": TOLD}
FIRST_FAILS = {**SECOND_FAILS, "version": 1}
FAILURES_TOLD = [
    *(Fault(name=f"tells-{name}", order=(tell(*story()[:5], told),), **REFUSED) for name, told in FAILURES.items()),
    *(Fault(name=f"tells-early-{name}", order=(tell(story()[0], FAILURES[name]),), **REFUSED) for name in EARLY),
    *(Fault(name=f"tells-first-{name}", order=(tell(FAILURES[name]),), **REFUSED) for name in EARLY),
    Fault(name="tells-and-goes-silent", order=(tell(*story()[:5], FAILURES["failed"], then="silence"),), **REFUSED),
    Fault(name="tells-and-goes-on", order=(tell(*story()[:5], FAILURES["failed"], *story()[5:]),), **REFUSED),
    Fault(name="second-take-fails", order=(tell(*story()[:11], SECOND_FAILS),), end=half("upstream_refused")),
    Fault(name="first-take-fails", order=(tell(*story()[:7], FIRST_FAILS, *take(2)),), end=half("upstream_refused")),
    Fault(name="both-takes-fail", order=(tell(*story()[:7], FIRST_FAILS, SECOND_FAILS),), **REFUSED),
    Fault(
        name="second-take-fails-and-silence",
        order=(tell(*story()[:11], SECOND_FAILS, then="silence"),),
        end=half("upstream_refused"),
    ),
    Fault(
        name="a-failed-take-comes-all-the-same", order=(tell(*story()[:7], FIRST_FAILS, *take(1), *take(2)),), end=WHOLE
    ),
    Fault(name="fails-after-one-take", order=(tell(*story()[:11], FAILURES["failed"]),), end=half("upstream_refused")),
    Fault(
        name="fails-with-one-take-untold", order=(tell(*story()[:9], FAILURES["failed"]),), end=half("upstream_refused")
    ),
    Fault(name="fails-after-both-takes", order=(tell(*story(), FAILURES["failed"]),), end=WHOLE),
    Fault(name="fails-before-the-last-words", order=(tell(*story()[:14], FAILURES["failed"]),), end=WHOLE),
    Fault(
        name="third-take-fails", order=(tell(*story()[:14], {**SECOND_FAILS, "version": 3}, story()[14]),), end=WHOLE
    ),
]

TEXTS = {
    "markup": XSS,
    "end-of-script": "</script><!--<script>alert(1)",
    "quotes": "\"'`><svg/onload=alert(1)>",
    "separators": "Sea\u2028of\u2029lines\u0085and\x0bmore\x0c",
    "nul": "Sea\0of\0nothing",
    "controls": "".join(map(chr, range(32))) + "\x7f\x9b31m",
    "backwards": "\u202egnos\u202c\u2066\u200f",
    "invisible": "\u200b\ufeff\u2060\u00ad",
    "lone-halves": "\ud83d \udfff",
    "a-hundred-thousand": "long " * 20_000,
    "combining": "Z" + "\u0301" * 5000,
    "template": "{{7*7}}{% debug %}${7*7}#{7*7}",
    "header": "Sea\r\nSet-Cookie: owned=1\r\n\r\n<html>",
    "path": "../../../../etc/passwd\\..\\con.mp3",
    "format": "%s%n%d {0.__class__} %(x)s",
    "nothing": "   ",
    "sql": "'); DROP TABLE songs_generation; --",
}
IDS = {
    "path": "../../../../etc/passwd",
    "dots": "..",
    "dot": ".",
    "query": "x?admin=1&y=../#z",
    "percent": "%2e%2e%2f%00",
    "header": "x\r\nX-Injected: 1",
    "markup": XSS,
    "ten-kilobytes": "upstream-id-" + "i" * 10_000,
    "unicode": "größe-雨-\u202e",
    "blank": "   ",
    "nul": "\0",
    "address": "http://127.0.0.1:1/",
    "backslash": "..\\..\\x",
}
WORDS: dict[str, Any] = {
    "a-text": "[Verse]\nWe are home\nagain",
    "texts": ["We are home", "again"],
    "an-object": {"section_type": "verse", "lines": ["home"]},
    "a-number": 7,
    "true": True,
    "mixed": [None, 7, True, [], {}, "home", {"lines": None}, {"lines": [None, 7, {"words": 7}]}],
    "markup": [{"section_type": XSS, "lines": [{"text": XSS, "words": [{"text": XSS}]}]}],
    "times-that-are-none": [
        {"start": "soon", "end": None, "lines": [{"start": "NaN", "end": "1e999", "text": "home"}]}
    ],
    "times-beyond-all": [{"start": -1e18, "end": 1e18, "lines": [{"start": 10**17, "end": -5, "text": "home"}]}],
    "times-backwards": [{"start": 9000, "end": 100, "lines": [{"start": 900, "end": 10, "text": "home"}]}],
    "too-many": [{"section_type": "verse", "lines": [{"text": "home"}] * 50} for _ in range(300)],
    "deep": [{"lines": [{"words": [{"text": {"text": {"text": "home"}}}]}]}],
    "long": [{"section_type": "x" * 9000, "lines": [{"text": "home " * 20_000}]}],
    "keys-of-python": [{"__class__": "x", "__proto__": {"a": 1}, "constructor": 1, "lines": ["home"]}],
    "none": None,
    "empty": [],
}


def _lost_with(message_id: str) -> Fault:
    """A song of this id whose stream breaks off: its status has to be asked for by it."""
    told = [{**one, "message_id": message_id} if "message_id" in one else one for one in story()[:5]]
    return Fault(
        name="placeholder",
        message_id=message_id,
        order=(tell(*told, then="reset"),),
        end=lost("stream_lost"),
        seconds=DOUBTED,
    )


def _named(fault: Fault, name: str) -> Fault:
    return Fault(name=name, message_id=fault.message_id, order=fault.order, end=fault.end, seconds=fault.seconds)


VALUES = [
    *(
        Fault(name=f"name-of-{name}", order=(tell(*but({"song_name": text})),), end=WHOLE)
        for name, text in TEXTS.items()
    ),
    *(
        Fault(name=f"sung-words-{name}", order=(tell(*but({"lyrics_sections": words})),), end=WHOLE)
        for name, words in WORDS.items()
    ),
    *(_named(_lost_with(text), f"id-of-{name}") for name, text in IDS.items()),
    Fault(name="words-with-everything", order=(tell(*but({"lyrics_sections": sections(XSS)})),), end=WHOLE),
    Fault(
        name="extra-with-addresses",
        order=(
            tell(*[{**one, "understood": {"tempo": XSS, "key": "$HOST/x", XSS: 1}, "inks": XSS} for one in story()]),
        ),
        end=WHOLE,
    ),
]
