"""Songs last as long as they shall, keep every given word, and rise to their last chorus."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.engine.brief import read_brief
from generator.engine.form import WRITTEN, lay_out, to_write
from generator.engine.idioms import IDIOMS
from generator.engine.lyrics import set_words
from generator.engine.score import Brief, LyricSection, Section, Words
from generator.protocol.errors import Rejected

HOOK = "Through every road we roam, together we are home"
SHEET = """[Verse]
The kettle sings, the window is bright
A letter lies where the morning came in
I read it again by the grey of the light
And fold it as small as a pin

[Chorus]
Carry me over, carry me on
Carry me over the river

[Verse]
The bus goes by with its lamps still lit
The baker is up and the street smells of bread
I hum a tune and I think that I fit
Into the things that you said

[Chorus]
Carry me over, carry me on
Carry me over the river
"""


def laid_out(prompt: str, lyrics: str | None = None, seed: int = 3, take: int = 1) -> tuple[Brief, list[Section]]:
    brief = read_brief(prompt, seed, take)
    words = set_words(read_brief(prompt, seed), lyrics, seed)
    return brief, [section for section, _ in lay_out(brief, words, seed)]


def takes(prompt: str, lyrics: str | None = None, seed: int = 3) -> list[tuple[Brief, list[Section]]]:
    return [laid_out(prompt, lyrics, seed, take) for take in (1, 2)]


def kinds(sections: list[Section]) -> list[str]:
    return [section.kind for section in sections]


@pytest.mark.parametrize("idiom", sorted(IDIOMS))
@pytest.mark.parametrize("how", ["", "90 seconds, ", "three minutes, ", "five minutes, ", "waltz, ", "6/8, "])
def test_a_song_lasts_what_it_shall(idiom: str, how: str) -> None:
    for lyrics in (None, HOOK):
        for brief, sections in takes(f"{how}{idiom}", lyrics):
            assert sections[-1].end == pytest.approx(brief.seconds, rel=0.12)


@pytest.mark.parametrize("idiom", sorted(IDIOMS))
def test_short_songs_are_short(idiom: str) -> None:
    for how in ("short", "45 second", "one-minute"):
        for brief, sections in takes(f"{how} {idiom} song", HOOK):
            assert sections[-1].end == pytest.approx(brief.seconds, rel=0.25)


@pytest.mark.parametrize("idiom", sorted(IDIOMS))
def test_songs_without_words_last_what_they_shall(idiom: str) -> None:
    for how in ("", "30 seconds", "three minutes"):
        for brief, sections in takes(f"instrumental {idiom}, {how}"):
            assert sections[-1].end == pytest.approx(brief.seconds, rel=0.12)
            assert all(section.riff for section in sections)


@pytest.mark.parametrize("how", ["", "20 seconds", "short", "90 seconds", "three minutes", "five minutes"])
def test_given_words_are_sung_whole_and_in_order(how: str) -> None:
    given_lines = [line for line in SHEET.splitlines() if line and not line.startswith("[")]
    for _, sections in takes(f"folk, {how}", SHEET):
        sung = [line for section in sections for line in section.lines]
        assert sung[: len(given_lines)] == given_lines
        assert set(sung) == set(given_lines)


def test_a_sheet_that_says_where_to_play_is_left_as_it_is() -> None:
    sheet = SHEET.replace("[Verse]\nThe bus", "[Solo]\n\n[Verse]\nThe bus")
    for _, sections in takes("folk", sheet):
        assert kinds(sections)[1:-1] == ["verse", "chorus", "instrumental", "verse", "chorus"]


def test_words_are_sung_again_only_where_a_length_was_asked_for() -> None:
    for _, sections in takes("folk", SHEET):
        assert kinds(sections).count("chorus") <= 3
    for brief, sections in takes("folk, five minutes", SHEET):
        assert kinds(sections).count("chorus") > 3
        assert sections[-1].end == pytest.approx(brief.seconds, rel=0.12)


@pytest.mark.parametrize("idiom", sorted(IDIOMS.keys() - {"ambient"}))
def test_energy_rises_to_the_last_chorus(idiom: str) -> None:
    for _, sections in takes(f"a {idiom} song"):
        of_kind = {kind: [s.energy for s in sections if s.kind == kind] for kind in kinds(sections)}
        assert of_kind["verse"] == sorted(of_kind["verse"])
        assert of_kind["verse"][0] < 2
        assert max(of_kind["verse"]) + 1 < min(of_kind["chorus"])
        assert of_kind["chorus"] == sorted(of_kind["chorus"])
        assert of_kind["chorus"][-1] == 5 == max(s.energy for s in sections)
        for before, after in itertools.pairwise(sections):
            if before.kind == "prechorus":
                assert before.energy < after.energy
        assert all(1 <= section.energy <= 5 for section in sections)


def test_a_quiet_part_comes_before_the_last_chorus_where_there_is_time() -> None:
    found = [sections for seed in range(6) for _, sections in takes("pop, three minutes", HOOK, seed)]
    quiet = [
        sections[max(i for i, s in enumerate(sections) if s.kind == "chorus") - 1].energy < 3 for sections in found
    ]
    assert sum(quiet) > len(quiet) / 2


def energies(prompt: str, take: int = 1) -> dict[str, float]:
    """The first energy of each kind, and "last" for the last chorus."""
    _, sections = laid_out(prompt, HOOK, take=take)
    first = {section.kind: section.energy for section in reversed(sections)}
    last = [s.energy for s in sections if s.kind == "chorus"][-1]
    return {**{str(kind): energy for kind, energy in first.items()}, "last": last}


@pytest.mark.parametrize("take", [1, 2])
def test_the_strength_goes_as_the_prompt_says(take: int) -> None:
    usual = energies("pop", take)
    build, calm = energies("pop with a slow build", take), energies("pop, calm throughout", take)
    bursting, steady = energies("pop with an explosive chorus", take), energies("high-energy pop", take)
    assert build["verse"] < usual["verse"]
    assert build["chorus"] < usual["chorus"] - 0.5
    assert build["last"] == 5
    assert max(calm.values()) < 3.4
    assert calm["verse"] < calm["chorus"]
    assert bursting["chorus"] - bursting["verse"] > usual["chorus"] - usual["verse"]
    assert steady["verse"] >= 3 > usual["verse"]


@pytest.mark.parametrize("take", [1, 2])
def test_songs_end_as_the_prompt_says(take: int) -> None:
    usual, quiet, big = (energies(f"pop{how}", take)["outro"] for how in ("", ", quiet ending", ", big finish"))
    assert quiet < usual < 2
    assert big >= 4


@pytest.mark.parametrize("idiom", sorted(IDIOMS))
@pytest.mark.parametrize("metre", ["4/4", "3/4", "6/8"])
def test_songs_come_home(idiom: str, metre: str) -> None:
    for brief, sections in takes(f"{idiom} in {metre}"):
        home = (brief.key + sections[-1].lift) % 12
        assert sections[-1].chords[-1].pitches[0] == sections[-1].chords[-1].bass == home
        assert all(len(section.chords) == 2 * section.bars for section in sections)


def test_the_last_chorus_is_lifted_where_the_idiom_lifts_and_nothing_is_calm() -> None:
    for _, sections in takes("pop, three minutes"):
        assert [s.lift for s in sections if s.kind == "chorus"][-1] == IDIOMS["pop"].lift > 0
        assert sections[0].lift == 0
    assert not any(section.lift for _, sections in takes("calm pop, three minutes") for section in sections)


def test_the_takes_have_two_forms_or_two_beginnings() -> None:
    same = 0
    for seed in range(12):
        (_, one), (_, two) = takes("pop", HOOK, seed)
        same += [(s.kind, s.energy) for s in one] == [(s.kind, s.energy) for s in two]
    assert same <= 1


def test_the_takes_have_two_harmonies() -> None:
    for idiom in IDIOMS:
        (one, a), (two, b) = takes(f"{idiom} in C major", HOOK)
        chorus = [next(s for s in sections if s.kind == "chorus").chords for sections in (a, b)]
        assert one.tonic == two.tonic
        assert chorus[0] != chorus[1]


def test_some_songs_begin_with_their_chorus_but_never_a_sheet_of_the_persons_own() -> None:
    found = [kinds(sections) for seed in range(12) for _, sections in takes("pop", HOOK, seed)]
    assert any(found_[1] == "chorus" for found_ in found)
    own = [kinds(sections) for seed in range(12) for _, sections in takes("pop", SHEET, seed)]
    assert all(own_[1] == "verse" for own_ in own)


def test_there_is_more_to_write_the_longer_a_song_is() -> None:
    counts = [len(to_write(read_brief(f"pop, {seconds} seconds", 1), 8)) for seconds in range(40, 300, 20)]
    assert counts == sorted(counts)
    assert counts[0] <= 2
    assert counts[-1] >= 10
    assert all(set(form) <= set("VvPBC") for form in WRITTEN)


@settings(max_examples=80, deadline=None)
@given(
    prompt=st.sampled_from(
        ["pop", "slow waltz", "jig", "20 seconds", "five minutes", "solo piano", "60 bpm", "200 bpm"]
    ),
    lyrics=st.lists(
        st.sampled_from(["[Chorus]", "[Verse]", "[Intro]", "[Outro]", "[Solo]", "", "Home again", "oh", HOOK]),
        max_size=24,
    ),
    seed=st.integers(0, 2**40),
    take=st.sampled_from([1, 2]),
)
def test_any_sheet_has_a_form_that_keeps_its_lines(prompt: str, lyrics: list[str], seed: int, take: int) -> None:
    try:
        words = set_words(read_brief(prompt, seed), "\n".join(lyrics), seed)
    except Rejected:
        return
    assert_whole(words, lay_out(read_brief(prompt, seed, take), words, seed))


def assert_whole(words: Words, laid: list[tuple[Section, LyricSection | None]]) -> None:
    """Sections lie end to end, and what the person wrote is there in its order."""
    assert laid[0][0].start == 0
    for (before, _), (after, _) in itertools.pairwise(laid):
        assert after.start == pytest.approx(before.end)
    assert all(section.bars > 0 for section, _ in laid)
    sung = iter(lyric for _, lyric in laid if lyric)
    for own in (section for section in words.sections if section.phrases and not section.generated):
        assert own in sung
