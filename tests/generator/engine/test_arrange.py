"""The band plays what the score says, within its instruments' reach, more of it in stronger parts."""

from __future__ import annotations

from functools import cache

import pytest

from generator.engine.arrange import arrange
from generator.engine.assets.build import PRESETS
from generator.engine.brief import read_brief
from generator.engine.chance import dice
from generator.engine.compose import compose
from generator.engine.grooves import FILLS, GROOVES
from generator.engine.idiom import Channel
from generator.engine.idioms import IDIOMS
from generator.engine.instruments import INSTRUMENTS, performed
from generator.engine.lyrics import set_words
from generator.engine.score import Chord, Parts, Score
from generator.engine.voicing import fretted, voiced
from generator.engine.waltzes import WALTZES

REACH = {
    Channel.KEYS: (28, 100),
    Channel.BASS: (26, 64),
    Channel.GUITAR_LEFT: (28, 88),
    Channel.GUITAR_RIGHT: (28, 88),
    Channel.PAD: (40, 84),
    Channel.LEAD: (54, 98),
    Channel.OSTINATO: (28, 76),
    Channel.HIGH_STRINGS: (54, 96),
    Channel.DRUMS: (35, 82),
}


PITCHED = {"saw", "warm", "pluck", "sub", "analog"}


@cache
def band(prompt: str, seed: int = 5, take: int = 1) -> tuple[Score, list[Parts]]:
    score = compose(read_brief(prompt, seed, take), set_words(read_brief(prompt, seed), None, seed), seed)
    return score, [arrange(score, index, dice(seed, "test", index)) for index in range(len(score.sections))]


@pytest.mark.parametrize("idiom", sorted(IDIOMS))
@pytest.mark.parametrize("words", ["song", "instrumental", "short song"])
def test_every_note_can_be_played(idiom: str, words: str) -> None:
    for take in (1, 2):
        score, parts = band(f"{idiom} {words}", take=take)
        for section, part in zip(score.sections, parts, strict=True):
            length = section.end - section.start
            for hits in part.stems.values():
                for hit in hits:
                    low, high = REACH[Channel(hit.channel)]
                    assert low <= hit.pitch <= high, (Channel(hit.channel).name, hit.pitch)
                    assert 0 <= hit.at < length + 0.1
                    assert 0 < hit.length < 16
                    assert 1 <= hit.velocity <= 127
            for tone in part.tones:
                assert 0 <= tone.at < length
                assert tone.length > 0


@pytest.mark.parametrize("idiom", sorted(IDIOMS))
def test_choruses_are_fuller_than_verses(idiom: str) -> None:
    score, parts = band(f"{idiom} song")
    played: dict[str, list[float]] = {}
    for section, part in zip(score.sections, parts, strict=True):
        loudness = sum(hit.velocity for hits in part.stems.values() for hit in hits)
        played.setdefault(section.kind, []).append(loudness / section.bars)
    assert max(played["chorus"]) > 1.2 * played["verse"][0]


@pytest.mark.parametrize("idiom", sorted(IDIOMS))
def test_every_section_has_bass_or_chords(idiom: str) -> None:
    for part in band(f"{idiom} song")[1]:
        assert part.stems.keys() & {"bass", "mid", "pad"} or {tone.kind for tone in part.tones} & PITCHED


@pytest.mark.parametrize("idiom", sorted(IDIOMS))
def test_a_song_for_piano_and_voice_is_played_by_a_piano(idiom: str) -> None:
    score, parts = band(f"{idiom} for piano and voice")
    played = {hit.channel for part in parts for hits in part.stems.values() for hit in hits}
    assert played <= {Channel.KEYS, Channel.LEAD}
    assert Channel.KEYS in played
    assert performed(score.brief).sounds.lead == performed(score.brief).sounds.keys == 0
    assert not any(part.tones for part in parts)
    for part in parts:
        assert part.stems["mid"]


def test_a_named_instrument_takes_over_its_part() -> None:
    assert performed(band("jazz with trumpet and organ")[0].brief).programs[Channel.LEAD] == 56
    assert performed(band("jazz with trumpet and organ")[0].brief).programs[Channel.KEYS] == 16
    assert performed(band("house with nylon guitar")[0].brief).playing.guitar == "picked"


def test_every_instrument_is_in_the_bank() -> None:
    programs = {program for idiom in IDIOMS.values() for program in idiom.programs.values()}
    programs |= {program for idiom in IDIOMS.values() for program in (idiom.sounds.other_keys, idiom.sounds.other_lead)}
    programs |= {instrument.program for instrument in INSTRUMENTS.values()}
    assert {(0, program) for program in programs} <= PRESETS
    assert {(128, idiom.kit) for idiom in IDIOMS.values()} <= PRESETS


def test_the_same_chance_plays_the_same_notes() -> None:
    score, parts = band("pop song")
    assert arrange(score, 3, dice(5, "test", 3)) == parts[3]


def test_idioms_have_two_grooves_of_their_own() -> None:
    named = [groove for idiom in IDIOMS.values() for groove in idiom.grooves]
    assert set(named) == set(GROOVES)
    assert len(named) == len(set(named))


def test_every_groove_fills_its_bars() -> None:
    fours = [(style, 16) for style in GROOVES.values()]
    triples = [(style, 12) for family in WALTZES.values() for pair in family.values() for style in pair]
    for style, steps in fours + triples:
        assert style.fills in FILLS
        percussion = [lane for extra in (style.calm.extra, style.strong.extra, style.last) for _, lane in extra]
        lanes = [lane for groove in (style.calm, style.strong) for lane in groove[:3]] + percussion
        assert all(len(lane) in (steps, 2 * steps) and set(lane) <= set("xgsrot.") for lane in lanes)


def test_the_song_ends_with_one_blow_that_rings() -> None:
    score, parts = band("pop song")
    last = score.sections[-1]
    begin = (last.bars - 1) * 4 * score.brief.beat
    kicks = [hit for hit in parts[-1].stems["drums"] if hit.at > begin + score.brief.beat]
    assert not kicks


def test_jazz_swings_and_rock_does_not() -> None:
    assert IDIOMS["jazz"].late(2) > 0.5
    assert IDIOMS["jazz"].late(4) == 0
    assert IDIOMS["rock"].late(2) == 0


def test_voicings_stay_near_and_grips_carry_the_bass() -> None:
    c, f = Chord((0, 4, 7), 0), Chord((5, 9, 0), 9)
    first, second = voiced(c, 61), voiced(f, 61)
    assert {pitch % 12 for pitch in first} == {0, 4, 7}
    assert max(abs(a - b) for a, b in zip(first, second, strict=True)) <= 5
    assert fretted(f)[0] % 12 == 9
    assert {pitch % 12 for pitch in fretted(f)} == {5, 9, 0}
