"""Given words are sung whole and in order, ours are written around them, and what cannot be sung is refused kindly."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.engine.brief import read_brief
from generator.engine.lyrics import set_words
from generator.engine.phrasing import LINE_LIMITS
from generator.engine.score import Words
from generator.engine.sheet import sung_tokens
from generator.engine.singable import check_lyrics
from generator.protocol.errors import Rejected

POP = "A cheerful pop song about friendship and adventure."
SEED_LINE = "Through every road we roam, together we are home"


def words_of(lyrics: str | None, prompt: str = POP, seed: int = 7) -> Words:
    return set_words(read_brief(prompt, seed), lyrics, seed)


def kinds(words: Words) -> list[str]:
    return [section.kind for section in words.sections]


def given_lines(words: Words) -> list[str]:
    return [line for section in words.sections if not section.generated for line in section.lines]


def test_a_single_line_becomes_the_hook_and_the_rest_is_written_around_it() -> None:
    words = words_of(SEED_LINE)
    assert words.title == "Together We Are Home"
    choruses = [section for section in words.sections if section.kind == "chorus"]
    assert len(choruses) >= 2
    assert all(set(section.lines) == {SEED_LINE} and not section.generated for section in choruses)
    verses = [section for section in words.sections if section.kind == "verse"]
    assert len(verses) >= 2
    assert all(section.generated for section in verses)


def test_tags_set_the_form_and_are_never_sung() -> None:
    words = words_of(
        "[Intro]\n[Verse 1]\nI walk along the river\n[Pre-Chorus]\nAnd then I hear\n[Chorus]\nBring me home\n"
        "[Guitar solo]\n[Bridge]\nOne more night\n[Chorus]\n[Outro]\nHome"
    )
    assert kinds(words) == [
        "intro", "verse", "prechorus", "chorus", "instrumental", "bridge", "chorus", "outro",
    ]  # fmt: skip
    assert not any("[" in line for section in words.sections for line in section.lines)
    assert words.sections[6].lines == ("Bring me home",)
    assert words.sections[4].phrases == ()


@pytest.mark.parametrize(
    "tag", ["Chorus:", "[CHORUS]", "(Chorus)", "**[Chorus]**", "Chorus 2", "[Chorus: all together]"]
)
def test_tags_may_be_written_in_many_ways(tag: str) -> None:
    words = words_of(f"[Verse]\nOne line\nAnother line\n[Verse]\nThird line\n\n{tag}\nSing this\n[Verse]\nLast line")
    assert "chorus" in kinds(words)


def test_a_part_may_be_asked_for_twice() -> None:
    assert kinds(words_of("[Verse]\nla la la\n[Chorus x2]\nhey now\n[Verse]\nmore\n[Chorus]"))[:3] == [
        "verse", "chorus", "chorus",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("[Verse 1]", "verse"),
        ("[Verse: whispered, soft piano]", "verse"),
        ("[Pre-Chorus]", "prechorus"),
        ("[Chorus]", "chorus"),
        ("[Hook]", "chorus"),
        ("[Refrain]", "chorus"),
        ("[Final Chorus | anthemic]", "chorus"),
        ("[Post-Chorus]", "interlude"),
        ("[Bridge]", "bridge"),
        ("[Drop]", "drop"),
        ("[Break]", "interlude"),
        ("[Breakdown]", "breakdown"),
        ("[Intro]", "intro"),
        ("[Outro]", "outro"),
        ("Verse 2:", "verse"),
    ],
)
def test_every_usual_tag_is_known(tag: str, kind: str) -> None:
    words = words_of(f"{tag}\nSing this line\nAnd then this one\nAnd one more line\nAnd the last one\nNow truly so")
    assert kinds(words)[0] == kind
    assert words.sections[0].lines[0] == "Sing this line"


@pytest.mark.parametrize("tag", ["[Instrumental]", "[Guitar Solo]", "[Instrumental break]", "[Drop]", "[Break]"])
def test_tags_without_words_are_played(tag: str) -> None:
    words = words_of(f"[Verse]\nla la la\nlo lo lo\nli li li\n{tag}\n[Verse]\nna na na\nno no no\nnu nu nu")
    assert not words.sections[1].phrases


def test_directions_in_brackets_change_nothing() -> None:
    plain = "[Verse]\nI walk along\nThe river bends\n[Chorus]\nSing it loud\nSing it long"
    styled = plain.replace("[Verse]", "[Soft piano, female vocal]\n[Verse]").replace("bends", "bends [echo]")
    assert [section.kind for section in words_of(styled).sections] == kinds(words_of(plain))
    assert [p.words for s in words_of(styled).sections for p in s.phrases] == [
        p.words for s in words_of(plain).sections for p in s.phrases
    ]


@pytest.mark.parametrize("again", ["(x2)", "[x2]", "(repeat)", "x2"])
def test_a_line_or_a_stanza_may_be_asked_for_again(again: str) -> None:
    lines = words_of(f"[Verse]\nOne two three {again}\nfour five\nsix\nseven\neight").sections[0].lines
    assert lines[:3] == ("One two three", "One two three", "four five")
    if again != "x2":
        assert kinds(words_of(f"[Verse]\na b\nc d\n{again}\n[Chorus]\ne f\ng h\ni j"))[:3] == [
            "verse", "verse", "chorus",
        ]  # fmt: skip


def test_words_in_parentheses_answer_in_a_phrase_of_their_own() -> None:
    phrases = words_of("[Verse]\nHold on to me (hold on to me)\nla la\nlo lo\nli li\nle le").sections[0].phrases
    assert [phrase.words for phrase in phrases[:2]] == [("Hold", "on", "to", "me"), ("(hold", "on", "to", "me)")]


@pytest.mark.parametrize(
    ("prompt", "bars"),
    [("pop 100 bpm", 2), ("waltz 90 bpm", 2), ("waltz 150 bpm", 4), ("song in 6/8, 60 bpm", 2), ("in 6/8, 90 bpm", 4)],
)
def test_phrases_get_the_bars_their_metre_needs(prompt: str, bars: int) -> None:
    brief = read_brief(prompt, 1)
    words = set_words(brief, "[Verse]\nThe lanterns are out on the bay\nThey're counting the boats on their way", 1)
    assert {phrase.bars for section in words.sections for phrase in section.phrases} == {bars}
    assert 3.0 < bars * brief.bar < 7.0


@pytest.mark.parametrize("text", ["la la\n" * 500, "[Verse]\n" * 500, "1234567890 " * 900, "[Instrumental]\n" * 399])
def test_words_for_hours_are_refused(text: str) -> None:
    begin = time.process_time()
    with pytest.raises(Rejected, match=r"Leave (some|out)") as refused:
        words_of(text)
    assert time.process_time() - begin < 0.3
    assert refused.value.field == "lyrics"


def test_backing_vocals_are_sung_and_directions_are_not() -> None:
    assert sung_tokens("Hold on (hold on) [whispered] to me 🎵 — now") == (
        "Hold", "on", "(hold", "on)", "to", "me", "now",
    )  # fmt: skip


def test_stanzas_that_come_again_are_the_chorus() -> None:
    verse, chorus, other = (
        "a day goes by\na night goes by",
        "sing it loud\nsing it long",
        "a week goes by\na year goes by",
    )
    words = words_of("\n\n".join([verse, chorus, other, chorus]))
    assert kinds(words)[:4] == ["verse", "chorus", "verse", "chorus"]


def test_a_poem_in_one_piece_is_divided_and_sung_whole() -> None:
    lines = [f"line number {i} of the poem" for i in range(1, 15)]
    assert given_lines(words_of("\n".join(lines)))[:14] == lines


def test_short_songs_sing_the_words_once() -> None:
    words = words_of(SEED_LINE, "A short pop song")
    assert kinds(words) == ["chorus"]
    assert sum(len(phrase.syllables) for phrase in words.sections[0].phrases) <= 24


def test_without_words_we_write_them_and_say_so() -> None:
    words = words_of(None)
    assert {"verse", "chorus"} <= set(kinds(words))
    assert all(section.generated for section in words.sections)


def test_no_line_of_ours_comes_twice_outside_choruses() -> None:
    for seed in range(30):
        words = words_of(None, "a song", seed)
        lines = [line for section in words.sections if section.kind != "chorus" for line in section.lines]
        assert len(lines) == len(set(lines))


def test_instrumental_songs_have_a_name_and_no_words() -> None:
    words = words_of(None, "instrumental lofi about neon rain")
    assert words.sections == ()
    assert words.title == "Neon Rain"


def test_given_words_are_sung_even_where_the_prompt_says_instrumental() -> None:
    assert given_lines(words_of("Sing this anyway", "instrumental pop"))


def test_tags_alone_ask_for_a_form() -> None:
    words = words_of("[Verse]\n[Chorus]\n[Verse]\n[Chorus]")
    assert kinds(words)[:4] == ["verse", "chorus", "verse", "chorus"]
    assert words.sections[1] == words.sections[3]
    assert all(section.generated and section.phrases for section in words.sections)


@pytest.mark.parametrize(("bpm", "most"), [(120, 9), (104, 10), (90, 12), (70, 14)])
def test_phrases_stay_short_enough_to_be_understood(bpm: int, most: int) -> None:
    line = "I set a plate for you and leave the window open to the sea and all the winter rain"
    words = words_of(line, f"pop {bpm} bpm")
    assert (bpm, most) >= LINE_LIMITS[-1]
    assert all(len(phrase.syllables) <= most for section in words.sections for phrase in section.phrases)


def test_long_lines_are_never_parted_after_an_article() -> None:
    phrases = words_of("We wandered over all the quiet hills to find a river in the morning light").sections
    ends = [phrase.words[-1].lower() for section in phrases if not section.generated for phrase in section.phrases]
    assert not {"the", "a", "to", "of"} & set(ends)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("你好世界", "line 1 is written in Chinese characters"),
        ("hello there\nпривет мир", "line 2 is written in Cyrillic letters"),
        ("one\ntwo\x00three", "Line 2 holds a control character (U+0000)"),
        ("🎵🎵🎵", "There are no words to sing"),
        ("a" * 60, "Line 1 has a word too long to sing"),
        ("la \ud800 la", "U+D800"),
    ],
)
def test_what_cannot_be_sung_is_refused_with_the_line_and_a_way_out(text: str, told: str) -> None:
    with pytest.raises(Rejected) as refused:
        check_lyrics(text)
    assert told in refused.value.sentence
    assert (refused.value.code, refused.value.field) == ("rejected_words", "lyrics")


@pytest.mark.parametrize("text", ["", "  \n ", "Ünïcödé ça va", "hey 🎵 you", "1, 2, 3", "don’t — stop", "salut 你"])
def test_what_can_be_sung_is_let_through(text: str) -> None:
    check_lyrics(text)


def test_a_very_long_text_is_checked_at_once() -> None:
    text = (SEED_LINE + " 🎵\n") * 390
    begin = time.process_time()
    check_lyrics(text)
    assert time.process_time() - begin < 0.2


LINE = st.text("abcdefghij klmno'pqrstuvwxyz,.!?-ABC123&é🎵", min_size=1, max_size=60)
TAG = st.sampled_from(
    ["", "[Verse]", "[Chorus]", "[Bridge]", "[Pre-Chorus]", "[Intro]", "[Outro]", "[Solo]", "Chorus:"]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(LINE, TAG), max_size=14), st.integers(0, 10**9), st.sampled_from(["pop", "slow", "short", ""])
)
def test_every_given_word_is_sung_in_order(lines: list[str], seed: int, prompt: str) -> None:
    text = "\n".join(lines)
    try:
        words = set_words(read_brief(prompt, seed), text, seed)
    except Rejected:
        return
    assert words.title
    sung = [word for section in words.sections if not section.generated for p in section.phrases for word in p.words]
    rest = iter(sung)
    own = [token for line in lines if "[" not in line and ":" not in line for token in sung_tokens(line)]
    assert all(any(word == token for word in rest) for token in own)
    for section in words.sections:
        assert [p.line for p in section.phrases] == sorted(p.line for p in section.phrases)
        assert {p.line for p in section.phrases} == set(range(len(section.lines)))
        assert all({s.word for s in p.syllables} == set(range(len(p.words))) for p in section.phrases)
