"""Reading JSON that others wrote."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.protocol.json_text import NotJson, read, read_object


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "NaN",
        "[Infinity]",
        '{"a": -Infinity}',
        "1e999",
        "9" * 5000,
        "[" * 100_000,
        '{"a":' * 100_000,
        "[" * 65 + "]" * 65,
        "{'a': 1}",
        "[1,]",
        b"\xff\xfe{}",
    ],
)
def test_it_refuses_what_nobody_can_use(text: str | bytes) -> None:
    with pytest.raises(NotJson):
        read(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1, "a": 2}', {"a": 2}),
        ('"a\\u0000b\\ud800c\\udc00"', "abc"),
        ('{"k\\u0000": "\\ud83c\\udfb5"}', {"k": "🎵"}),
        ("12345678901234567890", 12345678901234567890.0),
        (b"\xef\xbb\xbf[1, 2.5]", [1, 2.5]),
    ],
)
def test_it_reads_odd_values_as_something_that_can_be_kept(text: str | bytes, value: Any) -> None:
    assert read(text) == value


def test_only_an_object_will_do_where_an_object_is_asked_for() -> None:
    assert read_object("{}") == {}
    with pytest.raises(NotJson):
        read_object("[]")


def test_it_forgives_the_commas_of_the_v6_document_when_told_to() -> None:
    text = '{"a": [{"b": "x,}",\n}, ], "c": "\\",]",}'
    assert read(text, trailing_commas=True) == {"a": [{"b": "x,}"}], "c": '",]'}
    with pytest.raises(NotJson):
        read('{"a": 1,,}', trailing_commas=True)


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read(text, trailing_commas=True)
    except NotJson:
        return


@pytest.mark.parametrize("unit", ['"', '\\"', '"\\', ",", ", ", "[,", '{"a":', "9", '",'])
def test_a_megabyte_of_rubbish_takes_no_time(unit: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(NotJson):
        read((unit * 1_000_000)[:1_000_000] + "x", trailing_commas=True)
    assert time.perf_counter() - begun < 1
