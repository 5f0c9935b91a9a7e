"""The operator's office in a browser: it keeps the site's policy, and giving and refunding work as one expects."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser.test_first_song import until
from tests.flows.scripted_site import ScriptedSite

PLACES = ("", "accounts/", "accounts/ledgerentry/", "accounts/ledgerentry/add/", "accounts/user/", "songs/generation/")
LEDGER, SONGS = "/admin/accounts/ledgerentry/", "/admin/songs/generation/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScriptedSite]:
    """A site on which songs cost 2 credits and are there at once."""
    running = ScriptedSite(tmp_path_factory.mktemp("office"), CREDITS_PER_SONG="2")
    running.start()
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def operator(browser: Browser, site: ScriptedSite) -> Iterator[BrowserContext]:
    """The operator's browser."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site.sign_in_link("owner@localhost"))
        page.close()
        yield context


@pytest.fixture
def desk(operator: BrowserContext) -> Iterator[Page]:
    """A page of the operator's, on which nothing may go wrong."""
    complaints: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            complaints.append(f"{page.url}: {said.text}")

    page = operator.new_page()
    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    yield page
    page.close()
    assert complaints == []


def test_strangers_sign_in_where_everybody_does_and_come_back(browser: Browser, site: ScriptedSite) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site.url}{LEDGER}")
        assert page.url == f"{site.url}/account/login/?next={LEDGER}"
        page.get_by_role("button", name="Sign in", exact=True).wait_for()


def test_no_page_of_the_office_breaks_the_policy_of_the_site(desk: Page, site: ScriptedSite) -> None:
    for place in PLACES:
        answer = desk.goto(f"{site.url}/admin/{place}")
        assert answer
        assert answer.status == 200
        desk.locator("h1").first.wait_for()
        desk.get_by_role("button", name="Toggle theme").first.click()


def test_the_operator_gives_credits_a_song_uses_them_and_a_refund_brings_them_back(
    browser: Browser, desk: Page, site: ScriptedSite
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site.sign_in_link("alice@example.org"))
        page.goto(site.url)
        page.get_by_label("What should it sound like?").fill("A waltz")
        page.get_by_role("button", name="Make two takes").click()
        page.get_by_text("This song costs 2 credits and you have 0.").wait_for()
        assert page.get_by_label("What should it sound like?").input_value() == "A waltz"

        desk.goto(f"{site.url}{LEDGER}add/")
        desk.get_by_label("Person:").fill("alice@example.org")
        desk.get_by_label("Credits:").fill("3")
        desk.get_by_label("Note:").fill("For the radio play")
        desk.get_by_role("button", name="Save", exact=True).click()
        desk.get_by_text("was added successfully").wait_for()

        page.get_by_role("button", name="Make two takes").click()
        page.get_by_text("2 credits, you have 1").wait_for()
        until(lambda: page.locator("article.line-item").count() == 1)

        desk.goto(f"{site.url}{SONGS}")
        desk.locator("input.action-select").check()
        desk.get_by_label("Action:").select_option("refund")
        desk.get_by_role("button", name="Go").click()
        desk.get_by_text("1 refunded.").wait_for()

        page.goto(f"{site.url}/account/credits/")
        page.get_by_text("Given back by the operator").wait_for()
        assert page.locator(".purse b").inner_text() == "3"
        page.get_by_role("link", name="Home Again").first.click()
        page.get_by_text("2 given back").wait_for()
    assert "agree" in site.command("audit")


def test_signing_out_leads_to_the_sites_own_page(desk: Page, site: ScriptedSite) -> None:
    desk.goto(f"{site.url}/admin/")
    desk.get_by_role("button", name="Log out").click()
    desk.wait_for_url(f"{site.url}/account/logout/")
