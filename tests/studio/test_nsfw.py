"""Words that a site may not want to sing are found however they are written, and their innocent neighbours are not."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.engine import assets
from studio.songs import nsfw
from studio.songs.nsfw import Finding, check

pytestmark = pytest.mark.either_database

INNOCENT = """
Scunthorpe and Penistone by the morning train
Essex girls and Sussex boys
a cockatoo, a peacock and a cocktail glass
shiitake and shitake mushrooms
Dick Van Dyke danced across the roof
grapes of wrath and a grape vine
Fukushima in the rain
the assassin's assistant was assessed in class
my therapist likes analysis
Clitheroe, Lightwater, Cockermouth
the bass and the brass pass the grass
cumulus clouds over Cumberland
a Dickens of a night with Emily Dickinson
Moby Dick rolled in the deep
cock-a-doodle-doo, the rooster crew
the ox and ass before him bow
pussy willow by the water
Arsenal against Hancock's half hour
Nigeria and Niger, sniggering and niggling
Titanic, title, constitution
document the circumstance, accumulate
Matsushita, Mishima, Hitachi, Yoshitaka
push it, wish it, that's hit, she's hit by it
as she sat at assembly in Massachusetts
Magna cum laude
spic and span
canal, banal, analogue and manual
raccoons in a cocoon
I'll be so cool, so good, soooo sweet
T. I. T. A. N. I. C.
A B C D E F G, L-O-V-E
R&B, AT&T, P!nk and Ke$ha, A$AP and $5
5 o'clock, 12/8, 4x4, H2O, B2B
re-use, co-op, e-mail, x-ray, T-shirt
button up, butterfly, rebuttal, shuttlecock
er aß ein Schnitzel, c'est la vie, año nuevo
Along Offa's Dyke
Middlesex, sextet, sextant
Привет, как дела, сука
horn, hornet, thorny path
skyscraper, drape, scrape, therapeutic
buttress, mattress, embassy, harass, Cassie
swank, Wankel, swanky
bitcoin, Mitchell, pitch, itchy
a tit for tat, a blue tit sings
hello hell, damn it, oh my god, sexy, naked
Uranus, Janus, manuscript
mass, masses, passes, passed
circumcise, succumb, cucumber
ho ho ho, a hoe and a rake
"""

BAD = [
    "what the fuck",
    "f*ck this",
    "sh1t happens",
    "f u c k you",
    "fuuuck",
    "fu\u0441k",
    "f.u.c.k",
    "f-u-c-k",
    "f_u_c_k",
    "FUCKING",
    "motherfucker",
    "fu(k it",
    "$h!t",
    "sh!t",
    "b!tch",
    "b1tch",
    "a$$hole",
    "@sshole",
    "@ss",
    "a$$",
    "d!ck",
    "d1ckhead",
    "c0ck",
    "p*ssy",
    "pu$$y",
    "pr0n porn",
    "n1gger",
    "n1gg3r",
    "nigga",
    "f4ggot",
    "whore",
    "wh0re",
    "wanker",
    "dickhead",
    "cunt",
    "c*nt",
    "cvnt",
    "fvck",
    "phuck",
    "f\xfcck",
    "\uff46\uff55\uff43\uff4b",
    "f\u200bu\u200bck",
    "f\u0336u\u0336c\u0336k\u0336",
    "\U0001d58b\U0001d59a\U0001d588\U0001d590",
    "\u24d5\u24e4\u24d2\u24da",
    "\U0001f175\U0001f184\U0001f172\U0001f17a",
    "\U0001f1eb \U0001f1fa \U0001f1e8 \U0001f1f0",
    "s h i t",
    "s  h  i  t",
    "you're a b i t c h",
    "shiiiit",
    "biiiitch",
    "f**k",
    "f**king",
    "s**t",
    "f#ck f@ck",
    "sh*t",
    "n****r",
    "b***h",
    "bullsh1t",
    "fuckface",
    "clusterfuck",
    "*shit*",
    "shit!",
    '"bitch,"',
    "bitch's",
    "fuc\u043a off",
    "\u0455h\u0456t",
    "blow job",
    "son of a bitch",
    "asshole",
    "as-shole",
    "sh-t",
    "f-ck",
    "fuck69",
    "shit4u",
    "FuCkInG",
    "mother fucker",
    "c u n t",
    "s.h.i.t.",
    "fuck/you",
    "fu\u0441k\u0456ng",
    "f\u0446ck",
    "f\u0443ck",
    "kike",
    "retarded",
    "slut",
    "rapist",
    "cum",
    "dick",
    "w4nk3r",
]


@pytest.mark.parametrize("line", INNOCENT.strip().split("\n"))
def test_innocent_lines_pass(line: str) -> None:
    assert check(line) == []
    assert check(re.sub("[a-z]+", lambda letters: letters[0].upper(), line)) == []


@pytest.mark.parametrize("line", BAD)
def test_listed_words_are_found_however_they_are_written(line: str) -> None:
    assert check(line)
    assert check(f"We were singing\nand you said {line} to me")[0].line == 2


def test_line_word_and_class_are_named() -> None:
    text = "A quiet start\r\nand then: “Sh1t”, he said.\rMy whore, my n1gg3r\n\nf u c k this f u c k"
    assert check(text) == [
        Finding(2, "Sh1t", "strong"),
        Finding(3, "whore", "sexual"),
        Finding(3, "n1gg3r", "slur"),
        Finding(5, "f u c k", "strong"),
    ]


def test_a_name_is_allowed_and_the_word_beside_it_is_not() -> None:
    assert check("Dick Van Dyke, Moby Dick") == []
    assert check("Dick Van Dyke is a dick") == [Finding(1, "dick", "sexual")]


def test_no_more_is_told_than_can_be_shown() -> None:
    found = check("\n".join(f"fuck{'x' * n}" for n in range(500)))
    assert len(found) == 100
    assert all(len(one.word) <= 40 for one in found)


def dictionary() -> list[str]:
    lines = (Path(assets.__file__).parent / "cmudict.txt").read_text("latin-1").splitlines()
    return sorted({re.sub(r"\(\d\)$", "", line.split()[0].lower()) for line in lines if line[:1].isalpha()})


def test_of_all_words_of_the_dictionary_only_listed_ones_are_found() -> None:
    reading, listed = nsfw._Reading(), nsfw._words().exact
    found = [word for word in dictionary() if list(reading.line(word))]
    others = {word for word in found if "fuck" not in word and not set(re.split(r"['-]", word)) & set(listed)}
    assert len(found) > 100
    assert others == {"fagg", "jerk-off"}  # a stretched word, and two that are listed as a phrase


WORDS = ["love", "rain", "fire", "summer", "tonight", "sh1t", "heart", "Café", "don't", "rock-and-roll", "f*ck", "a"]
LONG = {
    "lyrics": " ".join(random.Random(1).choices(WORDS, k=8) * 3000),
    "one letter": "a" * 100_000,
    "letters apart": "f u c k " * 12_500,
    "stars": "*" * 100_000,
    "masked": "f*ck s***t " * 9_000,
    "points": "a." * 50_000,
    "hyphens": "a-" * 50_000,
    "quotes": "a'" * 50_000,
    "allowed": "moby dick " * 10_000,
    "marks": "a" + "\u0301\u0323" * 50_000,
    "ligatures": "\ufdfa" * 33_000,
    "lines": "\n" * 100_000,
    "a word a line": "dick van dyke\n" * 7_000,
    "noise": " ".join("".join(random.Random(n).choices("aosuei1!$3*xyz", k=8)) for n in range(11_000)),
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_a_hundred_kilobytes_of_anything_take_no_time(text: str) -> None:
    text = text.encode()[:100_000].decode("utf-8", "ignore")
    check("")  # the list is read once
    took = []
    for _ in range(3):
        begun = time.process_time()
        check(text)
        took.append(time.process_time() - begun)
    assert min(took) < 0.5  # a fifth of it where nothing else runs; what is not linear takes minutes


@settings(deadline=None)
@given(st.text(alphabet=st.characters(), max_size=60), st.sampled_from(BAD))
def test_any_text_is_read_and_a_word_by_itself_is_found_in_it(text: str, word: str) -> None:
    found = check(f"{text}\n{word}\n{text}")
    assert all(one.kind in get_args(nsfw.Kind) for one in found)
    line = len(re.split(r"\r\n|\r|\n", f"{text}\n"))
    assert any(one.line == line for one in found) or len(found) == 100
