"""Passkeys, with Chromium's virtual authenticator: one is made, lets its owner in without a password, and goes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.server import Server


@pytest.fixture
def page(browser: Browser, server: Server) -> Page:
    """A browser whose authenticator says yes to everything."""
    page = browser.new_context().new_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def test_a_passkey_takes_the_place_of_the_password(page: Page, server: Server) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(server.sign_in_link())
    page.goto(f"{server.url}/account/security/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Its name").fill("The kitchen tablet")
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url("**/reauthenticate/**")  # recovery codes come next, and are not shown to just anybody
    page.goto(f"{server.url}/account/security/")
    assert page.get_by_text("The kitchen tablet").count() == 1

    page.goto(f"{server.url}/account/logout/")
    page.locator("main form button").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{server.url}/")

    page.goto(f"{server.url}/account/security/")
    assert page.get_by_text("last used on").count() == 1
    page.get_by_role("link", name="Remove The kitchen tablet").click()
    page.locator('a[href*="webauthn/reauthenticate"]').click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("None yet.").wait_for()
    assert complaints == []
