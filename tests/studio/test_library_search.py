"""Search: titles, prompts, given and sung words, however they are written; the same on every database."""

from __future__ import annotations

import uuid

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from studio.accounts.models import User
from studio.songs import catalogue, catalogue_tables, generations, library
from studio.songs.models import Generation, Section
from studio.songs.shelves import CatalogueEntry
from studio.songs.wanted import Wanted
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db(transaction=True)


def found(owner: User, question: str) -> list[str]:
    catalogue.catch_up(owner.pk)
    return [row.title for row in library.songs(owner, Wanted(q=question, sort="title"))]


@pytest.mark.parametrize(
    "question",
    ["Lanterns", "LANTERNS", "lantérns", "lant", "waltz", "dawn sail", "paper waltz", "sail together", "  paper,  "],
)
def test_it_finds_title_prompt_given_and_sung_words(alice: User, question: str) -> None:
    saved_song(alice, "Paper Lanterns", prompt="slow waltz", lyrics="we sail at dawn")
    saved_song(alice, "Kitchen Radio", prompt="funk", lyrics="")
    assert "Paper Lanterns" in found(alice, question)
    assert question == "sail together" or found(alice, question) == ["Paper Lanterns"]


@pytest.mark.parametrize("question", ["lanterns funk", "anterns", "pape waltz", "xyzzy", "º1", "paperlanterns"])
def test_it_does_not_find_what_is_not_there(alice: User, question: str) -> None:
    """Whole words count, and the beginning of the last."""
    saved_song(alice, "Paper Lanterns", prompt="slow waltz")
    saved_song(alice, "Kitchen Radio", prompt="funk")
    assert found(alice, question) == []


@pytest.mark.parametrize(
    ("title", "question"),
    [
        ("Früher Morgen", "fruher"),
        ("Fruher Morgen", "FRÜHER"),
        ("Straße am Fluß", "strasse fluss"),
        ("STRASSE", "straße"),
        ("Ærø", "aero"),
        ("Ça va très bien", "ca tres"),
        ("Café noir", "cafe\u0301"),
        ("Don’t look back", "dont"),
        ("Dont look back", "don't look"),
        ("Ωραία νύχτα", "ωραια νυχτα"),
        ("Ещё один день", "еще ОДИН"),
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
        ("春の歌", "歌"),
        ("เพลงรัก", "รัก"),
        ("한국 노래", "노래"),
        ("Song 2 (live at 3:07)", "2 307"),
        ("rock'n'roll", "rocknroll"),
        ("snake_case", "case"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "full width"),
    ],
)
def test_case_accents_and_the_ways_of_writing_a_letter_do_not_matter(alice: User, title: str, question: str) -> None:
    saved_song(alice, title, prompt="p", lyrics="")
    saved_song(alice, "Other", prompt="q", lyrics="")
    expected = [] if question == "2 307" else [title]
    assert found(alice, question) == expected


@pytest.mark.parametrize(
    "question",
    [
        *('"', "'", "''", '"lanterns', "lanterns*", "-lanterns", "NOT lanterns", "lanterns OR funk", "title:lanterns"),
        *("NEAR(lanterns waltz)", "lanterns & !waltz", "lanterns:*", "\\", "%", "_", "\x00%_'\"", "(((", "^lanterns"),
        *("\ud800", "lanterns " * 200, "a" * 5000, "😀", "<script>", "';DROP TABLE songs_generation;--", "{}", "- -"),
    ],
)
def test_rubbish_is_plain_words_and_never_an_error(alice: User, alice_client: Client, question: str) -> None:
    saved_song(alice, "Lanterns", prompt="or not near title", lyrics="")
    found(alice, question)
    response = alice_client.get("/library/", {"q": question.encode("utf-8", "replace")})
    assert response.status_code == 200


def test_quotes_and_operators_of_search_languages_are_words_like_any_other(alice: User) -> None:
    saved_song(alice, "Or not", prompt="p", lyrics="")
    saved_song(alice, "And then", prompt="p", lyrics="")
    assert found(alice, 'NOT "or"') == ["Or not"]
    assert found(alice, "and*") == ["And then"]
    assert found(alice, '"and then"') == ["And then"]


def test_nobody_finds_songs_of_others(alice: User, bob: User) -> None:
    saved_song(bob, "Secret lanterns")
    saved_song(alice, "Open lanterns")
    assert found(alice, "lanterns") == ["Open lanterns"]
    assert found(bob, "lanterns") == ["Secret lanterns"]


def test_it_is_in_step_with_every_way_in_which_a_song_changes(alice: User) -> None:
    row = saved_song(alice, "Paper", prompt="slow waltz", lyrics="dawn")
    assert found(alice, "paper") == ["Paper"]
    generations.rename(row, "Scissors")
    assert found(alice, "paper") == []
    assert found(alice, "scissors") == ["Scissors"]
    Generation.objects.filter(owner=alice).update(prompt="fast polka")
    assert found(alice, "waltz") == []
    assert found(alice, "polka") == ["Scissors"]
    Section.objects.filter(version__generation=row).update(lines=[{"start": 0, "end": 9, "text": "a wholly new line"}])
    assert found(alice, "wholly") == ["Scissors"]
    Section.objects.filter(version__generation=row).delete()
    assert found(alice, "wholly") == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE songs_generation SET lyrics = %s", ["by hand"])
    assert found(alice, "hand") == ["Scissors"]
    generations.trash(row)
    generations.delete(row)
    assert found(alice, "scissors") == []
    assert not CatalogueEntry.objects.exists()


def test_a_song_that_nobody_has_named_yet_is_found_by_its_prompt_at_once(alice: User) -> None:
    generations.create(alice, prompt="thunder over the fjord")
    assert found(alice, "fjord") == [""]


def test_an_entry_that_did_not_change_is_not_worked_out_again(alice: User) -> None:
    saved_song(alice, "Paper")
    assert catalogue.catch_up(alice.pk) == 1
    assert catalogue.catch_up(alice.pk) == 0
    Generation.objects.filter(owner=alice).update(progress=50, title="Paper")
    assert catalogue.catch_up() == 0


def test_the_whole_catalogue_can_be_made_anew(alice: User) -> None:
    row = saved_song(alice, "Paper")
    catalogue.catch_up()
    CatalogueEntry.objects.update(words="wrong")
    assert found(alice, "paper") == []
    call_command("rebuild_catalogue")
    assert found(alice, "paper") == ["Paper"]
    CatalogueEntry.objects.filter(generation=row).delete()
    call_command("rebuild_catalogue")
    assert found(alice, "paper") == ["Paper"]


def test_what_the_database_does_is_there_again_after_a_change_of_its_tables(alice: User) -> None:
    """SQLite changes a table by making it anew, and triggers on it are gone then."""
    row = saved_song(alice, "Paper")
    catalogue.catch_up()
    catalogue_tables.take_away()
    generations.rename(row, "Scissors")
    other = Generation.objects.create(pk=uuid.uuid4(), owner=alice, prompt="rock")
    assert catalogue.catch_up() == 0
    catalogue_tables.set_up()
    assert catalogue.catch_up() == 2
    assert found(alice, "scissors") == ["Scissors"]
    assert found(alice, "rock") == [""]
    other.delete()
