"""A database for each server that a test starts: SQLite in its folder, or where the tests run on PostgreSQL, one there.

TEST_DATABASE_URL names any database of a PostgreSQL whose user may make others; TEST_REDIS_URL a Redis. Servers share
the Redis and keep apart by their secret keys.
"""

from __future__ import annotations

import atexit
import os
import re
import tempfile
from functools import cache
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests import prepared

_numbers = count(1)


def of_a_new_server() -> dict[str, str]:
    """The variables of a site of its own; none for SQLite without Redis."""
    variables = {}
    if found := os.environ.get("TEST_DATABASE_URL"):
        variables["DATABASE_URL"] = _make(found, _migrated(found))
    if found := os.environ.get("TEST_REDIS_URL"):
        variables["REDIS_URL"] = found
    return variables


def _make(url: str, template: str = "") -> str:
    name = f"duplet_{os.getpid()}_{next(_numbers)}"
    made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template or "template1")
    )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(made)
    atexit.register(_drop, url, name)
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@cache
def _migrated(url: str) -> str:
    """The name of a database that is up to date, of which others are copies; made once in each run."""
    _forget_those_of_the_dead(url)
    made = _make(url)
    with tempfile.TemporaryDirectory() as folder:
        prepared.migrate({"DATA_DIR": folder, "DATABASE_URL": made})
    return urlsplit(made).path.lstrip("/")


def _drop(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@cache
def _forget_those_of_the_dead(url: str) -> None:
    """Drop what tests left behind that were ended without warning; once in each run."""
    with psycopg.connect(url, autocommit=True) as connection:
        names = [name for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall()]
    for name in names:
        made_by = re.fullmatch(r"(?:test_)?duplet_(\d+)(?:_\d+)?", name)
        if made_by and not Path(f"/proc/{made_by[1]}").exists():
            _drop(url, name)
