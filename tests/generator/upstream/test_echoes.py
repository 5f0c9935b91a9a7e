"""What people wrote stays out of logs, even where a host repeats it."""

from __future__ import annotations

import json
import time

import pytest

from generator.upstream.echoes import HIDDEN, without

PROMPT, LYRICS = "A slow song, in a minor key", "Où sont les neiges\n你好你好你好你好你好你好 d'antan?"


@pytest.mark.parametrize(
    "echo",
    [
        PROMPT,
        PROMPT.upper(),
        json.dumps({"prompt": PROMPT, "lyrics": LYRICS}),
        json.dumps({"prompt": PROMPT, "lyrics": LYRICS}, ensure_ascii=False),
        LYRICS.replace("\n", " "),
        json.dumps({"lyrics": LYRICS})[:40],
    ],
)
def test_a_repetition_is_hidden_however_it_is_quoted_or_cut(echo: str) -> None:
    told = without(f"HTTP 422 bad request: {echo}", [PROMPT, LYRICS])
    assert told.startswith("HTTP 422 bad request: ")
    assert HIDDEN in told
    assert not [word for word in ("slow song", "neiges", "u4f60", "你好") if word in told.lower()]


@pytest.mark.parametrize("said", ["HTTP 500 internal error", "A minor fault", "Try again in a minute", ""])
def test_what_a_host_says_itself_is_kept(said: str) -> None:
    assert without(said, [PROMPT, LYRICS, ""]) == said


def test_a_short_text_is_hidden_where_it_stands_as_a_whole() -> None:
    assert without('{"prompt": "pop"} is too short', ["pop"]) == f'{{"prompt": "{HIDDEN}"}} is too short'


def test_long_texts_cost_little_time() -> None:
    begun = time.process_time()
    without("la " * 100, ["la " * 3000, "ab" * 5000])
    without("a b c " * 50, ["a b c " * 2000])
    assert time.process_time() - begun < 0.5
