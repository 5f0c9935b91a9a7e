"""The pages in another language: with every translated string in brackets, nothing else is left to read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.test import Client, RequestFactory
from django.utils import translation
from pytest_django.fixtures import Settings

from studio import failures
from studio.accounts import ledger
from studio.accounts.models import User
from studio.songs import generations, script_words
from studio.songs.models import Generation, Status, Version, Visibility
from tests.studio.rows import saved_song

pytestmark = pytest.mark.either_database

READ = ("alt", "aria-label", "aria-valuetext", "placeholder", "title", "data-busy")
NOT_READ = ("code", "pre", "script", "style", "svg", "kbd")
MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[^\W\d_]{2,}")
OURS = "Lantern"
"""What our people type into every field: it stays as it is."""
NAMES = {OURS, "Duplet", "openapi", "json", "alice", "bob", "example", "org", "UTC", "https"}
KINDS = {"MP", "WAV", "LRC", "WebVTT", "MIDI", "FLAC", "ZIP", "kB", "MB", "KB"}
FOR_ENGINES = {
    *("upbeat", "slow", "female", "male", "voice", "acoustic", "guitar", "piano", "wistful", "short"),
    *("Verse", "Chorus", "Bridge", "Outro", "Intro", "Instrumental", "Pre", "chorus"),
}
"""What chips put into a prompt or between lyrics: words that engines know, whatever language the page has."""


class Reader(HTMLParser):
    """All that a person reads or hears on a page."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.attributes: list[str] = []
        self.text = ""
        self._unread = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread = self._unread or (tag if tag in NOT_READ else "")
        self.attributes += [value for name, value in attrs if name in READ and value]

    def handle_endtag(self, tag: str) -> None:
        self._unread = "" if tag == self._unread else self._unread

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.text += f" {data}"


