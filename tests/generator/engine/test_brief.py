"""What a prompt says is done; what it leaves open differs between the takes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engine.brief import read_brief
from generator.engine.casting import RANGES
from generator.engine.idioms import IDIOMS
from generator.engine.instruments import INSTRUMENTS
from generator.engine.understood import understood
from generator.protocol.understood import in_a_line

Facts = dict[str, object]

ASKED: list[tuple[str, Facts]] = [
    # Metre
    ("a waltz about the sea", {"metre": "3/4"}),
    ("something in three", {"metre": "3/4"}),
    ("a song in three minutes about nothing", {"metre": "4/4", "seconds": 180}),
    ("folk in 3/4", {"metre": "3/4", "idiom": "folk"}),
    ("in 6/8", {"metre": "6/8"}),
    ("12/8 soul ballad", {"metre": "6/8", "idiom": "soul"}),
    ("an Irish jig", {"metre": "6/8", "idiom": "folk"}),
    ("sea shanty about a drunken whale", {"metre": "6/8", "idiom": "folk"}),
    ("a waltz in 4/4", {"metre": "4/4"}),
    ("pop, but not a waltz", {"metre": "4/4"}),
    ("country waltz", {"metre": "3/4", "idiom": "country"}),
    ("5/4 jazz", {"metre": "4/4", "unmet": ("4/4 in place of 5/4",)}),
    ("on 3/4/2021 we met", {"metre": "4/4"}),
    ("vals triste con guitarra", {"metre": "3/4", "mood": {"sad"}, "instruments": ("guitar",)}),
    # Tempo
    ("rock at 92 bpm", {"bpm": 92}),
    ("92bpm rock", {"bpm": 92}),
    ("tempo: 140", {"bpm": 140}),
    ("BPM 75", {"bpm": 75}),
    ("folk, 100 beats per minute", {"bpm": 100}),
    ("techno at 300 bpm", {"bpm": 200, "unmet": ("200 bpm in place of 300",)}),
    ("6/8 at 180 bpm", {"bpm": 60, "unmet": ("180 bpm are counted in eighths",)}),
    ("slow song, 160 bpm", {"bpm": 160}),
    # Key
    ("in D minor", {"key": 2, "minor": True}),
    ("F# minor ballad", {"key": 6, "minor": True}),
    ("jazz, Bb", {"key": 10}),
    ("Bb major jazz", {"key": 10, "minor": False}),
    ("pop in C♯m", {"key": 1, "minor": True}),
    ("e flat minor soul", {"key": 3, "minor": True}),
    ("in D dorian, funk", {"key": 2, "minor": True}),
    ("a happy song in a minor key", {"minor": True}),
    ("sad song in a major key", {"minor": False}),
    # Band
    ("solo piano", {"instruments": ("piano",), "without": {"drums", "bass", "guitar", "pad", "strings"}}),
    ("rock without guitars", {"without": {"guitar"}}),
    ("pop, no drums", {"without": {"drums"}}),
    ("no drums, bass or guitar, dreamy ambient", {"without": {"drums", "bass", "guitar"}, "idiom": "ambient"}),
    ("folk without drums and bass", {"without": {"drums", "bass"}}),
    ("no drums, guitar and flute", {"without": {"drums"}, "instruments": ("guitar", "flute")}),
    ("rock, no guitar solo", {"without": set()}),
    ("drums, bass, guitar and vocals", {"without": {"keys", "pad", "strings"}}),
    ("a cappella", {"instruments": ("choir",), "without": {"drums", "bass", "keys", "guitar", "strings", "lead"}}),
    ("smoky jazz trio", {"idiom": "jazz", "without": {"guitar", "pad", "strings"}}),
    ("just guitar and voice", {"idiom": "folk", "instruments": ("guitar",)}),
    ("solo violin", {"instruments": ("violin", "pad"), "without": {"drums", "bass", "keys", "guitar", "strings"}}),
    ("pop with a solo piano intro", {"without": set()}),
    ("a sad song on the piano, nothing else", {"without": {"drums", "bass", "guitar", "pad", "strings"}}),
    ("indie folk with guitar and soft male vocals", {"idiom": "folk", "without": set()}),
    ("no piano please, just guitars and drums", {"without": {"bass", "keys", "pad", "strings"}}),
    ("flamenco guitar", {"idiom": "bossa"}),
    ("K-pop girl group banger", {"idiom": "pop", "singer": "young"}),
    # Voice
    ("whispered vocals", {"singer": "breathy"}),
    ("a deep male voice", {"singer": "deep"}),
    ("deep house with male vocals and heavy bass", {"singer": "male", "idiom": "house"}),
    ("sung by a young girl", {"singer": "young"}),
    ("soul duet", {"unmet": ("one voice in each take in place of a duet",)}),
    # Length
    ("three minutes of funk", {"seconds": 180, "timed": True, "idiom": "funk"}),
    ("90 seconds of techno", {"seconds": 90, "idiom": "house"}),
    ("1:30 house track", {"seconds": 90}),
    ("two and a half minutes, folk", {"seconds": 150}),
    ("a minute and a half of bossa nova", {"seconds": 90, "idiom": "bossa"}),
    ("a 45-second jingle", {"seconds": 45, "length": "short"}),
    ("a ten minute epic", {"seconds": 300, "unmet": ("songs last from 20 seconds to 5 minutes",)}),
    ("90s rock", {"seconds": 120, "timed": False}),
    ("let's meet at 3:30 pm", {"timed": False}),
    ("gospel on John 3:16", {"timed": False}),
    ("a song about waiting five minutes", {"timed": False}),
    ("about three minutes of pop", {"seconds": 180}),
    ("a long ballad", {"seconds": 200}),
    ("a song about a short summer", {"seconds": 120}),
    # Strength
    ("slow build, cinematic, big finish", {"curve": "build", "ending": "big", "idiom": "cinematic"}),
    ("lo-fi with a quiet ending", {"ending": "quiet", "curve": "song"}),
    ("ambient, calm throughout", {"curve": "calm", "mood": {"calm"}}),
    ("rock with an explosive chorus and quiet verses", {"curve": "bursting", "mood": set()}),
    ("high-energy punk", {"curve": "steady"}),
    ("reggae that fades out", {"ending": "quiet", "unmet": ("a soft last chord in place of a fade",)}),
    ("half-time trap", {"feel": "half-time", "idiom": "hiphop"}),
    ("double time bluegrass", {"feel": "double-time", "idiom": "country"}),
    # What it is about is not how it sounds
    ("a song about a house by the sea", {"about": ("house", "sea")}),
    ("a happy song about a sad clown", {"mood": {"happy"}, "minor": False}),
    ("pop about my grandmother's blue bicycle", {"about": ("grandmother blue bicycle",), "idiom": "pop"}),
    ('a ballad called "Waltz in Three Minutes" about snow', {"metre": "4/4", "timed": False, "about": ("snow",)}),
    ("not sad, not slow", {"mood": set()}),
    ("Eine langsame Ballade mit Klavier, ohne Schlagzeug", {"idiom": "ballad", "without": {"drums"}}),
    ("drum and bass", {"idiom": "house", "instruments": ()}),
]


@pytest.mark.parametrize(("prompt", "facts"), ASKED)
def test_it_does_what_the_prompt_says(prompt: str, facts: Facts) -> None:
    for seed in (1, 2, 3):
        brief = read_brief(prompt, seed)
        assert {name: getattr(brief, name) for name in facts} == facts


@pytest.mark.parametrize(("prompt", "facts"), ASKED)
def test_it_holds_in_the_other_take(prompt: str, facts: Facts) -> None:
    one, two = read_brief(prompt, 4, 1), read_brief(prompt, 4, 2)
    for name in facts.keys() - {"singer"}:
        assert getattr(one, name) == getattr(two, name), name


@pytest.mark.parametrize(
    ("prompt", "idiom"),
    [
        ("A cheerful pop song about friendship and adventure.", "pop"),
        ("loud indie rock anthem", "rock"),
        ("a slow piano ballad for a wedding", "ballad"),
        ("deep house for the dancefloor", "house"),
        ("lo-fi beats to study to", "lofi"),
        ("smoky jazz in a bar", "jazz"),
        ("Bossa Nova on the beach", "bossa"),
        ("funky soul with horns", "soul"),
        ("80s synthwave", "synthwave"),
        ("acoustic folk by the campfire", "folk"),
        ("country, trucks and rain", "country"),
        ("epic orchestral trailer", "cinematic"),
        ("dark trap with 808s", "hiphop"),
        ("hip hop about street life", "hiphop"),
        ("sunny reggae", "reggae"),
    ],
)
def test_it_hears_which_idiom_a_prompt_asks_for(prompt: str, idiom: str) -> None:
    assert read_brief(prompt, seed=1).idiom == idiom


@pytest.mark.parametrize("take", [1, 2])
def test_a_named_tempo_key_and_voice_hold_for_both_takes(take: int) -> None:
    brief = read_brief("A ballad in D minor, 92 bpm, sung by an old man", 5, take)
    assert (brief.bpm, brief.key, brief.minor, brief.singer) == (92, 2, True, "deep")


@pytest.mark.parametrize(
    ("prompt", "key", "minor"),
    [
        ("in F# major", 6, False),
        ("key of B flat", 10, None),
        ("rock in Eb minor", 3, True),
        ("in A minor", 9, True),
        ("in C sharp minor please", 1, True),
    ],
)
def test_it_reads_keys_as_people_write_them(prompt: str, key: int, minor: bool | None) -> None:
    brief = read_brief(prompt, 3)
    assert brief.key == key
    assert minor is None or brief.minor is minor


@pytest.mark.parametrize("prompt", ["life in a major city", "in a minor accident", "sing in a boat", "in c"])
def test_words_that_only_look_like_keys_name_none(prompt: str) -> None:
    assert len({read_brief(prompt, seed).key for seed in range(12)}) > 2


@pytest.mark.parametrize(
    ("prompt", "low_voice"),
    [("female voice", False), ("male vocals", True), ("a girl group", False), ("sung by a man", True)],
)
def test_a_named_voice_is_the_one_that_sings(prompt: str, low_voice: bool) -> None:
    assert all((read_brief(prompt, seed, take).low < 50) is low_voice for seed in range(5) for take in (1, 2))


def test_people_in_the_story_are_not_the_singer() -> None:
    assert {read_brief("pop about a girl who left", seed, 1).singer for seed in range(12)} >= {"female", "male"}


@pytest.mark.parametrize("prompt", ["instrumental jazz", "lofi, no vocals", "techno without any vocals", "no singing"])
def test_it_hears_that_nobody_shall_sing(prompt: str) -> None:
    assert read_brief(prompt, 1).instrumental


@pytest.mark.parametrize("prompt", ["a song about no one's voice", "with vocals", "words without end"])
def test_it_does_not_silence_a_singer_by_mistake(prompt: str) -> None:
    assert not read_brief(prompt, 1).instrumental or "no one's voice" in prompt


def test_it_keeps_what_the_song_is_about_and_its_name() -> None:
    brief = read_brief('A short pop song called "Blue Bottle" about neon rain and my dog', 1)
    assert brief.name == "Blue Bottle"
    assert brief.length == "short"
    assert "neon rain" in brief.about
    assert "dog" in brief.about


@pytest.mark.parametrize(
    ("prompt", "instruments", "silent"),
    [
        ("pop with a saxophone solo", ("saxophone",), set()),
        ("acoustic guitar and a flute", ("acoustic guitar", "flute"), set()),
        ("rock, no drums", (), {"drums"}),
        ("folk without bass or drums, with strings", ("strings",), {"bass", "drums"}),
        ("just piano and voice", ("piano",), {"drums", "bass", "guitar", "pad", "strings"}),
        ("solo guitar", ("guitar",), {"drums", "bass", "keys", "pad", "strings"}),
        ("one voice and piano", ("piano",), {"drums", "bass", "guitar", "pad", "strings"}),
        ("loud rock with a guitar solo", ("guitar",), set()),
    ],
)
def test_it_hears_which_instruments_shall_play(prompt: str, instruments: tuple[str, ...], silent: set[str]) -> None:
    brief = read_brief(prompt, 1)
    assert brief.instruments == instruments
    assert brief.without == silent


def test_two_takes_are_two_ideas() -> None:
    for prompt in ("pop song", "house", "lullaby", "a waltz", "in 6/8", "slow ballad"):
        for seed in range(12):
            first, second = read_brief(prompt, seed, 1), read_brief(prompt, seed, 2)
            slow, fast = sorted((first.bpm, second.bpm))
            assert fast / slow >= 1.06
            assert first.key != second.key
            assert first.singer != second.singer
            assert (first.idiom, first.metre, first.minor) == (second.idiom, second.metre, second.minor)


def test_a_song_whose_tempo_is_given_has_two_keys_and_one_whose_voice_is_given_too() -> None:
    for prompt in ("pop, 100 bpm", "pop, 100 bpm, female voice", "rock, 130 bpm, male voice"):
        for seed in range(12):
            first, second = read_brief(prompt, seed, 1), read_brief(prompt, seed, 2)
            assert first.bpm == second.bpm
            assert first.key != second.key


def test_a_span_of_tempos_is_kept_to_by_both_takes() -> None:
    for seed in range(12):
        takes = [read_brief("soul between 80 and 90 bpm", seed, take).bpm for take in (1, 2)]
        assert takes[0] != takes[1]
        assert all(80 <= bpm <= 90 for bpm in takes)


def test_slow_is_slower_and_fast_is_faster() -> None:
    for idiom in IDIOMS:
        for seed in range(3):
            slow, usual, fast = (read_brief(f"{how} {idiom}", seed).bpm for how in ("slow", "", "fast"))
            assert slow < usual < fast


def test_a_ballad_is_slow_in_every_idiom() -> None:
    for idiom in IDIOMS:
        assert read_brief(f"{idiom} ballad", 5).bpm <= 100


def test_lullabies_rock_in_three_or_in_six_and_slowly() -> None:
    briefs = [read_brief("a lullaby for my daughter", seed) for seed in range(20)]
    assert {brief.metre for brief in briefs} == {"3/4", "6/8"}
    assert all(brief.bar >= 1.8 for brief in briefs)
    assert all("lullaby" in brief.mood and brief.curve == "calm" for brief in briefs)


@pytest.mark.parametrize(
    ("prompt", "line"),
    [
        ("92 bpm, D minor, waltz, female voice, folk", "92 bpm, D minor, waltz time, female voice, folk"),
        ("92 bpm rock in F# minor, male voice", "92 bpm, F♯ minor, 4/4, male voice, rock"),
        (
            "60 bpm in C major, solo piano, sad, deep male voice",
            "60 bpm, C major, 4/4, deep male voice, ballad, piano alone, sad",
        ),
        (
            "instrumental folk in G major with flute, 100 bpm, no drums, three minutes",
            "100 bpm, G major, 4/4, instrumental, folk, with flute, no drums, about 3:00",
        ),
        ("5/4 jazz, 120 bpm, in Bb major, male voice", "120 bpm, B♭ major, 4/4, male voice, jazz; 4/4 in place of 5/4"),
    ],
)
def test_it_tells_in_a_line_what_it_understood(prompt: str, line: str) -> None:
    assert in_a_line(understood(read_brief(prompt, 1))) == line


def test_a_line_is_made_of_whatever_facts_there_are() -> None:
    assert in_a_line({}) == ""
    assert in_a_line({"voice": "male", "tempo": None, "colour": "red"}) == "male voice"
    assert in_a_line({"unmet": "no tuba"}) == "no tuba"
    assert in_a_line({"key": "D\n minor", "metre": ["3/4"]}) == "D minor, ['3/4']"


@given(st.text(max_size=400), st.integers(0, 2**63 - 1), st.sampled_from([1, 2]))
def test_any_prompt_makes_a_brief_that_can_be_sung(prompt: str, seed: int, take: int) -> None:
    assert_playable(prompt, seed, take)


WORDS = [prompt for prompt, _ in ASKED] + [
    "no",
    "without",
    "or",
    "and",
    ",",
    "in",
    "just",
    "solo",
    "about",
    "1:30",
    "a",
]


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), st.integers(0, 2**63 - 1), st.sampled_from([1, 2]))
def test_any_mixture_of_wishes_makes_a_brief_that_can_be_played(prompt: str, seed: int, take: int) -> None:
    assert_playable(prompt, seed, take)


def assert_playable(prompt: str, seed: int, take: int) -> None:
    brief = read_brief(prompt, seed, take)
    assert brief == read_brief(prompt, seed, take)
    assert brief.idiom in IDIOMS
    assert 50 <= brief.bpm <= 200
    assert 0 <= brief.tonic < 12
    assert 20 <= brief.seconds <= 300
    assert (brief.low, brief.high) == RANGES[brief.singer]
    assert set(brief.instruments) <= INSTRUMENTS.keys()
    assert not brief.without >= {"keys", "guitar", "pad"}
    assert len(brief.about) <= 12
    told = understood(brief)
    assert {"tempo", "key", "metre", "voice", "style"} <= told.keys()
    assert in_a_line(told).startswith(f"{brief.bpm} bpm, ")


@pytest.mark.parametrize(
    "prompt",
    [
        "\N{GUITAR}" * 10_000,
        "\N{ARABIC LETTER BEH}" * 10_000,
        "x",
        "",
        "\ud800 no \udfff",
        "drum or " * 1250,
        "no guitar, " * 900,
        "about " * 1600,
        "in a " * 2000,
        "1:30 minutes " * 750,
        "90 and 90 and " * 700,
        'called "' * 1200,
        " ".join(f"w{i}" for i in range(2000)),
    ],
    ids=lambda prompt: ascii(prompt[:8]),
)
def test_it_reads_any_prompt_at_once(prompt: str) -> None:
    begin = time.process_time()
    assert_playable(prompt[:10_000], 1, 2)
    assert time.process_time() - begin < 0.2
    best = min(_spent(prompt[:10_000]) for _ in range(3))
    assert best < 0.05


def _spent(prompt: str) -> float:
    begin = time.process_time()
    read_brief(prompt, 1)
    return time.process_time() - begin


def test_a_prompt_without_a_style_still_finds_one_by_chance() -> None:
    assert len({read_brief("你好", seed).idiom for seed in range(60)}) > 5
    sad = [read_brief("a sad one", seed).idiom for seed in range(60)]
    assert sad.count("ballad") > 20
