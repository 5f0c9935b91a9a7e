"""Any text at all, as prompt or as words, gives a composed song or a clear refusal, and soon."""

from __future__ import annotations

import io
import time

import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.engine import song
from generator.engine.compose import compose
from generator.engine.dsp import RATE
from generator.engine.score import Score
from generator.protocol.errors import Rejected

PROMPT = "a pop song"
LINE = "Through every road we roam, together we are home"
SECONDS = 4.0
"""CPU time for plan and both scores of 10,000 characters; ordinary songs take a tenth of a second."""
LONGEST = 10_000

ODD = [
    "🎵", "👩\u200d👩\u200d👧", "שלום עולם", "مرحبا", "我们回家", "e\u0301e\u0301", "\u202e", "\x00", "\ud800",
    "[Verse]",
    "[Chorus x2]", "[", "]]", "((", "{rain}", "%s", "<b>", "\\", "a" * 60, "9" * 30, "92 bpm", "0 bpm", "in H# minor",
    "-", "'", "x9", "(x8)", "1:30", "9999 seconds", "no vocals", "no drums no bass no keys", "waltz", "6/8", LINE,
]  # fmt: skip
PLAIN = [
    "hello",
    "[Verse 1]",
    "[Bridge]",
    "Chorus:",
    "(ooh)",
    "it's 7:45 & $3.50",
    "na-na-na",
    "é",
    "…",
    LINE,
    "x2",
    "\t",
]
PIECES = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(categories=("Cs", "Cc", "Cf", "Co", "Mn", "So", "Lo", "Nd")), max_size=12),
    st.sampled_from(ODD),
)
SINGABLE = st.one_of(st.text("abcdefghij klmnop qrst uvwxyz'.,!?-0123456789", max_size=60), st.sampled_from(PLAIN))
TEXTS = st.one_of(st.lists(PIECES, max_size=12), st.lists(SINGABLE, max_size=12)).flatmap(
    lambda pieces: st.sampled_from(["\n", " ", "", "\r\n", "\u2028", "\n\n"]).map(lambda glue: glue.join(pieces))
)


def composed(prompt: str, lyrics: str | None) -> list[Score]:
    """Both takes' scores, made within the limit."""
    begin = time.thread_time()
    plan = song.plan(prompt, lyrics, 7)
    scores = [compose(brief, plan.words, plan.seed) for brief in plan.briefs]
    assert time.thread_time() - begin < SECONDS
    return scores


def is_playable(score: Score) -> bool:
    """Whether it has a name, a time for everything, and no note that cannot be sung or played."""
    borders = [(section.start, section.end) for section in score.sections]
    sung = [(phrase, note) for section in score.sections for phrase in section.sung for note in phrase.notes]
    return (
        bool(score.title.strip())
        and borders[0][0] == 0
        and all(a < b for a, b in borders)
        and 5 < score.duration < 3600
        and all(note.on < note.off and 30 <= note.pitch <= 90 for _, note in sung)
        and all(phrase.start + note.off <= score.duration for phrase, note in sung)
    )


def is_clear(refused: Rejected) -> bool:
    """Whether a refusal says in whole sentences what is wrong, without a traceback's words or broken characters."""
    sentence = refused.sentence
    return (
        refused.field == "lyrics"
        and refused.code == "rejected_words"
        and 20 < len(sentence) < 400
        and sentence[-1] in ".!?"
        and not any(0xD800 <= ord(character) < 0xE000 or character < " " for character in sentence)
    )


def song_or_refusal(prompt: str, lyrics: str | None) -> None:
    refused, scores = None, list[Score]()
    try:
        scores = composed(prompt, lyrics)
    except Rejected as error:
        refused = error
    assert is_clear(refused) if refused else all(map(is_playable, scores))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_any_prompt_gives_a_song(prompt: str) -> None:
    assert all(map(is_playable, composed(prompt, None)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_any_words_give_a_song_or_a_clear_refusal(lyrics: str) -> None:
    song_or_refusal(PROMPT, lyrics)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, TEXTS)
def test_any_prompt_with_any_words_gives_a_song_or_a_clear_refusal(prompt: str, lyrics: str) -> None:
    song_or_refusal(prompt, lyrics)


@pytest.mark.parametrize(
    "text",
    [
        "x", "🎵", "\u200f", "\ud800", "\x00", "A" * LONGEST, "la " * (LONGEST // 3), "🎵" * LONGEST, "[" * LONGEST,
        "\n" * LONGEST, "[Verse]\n" * (LONGEST // 8), "a-" * (LONGEST // 2), "שלום " * (LONGEST // 5),
        "9" * LONGEST, f"{LINE}\n" * (LONGEST // len(LINE)), "no no " * (LONGEST // 6), "(x8)\n" * (LONGEST // 5),
    ],
    ids=lambda text: f"{text[:8]!r}-{len(text)}".encode("ascii", "backslashreplace").decode(),
)  # fmt: skip
def test_extremes_are_met_in_good_time(text: str) -> None:
    assert all(map(is_playable, composed(text, None)))
    song_or_refusal(PROMPT, text)


@pytest.mark.parametrize("text", ["我们一起回家", "שלום עולם לכולם", "\ud800\ud800", "🎵🎶🎵", "A" * 100])
def test_what_no_singer_can_sing_is_refused(text: str) -> None:
    with pytest.raises(Rejected) as refused:
        composed(PROMPT, text)
    assert is_clear(refused.value)


def test_every_word_of_ten_thousand_characters_is_set_to_notes() -> None:
    text = "\n".join(f"{LINE} number {n}" for n in range(LONGEST // 60))
    plan = song.plan(PROMPT, text, 7)
    sung = " ".join(word for section in plan.words.sections for phrase in section.phrases for word in phrase.words)
    assert text.replace("\n", " ").split() == sung.split()[: len(text.split())]


def test_a_song_of_odd_words_is_heard() -> None:
    plan = song.plan("🎸 short \ud800 شعر", "Zxqv 24/7 & ñandú 🎵\n[Verse]\nx", 7)
    frames = bytearray()
    take = song.render(plan, 1, song.cover(plan), frames.extend, lambda _: None)
    sound, rate = soundfile.read(io.BytesIO(bytes(frames)))
    assert rate == RATE
    assert abs(len(sound) / rate - take.duration_ms / 1000) < 0.01
    assert 0.02 < abs(sound).max() <= 1