@pytest.fixture
def brackets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every string that goes through gettext comes out as ⟦string⟧."""

    def one(message: str) -> str:
        return f"⟦{message}⟧" if message else ""

    def many(singular: str, plural: str, number: float) -> str:
        return one(singular if number == 1 else plural)

    backend = translation._trans  # type: ignore[attr-defined]  # where Django keeps what stands behind its gettext
    monkeypatch.setattr(backend, "gettext", one, raising=False)
    monkeypatch.setattr(backend, "pgettext", lambda _, message: one(message), raising=False)
    monkeypatch.setattr(backend, "ngettext", many, raising=False)
    monkeypatch.setattr(backend, "npgettext", lambda _, *rest: many(*rest), raising=False)
    script_words._island.cache_clear()
    yield
    script_words._island.cache_clear()


def untranslated(source: str) -> list[str]:
    """What is left of a page that has words in it, once the brackets and names are gone."""
    reader = Reader(source)
    left = []
    for text in [*reader.attributes, reader.text]:
        bare, before = text, ""
        while bare != before:
            bare, before = MARKED.sub("", bare), bare
        left += [line.strip() for line in bare.splitlines() if set(WORD.findall(line)) - NAMES - KINDS - FOR_ENGINES]
    return left


def songs_in_every_state(alice: User) -> list[Generation]:
    """One song of hers for each way in which a song can stand, and their words are all `OURS`."""
    rows = [saved_song(alice, OURS, prompt=OURS, lyrics=OURS)]
    for row in rows:
        for version in row.versions.all():
            version.sections.update(lines=[{"start": 0, "end": 900, "text": OURS, "words": []}])
    for status in Status:
        row = generations.create(alice, prompt=OURS, lyrics=OURS)
        asked = {"status": status, "upstream": OURS, "error": OURS if status == Status.FAILED else ""}
        Generation.objects.filter(pk=row.pk).update(accepted_at=row.created_at, progress=30, **asked)
        rows.append(row)
    half = generations.create(alice, prompt=OURS)
    Generation.objects.filter(pk=half.pk).update(status=Status.RUNNING, accepted_at=half.created_at, progress=40)
    half.versions.filter(number=1).update(state=Version.State.PLAYABLE)
    return [*rows, half]


@pytest.mark.usefixtures("brackets")
def test_one_s_own_pages_have_no_word_in_english(alice: User, alice_client: Client, settings: Settings) -> None:
    settings.CREDITS_PER_SONG, settings.CREDITS_DAILY = 2, 100
    alice.name, alice.is_superuser, alice.is_staff = OURS, True, True
    alice.save()
    ledger.grant(alice, 5, OURS)
    rows = songs_in_every_state(alice)
    generations.share(rows[0], Visibility.PUBLIC)
    addresses = ["/", "/library/", "/library/?q=nothing", "/library/?q=Lan", "/library/?trash=1"]
    addresses += [f"/songs/{row.pk}/" for row in rows]
    addresses += ["/account/email/", "/account/password/change/", "/account/keys/", "/account/credits/"]
    addresses += ["/account/engine/", "/account/logout/", "/account/reauthenticate/"]
    found = {address: untranslated(alice_client.get(address).content.decode()) for address in addresses}
    assert {address: left for address, left in found.items() if left} == {}


@pytest.mark.usefixtures("brackets")
def test_refused_forms_have_no_word_in_english(alice_client: Client) -> None:
    answers = [
        alice_client.post("/", {"prompt": ""}),
        alice_client.post("/", {"prompt": "x " * 1500, "lyrics": f"{OURS}\0", "words": "write"}),
        alice_client.post("/", {"prompt": OURS, "lyrics": OURS, "words": "instrumental"}),
        alice_client.post("/account/keys/", {"name": ""}),
        alice_client.post("/account/keys/", {"name": OURS}),
        alice_client.post("/account/password/set/", {"password1": "short"}),
        Client().post("/account/login/", {"login": "nobody@example.org", "password": "wrong"}),
        Client().post("/account/signup/", {"email": "nothing", "password1": "short"}),
        Client().post("/account/password/reset/", {"email": "nothing"}),
    ]
    for answer in answers:
        assert "⟦" in answer.content.decode()
        assert untranslated(answer.content.decode()) == []


@pytest.mark.usefixtures("brackets", "db")
def test_pages_for_strangers_have_no_word_in_english(alice: User) -> None:
    alice.name = OURS
    alice.save()
    song = songs_in_every_state(alice)[0]
    generations.share(song, Visibility.PUBLIC)
    song.refresh_from_db()
    paths = ["login/", "signup/", "password/reset/", "password/reset/done/", "password/reset/key/done/", "inactive/"]
    addresses = [f"/s/{song.share_id}/", "/signin/never/", "/nowhere/", *(f"/account/{path}" for path in paths)]
    found = {address: untranslated(Client().get(address).content.decode()) for address in addresses}
    assert {address: left for address, left in found.items() if left} == {}


@pytest.mark.usefixtures("brackets")
@pytest.mark.parametrize("name", ["400.html", "413.html", "429.html", "500.html", "503.html"])
def test_pages_of_failures_have_no_word_in_english(name: str) -> None:
    page = failures.page(name)
    assert "⟦" in page
    assert untranslated(page) == []


@pytest.mark.usefixtures("brackets")
def test_scripts_find_every_word_translated() -> None:
    island = json.loads(re.sub(r"</?script[^>]*>", "", script_words.island()))
    forms = [form for told in island.values() for form in ([told] if isinstance(told, str) else told.values())]
    assert len(forms) > 20
    assert all(form.startswith("⟦") for form in forms)


@pytest.mark.usefixtures("brackets", "db")
def test_mails_have_no_word_in_english(alice: User, rf: RequestFactory) -> None:
    Client().post("/account/password/reset/", {"email": alice.email})
    Client().post("/account/password/reset/", {"email": "stranger@example.org"})
    assert len(mail.outbox) == 2
    for sent in mail.outbox:
        assert untranslated(re.sub(r"https?://\S+", "", f"{sent.subject}\n{sent.body}")) == []


def test_a_word_that_was_not_translated_is_found() -> None:
    assert untranslated("<p>⟦Take ⟦A⟧⟧ Lantern</p><p title='⟦x⟧'>Not this</p>") == ["Lantern Not this"]
