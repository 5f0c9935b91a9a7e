"""The decoder of event streams, and the encoder."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.protocol.sse import KEEP_ALIVE, Decoder, Limits, StreamTooLarge, encode
from tests.recordings import NAMES, recording

SMALL = Limits(line=64, event=100, stream=4000, events=20)


def decode(pieces: Iterable[bytes], limits: Limits | None = None) -> list[Any]:
    """All events; the name of the fault last, if there was one."""
    decoder = Decoder(limits)
    told: list[Any] = []
    try:
        for piece in pieces:
            told.extend(decoder.feed(piece))
        told.extend(decoder.close())
    except StreamTooLarge as fault:
        told.append(str(fault))
    return [*told, decoder.unreadable]


def one_by_one(data: bytes) -> list[bytes]:
    return [data[i : i + 1] for i in range(len(data))]


@pytest.mark.parametrize("name", NAMES)
def test_it_reads_the_same_however_a_recording_is_cut(name: str) -> None:
    data = recording(name)
    whole = decode([data])
    assert decode(one_by_one(data)) == whole
    step = 1 if name == "good" or name.startswith("framing") else 29  # the others differ in what they say
    for cut in range(0, len(data), step):
        assert decode([data[:cut], data[cut:]]) == whole


PIECES = st.one_of(
    st.sampled_from(
        [
            b"\n",
            b"\r",
            b"\r\n",
            b"\n\n",
            b"data:",
            b"data: ",
            b": x",
            b"event: y",
            b"\xef\xbb\xbf",
            b"\x00",
            b"\xff",
            b"{}",
            b'data: {"a": 1}\n\n',
            b'data: {"a":\ndata: 1}\n\n',
            b"data: [1]\n\n",
            'data: {"ü\u2028": "🎵"}\n\n'.encode(),
        ]
    ),
    st.binary(max_size=40),
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=60).map(b"".join), st.lists(st.integers(0, 2000), max_size=8))
def test_any_bytes_read_the_same_however_they_are_cut(data: bytes, cuts: list[int]) -> None:
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = [data[a:b] for a, b in itertools.pairwise(edges)]
    assert decode(pieces, SMALL) == decode([data], SMALL) == decode(one_by_one(data), SMALL)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.text(), JSON, max_size=5), max_size=5))
def test_what_is_encoded_is_what_is_decoded(bodies: list[dict[str, Any]]) -> None:
    sent = [encode(body) + KEEP_ALIVE for body in bodies]
    told = decode(sent)
    assert told == [*(json.loads(json.dumps(body).replace("\\u0000", "")) for body in bodies), 0]


def test_an_encoded_event_is_one_line_that_naive_clients_can_read() -> None:
    line = encode({"song_name": "Café\u2028🎵", "progress": 3})
    assert line == b'data: {"song_name": "Caf\\u00e9\\u2028\\ud83c\\udfb5", "progress": 3}\n\n'
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode({"progress": float("nan")})


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'data: {"a": 1}\r\rdata:{"b": 2}\n\n', [{"a": 1}, {"b": 2}]),
        (b'\xef\xbb\xbfdata: {"a": 1}\n\n', [{"a": 1}]),
        (b'data: {"a":\ndata: 1}\n\n', [{"a": 1}]),
        (b'data: {"a": 1}\ndata: {"b": 2}\n\n', [{"a": 1}, {"b": 2}]),
        (b'data: {"a": 1}\ndata: nonsense\n\n', []),
        (b'data: {"a": 1}', [{"a": 1}]),
        (b'data: {"a": 1', []),
        (b'data\ndata:\n\n:data: {"a": 1}\n\nDATA: {"a": 1}\n\n data: {"a": 1}\n\n', []),
        (b'id: 1\nevent: done\nretry: 9\ndata: {"a": 1,}\n\n', [{"a": 1}]),
        ('data: {"a": "x\u2028y\u0085z"}\n\n'.encode(), [{"a": "x\u2028y\u0085z"}]),
    ],
)
def test_it_reads_every_framing_that_hosts_use(data: bytes, told: list[Any]) -> None:
    assert decode([data])[:-1] == told


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"data: " + b"x" * 100, "a line of more than 64 bytes"),
        (b": " + b"x" * 100, "a line of more than 64 bytes"),
        (b"data: " + b"x" * 50 + b"\ndata: " + b"x" * 50, "an event of more than 100 bytes"),
        (b": hi\n" * 1000, "a stream of more than 4000 bytes"),
        (b"data: {}\n\n" * 21, "more than 20 events"),
        (b"data: 1\n\n" * 21, "more than 20 events"),
    ],
)
def test_it_gives_up_on_what_is_larger_than_a_song_can_be(data: bytes, fault: str) -> None:
    assert fault in decode([data], SMALL)
    assert decode(one_by_one(data), SMALL) == decode([data], SMALL)


def test_an_endless_line_costs_no_more_memory_than_its_limit() -> None:
    fed: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            fed.append(65536)
            yield b"x" * 65536

    assert decode(endless()) == ["a line of more than 1048576 bytes", 0]
    assert sum(fed) <= Limits().line + 65536


@pytest.mark.parametrize(
    ("data", "noise"),
    [
        (b"hello, here is your song\nof two lines\n", 2),
        (b"<!doctype html>\n\n", 1),
        (b'{"status": "running"}', 1),
        (b": a comment\nevent: x\nid\nretry: 5\n\ndata: {}\n\n", 0),
        (b"\xef\xbb\xbfevent: x\n\n", 0),
        (b"dat", 0),
    ],
)
def test_lines_of_no_stream_are_told_from_those_that_a_stream_may_hold(data: bytes, noise: int) -> None:
    decoder = Decoder()
    assert list(itertools.chain(decoder.feed(data), decoder.close())) in ([], [{}])
    assert decoder.noise == noise


def test_an_event_that_was_cut_off_is_not_taken_for_rubbish() -> None:
    assert decode([b'data: {"status": "valid']) == [0]
    assert decode([b'data: {"status": "valid\n\n']) == [1]


def test_lines_without_end_cost_little_time_however_short_they_are() -> None:
    begun = time.process_time()
    told = decode(b": x\n" * 16_384 for _ in range(256))
    assert told[0] == "more than 400000 lines"
    assert time.process_time() - begun < 3
