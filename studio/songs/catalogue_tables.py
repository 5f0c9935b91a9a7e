"""What the database does for the catalogue by itself: it marks entries stale, and keeps an index of their words.

Set up after every `migrate`, and taken away before: SQLite makes a table anew to change it, which would lose triggers
on it without a word and refuses while those of another name it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections, transaction

SQLITE_INDEX = (
    """CREATE VIRTUAL TABLE IF NOT EXISTS songs_catalogue_words USING fts5(words,
    content='songs_catalogueentry', content_rowid='id', tokenize='ascii', detail=none, prefix='2 3')""",
    "INSERT INTO songs_catalogue_words(songs_catalogue_words) VALUES ('rebuild')",
)
SQLITE_TRIGGERS = {
    "catalogue_new": """AFTER INSERT ON songs_generation BEGIN
        INSERT INTO songs_catalogueentry(generation_id, owner_id, words, title, longest_ms, is_sung, is_stale)
        VALUES (new.id, new.owner_id, '', '', 0, 0, 1); END""",
    "catalogue_text": """AFTER UPDATE OF title, prompt, lyrics ON songs_generation
        WHEN old.title IS NOT new.title OR old.prompt IS NOT new.prompt OR old.lyrics IS NOT new.lyrics BEGIN
        UPDATE songs_catalogueentry SET is_stale = 1 WHERE generation_id = new.id; END""",
    "catalogue_length": """AFTER UPDATE OF duration_ms ON songs_version
        WHEN old.duration_ms IS NOT new.duration_ms BEGIN
        UPDATE songs_catalogueentry SET is_stale = 1 WHERE generation_id = new.generation_id; END""",
    "catalogue_sung_new": """AFTER INSERT ON songs_section BEGIN
        UPDATE songs_catalogueentry SET is_stale = 1
        WHERE generation_id = (SELECT generation_id FROM songs_version WHERE id = new.version_id); END""",
    "catalogue_sung_other": """AFTER UPDATE ON songs_section BEGIN
        UPDATE songs_catalogueentry SET is_stale = 1
        WHERE generation_id = (SELECT generation_id FROM songs_version WHERE id = new.version_id); END""",
    "catalogue_sung_gone": """AFTER DELETE ON songs_section BEGIN
        UPDATE songs_catalogueentry SET is_stale = 1
        WHERE generation_id = (SELECT generation_id FROM songs_version WHERE id = old.version_id); END""",
    "catalogue_words_new": """AFTER INSERT ON songs_catalogueentry BEGIN
        INSERT INTO songs_catalogue_words(rowid, words) VALUES (new.id, new.words); END""",
    "catalogue_words_gone": """AFTER DELETE ON songs_catalogueentry BEGIN
        INSERT INTO songs_catalogue_words(songs_catalogue_words, rowid, words) VALUES ('delete', old.id, old.words);
        END""",
    "catalogue_words_other": """AFTER UPDATE OF words ON songs_catalogueentry WHEN old.words IS NOT new.words BEGIN
        INSERT INTO songs_catalogue_words(songs_catalogue_words, rowid, words) VALUES ('delete', old.id, old.words);
        INSERT INTO songs_catalogue_words(rowid, words) VALUES (new.id, new.words); END""",
}
POSTGRESQL_INDEX = (
    """CREATE INDEX IF NOT EXISTS songs_catalogue_words ON songs_catalogueentry
    USING gin (array_to_tsvector(string_to_array(words, ' ')))""",
)
POSTGRESQL_FUNCTIONS = {
    "songs_catalogue_new": """INSERT INTO songs_catalogueentry
        (generation_id, owner_id, words, title, longest_ms, is_sung, is_stale)
        VALUES (new.id, new.owner_id, '', '', 0, false, true);""",
    "songs_catalogue_text": "UPDATE songs_catalogueentry SET is_stale = true WHERE generation_id = new.id;",
    "songs_catalogue_length": """UPDATE songs_catalogueentry SET is_stale = true
        WHERE generation_id = new.generation_id;""",
    "songs_catalogue_sung": """UPDATE songs_catalogueentry SET is_stale = true WHERE generation_id =
        (SELECT generation_id FROM songs_version WHERE id = coalesce(new.version_id, old.version_id));""",
}
POSTGRESQL_TRIGGERS = {
    "catalogue_new": ("songs_generation", "AFTER INSERT ON songs_generation", "songs_catalogue_new"),
    "catalogue_text": (
        "songs_generation",
        """AFTER UPDATE OF title, prompt, lyrics ON songs_generation
        FOR EACH ROW WHEN ((old.title, old.prompt, old.lyrics) IS DISTINCT FROM (new.title, new.prompt, new.lyrics))""",
        "songs_catalogue_text",
    ),
    "catalogue_length": (
        "songs_version",
        """AFTER UPDATE OF duration_ms ON songs_version
        FOR EACH ROW WHEN (old.duration_ms IS DISTINCT FROM new.duration_ms)""",
        "songs_catalogue_length",
    ),
    "catalogue_sung": ("songs_section", "AFTER INSERT OR UPDATE OR DELETE ON songs_section", "songs_catalogue_sung"),
}
MISSING = """INSERT INTO songs_catalogueentry(generation_id, owner_id, words, title, longest_ms, is_sung, is_stale)
    SELECT id, owner_id, '', '', 0, {false}, {true} FROM songs_generation AS song
    WHERE NOT EXISTS (SELECT 1 FROM songs_catalogueentry AS entry WHERE entry.generation_id = song.id)"""


def set_up(using: str = "default", **_: Any) -> None:
    """Make it and mark all entries stale; nothing where all of it stands, or where there is no catalogue (yet)."""
    connection = connections[using]
    if "songs_catalogueentry" not in connection.introspection.table_names() or _stands(using):
        return
    take_away(using)
    with transaction.atomic(using), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, body in SQLITE_TRIGGERS.items():
                cursor.execute(f"CREATE TRIGGER {name} {body}")
            for statement in SQLITE_INDEX:
                cursor.execute(statement)
            cursor.execute("UPDATE songs_catalogueentry SET is_stale = 1")
            cursor.execute(MISSING.format(false="0", true="1"))
            return
        for name, body in POSTGRESQL_FUNCTIONS.items():
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
                f" AS $$ BEGIN {body} RETURN NULL; END $$"
            )
        for name, (_table, when, function) in POSTGRESQL_TRIGGERS.items():
            each = "" if "FOR EACH ROW" in when else "FOR EACH ROW"
            cursor.execute(f"CREATE TRIGGER {name} {when} {each} EXECUTE FUNCTION {function}()")
        for statement in POSTGRESQL_INDEX:
            cursor.execute(statement)
        cursor.execute("UPDATE songs_catalogueentry SET is_stale = true")
        cursor.execute(MISSING.format(false="false", true="true"))


def make_way(using: str = "default", plan: Sequence[object] = (), **_: Any) -> None:
    """Before tables are changed; a `migrate` that changes none leaves everything as it is."""
    if plan:
        take_away(using)


def take_away(using: str = "default") -> None:
    """Take the triggers away. The index stays, and catches up when they are set up again."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in SQLITE_TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        for name, (table, _when, _function) in POSTGRESQL_TRIGGERS.items():
            if table in tables:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


def _stands(using: str) -> bool:
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'catalogue_%'")
            return bool(cursor.fetchone()[0] == len(SQLITE_TRIGGERS))
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'catalogue_%' AND NOT tgisinternal")
        return bool(cursor.fetchone()[0] == len(POSTGRESQL_TRIGGERS))
