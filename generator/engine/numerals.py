"""How figures and signs are read aloud in English."""

from __future__ import annotations

import re

from .vocabulary import in_order

ONES = in_order(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen"""
)
TENS = ("", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
SIGNS = {
    "&": "and",
    "@": "at",
    "%": "percent",
    "+": "plus",
    "=": "equals",
    "$": "dollars",
    "€": "euros",
    "£": "pounds",
    "°": "degrees",
}
LONGEST_QUANTITY = 6
"""Digits: a longer figure is a number on a door or a telephone, and is read figure by figure."""

FIGURE = re.compile(r"(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d+))?(?P<tail>st|nd|rd|th|'?s)?")


def quantity(number: int) -> list[str]:
    """The words of a whole number from 0 to 999 999."""
    if number < 20:
        return [ONES[number]]
    if number < 100:
        return [TENS[number // 10], *([ONES[number % 10]] if number % 10 else [])]
    if number < 1000:
        return [ONES[number // 100], "hundred", *(quantity(number % 100) if number % 100 else [])]
    return [*quantity(number // 1000), "thousand", *(quantity(number % 1000) if number % 1000 else [])]


def year(number: int) -> list[str]:
    """A year from 1100 to 2099 as it is said: nineteen eighty four, two thousand and six, twenty ten."""
    century, rest = divmod(number, 100)
    if 2000 <= number < 2010:
        return quantity(number)
    if rest == 0:
        return [*quantity(century), "hundred"]
    return [*quantity(century), *(["oh"] if rest < 10 else []), *quantity(rest)]


def read_figure(figure: str) -> list[str]:
    """The words of what `FIGURE` matches: "1984", "3rd", "90s", "3.14", "1,000". Anything else raises ValueError."""
    match = FIGURE.fullmatch(figure)
    if match is None:
        raise ValueError(f"not a figure: {figure}")
    digits, tail = match["whole"].replace(",", ""), match["tail"] or ""
    if len(digits) > LONGEST_QUANTITY or (len(digits) > 1 and digits[0] == "0"):
        words = [ONES[int(digit)] for digit in digits]
    elif len(digits) == 4 and "," not in match["whole"] and 1100 <= int(digits) < 2100:
        words = year(int(digits))
    else:
        words = quantity(int(digits))
    if match["part"]:
        words += ["point", *(ONES[int(digit)] for digit in match["part"])]
    if tail in ("st", "nd", "rd", "th"):
        words[-1] = _ordinal(words[-1])
    elif tail:
        words[-1] = words[-1][:-1] + "ies" if words[-1].endswith("y") else words[-1] + "s"
    return words


def _ordinal(word: str) -> str:
    if word in ORDINALS:
        return ORDINALS[word]
    return word[:-1] + "ieth" if word.endswith("y") else word + "th"
