"""Words of a host are a stranger's words: wherever they come out, they are words and nothing else.

Each page, socket, answer, header, file name, tag and line of the log is read by its own grammar.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from mutagen.id3 import ID3

from generator import id3
from generator.protocol.text import one_line
from tests.flows.hostile_words import BENIGN, FAILS, SECRET, WORDS, HostileSite, hostile_site, make_all, shown
from tests.flows.visitor import Visitor
from tests.generator.foreign_files import picture

pytestmark = pytest.mark.either_database

LOGGED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ [\w.]+: ")
"""How a line of the log begins."""
NAMES = tuple(WORDS)


class Page(HTMLParser):
    """What an HTML parser makes of a page: its elements with the names of their attributes, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: dict[str, list[str]] = {}
        self._open = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self._open = tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.setdefault(self._open, []).append(data.strip())

    def values(self, name: str) -> list[str]:
        """The values of every attribute of this name."""
        return [value for _, found, value in self.attributes if found == name]

    def value(self, tag: str, **having: str) -> dict[str, str]:
        """The attributes of the first such element."""
        return next(
            {name.replace("-", "_"): value for _, name, value in part}
            for part in self._parts()
            if part[0][0] == tag and set(having.items()) <= {(name, value) for _, name, value in part}
        )

    def _parts(self) -> Iterator[list[tuple[str, str, str]]]:
        at = 0
        for _, names in self.elements:
            if names:
                yield self.attributes[at : at + len(names)]
            at += len(names)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileSite]:
    with hostile_site(tmp_path_factory.mktemp("hostile")) as running:
        yield running


@pytest.fixture(scope="module")
def alice(site: HostileSite) -> Iterator[Visitor]:
    with closing(Visitor(site)) as visitor:
        yield visitor.sign_in()


@pytest.fixture(scope="module")
def songs(alice: Visitor) -> dict[str, str]:
    return make_all(alice)


@pytest.fixture(scope="module")
def key(site: HostileSite, alice: Visitor) -> str:
    """An API key of hers."""
    return site.command("api_key", "alice@example.org").splitlines()[-1]


@pytest.fixture(scope="module")
def shared(alice: Visitor, songs: dict[str, str]) -> dict[str, str]:
    """The addresses of the shared pages."""
    found = {}
    for name in NAMES:
        page = alice.send(f"/songs/{songs[name]}/share/", visibility="unlisted").text
        found[name] = Page(page).value("input", readonly="")["value"]
    return found


def read(visitor: Visitor, address: str) -> Page:
    answer = visitor.http.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return Page(answer.text)


@pytest.mark.parametrize("name", NAMES)
def test_the_songs_page_is_the_same_page_with_other_words(alice: Visitor, songs: dict[str, str], name: str) -> None:
    page, usual = read(alice, f"/songs/{songs[name]}/"), read(alice, f"/songs/{songs['benign']}/")
    assert page.elements == usual.elements
    title = shown(name)
    assert page.words["title"] == [f"{title} · Duplet"]
    assert page.words["h1"] == [title]
    song = page.value("article", id="song")
    assert song["data_title"] == title
    assert [take["status"] for take in json.loads(song["data_takes"])] == ["saved", "saved"]
    assert len(json.loads(song["data_wave"])) == 2
    for address in (*page.values("href"), *page.values("src"), *page.values("action")):
        assert address.startswith(("/", "#")), address


@pytest.mark.parametrize("name", NAMES)
def test_the_shared_page_and_what_it_tells_other_programs_are_too(
    alice: Visitor, shared: dict[str, str], name: str
) -> None:
    page, usual = read(alice, shared[name]), read(alice, shared["benign"])
    assert page.elements == usual.elements
    title = shown(name)
    assert page.words["h1"] == [title]
    assert page.words["title"][0].startswith(title)
    told = {key: page.value("meta", property=f"og:{key}")["content"] for key in ("title", "description", "image")}
    assert told["title"] == title
    assert len(told["description"]) <= 160
    assert told["image"].startswith(alice.server.url)
    for data in filter(None, page.words.get("script", [])):
        assert isinstance(json.loads(data), dict)  # no browser runs these
        assert not set("<>&") & set(data)


