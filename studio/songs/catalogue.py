"""The catalogue: what every song can be found by, the same on every database.

Words are folded here, not by the database: case, accents and the ways of writing one letter are gone before they are
kept, so that SQLite and PostgreSQL only compare whole words. Entries are marked stale by the database itself
(`studio.songs.catalogue_tables`) and brought up to date before they are next looked at, by `freshen`; those that an
upgrade leaves behind by the start of the site, all at once.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from studio.songs.models import Generation, Section, Version
from studio.songs.shelves import CatalogueEntry

log = logging.getLogger(__name__)

MOST_WORDS = 12
"""How many words of a question count."""
LONGEST_WORD = 60
AT_ONCE = 200
OWNER = "º"
"""Begins the mark of whose song it is. Folding turns this letter into another: nobody can type it."""
TWO_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
WORD = re.compile(r"[^\W_]+")
WITHOUT_SPACES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
"""Scripts that write no spaces between words: there each letter counts as one."""


def folded(text: str) -> str:
    """`text` without regard to case, accents and apostrophes."""
    if text.isascii():
        return text.lower().replace("'", "")
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(letter for letter in letters if unicodedata.category(letter)[0] != "M" and letter not in "'’ʼ")
    return bare.translate(TWO_LETTERS)


def words_in(text: str) -> list[str]:
    """Its words, folded, in their order; anything else between them only parts them."""
    spaced = WITHOUT_SPACES.sub(lambda letter: f" {letter[0]} ", folded(text))
    return [word[:LONGEST_WORD] for word in WORD.findall(spaced)]


def holding(rows: QuerySet[Generation], owner_id: int, question: str) -> QuerySet[Generation]:
    """Those of an owner's `rows` with every word of `question`; of the last one its beginning is enough.

    A question without any word finds nothing.
    """
    asked = words_in(question)[:MOST_WORDS]
    if not asked:
        return rows.none()
    asked.insert(0, f"{OWNER}{owner_id}")
    if connection.vendor == "sqlite":
        terms = [f'"{word}"' for word in asked]
        found = RawSQL(
            "SELECT entry.generation_id FROM songs_catalogue_words, songs_catalogueentry AS entry"
            " WHERE songs_catalogue_words MATCH %s AND entry.id = songs_catalogue_words.rowid",
            (" AND ".join(terms) + " *",),
        )
    else:
        terms = [f"'{word}'" for word in asked]
        found = RawSQL(
            "SELECT entry.generation_id FROM songs_catalogueentry AS entry"
            " WHERE array_to_tsvector(string_to_array(entry.words, ' ')) @@ %s::tsquery",
            (" & ".join(terms) + ":*",),
        )
    return rows.filter(pk__in=found)


def freshen(owner_id: int) -> None:
    """Before a page is shown: a few stale entries of one owner, and none where the database cannot be written just now.

    A page must be there when somebody else holds the database, or when the disk is full: then it finds songs by what
    they were found by before.
    """
    try:
        with _impatient():
            catch_up(owner_id, most=AT_ONCE)
    except DatabaseError as error:
        log.warning("The catalogue is not up to date: %s", error)


@contextmanager
def _impatient() -> Iterator[None]:
    """Within, SQLite does not wait for others who write. PostgreSQL's writers do not stand in each other's way here."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        patience = int(cursor.fetchone()[0])
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")


def catch_up(owner_id: int | None = None, *, most: int | None = None) -> int:
    """Bring stale entries up to date, of one owner or of all, at most so many; says how many there were."""
    stale = CatalogueEntry.objects.filter(is_stale=True)
    if owner_id is not None:
        stale = stale.filter(owner_id=owner_id)
    done = 0
    while (most is None or done < most) and stale.exists():
        with transaction.atomic():
            # Entries that somebody is changing are left to the next look: what is read beside them is not theirs yet.
            entries = list(stale.select_for_update(skip_locked=True)[:AT_ONCE])
            _work_out(entries)
        if not entries:
            break
        done += len(entries)
    return done


def _work_out(entries: list[CatalogueEntry]) -> None:
    ids = [entry.generation_id for entry in entries]
    rows = Generation.objects.only("title", "prompt", "lyrics", "owner_id").in_bulk(ids)
    sung: dict[object, list[str]] = {}
    for section in Section.objects.filter(version__generation__in=ids).values_list("version__generation_id", "lines"):
        sung.setdefault(section[0], []).extend(_texts(section[1]))
    lengths: dict[object, int] = {}
    for pk, length in Version.objects.filter(generation__in=ids).values_list("generation_id", "duration_ms"):
        lengths[pk] = max(lengths.get(pk, 0), length)
    for entry in entries:
        row, lines = rows[entry.generation_id], sung.get(entry.generation_id, [])
        text = "\n".join((row.title, row.prompt, row.lyrics, *lines))
        entry.words = " ".join((f"{OWNER}{row.owner_id}", *sorted(set(words_in(text)))))
        entry.title = folded(row.name)[:240]
        entry.longest_ms = lengths.get(entry.generation_id, 0)
        entry.is_sung = bool(lines)
        entry.is_stale = False
    CatalogueEntry.objects.bulk_update(entries, ("words", "title", "longest_ms", "is_sung", "is_stale"))


def _texts(lines: Iterable[object]) -> list[str]:
    told = [str(line.get("text", "")) for line in lines if isinstance(line, dict)]
    return [text for text in told if text.strip()]
