"""What every player promises in every idiom and metre: they enter by plan, keep to their bar, and the takes differ."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from typing import get_args

import pytest

from generator.engine.arrange import arrange
from generator.engine.brief import read_brief
from generator.engine.chance import dice
from generator.engine.compose import compose
from generator.engine.drummer import style_of
from generator.engine.idiom import Channel
from generator.engine.idioms import IDIOMS
from generator.engine.instruments import performed
from generator.engine.lyrics import set_words
from generator.engine.page import PLAYERS, Page
from generator.engine.plan import Level, Scene, halves
from generator.engine.score import Brief, Metre, Parts, Player, Score
from generator.engine.strokes import run, strokes

METRES: tuple[Metre, ...] = get_args(Metre)
DRAWN: dict[str, Player] = {
    "saw": "pad", "warm": "pad", "pluck": "keys", "sub": "bass", "analog": "bass", "kick": "drums", "clap": "drums",
    "snare": "drums",
}  # fmt: skip
"""Whose notes the calculated sounds are."""


DENSITY: dict[str, tuple[float, float]] = {
    "ambient": (0.4, 2.5),
    "ballad": (2.0, 4.4),
    "jazz": (2.4, 5.6),
    "folk": (3.0, 5.4),
    "reggae": (3.0, 5.0),
    "lofi": (3.2, 5.2),
    "cinematic": (3.5, 5.8),
    "pop": (4.0, 6.4),
    "soul": (4.2, 6.8),
    "rock": (4.4, 7.2),
    "hiphop": (4.0, 7.2),
    "country": (4.6, 8.0),
    "synthwave": (5.6, 8.4),
    "funk": (6.0, 8.4),
    "bossa": (5.2, 9.4),
    "house": (7.0, 9.6),
}
"""The plan: at how many sixteenths a second somebody strikes in each idiom's first chorus, least and most."""


def brief(prompt: str, metre: Metre, take: int = 1, seed: int = 5) -> Brief:
    return replace(read_brief(prompt, seed, take), metre=metre)


@cache
def song(prompt: str, metre: Metre = "4/4", take: int = 1, seed: int = 5) -> tuple[Score, tuple[Parts, ...]]:
    one = brief(prompt, metre, take, seed)
    score = compose(one, set_words(brief(prompt, metre, 1, seed), None, seed), seed)
    return score, tuple(arrange(score, k, dice(seed, "test", k)) for k in range(len(score.sections)))


def onsets(parts: Parts, *but: Player) -> list[tuple[float, Player]]:
    """When notes begin, and whose they are; a chord's notes count each."""
    played = [(hit.at, PLAYERS[Channel(hit.channel)]) for hits in parts.stems.values() for hit in hits]
    drawn = [(tone.at, DRAWN[tone.kind]) for tone in parts.tones if tone.kind in DRAWN]
    return [(at, player) for at, player in played + drawn if player not in but]


def per_bar(score: Score, index: int, parts: tuple[Parts, ...]) -> float:
    return len(onsets(parts[index], "lead")) / score.sections[index].bars


@pytest.mark.parametrize("metre", METRES)
@pytest.mark.parametrize("idiom", sorted(IDIOMS))
def test_it_keeps_within_its_section_in_every_metre(idiom: str, metre: Metre) -> None:
    for take in (1, 2):
        score, parts = song(f"{idiom} song", metre, take)
        for section, part in zip(score.sections, parts, strict=True):
            length = section.end - section.start
            for hit in (hit for hits in part.stems.values() for hit in hits):
                assert 0 <= hit.pitch <= 127
                assert 1 <= hit.velocity <= 127
                assert 0 <= hit.at < length + 0.1
            assert all(0 <= tone.at < length and tone.gain > 0 for tone in part.tones)


@pytest.mark.parametrize("metre", METRES)
@pytest.mark.parametrize("idiom", sorted(IDIOMS))
def test_the_first_verse_is_thinner_than_the_chorus(idiom: str, metre: Metre) -> None:
    for take in (1, 2):
        score, parts = song(f"{idiom} song", metre, take)
        kinds = [section.kind for section in score.sections]
        verse = per_bar(score, kinds.index("verse"), parts)
        choruses = [per_bar(score, k, parts) for k, kind in enumerate(kinds) if kind == "chorus"]
        assert verse <= 0.75 * choruses[0]
        assert choruses[-1] >= choruses[0] * 0.9