def test_the_library_and_the_create_page_hold_all_of_them_at_once(alice: Visitor, songs: dict[str, str]) -> None:
    created, library = read(alice, "/"), []
    for number in (1, 2):
        library += read(alice, f"/library/?page={number}").values("data-title")
    wanted = {shown(name) for name in NAMES}
    assert wanted <= set(created.values("data-title"))
    assert wanted <= set(library)
    tags = {tag for tag, _ in created.elements}
    assert not {"style", "iframe", "object", "embed", "base"} & tags
    assert all(src.startswith(("/static/js/", "/static/vendor/")) for tag, name, src in created.attributes
               if tag == "script" and name == "src")  # fmt: skip
    assert not [name for _, name, _ in created.attributes if name.startswith("on")]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_searched_for_comes_back_as_words(alice: Visitor, name: str) -> None:
    words = WORDS[name].encode("utf-8", "ignore").decode()[:500]
    answer = alice.http.get("/library/", params={"q": words})
    assert answer.status_code == 200
    page = Page(answer.text)
    assert not [found for _, found, _ in page.attributes if found.startswith("on")]
    assert len(page.value("input", name="q")["value"]) <= 200


@pytest.mark.parametrize("name", NAMES)
async def test_the_socket_and_the_api_speak_json_without_holes(
    site: HostileSite, alice: Visitor, songs: dict[str, str], key: str, name: str
) -> None:
    heard, usual = await alice.hear(songs[name]), await alice.hear(songs["benign"])
    assert [message["event"] and message["event"]["status"] for message in heard] == [
        message["event"] and message["event"]["status"] for message in usual
    ]
    assert heard[-1]["state"]["title"] == shown(name)
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=site.url, headers=headers, trust_env=False) as program:
        answer = await program.get(f"/status/generation/{songs[name]}")
    assert answer.text.isascii()
    said = answer.json()
    assert (said["status"], said["song_name"], len(said["versions"])) == ("completed", shown(name), 2)
    section = said["versions"][0]["lyrics_sections"][0]
    assert section["section_type"] == shown(name)[:40].rstrip()
    line = section["lines"][0]["text"]
    assert line == " ".join(line.split())
    assert line.startswith(shown(name)[:100])
    assert said["message_id"] == songs[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_take_is_saved_under_a_name_that_breaks_no_header(alice: Visitor, songs: dict[str, str], name: str) -> None:
    answer = alice.http.head(f"/songs/{songs[name]}/take-1.mp3?download=1")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert unquote(disposition).count("(take A).mp3") == 1
    assert len(disposition) < 1000
    assert answer.headers["Content-Type"] == "audio/mpeg"


@pytest.mark.parametrize("name", NAMES)
def test_what_a_host_says_of_its_failure_is_told_to_nobody(alice: Visitor, songs: dict[str, str], name: str) -> None:
    song = songs[f"{FAILS}:{name}"]
    page = alice.http.get(f"/songs/{song}/").text
    assert SECRET not in page
    assert "could not make this song" in page
    assert SECRET not in alice.http.get(f"/songs/{song}/card/").text


@pytest.mark.parametrize("name", NAMES)
def test_people_may_call_their_songs_whatever_they_like(alice: Visitor, songs: dict[str, str], name: str) -> None:
    words = WORDS[name].encode("utf-8", "ignore").decode()[:200]
    answer = alice.send(f"/songs/{songs['benign']}/rename/", title=words)
    if "\0" in words:
        assert answer.status_code == 422
    else:
        assert answer.status_code == 200
        assert Page(answer.text).words["h1"] == [shown(name)[:200]]
    assert alice.send(f"/songs/{songs['benign']}/rename/", title=BENIGN).status_code == 200


def test_no_line_of_the_log_was_written_by_a_stranger(site: HostileSite, songs: dict[str, str]) -> None:
    log = site.log()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\u202e]", log)
    assert not [line for line in log.splitlines() if line.startswith("2026-01-01")]
    assert "Traceback" not in log
    begun = [line for line in log.splitlines() if LOGGED.match(line)]
    assert not [line for line in begun if "forged-line" in line.partition(": ")[0]]


@pytest.mark.parametrize("name", NAMES)
def test_tags_hold_the_words_as_text(name: str) -> None:
    words = WORDS[name][:5000]
    line = {"start": 0, "end": 900, "text": words, "words": []}
    section = {"section_type": "verse", "start": 0, "end": 900, "lines": [line]}
    cover = id3.jpeg(picture("WEBP"))
    tag = id3.tag(title=words, artist=words, genre=words, bpm=100, cover=cover, sections=[section])  # type: ignore[list-item]
    found: Any = ID3(io.BytesIO(tag + bytes(64)))  # type: ignore[no-untyped-call]  # it carries no types
    allowed = {"APIC", "COMM", "SYLT", "TBPM", "TCON", "TIT2", "TPE1", "TXXX", "USLT"}
    assert {frame[:4] for frame in found} <= allowed
    plain = one_line(words, 400)
    assert str(found.get("TIT2", "")) == str(found.get("TPE1", "")) == plain
    assert found.getall("TXXX")[0].text == ["true"]
