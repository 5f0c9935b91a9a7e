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

SUNG_TEXT = """
live=L,IH1,V wind=W,IH1,N,D read=R,IY1,D lead=L,IY1,D tears=T,IH1,R,Z tear=T,IH1,R close=K,L,OW1,S
our=AW1,R ours=AW1,R,Z hour=AW1,R hours=AW1,R,Z every=EH1,V,R,IY0 everything=EH1,V,R,IY0,TH,IH2,NG
everyone=EH1,V,R,IY0,W,AH2,N everybody=EH1,V,R,IY0,B,AA2,D,IY0 everywhere=EH1,V,R,IY0,W,EH2,R a=AH0 n=AH0,N
'cause=K,AH1,Z 'em=AH0,M o'er=AO1,R o'=AH0 ol=OW1,L y'all=Y,AO1,L gonna=G,AH1,N,AH0 gon'=G,AO1,N gon=G,AO1,N
outta=AW1,T,AH0 tryna=T,R,AY1,N,AH0 i'ma=AY1,M,AH0 imma=AY1,M,AH0 tha=DH,AH0 ya=Y,AH1 whaddya=W,AH1,D,AH0,Y,AH0
lovin=L,AH1,V,IH0,N dyin=D,AY1,IH0,N lyin=L,AY1,IH0,N tyin=T,AY1,IH0,N nothin=N,AH1,TH,IH0,N
hmm=HH,EM1 hmmm=HH,EM1 hm=HH,EM1 mm=EM1 mmm=EM1 mmh=EM1 mhm=EM1,HH,EM2 mmhm=EM1,HH,EM2 mmhmm=EM1,HH,EM2
shh=SH,AH1 sh=SH,AH1 brr=B,ER1 grr=G,ER1 psst=P,S,IH1,S,T hmph=HH,AH1,M,F pff=P,AH1,F tsk=T,IH1,S,K aa=AA1 aaa=AA1
ooh=UW1 oo=UW1 ah=AA1 aah=AA1 oh=OW1 whoa=W,OW1 woah=W,OW1 yeah=Y,AE1 hey=HH,EY1 uh=AH1 ayy=EY1 heh=HH,EH1
la=L,AA1 na=N,AA1 da=D,AA1 doo=D,UW1 ba=B,AA1 fa=F,AA1 ra=R,AA1 sha=SH,AA1 tra=T,R,AA1 ha=HH,AA1 re=R,EY1
hehe=HH,EH1,HH,EH2 shalala=SH,AA1,L,AA2,L,AA2 yadda=Y,AA1,D,AH0 wi=W,AY1 sci=S,AY1
abc=EY1,B,IY2,S,IY2 asap=EY1,S,AE2,P bae=B,EY1 boujee=B,UW1,ZH,IY0 hashtag=HH,AE1,SH,T,AE2,G emoji=IY0,M,OW1,JH,IY0
tiktok=T,IH1,K,T,AA2,K covid=K,OW1,V,IH2,D spotify=S,P,AA1,T,AH0,F,AY2 yolo=Y,OW1,L,OW0 uber=UW1,B,ER0
hermione=HH,ER0,M,AY1,AH0,N,IY0 siobhan=SH,IH0,V,AO1,N saoirse=S,ER1,SH,AH0 niamh=N,IY1,V sean=SH,AO1,N
khaleesi=K,AH0,L,IY1,S,IY0 daenerys=D,AH0,N,EH1,R,IH0,S xiomara=S,IY0,OW0,M,AA1,R,AH0 joaquin=W,AA0,K,IY1,N
"""
SUNG = {word: phones.replace(",", " ") for word, _, phones in (item.partition("=") for item in SUNG_TEXT.split())}
"""Words that are sung otherwise than CMUdict says them first, cries and names it lacks."""
CHANTED = listed("la na da ba sha tra doo dum do di dee bop boom hey ho ha oh ooh ah wo fa ra yeah yah ya dah hoo")
"""What chants without a dictionary's words are made of: lalala, shalala."""
SINGLE = listed("so go no yo ho lo long strong gone song")
"""Drawn out they lose letters down to one o; others that could be both keep two, as too and good do."""

WRITTEN_SHORT = {
    "mr": "mister",
    "mrs": "missus",
    "ms": "miz",
    "dr": "doctor",
    "st": "saint",
    "rd": "road",
    "blvd": "boulevard",
    "lt": "lieutenant",
    "sgt": "sergeant",
    "capt": "captain",
    "feat": "featuring",
    "ft": "featuring",
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
    "pls": "please",
    "plz": "please",
    "bpm": "beats per minute",
    "mph": "miles an hour",
}
WITH_STOP = {"ave": "avenue", "rev": "reverend", "gen": "general", "dept": "department", "approx": "approximately"}
"""Short only with a full stop behind them."""
INITIALS = listed("dj mc omg wtf btw brb diy nyc bff fyi www")
"""Read letter by letter however they are written."""
CAPITAL_INITIALS = listed("LA NY ID TV UK USA MC PC AC DC VIP UFO BMW CEO EP LP OK")
"""Read letter by letter in capitals, though in small letters some are words."""
REBUS = {
    "gr8": "great",
    "l8": "late",
    "l8r": "later",
    "m8": "mate",
    "w8": "wait",
    "h8": "hate",
    "str8": "straight",
    "sk8": "skate",
    "sk8er": "skater",
    "b4": "before",
    "2day": "today",
    "2nite": "tonight",
    "2night": "tonight",
    "2morrow": "tomorrow",
    "2gether": "together",
    "4ever": "forever",
    "4eva": "forever",
    "4u": "for you",
    "2u": "to you",
    "u2": "you too",
    "some1": "someone",
    "any1": "anyone",
    "every1": "everyone",
}
"""Words with a figure for its sound."""
LOOKALIKES = str.maketrans("013457@$", "oieastas")
"""Signs that stand for letters they look like."""
LATIN_EXTRA = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "th", "þ": "th", "ł": "l", "ı": "i", "ħ": "h"}
    | {"Æ": "AE", "Œ": "OE", "Ø": "O", "Đ": "D", "Ð": "TH", "Þ": "TH", "Ł": "L", "Ħ": "H", "⁄": "/", "−": "-"}
    | dict.fromkeys("’‘ʼ`´′", "'")
)
"""Letters and signs that have no parts to be taken apart into."""
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
        ("'ve", ""),
        ("'re", "ER0"),
        ("'d", ""),
        ("es", ""),
        ("s", ""),
        ("ed", ""),
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