@pytest.mark.parametrize("idiom", sorted(IDIOMS))
def test_idioms_are_as_busy_as_planned(idiom: str) -> None:
    least, most = DENSITY[idiom]
    for take in (1, 2):
        score, parts = song(f"{idiom} song", "4/4", take)
        index = next(k for k, section in enumerate(score.sections) if section.kind == "chorus")
        section, step = score.sections[index], score.brief.eighth / 2
        struck = {round((at - 0.012) / step) for at, _ in onsets(parts[index], "lead")}
        assert least <= len(struck) / (section.end - section.start) <= most


@pytest.mark.parametrize("idiom", sorted(IDIOMS))
def test_few_begin_the_first_verse(idiom: str) -> None:
    score, parts = song(f"{idiom} song")
    index = next(k for k, section in enumerate(score.sections) if section.kind == "verse")
    section = score.sections[index]
    half = (section.end - section.start) / 2 - 0.1
    players = {player for at, player in onsets(parts[index]) if at < half}
    assert 1 <= len(players) <= 3


@pytest.mark.parametrize("player", ["drums", "bass", "keys", "guitar", "pad", "strings"])
def test_who_is_left_out_is_silent(player: Player) -> None:
    for idiom in sorted(IDIOMS):
        one = replace(read_brief(f"{idiom} song", 5), without=frozenset({player}))
        score = compose(one, set_words(one, None, 5), 5)
        for k in range(len(score.sections)):
            assert player not in {who for _, who in onsets(arrange(score, k, dice(5, "test", k)))}


@pytest.mark.parametrize("metre", METRES)
@pytest.mark.parametrize("prompt", ["solo piano", "just guitar and voice", "just strings and voice"])
def test_a_band_of_one_plays_all_the_time(prompt: str, metre: Metre) -> None:
    for idiom in sorted(IDIOMS):
        score, parts = song(f"{idiom}, {prompt}", metre)
        for section, part in zip(score.sections, parts, strict=True):
            times = sorted(at for at, player in onsets(part) if player != "lead")
            gaps = [b - a for a, b in zip([0.0, *times], [*times, section.end - section.start], strict=True)]
            assert max(gaps) <= 2 * score.brief.bar + 0.1, (idiom, section.kind)
            assert {player for _, player in onsets(part)} <= {"keys", "guitar", "strings", "pad", "lead"}


@pytest.mark.parametrize("metre", METRES)
def test_a_lone_piano_has_two_hands_and_an_inner_voice(metre: Metre) -> None:
    score, parts = song("pop, solo piano, sad", metre)
    index = next(k for k, section in enumerate(score.sections) if section.kind == "chorus")
    hits = [hit for hit in parts[index].stems["mid"] if hit.channel == Channel.KEYS]
    low = [hit for hit in hits if hit.pitch < 52]
    assert len(low) >= 2 * score.sections[index].bars
    assert len(hits) - len(low) >= 4 * score.sections[index].bars


@pytest.mark.parametrize("metre", METRES)
@pytest.mark.parametrize("idiom", sorted(IDIOMS))
def test_two_takes_have_two_grooves(idiom: str, metre: Metre) -> None:
    styles = []
    for take in (1, 2):
        score, _ = song(f"{idiom} song", metre, take)
        styles.append(style_of(Page(score, 0, dice(5))))
    assert styles[0] != styles[1]
    sounds = [performed(brief(f"{idiom} song", metre, take)).sounds for take in (1, 2)]
    assert sounds[0] != sounds[1]


@pytest.mark.parametrize("idiom", sorted(IDIOMS))
def test_a_waltz_has_its_accent_on_one(idiom: str) -> None:
    weights: Counter[int] = Counter()
    for take in (1, 2):
        score, parts = song(f"{idiom} song", "3/4", take)
        for part in parts:
            for stem in ("drums", "bass"):
                for hit in part.stems.get(stem, []):
                    beat = hit.at % score.brief.bar / score.brief.beat
                    weights[round(beat) % 3] += hit.velocity * (abs(beat - round(beat)) < 0.12)
            for tone in part.tones:
                if DRAWN.get(tone.kind) in ("drums", "bass"):
                    beat = tone.at % score.brief.bar / score.brief.beat
                    weights[round(beat) % 3] += round(100 * tone.gain) * (abs(beat - round(beat)) < 0.12)
    assert weights[0] > 1.15 * max(weights[1], weights[2])


def test_jazz_swings_less_the_faster_it_goes() -> None:
    ratios = []
    for bpm in (100, 140, 200):
        one = replace(read_brief("jazz song", 5), bpm=bpm)
        late = performed(one).late(2)
        ratios.append((2 + late) / (2 - late))
    assert ratios[0] > ratios[1] > ratios[2] > 1.1
    assert 1.6 < ratios[0] < 2.4
    assert performed(replace(one, metre="6/8")).late(2) == 0


