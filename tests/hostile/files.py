"""What lies behind the addresses that the host gives: sound, pictures, and where they must not lead."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
import zlib
from typing import Any

from tests.flows.scripted import mp3
from tests.hostile.fault import DOUBTED, WHOLE, Does, Fault, half, lost
from tests.hostile.telling import (
    AUDIO,
    GOOD,
    HTML,
    PAGE,
    SILENT,
    body,
    but,
    endless,
    head_of,
    picture,
    raw,
    sound,
    tell,
)

GONE = ("audio_unavailable",)
BAD = ("audio_rejected",)
ANY = (*GONE, *BAD)
PICTURE = {"Content-Type": "image/png"}


def _both(name: str, *answers: Does, codes: tuple[str, ...] = ANY, **row: Any) -> Fault:
    """The same fault with both takes: nothing comes."""
    return Fault(
        **{
            "name": f"sound-{name}",
            "order": (GOOD,),
            "files": {"audio-*": answers},
            "end": lost(*codes),
            "seconds": DOUBTED,
            **row,
        }
    )


def _wav() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(22_050)
        out.writeframes(b"\x10\x00\xf0\xff" * 22_050)
    return file.getvalue()


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("song.mp3", sound(1))
    return file.getvalue()


def _png(width: int, height: int, data: bytes = b"") -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


ID3 = b"ID3\x04\x00\x00" + bytes((0, 0x10, 0, 0)) + b"\0" * 0x40000
NOT_FOUND, GOOD_SOUND = body(404, b"nothing"), body(200, sound(1), AUDIO)
SOUND = [
    _both("missing", NOT_FOUND, codes=GONE),
    _both("late", NOT_FOUND, NOT_FOUND, GOOD_SOUND, end=WHOLE, seconds=DOUBTED),
    _both("late-after-faults", body(500), body(503, b"", {"Retry-After": "1"}), GOOD_SOUND, end=WHOLE),
    _both("broken-server", body(500, HTML, PAGE), codes=GONE),
    _both("forbidden", body(403), codes=GONE),
    _both("no-content", body(204, b"", {"Content-Length": "none"}), codes=GONE),
    _both("a-part", body(206, sound(1)[:9000], {**AUDIO, "Content-Range": "bytes 0-8999/90000"}), codes=ANY),
    _both("moved", body(302, b"", {"Location": "$FILES/else.mp3"}), end=WHOLE),
    _both("moved-to-the-neighbour", body(302, b"", {"Location": "$CANARY/x.mp3"}), codes=BAD),
    _both("moved-to-metadata", body(307, b"", {"Location": "http://169.254.169.254/latest/meta-data/"}), codes=BAD),
    _both("moved-to-a-file", body(301, b"", {"Location": "file:///etc/passwd"}), codes=BAD),
    _both("moved-to-us", body(302, b"", {"Location": "$SITE/healthz"}), codes=BAD),
    _both("moved-nowhere", body(302, b""), codes=ANY),
    _both("moved-round-and-round", body(302, b"", {"Location": "$FILES/audio-1.mp3"}), codes=BAD),
    _both("moved-through-hops", body(302, b"", {"Location": "$FILES/audio-again.mp3"}), codes=BAD),
    _both("a-page", body(200, HTML, PAGE)),
    _both("a-page-that-says-sound", body(200, HTML * 400, AUDIO), codes=BAD),
    _both("json", body(200, {"status": "processing"}), codes=GONE),
    _both("empty", body(200, b"", AUDIO)),
    _both("empty-chunks", raw(head_of(200, {**AUDIO, "Transfer-Encoding": "chunked"}) + b"0\r\n\r\n")),
    _both("one-byte", body(200, b"\xff", AUDIO), codes=BAD),
    _both("cut-short", body(200, sound(1)[:9000], AUDIO, then="drop", more=30_000), codes=GONE),
    _both("cut-short-once", body(200, sound(1)[:9000], AUDIO, then="reset", more=30_000), GOOD_SOUND, end=WHOLE),
    _both("longer-than-it-says", raw(head_of(200, {**AUDIO, "Content-Length": "500"}) + sound(1)), codes=ANY),
    _both("huge-it-says", body(200, sound(1), {**AUDIO, "Content-Length": "99999999999"}), codes=BAD),
    _both("length-of-all-digits", body(200, sound(1), {**AUDIO, "Content-Length": "9" * 300}), codes=ANY),
    _both("silence", SILENT, codes=GONE),
    _both("silence-in-the-middle", body(200, sound(1)[:9000], AUDIO, then="silence", more=99), codes=GONE),
    _both("a-byte-now-and-then", endless(b"x", 0.3, head=head_of(200, AUDIO)), codes=GONE),
    _both("reset", raw(b"", "reset"), codes=GONE),
    _both("noise", body(200, bytes(range(256)) * 400, AUDIO), codes=BAD),
    _both("zeros", body(200, b"\0" * 100_000, AUDIO), codes=BAD),
    _both("a-picture", body(200, picture(), AUDIO), codes=BAD),
    _both("an-archive", body(200, _zip(), AUDIO), codes=BAD),
    _both("a-playlist", body(200, b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n" * 50, AUDIO), codes=BAD),
    _both("a-list-of-parts", body(200, b"ffconcat version 1.0\nfile /etc/passwd\n" * 50, AUDIO), codes=BAD),
    _both("shorter-than-a-second", body(200, mp3(0.3), AUDIO), codes=BAD),
    _both("only-a-label", body(200, ID3, AUDIO), codes=BAD),
    _both("packed", body(200, sound(1), {**AUDIO, "Content-Encoding": "gzip"}), codes=BAD),
    _both(
        "packed-bomb",
        body(200, zlib.compress(b"\0" * 300_000_000, 1), {**AUDIO, "Content-Encoding": "deflate"}),
        codes=BAD,
    ),
    _both("a-wave-file", body(200, _wav(), {"Content-Type": "audio/wav"}), end=WHOLE),
    _both("a-wave-that-says-more", body(200, _wav()[:40] + b"\xff\xff\xff\x7f" + _wav()[44:], AUDIO), end=WHOLE),
    _both("nameless", body(200, sound(1), {"Content-Type": "none"}), end=WHOLE),
    _both("misnamed", body(200, sound(1), {"Content-Type": "text/plain; charset=utf-16"}), end=WHOLE),
    Fault(
        name="sound-endless",
        order=(GOOD,),
        files={"audio-2*": (endless(sound(1), head=head_of(200, AUDIO)),)},
        end=half(*ANY),
        seconds=DOUBTED,
    ),
    Fault(
        name="sound-the-same-twice",
        order=(tell(*but({"audio_url": "$FILES/audio-1.mp3"})),),
        end=half("stream_lost"),
        seconds=DOUBTED,
    ),
    Fault(
        name="sound-first-missing", order=(GOOD,), files={"audio-1*": (NOT_FOUND,)}, end=half(*GONE), seconds=DOUBTED
    ),
    Fault(
        name="sound-second-noise",
        order=(GOOD,),
        files={"audio-2*": (body(200, b"\0" * 50_000, AUDIO),)},
        end=half(*BAD),
        seconds=DOUBTED,
    ),
    Fault(name="early-sound-missing", order=(GOOD,), files={"stream-*": (NOT_FOUND,)}, end=WHOLE),
    Fault(name="early-sound-a-page", order=(GOOD,), files={"stream-*": (body(200, HTML * 400, AUDIO),)}, end=WHOLE),
    Fault(name="early-sound-silent", order=(GOOD,), files={"stream-*": (SILENT,)}, end=WHOLE, seconds=DOUBTED),
    Fault(
        name="early-sound-endless",
        order=(GOOD,),
        files={"stream-*": (endless(sound(1), head=head_of(200, AUDIO)),)},
        end=WHOLE,
        seconds=DOUBTED,
    ),
    Fault(
        name="early-sound-redirected",
        order=(GOOD,),
        files={"stream-*": (body(302, b"", {"Location": "$CANARY/"}),)},
        end=WHOLE,
    ),
]

ADDRESSES = {
    "a-file": "file:///etc/passwd",
    "a-script": "javascript:alert(1)",
    "data": "data:audio/mpeg;base64,SUQz",
    "ftp": "ftp://127.0.0.1/x.mp3",
    "gopher": "gopher://127.0.0.1:6379/_FLUSHALL",
    "the-neighbour": "$CANARY/x.mp3",
    "us": "$SITE/healthz",
    "us-by-number": "http://127.0.0.1:8000/healthz",
    "another-port": "http://127.0.0.1:1/x.mp3",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "metadata-secured": "https://169.254.169.254/latest/meta-data/",
    "ten": "https://10.0.0.1/x.mp3",
    "shared-space": "https://100.64.0.1/x.mp3",
    "version-six": "https://[::1]/x.mp3",
    "mapped": "https://[::ffff:127.0.0.1]/x.mp3",
    "translated": "https://[64:ff9b::7f00:1]/x.mp3",
    "zeros": "https://0.0.0.0/x.mp3",
    "one-number": "https://2130706433/x.mp3",
    "octal": "https://0177.0.0.1/x.mp3",
    "short": "https://127.1/x.mp3",
    "in-other-digits": "https://\uff11\uff12\uff17.0.0.1/x.mp3",
    "with-a-name": "http://alice:secret@127.0.0.1/x.mp3",
    "with-our-key": "https://user:pass@example.org/x.mp3",
    "a-name-that-is-none": "https://no-such-host.invalid/x.mp3",
    "no-host": "http:///x.mp3",
    "half": "//$CANARY/x",
    "backslashes": "https:\\\\127.0.0.1\\x.mp3",
    "a-fragment": "$CANARY#@$HOST/x.mp3",
    "a-broken-six": "http://[::1",
    "line-breaks": "$CANARY/\r\nHost: x\r\n\r\n",
    "blank": "   ",
    "nothing": "",
    "five-thousand": "https://example.org/" + "x" * 5000,
    "unicode": "https://例え.invalid/音.mp3",
}


def _at(**fields: str) -> tuple[Does, ...]:
    """The good song with these addresses. Its finished sound is numbered, as both takes may lie in one place."""
    numbers = iter((1, 2))
    return (tell(*({**one, "version": next(numbers)} if "audio_url" in one else one for one in but(fields))),)


LED = [
    *(
        Fault(
            name=f"sound-at-{name}",
            order=_at(audio_url=address),
            end=lost("stream_lost") if not address.strip() or len(address) > 4096 else lost(*ANY),
            seconds=DOUBTED,
        )
        for name, address in ADDRESSES.items()
    ),
    *(
        Fault(name=f"early-at-{name}", order=_at(stream_url=ADDRESSES[name]), end=WHOLE)
        for name in ("a-file", "the-neighbour", "us", "metadata-secured", "a-broken-six")
    ),
    *(
        Fault(name=f"art-at-{name}", order=_at(album_art=ADDRESSES[name]), end=WHOLE)
        for name in (
            "a-file",
            "a-script",
            "the-neighbour",
            "us",
            "metadata-secured",
            "with-our-key",
            "a-broken-six",
            "line-breaks",
            "five-thousand",
        )
    ),
]


def _art(name: str, *answers: Does) -> Fault:
    return Fault(name=f"art-{name}", order=(GOOD,), files={"art*": answers}, end=WHOLE, seconds=DOUBTED)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>window.__xss=1</script></svg>'
ART = [
    _art("missing", NOT_FOUND),
    _art("broken-server", body(500)),
    _art("a-page", body(200, HTML, PAGE)),
    _art("a-page-that-says-picture", body(200, HTML, PICTURE)),
    _art("drawing", body(200, SVG, {"Content-Type": "image/svg+xml"})),
    _art("drawing-that-says-picture", body(200, SVG, PICTURE)),
    _art("empty", body(200, b"", PICTURE)),
    _art("bomb", body(200, _png(30_000, 30_000, b"\0" * 5_000_000), PICTURE)),
    _art("broken", body(200, picture()[:60], PICTURE)),
    _art("no-size", body(200, _png(0, 0), PICTURE)),
    _art("large", body(200, picture() + b"\0" * 12_000_000, PICTURE)),
    _art("endless", endless(b"\x89PNG\r\n\x1a\n" * 8000, head=head_of(200, PICTURE))),
    _art("huge-it-says", body(200, picture(), {**PICTURE, "Content-Length": "99999999999"})),
    _art("silence", SILENT),
    _art("moved-to-the-neighbour", body(302, b"", {"Location": "$CANARY/x.png"})),
    _art("moved-round-and-round", body(302, b"", {"Location": "$FILES/art.png"})),
    _art("jpeg", body(200, picture("JPEG"), {"Content-Type": "image/jpeg"})),
    _art("webp", body(200, picture("WEBP"), {"Content-Type": "image/webp"})),
    _art("with-a-page-behind", body(200, picture("JPEG") + HTML, {"Content-Type": "image/jpeg"})),
]
