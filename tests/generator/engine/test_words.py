"""Any written word can be said, and divided into syllables."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engine.numerals import quantity
from generator.engine.reading import spoken
from generator.engine.spelling import VOWELS, sound_out
from generator.engine.words import pronounce, rhyme_key, syllables

READ_AS = """
0 = zero | 7 = seven | 13 = thirteen | 42 = forty two | 100 = one hundred | 101 = one hundred one
365 = three hundred sixty five | 1,000 = one thousand | 12,345 = twelve thousand three hundred forty five
1,234,567 = one million two hundred thirty four thousand five hundred sixty seven | 1000000 = one million
5000000000 = five billion | 12345678 = one two three four five six seven eight | 007 = zero zero seven
911 = nine one one | 808 = eight oh eight | 555-1234 = five five five one two three four | ٣ = three
1066 = ten sixty six | 1900 = nineteen hundred | 1905 = nineteen oh five | 1984 = nineteen eighty four
2000 = two thousand | 2007 = two thousand seven | 2024 = twenty twenty four | 1999's = nineteen ninety nines
90s = nineties | '90s = nineties | 1980s = nineteen eighties | 20s = twenties
1st = first | 2nd = second | 3rd = third | 5th = fifth | 8th = eighth | 9th = ninth | 12th = twelfth | 20th = twentieth
21st = twenty first | 100th = one hundredth | 1st, = first
$1 = one dollar | $5 = five dollars | $5.50 = five dollars fifty | $0.99 = ninety nine cents
$1M = one million dollars | $20k = twenty thousand dollars | $2.5m = two point five million dollars
$1,000 = one thousand dollars | €3 = three euros | £2.99 = two pounds ninety nine | ¥500 = five hundred yen
5¢ = five cents
1:30 = one thirty | 12:00 = twelve o'clock | 7:05 = seven oh five | 7:05am = seven oh five a. m. | 9pm = nine p. m.
12:00pm = twelve p. m. | 5am = five a. m. | 3.5 = three point five | .5 = point five
3.14159 = three point one four one five nine | 99.9% = ninety nine point nine percent
1/2 = one half | 3/4 = three quarters | 2/3 = two thirds | 7/8 = seven eighths | ½ = one half
24/7 = twenty four seven | 9/11 = nine eleven
50% = fifty percent | -5 = minus five | 5°C = five degrees celsius | 30° = thirty degrees | 60mph = sixty miles an hour
100km = one hundred kilometers | 10k = ten thousand | 3x = three times | x2 = times two | 2x4 = two by four
#1 = number one | No.1 = number one | #love = love | 4G = four g. | 3D = three d. | A1 = a. one | MP3 = m. p. three
R2D2 = r. two d. two | 50Cent = fifty cent | 7-Eleven = seven eleven | 9-1-1 = nine one one
II = two | III = three | VIII = eight | XIV = fourteen
Mr. = mister | Mrs = missus | Ms. = miz | Dr. = doctor | St. = saint | Jr. = junior | Prof. = professor
Sgt. = sergeant
Blvd. = boulevard | Ave. = avenue | Ave = ave | etc. = et cetera | vs. = versus | feat. = featuring | w/ = with
w/o = without | b/c = because | e.g. = e. g. | bday = birthday | luv = love | thru = through
TV = t. v. | DJ = d. j. | dj = d. j. | NYC = n. y. c. | LA = l. a. | la = la | USA = u. s. a. | U.S.A. = u. s. a.
BTS = b. t. s. | YMCA = y. m. c. a. | YOLO = yolo | NASA = nasa | OMG = o. m. g. | omg = o. m. g. | ID = i. d. | id = id
US = us | LOVE = love | IT'S = it's | A = a | I = i | O.K. = o. k. | I❤️NY = i n. y.
& = and | + = plus | 1+1=2 = one plus one equals two | R&B = r and b | rock-n-roll = rock n roll | AC/DC = a. c. d. c.
@home = at home | me@mail.com = me at mail dot com | www.love.org = w. w. w. love dot org
https://love.com/song = love dot com song | gone.Then = gone then
l0ve = love | h4te = hate | s0ul = soul | n1ce = nice | 5tar = star | $tar = star | ca$h = cash | ke$ha = kesha
@ttitude = attitude | gr8 = great | b4 = before | 2nite = tonight | 4ever = forever | sk8er = skater | u2 = you too
lalala = la la la | nananana = na na na na | hahaha = ha ha ha | banana = banana | la-la-la = la la la
sta-a-ay = stay | lo-o-ove = love | no-o-o = no | co-op = co op | b-b-baby = buh buh baby | T-shirt = t shirt
R-E-S-P-E-C-T = r. e. s. p. e. c. t. | A-B-C = a. b. c. | uh-huh = uh huh | mother-in-law = mother in law
well—I = well i | *love* = love | _love_ = love | love/hate = love hate | 🎵love🎵 = love
café = cafe | Beyoncé = beyonce | Björk = bjork | jalapeño = jalapeno | Straße = strasse | Ærø = aero
"""
TABLE = [
    (token.strip(), said.split())
    for token, _, said in (item.rpartition(" = ") for item in READ_AS.strip().replace("\n", "|").split("|"))
]

SAID_AS = """
roamed=R OW1 M D|winters=W IH1 N T ER0 Z|nothin'=N AH1 TH IH0 N|lovin'=L AH1 V IH0 N|lovin=L AH1 V IH0 N
dyin'=D AY1 IH0 N|singin'=S IH1 NG IH0 N|zibbing=Z IH1 B IH0 NG|blorped=B L AO1 R P T|quixle=K W IH1 K S AH0 L
o'er=AO1 R|ne'er=N EH1 R|'cause=K AH1 Z|'til=T IH1 L|'twas=T W AH1 Z|'em=AH0 M|'neath=N IY1 TH|gonna=G AH1 N AH0
wanna=W AA1 N AH0|outta=AW1 T AH0|y'all=Y AO1 L|shouldn't've=SH UH1 D AH0 N T AH0 V|i'd've=AY1 D AH0 V
it'd=IH1 T AH0 D|who'd=HH UW1 D|that'll=DH AE1 T AH0 L|what're=W AH1 T ER0|c'mon=K AH0 M AA1 N
sooooo=S OW1|nooo=N OW1|looong=L AO1 NG|gooood=G UH1 D|moooon=M UW1 N|seeeee=S IY1|sweeeet=S W IY1 T
yeahhh=Y AE1|yeeeaaahhh=Y AE1|heyyyy=HH EY1|loooove=L AH1 V|ohhh=OW1|ooooh=UW1|ahhhh=AA1|mmmmm=EM1|hmmmm=HH EM1
mmm=EM1|hmmm=HH EM1|hm=HH EM1|mhm=EM1 HH EM2|mmhmmm=EM1 HH EM2|aaaaa=AA1
stilll=S T IH1 L|stoppp=S T AA1 P|whoooa=W OW1|baaaby=B EY1 B IY0|pleeease=P L IY1 Z|freeee=F R IY1
hermione=HH ER0 M AY1 AH0 N IY0|siobhan=SH IH0 V AO1 N|starfall=S T AA1 R F AO2 L|moonchild=M UW1 N CH AY2 L D
wifi=W AY1 F AY2|yolo=Y OW1 L OW0|colour=K AH1 L ER0|t.=T IY1|w.=D AH1 B AH0 L Y UW0|na=N AA1|shalala=SH AA1 L AA2 L AA2
"""
SOUNDS = [item.partition("=")[::2] for item in SAID_AS.strip().replace("\n", "|").split("|")]


def test_the_tables_are_long_enough_to_mean_something() -> None:
    assert len(TABLE) + len(SOUNDS) >= 150


@pytest.mark.parametrize(("token", "said"), TABLE, ids=[token for token, _ in TABLE])
def test_it_reads_what_is_written_as_people_do(token: str, said: list[str]) -> None:
    assert list(spoken(token)) == said


@pytest.mark.parametrize("token", ["🎵", "❤️", "...", "—", "!", "~", "https://", "(", "’"])
def test_what_is_no_word_is_not_said(token: str) -> None:
    assert spoken(token) == ()


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("through", 1),
        ("every", 2),
        ("together", 3),
        ("don't", 1),
        ("lovin'", 2),
        ("moonbeam", 2),
        ("ohhhhh", 1),
        ("wanderlusting", 4),
        ("colour", 2),
        ("1984", 5),
        ("hallelujah", 4),
        ("supercalifragilisticexpialidocious", 14),
        ("lalala", 3),
        ("NYC", 3),
        ("flumptious", 2),
    ],
)
def test_it_counts_syllables(word: str, count: int) -> None:
    assert len(syllables(word)) == count


def test_consonants_go_to_the_syllable_that_they_begin() -> None:
    first, second, third = syllables("together")
    assert (first.onset, second.onset, third.onset) == (("T",), ("G",), ("DH",))
    assert [sound.stress for sound in (first, second, third)] == [0, 1, 0]
    assert syllables("extra")[1].onset == ("S", "T", "R")


@pytest.mark.parametrize(("word", "phones"), SOUNDS, ids=[word for word, _ in SOUNDS])
def test_it_says_words_as_singers_do_and_finds_those_that_no_dictionary_holds(word: str, phones: str) -> None:
    assert " ".join(pronounce(word)) == phones


@given(st.integers(0, 10**15 - 1))
def test_every_number_has_words_that_say_it(number: int) -> None:
    values = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
    total, group = 0, 0
    for word in quantity(number):
        size = values.get(word, 0)
        if size == 100:
            group *= 100
        elif size:
            total, group = total + group * size, 0
        else:
            group += next(n for n in range(100) if quantity(n) == [word])
    assert total + group == number


@given(st.text(string.ascii_lowercase, min_size=1, max_size=30))
def test_letter_rules_give_every_word_a_vowel_and_one_main_stress(word: str) -> None:
    phones = sound_out(word)
    assert sum(phone[:2] in VOWELS for phone in phones) >= 1
    assert all(phone[-1].isdigit() == (phone[:2] in VOWELS) for phone in phones)


@given(st.text(min_size=1, max_size=30) | st.text("0123456789.,:/-$%xkm'st aA@é½°", min_size=1, max_size=12))
def test_no_token_breaks_it(token: str) -> None:
    sounds = syllables(token)
    assert bool(sounds) == bool(spoken(token))
    assert all(sound.vowel in VOWELS and sound.stress in (0, 1, 2) for sound in sounds)


@given(st.text(string.ascii_letters + string.digits, min_size=1, max_size=12))
def test_nothing_that_has_letters_or_figures_is_passed_over(token: str) -> None:
    assert syllables(token)


def test_words_rhyme_from_their_last_stress_on() -> None:
    assert rhyme_key("roam,") == rhyme_key("home")
    assert rhyme_key("Mother") == rhyme_key("brother!")
    assert rhyme_key("ear") == rhyme_key("here")
    assert rhyme_key("home") != rhyme_key("house")
