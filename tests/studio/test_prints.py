"""Promises of the prints that stand in for artwork."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from studio.songs import prints

pytestmark = pytest.mark.either_database

SEEDS = range(0, 2**31, 2**31 // 300)


def test_the_same_seed_is_the_same_print() -> None:
    assert prints.draw(7, 3) == prints.draw(7, 3)


def test_different_seeds_are_different_prints() -> None:
    assert len({prints.draw(seed, 1) for seed in SEEDS}) == len(SEEDS)


def test_there_are_at_least_eight_motifs_and_each_of_them_comes() -> None:
    assert len(prints.MOTIFS) >= 8
    outlines = {re.sub(r"[\d.-]+", "", prints.draw(seed, 1)) for seed in SEEDS}
    assert len(outlines) >= len(prints.MOTIFS)


@pytest.mark.parametrize("inks", range(1, 7))
def test_a_print_has_exactly_its_two_inks_on_paper(inks: int) -> None:
    for seed in SEEDS[:40]:
        colours = set(re.findall(r"#[0-9a-f]{6}", prints.draw(seed, inks)))
        assert colours == {*prints.INKS[inks - 1], prints.PAPER}


def test_a_print_is_a_small_picture_that_runs_and_fetches_nothing() -> None:
    for seed in SEEDS:
        text = prints.draw(seed, 2)
        picture = ET.fromstring(text)
        assert picture.get("viewBox") == "0 0 400 400"
        assert {element.tag.rpartition("}")[2] for element in picture.iter()} <= {
            *("svg", "style", "g"),
            *("rect", "circle", "ellipse", "path"),
        }
        assert "href" not in text
        assert "url(" not in text
        assert len(text) < 8000
