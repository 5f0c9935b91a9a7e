"""The tests' database after a test that committed: without its rows, with all that `migrate` made.

Django flushes: it truncates every table and sends `post_migrate` again, which takes PostgreSQL 0.8 s and SQLite 0.1 s a
test. There are few rows to delete, and nothing to migrate.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection, transaction
from django.test import TransactionTestCase

KEPT = {"django_content_type", "auth_permission"}
"""What `migrate` fills."""


def install() -> None:
    """From now on, tests that commit are cleaned up after in this way."""
    TransactionTestCase._fixture_teardown = _without_rows  # type: ignore[attr-defined]


def _without_rows(case: TransactionTestCase) -> None:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    with transaction.atomic(), connection.cursor() as cursor:
        for table in sorted(tables - KEPT):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
