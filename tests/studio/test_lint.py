"""What is odd about lyrics is found where it stands, said in words, and mended without changing what is sung."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client

from studio.songs import lint

pytestmark = pytest.mark.either_database


def told(lyrics: str) -> list[tuple[int, str, str | None]]:
    """Of each finding its line, what it marks there, and the line as it was meant."""
    lines = lyrics.split("\n")
    marked = [lines[one.line - 1].encode("utf-16-le")[2 * one.start : 2 * one.end] for one in lint.findings(lyrics)]
    found = lint.findings(lyrics)
    return [(one.line, mark.decode("utf-16-le"), one.fix) for one, mark in zip(found, marked, strict=True)]


@pytest.mark.parametrize(
    "lyrics",
    [
        "",
        "\n\n",
        "[Verse 1]\nWe are home\n\n[Chorus]\nTogether\n\n[Chorus]\nTogether",
        "[Pre-Chorus]\nup we go\n[Verse 2: whispered]\nhome\n[Outro]",
        "[sung softly]\nWe are home (oh [laughs] oh)",
        "Ünïcödé, 'apostrophes' and – dashes… ok?",
    ],
)
def test_good_lyrics_are_left_alone(lyrics: str) -> None:
    assert lint.findings(lyrics) == []


@pytest.mark.parametrize(
    ("lyrics", "line", "marked", "fix"),
    [
        ("We  are home", 1, "  ", "We are home"),
        ("home \n", 1, " ", "home"),
        ("ok\n\thome", 2, "\t", "home"),
        ("we\u00a0are home", 1, "\u00a0", "we are home"),
        ("😀😀  home", 1, "  ", "😀😀 home"),
        ("[Vers]\nhome", 1, "[Vers]", "[Verse]"),
        ("home\n[Chrous 2]\nhome", 2, "[Chrous 2]", "[Chorus]"),
        ("[Verse]\n\n[verse]\nhome", 3, "[verse]", ""),
        ("[Verse\nhome", 1, "[Verse", "[Verse]"),
        ("we are [Chorus] home", 1, "[Chorus]", "we are\n[Chorus]\nhome"),
        ("ok\n" + "la " * 40 + "la", 2, "la " * 40 + "la", None),
    ],
)
def test_what_is_odd_is_found_in_its_place(lyrics: str, line: int, marked: str, fix: str | None) -> None:
    assert told(lyrics) == [(line, marked, fix)]


@pytest.mark.parametrize("lyrics", ["We  are\thome ", "[Vers]\n[Verse]\n[Verse]\na [Chorus] b\n[Bridge"])
def test_mending_everything_leaves_nothing_to_mend(lyrics: str) -> None:
    for _ in range(20):
        found = [one for one in lint.findings(lyrics) if one.fix is not None]
        if not found:
            return
        lines, one = lyrics.split("\n"), found[0]
        lines[one.line - 1 : one.line] = [one.fix] if one.fix else []
        lyrics = "\n".join(lines)
    pytest.fail(f"it never ends: {lyrics}")


def test_words_that_are_not_sung_here_are_errors_with_their_place(settings: LazySettings) -> None:
    settings.NSFW_REFUSE = ["strong"]
    (found,) = lint.findings("We are home\nand what the fuck, home")
    assert (found.line, found.start, found.end, found.level) == (2, 13, 17, "error")
    assert found.fix is None


def test_no_text_makes_endless_findings() -> None:
    assert len(lint.findings("a  b\n" * 10_000)) == lint.MOST


@pytest.mark.django_db
def test_the_page_and_the_script_tell_the_same(alice_client: Client) -> None:
    told = alice_client.post("/lyrics/check/", {"lyrics": "<b>\n[Vers]"}).content.decode()
    assert 'data-line="2" data-from="0" data-to="6"' in told
    assert "Did you mean [Verse]?" in told
    page = alice_client.post("/", {"prompt": "", "lyrics": "<b>\n[Vers]"}).content.decode()
    assert "Did you mean [Verse]?" in page
    assert alice_client.post("/lyrics/check/").content.strip() == b""
