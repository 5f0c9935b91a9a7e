"""What a prompt says is done; what it leaves open differs between the takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engine.brief import RANGES, read_brief
from generator.engine.idioms import IDIOMS


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
    for seed in range(20):
        first, second = read_brief("pop song", seed, 1), read_brief("pop song", seed, 2)
        assert first.bpm != second.bpm
        assert first.singer != second.singer


@given(st.text(max_size=400), st.integers(0, 2**63 - 1), st.sampled_from([1, 2]))
def test_any_prompt_makes_a_brief_that_can_be_sung(prompt: str, seed: int, take: int) -> None:
    brief = read_brief(prompt, seed, take)
    assert brief == read_brief(prompt, seed, take)
    assert brief.idiom in IDIOMS
    assert 50 <= brief.bpm <= 200
    assert 0 <= brief.tonic < 12
    assert (brief.low, brief.high) == RANGES[brief.singer]


def test_a_prompt_without_a_style_still_finds_one_by_chance() -> None:
    assert len({read_brief("你好", seed).idiom for seed in range(60)}) > 5
    sad = [read_brief("a sad one", seed).idiom for seed in range(60)]
    assert sad.count("ballad") > 20
