"""One way to read JSON that others wrote, for the host we call and the host we are.

What `json.loads` lets through or trips over is settled here once: deep nesting (RecursionError), integers of thousands
of digits, NaN and Infinity, NUL characters and lone surrogates, which no database takes. Where a key is given twice in
one object, the last one counts.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

DEEPEST = 64
"""Levels of lists and objects; a song's words need six."""
WHOLE_DIGITS = 18
"""Integers of up to so many digits fit into 64 bits; longer ones are read as floating-point numbers."""
LONGEST_NUMBER = 400
UNFIT = re.compile("[\0\ud800-\udfff]")
TRAILING_COMMA = re.compile(r'"(?:[^"\\]|\\.)*"?|,(?=\s*[}\]])', re.DOTALL)


class NotJson(ValueError):  # noqa: N818  it says what the text is
    """The text is not JSON, or not such as anybody here could use."""


def read(text: str | bytes, *, trailing_commas: bool = False) -> Any:
    """The value that `text` (UTF-8, perhaps with a byte order mark) stands for. Raises `NotJson`.

    With `trailing_commas`, one comma before a closing bracket is forgiven: the v6 document has some in its own sample.
    """
    try:
        plain = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        try:
            value = _loads(plain)
        except json.JSONDecodeError:
            if not trailing_commas:
                raise
            value = _loads(TRAILING_COMMA.sub(_without_comma, plain))
        return _fit(value, DEEPEST)
    except NotJson:
        raise
    except (ValueError, RecursionError) as error:
        raise NotJson(f"not JSON: {type(error).__name__}") from None


def read_object(text: str | bytes, *, trailing_commas: bool = False) -> dict[str, Any]:
    """The JSON object that `text` stands for. Raises `NotJson`, also for JSON of another kind."""
    value = read(text, trailing_commas=trailing_commas)
    if not isinstance(value, dict):
        raise NotJson("JSON, but not an object")
    return value


def _loads(text: str) -> Any:
    return json.loads(text, parse_constant=_constant, parse_int=_whole, parse_float=_broken)


def _without_comma(match: re.Match[str]) -> str:
    return "" if match[0] == "," else match[0]


def _constant(name: str) -> float:
    raise NotJson(f"{name} is no JSON number")


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= WHOLE_DIGITS else _broken(digits)


def _broken(digits: str) -> float:
    number = float(digits) if len(digits) <= LONGEST_NUMBER else math.inf
    if not math.isfinite(number):
        raise NotJson("a number beyond all bounds")
    return number


def _fit(value: Any, levels: int) -> Any:
    """`value` without NUL and lone surrogates, in keys too."""
    match value:
        case str():
            return UNFIT.sub("", value)
        case dict() | list() if not levels:
            raise NotJson("nested too deeply")
        case dict():
            return {UNFIT.sub("", key): _fit(inner, levels - 1) for key, inner in value.items()}
        case list():
            return [_fit(inner, levels - 1) for inner in value]
        case _:
            return value
