"""A site whose songs come from a host that puts hostile words wherever a host may put words."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from generator.protocol.text import one_line
from tests.flows.scripted_site import NO_LIMITS
from tests.flows.visitor import Visitor
from tests.generator.foreign_files import mp3, noted
from tests.server import Server
from tests.upstream_host import SONG, STREAM, Asked, Host, Wire, answer

RUN = "window.__xss=1"
"""What no browser may ever do here."""
BENIGN = "Home again"
WORDS = {
    "benign": BENIGN,
    "script": f"<script>{RUN}</script>",
    "attribute": f'"><img src=x onerror={RUN}>',
    "single-quotes": f"' onmouseover='{RUN}' autofocus onfocus='{RUN}' x='",
    "end-tags": f"</title></h1></script></style></textarea></noscript><svg onload={RUN}>",
    "json": f'"}}],"status":"completed","x":[{{"</script><script>{RUN}</script>',
    "cdata": f"]]><!-- --><![CDATA[<script>{RUN}</script>",
    "template": "{{7*7}}{% csrf_token %}{{ settings.SECRET_KEY }}${7*7}#{7*7}<%= 7*7 %>",
    "address": f"javascript:{RUN}",
    "headers": f"x\r\nSet-Cookie: session=stolen\r\n\r\n<script>{RUN}</script>",
    "events": 'x\n\ndata: {"isComplete": true, "status": "failed"}\n\nid: 7\n\n',
    "log": "x\n2026-01-01 00:00:00,000 ERROR studio: forged-line",
    "controls": "a\x00b\x07c\x1b[31md\x7f\x85e\u2028f\u2029g\x0bh",
    "surrogates": "x\ud800y\udc00\udfffz",
    "direction": "song\u202e3pm.exe\u2066\u2067\u2068\u202a",
    "entities": "&lt;script&gt;&#x3c;script&#62;&quot;&amp;",
    "right-to-left": "שיר على גשם",
    "marks": "a" + "\u0301\u0336\u20dd" * 60,
    "emoji": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿 ﷽",
    "long": "A" * 100_000,
    "long-tags": f"<b onclick={RUN}>" * 3_000,
    "backslashes": "\\\\\"\\u003cscript\\u003e\\x3c\\'`",
}
FAILS = "fails"
"""Begins the prompt of a song that the host fails, in its own words."""
SECRET = "words-of-the-host"
"""Stands in all that the host says of its failures."""
PATIENCE = 120.0


def shown(name: str) -> str:
    """What people are to read where these words came: one line, nothing that turns or breaks it."""
    plain = WORDS[name].replace("\0", "").encode("utf-8", "ignore").decode()
    return one_line(plain, 200)


class HostileSite(Server):
    """The real server with that host behind it."""

    def __init__(self, data_dir: Path, host: Host) -> None:
        place = host.url.removeprefix("http://")
        super().__init__(data_dir, **NO_LIMITS, UPSTREAM_URL=host.url, UPSTREAM_API_KEY="a-key", OUTBOUND_ALLOW=place)


@contextmanager
def hostile_site(data_dir: Path) -> Iterator[HostileSite]:
    """It, running."""
    with Host() as host:
        host.on(SONG, _tell)
        host.on("GET /audio*", answer(200, mp3(1.5)))
        host.on("GET /art*", answer(200, noted("JPEG")))
        site = HostileSite(data_dir, host)
        site.start()
        try:
            yield site
        finally:
            site.stop()


def make_all(visitor: Visitor) -> dict[str, str]:
    """A song for each of the words, and one that fails with them: their ids by name, once all are over."""
    songs = {name: visitor.make(f"prompt:{name}") for name in WORDS}
    songs |= {f"{FAILS}:{name}": visitor.make(f"{FAILS}:{name}") for name in WORDS}
    until = time.monotonic() + PATIENCE
    waiting = dict(songs)
    while waiting:
        assert time.monotonic() < until, f"not over in time: {sorted(waiting)}\n{visitor.server.log()[-3000:]}"
        waiting = {
            name: song
            for name, song in waiting.items()
            if "data-live data" in visitor.http.get(f"/songs/{song}/card/").text
        }
        time.sleep(0.2)
    return songs


async def _tell(host: Host, wire: Wire, asked: Asked) -> None:
    """The song's events; the prompt says with which words."""
    prompt = str(asked.json["prompt"])
    begins, _, name = prompt.partition(":")
    events = _failing(WORDS[name]) if begins == FAILS else _song(host, WORDS[name])
    await wire.head(200, STREAM)
    for count, event in enumerate(events):
        await wire.send(f"data: {json.dumps({'isComplete': False, 'chunkIndex': count, **event})}\n\n".encode())
    await wire.finish()


def _song(host: Host, words: str) -> Iterator[dict[str, Any]]:
    named = {"message_id": words[:5000], "album_art": f"{host.url}/art?{len(words)}", "song_name": words}
    line = {"start": 100, "end": 900, "text": words, "words": [{"start": 100, "end": 900, "text": words}]}
    sections = [{"section_type": words, "start": 100, "end": 900, "lines": [line], words[:100]: words[:100]}]
    understood = {"tempo": words[:300], "key": words[:300], "voice": words[:300], words[:300]: words[:300]}
    yield {"status": "initializing", words[:100]: words[:100]}
    for status in ("validated", "streaming", "processing"):
        yield {"status": status, **named, "error_code": words[:300], "inks": words[:300]}
    yield {"status": "running", **named, "progress": words[:300]}
    for version in (1, 2):
        yield {"status": "completed", **named, "version": version, "audio_url": f"{host.url}/audio-{version}"}
        done = {"status": "completed", "message_id": named["message_id"], "version": version}
        yield {**done, "lyrics_sections": sections, "understood": understood}


def _failing(words: str) -> Iterator[dict[str, Any]]:
    said = f"{SECRET} {words[:5000]}"
    yield {"status": "validated", "message_id": "abc", "song_name": words}
    yield {"status": "failed", "error": said, "message": said, "detail": [{"loc": [said], "msg": said}], "code": said}
