"""A host's hostile words in a real browser: nothing of them ever runs, with the site's policy and without it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.test_first_song import sound, until
from tests.flows.hostile_words import FAILS, WORDS, HostileSite, hostile_site, make_all, shown
from tests.flows.visitor import Visitor

NAMES = tuple(WORDS)
ROWS = [pytest.param(name, marks=[pytest.mark.thorough] if k % 6 else []) for k, name in enumerate(NAMES)]
HANDLERS = (
    "[...document.querySelectorAll('*')].filter((e) => [...e.attributes].some((a) => /^on/i.test(a.name))).length"
)
FOREIGN = """[...document.scripts]
  .filter(it => !["application/json", "application/ld+json"].includes(it.type))
  .filter(it => !it.src.startsWith(location.origin + "/static/")).length"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileSite]:
    with hostile_site(tmp_path_factory.mktemp("hostile")) as running:
        yield running


@pytest.fixture(scope="module")
def songs(site: HostileSite) -> dict[str, str]:
    with closing(Visitor(site)) as visitor:
        made = make_all(visitor.sign_in())
        for name in NAMES:
            visitor.send(f"/songs/{made[name]}/share/", visibility="public")
        return made


@pytest.fixture(scope="module", params=[False, True], ids=["with the policy", "without it"])
def alice(request: pytest.FixtureRequest, browser: Browser, site: HostileSite) -> Iterator[BrowserContext]:
    with browser.new_context(bypass_csp=request.param) as context:
        page = context.new_page()
        page.goto(site.sign_in_link())
        page.close()
        yield context


@pytest.fixture
def page(alice: BrowserContext) -> Iterator[Page]:
    """A page at whose end nothing of a stranger's may have run."""
    faults: list[str] = []
    page = alice.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    assert_untouched(page)
    page.close()
    assert faults == []


def assert_untouched(page: Page) -> None:
    """Nothing ran, and nothing is there that could."""
    assert page.evaluate("typeof window.__xss") == "undefined"
    assert page.evaluate(HANDLERS) == 0
    assert page.evaluate(FOREIGN) == 0


@pytest.mark.parametrize("name", ROWS)
def test_on_the_songs_own_page_the_words_are_words(
    page: Page, site: HostileSite, songs: dict[str, str], name: str
) -> None:
    page.goto(f"{site.url}/songs/{songs[name]}/")
    assert page.locator("h1").text_content() == shown(name)
    assert page.title() == " ".join(f"{shown(name)} · Duplet".split())
    page.locator("h1").hover()
    assert_untouched(page)
    address = page.locator("#song").get_attribute("data-page")
    page.goto(f"{site.url}/songs/{songs[f'{FAILS}:{name}']}/")
    assert address == f"/songs/{songs[name]}/"


def test_the_player_shows_and_plays_what_has_such_a_name(page: Page, site: HostileSite, songs: dict[str, str]) -> None:
    for name in ("script", "attribute", "end-tags", "json"):
        page.goto(f"{site.url}/songs/{songs[name]}/")
        page.locator("#song [data-play]").first.click()
        until(lambda: sound(page) > 0.1, 20)
        assert page.locator("[data-deck=title]").text_content() == shown(name)
        assert_untouched(page)


def test_the_library_the_session_and_the_search_show_them_all(
    page: Page, site: HostileSite, songs: dict[str, str]
) -> None:
    for address in ("/", "/library/", "/library/?page=2"):
        page.goto(f"{site.url}{address}")
        assert_untouched(page)
    for words in WORDS.values():
        asked = urlencode({"q": words.encode("utf-8", "ignore")[:300]})
        page.goto(f"{site.url}/library/?{asked}")
        assert_untouched(page)


@pytest.mark.parametrize("name", ROWS)
def test_a_friend_reads_them_on_the_shared_page(
    page: Page, site: HostileSite, songs: dict[str, str], name: str
) -> None:
    page.goto(f"{site.url}/songs/{songs[name]}/")
    link = page.locator("[data-copy-from]").input_value()
    page.goto(link)
    assert page.locator("h1").text_content() == shown(name)


@pytest.mark.parametrize("name", ["script", "attribute", "end-tags", "template"])
def test_a_card_that_changes_while_one_looks_stays_itself(page: Page, site: HostileSite, name: str) -> None:
    """The words come over the socket here, and scripts put them into the page."""
    page.goto(site.url)
    before = page.locator("main [data-song]").count()
    page.get_by_label("What should it sound like?").fill(f"prompt:{name}")
    page.get_by_role("button", name="Make two takes").click()
    until(lambda: page.locator("main [data-song]").count() > before, 60)
    song = page.locator("main [data-song]").first.get_attribute("data-song")
    until(lambda: page.locator(f"article.line-item#card-{song}").count() == 1, 60)
    assert page.locator(f"#card-{song} a.t").text_content() == shown(name)
