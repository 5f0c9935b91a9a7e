"""Every page and every state of a song can be used by everybody: axe finds nothing, on a desktop and on a phone."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser

from tests.bars import axe
from tests.bars.__main__ import signed_in, site


@pytest.mark.parametrize(("width", "height", "theme"), [(1280, 800, "light"), (390, 844, "dark")])
def test_axe_finds_nothing_on_any_page_in_any_state(
    browser: Browser, width: int, height: int, theme: Literal["light", "dark"]
) -> None:
    found: dict[str, list[str]] = {}
    with site(songs=30) as (server, pages), signed_in(browser, server, color_scheme=theme) as context:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        for name, path in pages.items():
            page.goto(f"{server.url}{path}")
            if wrong := axe.violations(page):
                found[name] = wrong
    assert len(pages) > 40
    assert found == {}
