"""An endpoint may write words: what is good of them is sung, and whatever it does, a song has words and soon."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.engine import Workers
from generator.engine.brief import read_brief
from generator.engine.draft import read_draft
from generator.engine.lyricist import MOST_BYTES, Lyricist
from generator.engine.lyrics import set_words
from generator.engine.scansion import scan_couplets
from generator.engine.score import Words
from generator.protocol import events as v6
from generator.upstream import SongRequest
from generator.upstream.embedded import Embedded
from tests.upstream_host import Answer, Asked, Host, Wire, answer

ROUTE = "POST /v1/chat/completions"
KEY = "sk-lyrics-0123456789"
PROMPT = "a pop song about paper boats"
GOOD: dict[str, Any] = {
    "verses": [
        [
            "I fold the page along the crease",
            "The gutter water gives no peace",
            "My brother blows into the sail",
            "We name it after someone's whale",
        ],
        [
            "The evening paper learned to float",
            "The news was now a little boat",
            "It carried sport, it carried rain",
            "It went below the market lane",
        ],
    ],
    "lift": ["And where it goes we never know", "We only tell it, go on, go"],
    "bridge": ["One day the river turns around", "And brings us everything we drowned"],
    "chorus": ["Sail on, little page", "Sail out of your age", "Sail on, little page", "Out of your paper cage"],
}


def saying(content: object, status: int = 200) -> Answer:
    """An answer of the chat API with this content."""
    text = content if isinstance(content, str) else json.dumps(content)
    return answer(status, {"choices": [{"message": {"role": "assistant", "content": text}}]})


silent = answer(200, b"{", then="silence")


async def dripping(host: Host, wire: Wire, asked: Asked) -> None:
    await wire.head(200, {"Content-Type": "application/json"})
    while True:
        await wire.send(b" ")
        await asyncio.sleep(0.05)


async def flooding(host: Host, wire: Wire, asked: Asked) -> None:
    await wire.head(200, {"Content-Type": "application/json"})
    while True:
        await wire.send(b"{" * 65536)


@pytest.fixture
def host() -> Iterator[Host]:
    with Host() as running:
        yield running


def lyricist(host: Host, folder: Path, **more: Any) -> Lyricist:
    return Lyricist(f"{host.url}/v1", KEY, "some-model", folder, **{"seconds": 1.0, **more})


def ask(one: Lyricist, lyrics: str | None = None, prompt: str = PROMPT, seed: int = 7) -> str:
    return asyncio.run(one.draft(prompt, lyrics, seed))


def words_with(draft: str, lyrics: str | None = None, prompt: str = PROMPT) -> Words:
    return set_words(read_brief(prompt, 7), lyrics, 7, prompt, draft)


def sung(words: Words) -> set[str]:
    return {line for section in words.sections for line in section.lines}


def test_good_words_are_sung_and_marked_as_not_the_persons_own(host: Host, tmp_path: Path) -> None:
    host.on(ROUTE, saying(GOOD))
    words = words_with(ask(lyricist(host, tmp_path)))
    assert set(GOOD["verses"][0] + GOOD["verses"][1] + GOOD["chorus"]) <= sung(words)
    assert words.title == "Sail on Little Page"
    assert all(section.generated for section in words.sections)


def test_the_endpoint_is_asked_as_such_endpoints_are(host: Host, tmp_path: Path) -> None:
    host.on(ROUTE, saying(GOOD))
    ask(lyricist(host, tmp_path))
    (asked,) = host.asked
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.json["model"] == "some-model"
    assert PROMPT in asked.json["messages"][-1]["content"]


def test_words_around_a_given_hook_leave_the_hook_alone(host: Host, tmp_path: Path) -> None:
    host.on(ROUTE, saying(GOOD))
    words = words_with(ask(lyricist(host, tmp_path), "Carry me down to the sea"), "Carry me down to the sea")
    assert {line for s in words.sections if s.kind == "chorus" for line in s.lines} == {"Carry me down to the sea"}
    assert set(GOOD["verses"][0]) <= sung(words)


def test_the_same_request_has_the_same_words_for_good(host: Host, tmp_path: Path) -> None:
    other = {**GOOD, "verses": [GOOD["verses"][1], GOOD["verses"][0]]}
    host.on(ROUTE, saying(GOOD), saying(other))
    first = ask(lyricist(host, tmp_path))
    assert ask(lyricist(host, tmp_path)) == first
    assert len(host.asked) == 1
    assert ask(lyricist(host, tmp_path), seed=8) != first


@pytest.mark.parametrize(("prompt", "lyrics"), [("pop, instrumental", None), ("pop without vocals", None)])
def test_nobody_is_asked_where_no_words_are_missing(
    host: Host, tmp_path: Path, prompt: str, lyrics: str | None
) -> None:
    assert ask(lyricist(host, tmp_path), lyrics, prompt) == ""
    assert ask(lyricist(host, tmp_path), "one\ntwo\nthree\nfour\nfive") == ""
    assert host.asked == []


def test_couplets_that_do_not_rhyme_or_scan_are_replaced_one_by_one(host: Host, tmp_path: Path) -> None:
    bad = ["The boats go down the river fast", "And nobody will see them go"]
    host.on(ROUTE, saying({**GOOD, "verses": [GOOD["verses"][0][:2] + bad, GOOD["verses"][1]]}))
    words = words_with(ask(lyricist(host, tmp_path)))
    assert set(GOOD["verses"][0][:2]) <= sung(words)
    assert not set(bad) & sung(words)
    for section in words.sections:
        if section.kind == "verse":
            scan = scan_couplets(section.lines, 8)
            assert scan.rhyme_share == scan.length_share == 1


def test_mostly_bad_words_are_not_sung_at_all(host: Host, tmp_path: Path) -> None:
    bad = ["The boats", "And nobody will ever see them go away from here again"]
    host.on(ROUTE, saying({**GOOD, "verses": [bad, bad], "bridge": bad}))
    assert words_with(ask(lyricist(host, tmp_path))) == words_with("")


@pytest.mark.parametrize(
    "fault",
    [
        silent,
        dripping,
        flooding,
        answer(200, b"{", then="reset"),
        answer(200, b"{", then="drop"),
        saying(GOOD, status=500),
        saying(GOOD, status=401),
        answer(302, b"", {"Location": "/v1/elsewhere"}),
        answer(200, b"<html>busy</html>"),
        answer(200, b'{"choices": []}'),
        answer(200, b"[" * 100_000),
        answer(200, b'{"choices": [{"message": {"content": 7}}]}'),
        answer(200, b" " * (MOST_BYTES + 1)),
        saying("I would rather not."),
        saying({"verses": "none"}),
        saying({"verses": [[1, 2, 3, 4]]}),
        saying({"verses": [["x" * 5000] * 4]}),
        saying({"verses": [["[Drop]", "<script>alert(1)</script>", "see http://example.com", "{subject}"]]}),
        saying({"verses": [["la la la la la la la la"] * 60]}),
        saying({**GOOD, "verses": [["Die Nacht ist kalt und ich bin hier", "Ich warte nur und du bist mir"] * 2] * 4}),
        saying({**GOOD, "verses": [["你好世界"] * 4]}),
    ],
)
def test_whatever_goes_wrong_the_song_has_our_own_words_in_time(host: Host, tmp_path: Path, fault: Answer) -> None:
    host.on(ROUTE, fault)
    begin = time.monotonic()
    draft = ask(lyricist(host, tmp_path))
    assert time.monotonic() - begin < 2.0
    assert draft == ""
    assert words_with(draft) == words_with("")


def test_nobody_there_is_no_fault_of_the_song(tmp_path: Path) -> None:
    one = Lyricist("http://127.0.0.1:9/v1", "", "m", tmp_path, seconds=1.0)
    assert ask(one) == ""


def test_after_a_fault_songs_do_not_wait_for_a_while(host: Host, tmp_path: Path) -> None:
    host.on(ROUTE, silent)
    one = lyricist(host, tmp_path)
    ask(one)
    begin = time.monotonic()
    ask(one, seed=8)
    assert time.monotonic() - begin < 0.5
    assert len(host.asked) == 1


def test_words_that_the_site_does_not_sing_are_dropped(host: Host, tmp_path: Path) -> None:
    host.on(ROUTE, saying(GOOD))
    assert ask(lyricist(host, tmp_path, refuses=lambda words: "gutter" in words)) == ""


def test_neither_the_key_nor_words_stand_in_the_log(
    host: Host, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    host.on(ROUTE, saying(f"secret words {KEY}"))
    ask(lyricist(host, tmp_path))
    assert "LYRICS_URL" in caplog.text
    assert KEY not in caplog.text
    assert "secret words" not in caplog.text


def test_a_draft_that_was_damaged_is_no_draft() -> None:
    assert words_with('{"verses": 1') == words_with("")


def test_words_wrapped_in_talk_are_found() -> None:
    assert read_draft(f"Sure! ```json\n{json.dumps(GOOD)}\n``` Enjoy.").chorus == tuple(GOOD["chorus"])


def test_the_process_that_asks_needs_no_numpy() -> None:
    program = "import sys; import generator.engine.lyricist; print('numpy' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


async def test_both_takes_sing_what_was_drafted_once(host: Host, tmp_path: Path) -> None:
    host.on(ROUTE, saying(GOOD))
    engine = Embedded(
        tmp_path / "engine",
        workers=Workers(song="tests.generator.fake_song", quiet=True),
        lyricist=lyricist(host, tmp_path / "drafts"),
    )
    request = SongRequest(prompt="short", lyrics=None, seed=7)
    try:
        named = [event.song_name async for event in engine.generate(request) if isinstance(event, v6.StreamReady)]
    finally:
        await engine.close()
    assert named == ["Drafted 7", "Drafted 7"]
    assert len(host.asked) == 1
    later = Lyricist("", "", "", tmp_path / "drafts")
    assert await later.draft("short", None, 7) != ""
    assert await later.draft("short", None, 8) == ""