@pytest.mark.parametrize(("idiom", "least", "most"), [("lofi", 8, 28), ("hiphop", 8, 28), ("funk", -12, 0)])
def test_the_band_lies_back_or_pushes(idiom: str, least: float, most: float) -> None:
    score, parts = song(f"{idiom} song")
    late = []
    for part in parts:
        firsts: dict[int, float] = {}
        for hit in part.stems.get("mid", []):
            beat = round(hit.at / score.brief.beat)
            if abs(hit.at - beat * score.brief.beat) < 0.05:
                firsts[beat] = min(firsts.get(beat, hit.at), hit.at)
        late += [1000 * (at - beat * score.brief.beat) for beat, at in firsts.items() if beat]
    assert least <= sorted(late)[len(late) // 2] <= most


def test_a_machine_is_tighter_than_a_band_of_friends() -> None:
    assert IDIOMS["house"].timing.loose < 0.3 < IDIOMS["folk"].timing.loose


def test_a_lone_guitar_sits_in_the_middle_and_two_on_the_sides() -> None:
    score, parts = song("just guitar and voice, folk")
    hits = [hit for part in parts for hit in part.stems["mid"]]
    left = sum(hit.channel == Channel.GUITAR_LEFT for hit in hits)
    assert 0.3 < left / len(hits) < 0.7
    for part in parts:
        played = part.stems["mid"]
        assert len({(round(hit.at, 1), hit.pitch) for hit in played}) > 0.9 * len(played)
    score, parts = song("rock song")
    index = next(k for k, section in enumerate(score.sections) if section.kind == "chorus")
    sides = Counter(hit.channel for hit in parts[index].stems["mid"])
    assert sides[Channel.GUITAR_LEFT] == sides[Channel.GUITAR_RIGHT] > 0


def test_a_lullaby_is_rocked_and_hardly_beaten() -> None:
    one = replace(read_brief("pop song", 5), mood=frozenset(("lullaby",)), metre="6/8")
    idiom = performed(one)
    assert idiom.family == "soft"
    assert idiom.entry[-1] == "drums"


def test_a_horn_section_answers_in_funk() -> None:
    score, parts = song("funk song")
    index = next(k for k, section in enumerate(score.sections) if section.kind == "chorus")
    chords = Counter(round(hit.at, 1) for hit in parts[index].stems["lead"] if hit.length < 0.4)
    assert sum(count >= 3 for count in chords.values()) >= 2


def test_half_time_has_its_backbeat_on_three() -> None:
    one = replace(read_brief("rock song", 5), feel="half-time")
    score = compose(one, set_words(one, None, 5), 5)
    index = next(k for k, section in enumerate(score.sections) if section.kind == "chorus")
    part = arrange(score, index, dice(5, "test"))
    snares = [h.at % one.bar / one.beat for h in part.stems["drums"] if h.pitch == 38 and h.velocity > 90]
    on_three = sum(abs(at - 2) < 0.1 for at in snares)
    assert on_three > 0.6 * len(snares)


@pytest.mark.parametrize("metre", METRES)
def test_the_same_chance_plays_the_same(metre: Metre) -> None:
    score, parts = song("soul song", metre)
    assert arrange(score, 2, dice(5, "test", 2)) == parts[2]


def test_players_enter_in_order_and_nobody_leaves_as_it_grows() -> None:
    entry: tuple[Player, ...] = ("guitar", "bass", "drums", "keys", "strings")
    before = 0
    for energy in (1.2, 1.6, 2.0, 2.5, 3.0, 4.0, 5.0):
        _, late = halves(entry, Scene("interlude", energy))
        assert tuple(late) == entry[: len(late)]
        assert len(late) >= before
        before = len(late)
    assert before == len(entry)
    assert set(late.values()) == {Level.EXTRA}


def test_a_breakdown_has_no_drums_and_a_bridge_another_texture() -> None:
    entry: tuple[Player, ...] = ("keys", "bass", "drums", "guitar", "pad")
    for half in halves(entry, Scene("breakdown", 1.5)):
        assert not {"drums", "bass"} & half.keys()
    first, _ = halves(entry, Scene("bridge", 2.5))
    verse, _ = halves(entry, Scene("verse", 2.5))
    assert "drums" not in first
    assert first.keys() != verse.keys()


def test_figures_are_read_as_they_are_written() -> None:
    (bar,) = strokes("0r6! 6f2' 14l2")
    assert [(s.step, s.what, s.length) for s in bar] == [(0, "r", 6), (6, "f", 2), (14, "l", 2)]
    assert bar[0].weight > bar[2].weight > bar[1].weight
    assert len(strokes(run("ro", 16, 2, 1.8))[0]) == 8
    with pytest.raises(ValueError, match="not a stroke"):
        strokes("r6")
