"""What the dictionary does not say: how singers say some words, what abbreviations stand for, endings, onsets."""

from __future__ import annotations

from .vocabulary import listed

FUNCTION_WORDS = listed(
    """a an the and or but of to in on at for with from by is are was were be been am i you he she it we they me him us
    them my our your his her their its this that as so if no not do does did have has had will would can could should
    shall may might must than then there's it's i'm you're we're they're he's she's i'll you'll we'll i've you've we've
    i'd we'd they'd through when where while like what who which how just
    'cause because 'til till until into onto upon"""
)
"""They carry no beat of their own in a sung line."""

SUNG = {
    "live": "L IH1 V",
    "wind": "W IH1 N D",
    "read": "R IY1 D",
    "lead": "L IY1 D",
    "tears": "T IH1 R Z",
    "tear": "T IH1 R",
    "close": "K L OW1 S",
    "our": "AW1 R",
    "ours": "AW1 R Z",
    "hour": "AW1 R",
    "hours": "AW1 R Z",
    "every": "EH1 V R IY0",
    "everything": "EH1 V R IY0 TH IH2 NG",
    "everyone": "EH1 V R IY0 W AH2 N",
    "everybody": "EH1 V R IY0 B AA2 D IY0",
    "everywhere": "EH1 V R IY0 W EH2 R",
    "'cause": "K AH1 Z",
    "'em": "AH0 M",
    "a": "AH0",
    "n": "AH0 N",
    "o'er": "AO1 R",
    "hmm": "HH AH1 M",
    "hm": "HH AH1 M",
    "mm": "AH1 M",
    "mmm": "AH1 M",
    "shh": "SH AH1",
    "sh": "SH AH1",
    "ooh": "UW1",
    "oo": "UW1",
    "ah": "AA1",
    "aah": "AA1",
    "oh": "OW1",
    "whoa": "W OW1",
    "woah": "W OW1",
    "yeah": "Y AE1",
    "la": "L AA1",
    "na": "N AA1",
    "da": "D AA1",
    "doo": "D UW1",
    "hey": "HH EY1",
    "uh": "AH1",
    "brr": "B ER1",
    "grr": "G ER1",
}
"""Words that are sung otherwise than CMUdict says them first, and cries it lacks."""

WRITTEN_SHORT = {
    "mr": "mister",
    "mrs": "missus",
    "ms": "miz",
    "dr": "doctor",
    "st": "saint",
    "vs": "versus",
    "etc": "et cetera",
    "jr": "junior",
    "sr": "senior",
    "prof": "professor",
    "mt": "mount",
    "w/": "with",
    "w/o": "without",
    "b/c": "because",
    "bday": "birthday",
    "luv": "love",
    "thru": "through",
    "tho": "though",
    "tonite": "tonight",
    "nite": "night",
    "ur": "your",
    "bpm": "beats per minute",
}
LATIN_EXTRA = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "th", "þ": "th", "ł": "l", "ı": "i", "ħ": "h"}
    | dict.fromkeys("’‘ʼ`´′", "'")
)
ONSETS = listed(
    """B CH D DH F G HH JH K L M N P R S SH T TH V W Y Z P-R P-L B-R B-L T-R D-R K-R K-L K-W G-R G-L F-R F-L TH-R SH-R
    S-T S-P S-K S-M S-N S-L S-W S-T-R S-P-R S-P-L S-K-R S-K-W T-W D-W HH-Y M-Y F-Y K-Y P-Y B-Y V-Y"""
)
"""Consonants that may begin an English syllable."""

ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = tuple(
    (ending, tuple(phones.split()))
    for ending, phones in (
        ("'s", ""),
        ("n't", "AH0 N T"),
        ("'ll", "AH0 L"),
        ("'ve", "V"),
        ("'re", "ER0"),
        ("'d", "D"),
        ("es", ""),
        ("s", ""),
        ("ed", ""),
        ("'d", "D"),
        ("ing", "IH0 NG"),
        ("ings", "IH0 NG Z"),
        ("er", "ER0"),
        ("ers", "ER0 Z"),
        ("est", "AH0 S T"),
        ("ly", "L IY0"),
        ("y", "IY0"),
        ("ness", "N AH0 S"),
        ("less", "L AH0 S"),
        ("ful", "F AH0 L"),
        ("ish", "IH0 SH"),
        ("able", "AH0 B AH0 L"),
        ("ward", "W ER0 D"),
        ("like", "L AY2 K"),
    )
)
BEGINNINGS: tuple[tuple[str, tuple[str, ...]], ...] = tuple(
    (beginning, tuple(phones.split()))
    for beginning, phones in (
        ("un", "AH2 N"),
        ("re", "R IY0"),
        ("over", "OW2 V ER0"),
        ("under", "AH2 N D ER0"),
        ("out", "AW2 T"),
        ("mis", "M IH0 S"),
        ("dis", "D IH0 S"),
        ("non", "N AA2 N"),
        ("super", "S UW2 P ER0"),
        ("inter", "IH2 N T ER0"),
        ("mid", "M IH2 D"),
    )
)


VOICELESS = frozenset(("P", "K", "F", "S", "SH", "CH", "TH", "T"))
"""Phones after which s and d harden."""
