"""Says at once, and kindly, when words cannot be sung: signs without sound, endless words, another script or language.

Loads neither numpy nor the dictionary: it is asked by the process that serves the site.
"""

from __future__ import annotations

import re
import unicodedata

from generator.protocol.errors import Rejected

from .tongues import foreign_language

MOST_LINES = 400
"""Lines with something on them: half an hour of song."""
LONGEST_WORD = 40
"""Letters; figures count three each, since they are read as words."""
STANZA = re.compile(r"(?:[^\n]*\S[^\n]*(?:\n|$))+")
STANZA_SPACES = 12
"""A stanza with fewer spaces may be a borrowed line or two."""
WAYS_OUT = (
    "Give English words, leave the words to us, or ask for an instrumental; "
    "an engine that sings other languages can be connected by whoever runs this site."
)


def check_lyrics(text: str) -> None:
    """Raises Rejected, with a sentence that says where and what, if `text` cannot be sung. Linear in its length."""
    letters = False
    lines = text.splitlines()
    if (count := sum(not line.isspace() and line != "" for line in lines)) > MOST_LINES:
        raise _unsingable(f"A song here has up to {MOST_LINES} lines, and this has {count}. Leave some of them out.")
    for number, line in enumerate(lines, 1):
        if line.isascii() and line.isprintable():
            letters = letters or any(character.isalnum() for character in line)
        else:
            letters = _check_line(line, number) or letters
        longest = max(re.split(r"[\s/—–…-]+", line), key=len)
        if len(longest) * 3 > LONGEST_WORD and sum(3 if c.isdigit() else c.isalpha() for c in longest) > LONGEST_WORD:
            raise _unsingable(
                f"Line {number} has a word too long to sing, “{longest[:16]}…”. Put spaces or hyphens into it."
            )
    if text.strip() and not letters:
        raise _unsingable("There are no words to sing here. Write some, or leave the words to us.")
    if letters:
        _check_language(text)


def _check_language(text: str) -> None:
    """Refuses words that are surely not English: the whole text, or a stanza of it."""
    language = foreign_language(text)
    if language:
        raise _unsingable(f"Our singers sing English, and these words look {language}. {WAYS_OUT}")
    for match in STANZA.finditer(text):
        if match[0].count(" ") >= STANZA_SPACES and (language := foreign_language(match[0])):
            number = text.count("\n", 0, match.start()) + 1
            raise _unsingable(f"Our singers sing English, and from line {number} on this looks {language}. {WAYS_OUT}")


def _check_line(line: str, number: int) -> bool:
    """Looks at a line with unusual characters; says whether it has letters or figures that can be sung."""
    latin = foreign = 0
    script = ""
    for character in line:
        category = unicodedata.category(character)
        if category in ("Cc", "Cs") and character not in "\t\v\f":
            raise _unsingable(
                f"Line {number} holds a control character (U+{ord(character):04X}). Delete it or type the line again."
            )
        if category[0] == "L" or category == "Nd":
            name = unicodedata.name(character, "")
            if character.isascii() or "LATIN" in name or category == "Nd":
                latin += 1
            else:
                foreign += 1
                script = script or name.split(" ")[0].split("-")[0].capitalize()
    if foreign > latin:
        what = "Chinese characters" if script == "Cjk" else f"{script} letters"
        raise _unsingable(f"Our singers sing English, and line {number} is written in {what}. {WAYS_OUT}")
    return latin > 0


def _unsingable(sentence: str) -> Rejected:
    return Rejected(sentence, "rejected_words", "lyrics")
