"""Letter rules: how a word that no dictionary holds is probably said. Phones are those of CMUdict.

The rules are tried longest first at each letter, as in the letter-to-sound systems of the 1970s; vowels of open
syllables take their continental sounds, since what is missing from a dictionary of 126 000 words is mostly names.
"""

from __future__ import annotations

import re

VOWELS = frozenset(("AA", "AE", "AH", "AO", "AW", "AY", "EH", "EM", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"))
"""What a syllable can be sung on. EM is ARPAbet's m without a vowel, of those who hum."""

# A rule is letters=phones. ^ before the letters binds them to the word's beginning; $ after them to its end, V, C or I
# ask for a vowel, a consonant or one of e, i, y to follow, which is not consumed.
RULES_TEXT = """
^kn=N ^gn=N ^wr=R ^ps=S ^pn=N ^x=Z ^who$=HH,UW ^rh=R ^mc=M,AH,K ^eu=Y,UW ^y=Y ^ts=T,S ^sz=S
tion$=SH,AH,N tions$=SH,AH,N,Z ssion=SH,AH,N sion=ZH,AH,N cian=SH,AH,N cious=SH,AH,S tious=SH,AH,S gious=JH,AH,S
ture$=CH,ER sure$=ZH,ER cial=SH,AH,L tial=SH,AH,L
eigh=EY aigh=EY igh=AY augh=AO ough$=OW ought=AO,T ough=AW tch=CH dge=JH dg=JH sch=S,K sh=SH ch=CH ck=K ph=F qu=K,W
que$=K gue$=G gh$= ghC= gh=G wh=W th=TH zh=ZH cz=CH ngV=NG,G ng=NG nk=NG,K nx=NG,K,S mb$=M mn$=M
air=EH,R eer=IH,R ear=IH,R oar=AO,R oor=AO,R our=AO,R ier$=IY,ER are$=EH,R ire$=AY,ER ure$=Y,UH,R ore$=AO,R ere$=IH,R
arr=EH,R err=EH,R irr=IH,R orr=AO,R urr=ER arV=AA,R ar=AA,R erV=EH,R er=ER ir=ER urV=UH,R ur=ER or=AO,R yr=ER
ead=EH,D eau=OW ai=EY ay=EY au=AO aw=AO aa=AA ae=EY ao=AW ea$=IY,AH ea=IY ee=IY ei=EY eo=IY,OW eu=UW ew=UW ey$=IY ey=EY
ia$=IY,AH ia=IY,AH ie$=IY ie=IY io$=IY,OW io=IY,OW iu=IY,AH oa=OW oe=OW oi=OY ook=UH,K oo=UW ous$=AH,S ouC=AW ou=UW
ow$=OW ow=AW oy=OY ua=UW,AH ue$=UW ue=UW,EH ui=UW uo=UW,OW uy=AY ye$=AY
ble$=B,AH,L cle$=K,AH,L dle$=D,AH,L fle$=F,AH,L gle$=G,AH,L kle$=K,AH,L ple$=P,AH,L sle$=S,AH,L tle$=T,AH,L zle$=Z,AH,L
xle$=K,S,AH,L ed$=D es$=Z e$= a$=AH i$=IY o$=OW u$=UW y$=IY os$=OW,S as$=AH,S is$=IH,S us$=AH,S
ccI=K,S cc=K cI=S c=K gg=G gI=JH g=G bb=B b=B dd=D d=D ff=F f=F h$= hC= h=HH j=JH kk=K k=K ll=L l=L mm=M m=M nn=N n=N
pp=P p=P q=K rr=R r=R ss=S s=S tt=T t=T v=V w$= wC= w=W x=K,S zz=Z z=Z
"""
FOLLOWERS = {"V": frozenset("aeiouy"), "C": frozenset("bcdfghjklmnpqrstvwxz"), "I": frozenset("eiy")}
SHORT = {"a": "AE", "e": "EH", "i": "IH", "o": "AA", "u": "AH", "y": "IH"}
LONG = {"a": "EY", "e": "IY", "i": "AY", "o": "OW", "u": "UW", "y": "AY"}
OPEN = {"a": "AA", "e": "EH", "i": "IY", "o": "OW", "u": "UW", "y": "IY"}
LETTER_NAMES = """
a=EY1 b=B,IY1 c=S,IY1 d=D,IY1 e=IY1 f=EH1,F g=JH,IY1 h=EY1,CH i=AY1 j=JH,EY1 k=K,EY1 l=EH1,L m=EH1,M n=EH1,N o=OW1
p=P,IY1 q=K,Y,UW1 r=AA1,R s=EH1,S t=T,IY1 u=Y,UW1 v=V,IY1 w=D,AH1,B,AH0,L,Y,UW0 x=EH1,K,S y=W,AY1 z=Z,IY1
"""
LETTERS = {name[0]: tuple(name[2:].split(",")) for name in LETTER_NAMES.split()}


STRESSED_ENDING = re.compile(r"(?:tion|sion|cian|cious|tious|ic|ity|ial|ian|ia|io|ious)s?$")
PENULTIMATE = re.compile(r"(?:[aeo]|[aeo]s|ino|ini|elle|ette)$")


def _parse(text: str) -> dict[str, list[tuple[bool, str, str, tuple[str, ...]]]]:
    """Rules by first letter, longest first: (bound to the beginning, letters, what follows, phones)."""
    table: dict[str, list[tuple[bool, str, str, tuple[str, ...]]]] = {}
    for rule in text.split():
        letters, _, phones = rule.partition("=")
        follows = letters[-1] if letters[-1] in "$VCI" else ""
        bare = letters.strip("^$VCI")
        table.setdefault(bare[0], []).append(
            (letters[0] == "^", bare, follows, tuple(phones.split(",")) if phones else ())
        )
    for rules in table.values():
        rules.sort(key=lambda rule: (-len(rule[1]), not rule[0], not rule[2]))
    return table


RULES = _parse(RULES_TEXT)


def spell(word: str) -> tuple[str, ...]:
    """The letters' names, one after the other, for a word of a to z: "nyc" as en-why-see."""
    return tuple(phone for letter in word for phone in LETTERS[letter])


def sound_out(word: str) -> tuple[str, ...]:
    """CMUdict phones, vowels with stress, for any word of letters a to z; never empty. Linear in the word's length."""
    phones: list[str] = []
    at = 0
    while at < len(word):
        step, found = _next(word, at)
        phones += found
        at += step
    if not VOWELS.intersection(phones):
        return spell(word) if len(word) <= 4 else (*phones[:3], "AH1", *phones[3:])
    return _stressed(word, _voiced(phones))


def _next(word: str, at: int) -> tuple[int, tuple[str, ...]]:
    """How many letters the best rule at `at` consumes, and what they say."""
    for bound, letters, follows, phones in RULES.get(word[at], ()):
        end = at + len(letters)
        if not word.startswith(letters, at) or (bound and at):
            continue
        after = word[end] if end < len(word) else ""
        if follows == "$" and after:
            continue
        if follows in FOLLOWERS and after not in FOLLOWERS[follows]:
            continue
        return len(letters), phones
    return 1, (_vowel(word, at),)


def _vowel(word: str, at: int) -> str:
    """A single vowel letter: long before a consonant and a silent e, open where a vowel follows, else short."""
    letter, rest = word[at], word[at + 1 :]
    if not rest:
        return "IY" if letter == "e" else OPEN[letter]
    if len(rest) in (2, 3) and rest[0] not in "aeiouyx" and rest[1:] in ("e", "es", "ed"):
        return LONG[letter]
    if rest[0] in "aeiou":
        return OPEN[letter]
    if len(rest) > 1 and rest[0] not in "xv" and rest[1] in "aeiouy":
        return OPEN[letter]
    return SHORT[letter]


def _voiced(phones: list[str]) -> list[str]:
    """Plural s and past d as they are said after what precedes them; s between vowels is z."""
    out: list[str] = []
    for i, phone in enumerate(phones):
        before = out[-1] if out else ""
        after = phones[i + 1] if i + 1 < len(phones) else ""
        if phone == before and phone not in VOWELS:
            continue
        if not after and ((phone == "D" and before in ("T", "D")) or (phone == "Z" and before in ("S", "SH", "JH"))):
            out.append("IH")
        out.append(_assimilated(phone, before, after))
    return out


def _assimilated(phone: str, before: str, after: str) -> str:
    """One of s, z, d beside its neighbours; `after` is empty at the word's end."""
    if phone == "S" and before in VOWELS and after in VOWELS:
        return "Z"
    if phone == "Z" and not after and before in ("P", "T", "K", "F", "TH"):
        return "S"
    if phone == "D" and not after and before in ("P", "K", "F", "S", "SH", "CH"):
        return "T"
    return phone


def _stressed(word: str, phones: list[str]) -> tuple[str, ...]:
    """Puts the main stress where English mostly has it and reduces short vowels after it."""
    vowels = [i for i, phone in enumerate(phones) if phone in VOWELS]
    count = len(vowels)
    if count == 1:
        main = 0
    elif STRESSED_ENDING.search(word):
        main = max(0, count - (3 if word.endswith(("ity", "ia", "io", "ial", "ian", "ious")) else 2))
    elif PENULTIMATE.search(word):
        main = count - 2
    else:
        main = 0 if count < 4 else 1
    for place, i in enumerate(vowels):
        secondary = abs(place - main) > 1 and (place - main) % 2 == 0 and place < count - 1
        phones[i] += "1" if place == main else "2" if secondary else "0"
    return tuple(phones)
