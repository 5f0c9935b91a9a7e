"""The people, the server and the browser that tests share."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright
from redis import Redis

from studio.accounts.models import User
from studio.live import journal
from tests import chromium, emptied
from tests.server import Server

emptied.install()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """The tests' database. What other threads hold open is let go of before it is dropped."""
    yield
    journal.writer.close()
    journal.reader.close()
    asyncio.run(sync_to_async(connections.close_all)())


@pytest.fixture
def alice(db: None) -> User:
    """Somebody with an account."""
    return User.objects.create_user("alice@example.org", name="Alice")


@pytest.fixture
def bob(db: None) -> User:
    """Somebody else with an account."""
    return User.objects.create_user("bob@example.org", name="Bob")


@pytest.fixture
def alice_client(alice: User) -> Client:
    """Alice, signed in."""
    return signed_in(alice)


@pytest.fixture
def bob_client(bob: User) -> Client:
    """Bob, signed in."""
    return signed_in(bob)


@pytest.fixture(autouse=True)
def nothing_counted(request: pytest.FixtureRequest) -> None:
    """Rate limits start from nothing in every test that has a database."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        forget_counts()


def forget_counts() -> None:
    """Drop what was counted. A Redis is shared: there it is only what has our name on it."""
    if not settings.REDIS_URL:
        cache.clear()
        return
    with Redis.from_url(settings.REDIS_URL) as redis:
        if names := list(redis.scan_iter(f"*{settings.REDIS_PREFIX}*")):
            redis.delete(*names)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server, one for the tests of a module."""
    running = Server(tmp_path_factory.mktemp("site"))
    running.start()
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, one for the tests of a module.

    Playwright's loop counts as running in this thread for as long as it is open, and asynchronous tests cannot start
    then: so it lives no longer than a module, and tests that use it are plain functions.
    """
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium.program(), args=list(chromium.FLAGS))
        try:
            yield running
        finally:
            running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a fresh visitor."""
    with browser.new_context() as context:
        yield context.new_page()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever takes minutes comes last."""
    items.sort(key=lambda item: item.get_closest_marker("fresh_clone") is not None)


def pytest_unconfigure() -> None:
    """Leave nothing of the tests' data behind."""
    if Path(settings.DATA_DIR).name.startswith("duplet-tests-"):
        shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
