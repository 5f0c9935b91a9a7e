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
SIGNS = {"&": "and", "@": "at", "%": "percent", "+": "plus", "=": "equals", "°": "degrees"}
COINS = {
    "$": ("dollar", "dollars", "cents"),
    "€": ("euro", "euros", "cents"),
    "£": ("pound", "pounds", "pence"),
    "¥": ("yen", "yen", "sen"),
}
"""One, several, and the hundredth part."""
LARGE = {"k": "thousand", "m": "million", "bn": "billion", "b": "billion"}
UNITS = {
    "km": "kilometers",
    "cm": "centimeters",
    "mm": "millimeters",
    "kg": "kilos",
    "mph": "miles an hour",
    "bpm": "beats per minute",
    "ft": "feet",
    "lb": "pounds",
    "lbs": "pounds",
    "oz": "ounces",
    "hz": "hertz",
    "gb": "gigabytes",
    "min": "minutes",
    "sec": "seconds",
    "hrs": "hours",
    "yrs": "years",
    "k": "thousand",
    "m": "million",
    "x": "times",
    "ish": "ish",
    "°c": "degrees celsius",
    "°f": "degrees fahrenheit",
    "¢": "cents",
}
"""What stands right behind a figure."""
ROMAN = {
    numeral: ONES[number]
    for number, numeral in enumerate(in_order("0 I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX"))
    if len(numeral) > 1
}
"""In capitals; the numerals of one letter are letters."""
BY_FIGURES = frozenset(("911", "808", "909", "303", "404"))
"""Numbers of telephones, drum machines and errors."""
LONGEST_QUANTITY = 6
"""Digits: a longer figure without commas or noughts at its end is read figure by figure, as on a telephone."""
LARGEST = 15
"""Digits: no figure that is longer is a quantity."""
SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
FRACTIONS = {2: "half", 4: "quarter"}
LARGEST_PART = 10
"""Only halves to tenths are read as parts: 9/11 is a day."""

_WHOLE = r"\d{1,3}(?:,\d{3})+(?!\d)|\d+"
_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
FIGURE = re.compile(
    r"(?P<phone>(?:\d{3}-)?\d{3}-\d{4}(?!\d))"
    r"|(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?!\d)"
    r"|(?P<over>\d{1,2})/(?P<under>\d{1,2})(?![\d/])"
    rf"|(?P<coin>[$€£¥])(?P<sum>{_WHOLE})(?:\.(?P<cents>\d\d?)(?!\d))?(?P<large>(?:bn|[kmb])(?![a-z]))?"
    rf"|(?=(?:(?<![\w)-])[-−])?\.?\d)(?P<minus>[-−])?(?P<whole>{_WHOLE})?(?:\.(?P<part>\d+))?(?<=\d)"
    rf"(?:(?P<tail>(?:st|nd|rd|th|'?s)(?![a-z]))|(?P<unit>(?:{_UNIT})(?![a-z0-9])))?",
)
"""Figures with what belongs to them, in lower case."""


def quantity(number: int) -> list[str]:
    """The words of a whole number from 0 to 10^15 - 1."""
    if number < 20:
        return [ONES[number]]
    if number < 100:
        return [TENS[number // 10], *([ONES[number % 10]] if number % 10 else [])]
    size, name = next(scale for scale in SCALES if number >= scale[0])
    return [*quantity(number // size), name, *(quantity(number % size) if number % size else [])]


def year(number: int) -> list[str]:
    """A year from 1001 to 2099 as it is said: nineteen eighty four, two thousand six, twenty ten."""
    century, rest = divmod(number, 100)
    if 2000 <= number < 2010:
        return quantity(number)
    if rest == 0:
        return [*quantity(century), "hundred"]
    return [*quantity(century), *(["oh"] if rest < 10 else []), *quantity(rest)]


def read_figure(figure: str) -> list[str]:
    """The words of what `FIGURE` matches: "1984", "3rd", "90s", "3.14", "$5.50", "6:00". Else ValueError."""
    match = FIGURE.fullmatch(figure)
    if match is None:
        raise ValueError(f"not a figure: {figure}")
    if match["phone"]:
        return [_figure(digit) for digit in match["phone"] if digit != "-"]
    if match["hour"]:
        return _time(match["hour"], match["minute"])
    if match["over"]:
        return _ratio(int(match["over"]), int(match["under"]))
    if match["coin"]:
        return _money(match)
    words = ["minus"] if match["minus"] else []
    words += _whole(match["whole"]) if match["whole"] else []
    if match["part"]:
        words += ["point", *(ONES[int(digit)] for digit in match["part"])]
    if match["tail"] in ("st", "nd", "rd", "th"):
        words[-1] = _ordinal(words[-1])
    elif match["tail"]:
        words[-1] = words[-1][:-1] + "ies" if words[-1].endswith("y") else words[-1] + "s"
    return words + UNITS[match["unit"]].split() if match["unit"] else words


def _whole(written: str) -> list[str]:
    """A number as it is said by its length and look: a quantity, a year, or figure by figure."""
    digits = written.replace(",", "")
    if written in BY_FIGURES:
        return [_figure(digit) for digit in digits]
    long = len(digits) > LONGEST_QUANTITY and "," not in written and not digits.endswith("000")
    if long or len(digits) > LARGEST or (len(digits) > 1 and digits[0] == "0"):
        return [ONES[int(digit)] for digit in digits]
    number = int(digits)
    if "," not in written and 1000 < number < 2100:
        return year(number)
    return quantity(number)


def _figure(digit: str) -> str:
    """A figure of a telephone's number."""
    return "oh" if digit == "0" else ONES[int(digit)]


def _time(hour: str, minute: str) -> list[str]:
    if minute == "00":
        return [*quantity(int(hour)), "o'clock"]
    return [*quantity(int(hour)), *(["oh"] if minute[0] == "0" else []), *quantity(int(minute))]


def _ratio(over: int, under: int) -> list[str]:
    """Two numbers with a stroke between them: a part of one, else one after the other, as in 24/7."""
    if not 0 < over < under <= LARGEST_PART:
        return [*quantity(over), *quantity(under)]
    name = FRACTIONS.get(under) or _ordinal(ONES[under])
    return [ONES[over], name if over == 1 else "halves" if under == 2 else name + "s"]


def _money(match: re.Match[str]) -> list[str]:
    """A sum: five dollars fifty, ninety nine cents, two point five million dollars."""
    one, several, hundredth = COINS[match["coin"]]
    whole, cents = _whole(match["sum"]), match["cents"]
    if match["large"]:
        part = ["point", *(ONES[int(digit)] for digit in cents)] if cents else []
        return [*whole, *part, LARGE[match["large"]], several]
    if not cents or not int(cents):
        return [*whole, one if match["sum"] == "1" else several]
    small = quantity(int(cents.ljust(2, "0")))
    if match["sum"].strip("0") == "":
        return [*small, hundredth]
    return [*whole, one if match["sum"] == "1" else several, *small]


def _ordinal(word: str) -> str:
    if word in ORDINALS:
        return ORDINALS[word]
    return word[:-1] + "ieth" if word.endswith("y") else word + "th"
