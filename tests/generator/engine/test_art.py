"""Covers are prints in two inks, the same for the same song."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from generator.engine.art import INKS, PAPER, cover, inks, motif
from generator.engine.motifs import MOTIFS
from generator.engine.plates import Plate, Tone, halftone


def picture(title: str, seed: int) -> Image.Image:
    return Image.open(io.BytesIO(cover(title, "pop", seed)))


@pytest.mark.parametrize("name", sorted(MOTIFS))
def test_every_drawing_leaves_paper_and_uses_both_inks(name: str) -> None:
    others = set().union(*(calls for other, (_, calls) in MOTIFS.items() if other != name))
    word = sorted(MOTIFS[name][1] - others)[0]
    image = picture(word, 11)
    assert image.format == "WEBP"
    assert image.size == (1024, 1024)
    small = np.asarray(image.convert("RGB").resize((128, 128)), np.float64).reshape(-1, 3)
    pair = np.array(INKS[inks(11) - 1], np.float64)
    colours = np.array([PAPER, *pair, pair[0] * pair[1] / PAPER])
    nearest = np.square(small[:, None] - colours[None]).sum(2).argmin(1)
    shares = np.bincount(nearest, minlength=4) / len(nearest)
    assert shares[0] > 0.08
    assert shares[1] > 0.015
    assert shares[2] > 0.015


def test_a_title_calls_for_its_drawing() -> None:
    assert motif("Harbour in the Rain", 1) in ("sea", "rain", "sails")
    assert motif("Meet Me on the Moon", 1) == "eclipse"
    assert len({motif("Zzz", seed) for seed in range(80)}) > 10


def test_the_same_song_has_the_same_cover() -> None:
    assert cover("Blue Bottle", "pop", 3) == cover("Blue Bottle", "pop", 3)
    assert cover("Blue Bottle", "pop", 3) != cover("Blue Bottle", "pop", 4)


def test_all_six_pairs_of_ink_are_used() -> None:
    assert {inks(seed) for seed in range(100)} == {1, 2, 3, 4, 5, 6}


def test_a_halftone_keeps_solids_solid_and_greys_grey() -> None:
    plate = Plate()
    plate.box(0, 0, 500, 1000)
    plate.box(500, 0, 1000, 1000, 0.5)
    dots = halftone(plate.grey(), 45, 9)
    assert dots[:, :500].min() == 1
    assert dots[:, 530:].mean() == pytest.approx(0.5, abs=0.05)
    assert dots[:, 530:].std() > 0.3


def test_a_tone_runs_from_top_to_bottom() -> None:
    plate = Plate()
    plate.box(0, 0, 1000, 1000, Tone(1.0, 0.0))
    rows = plate.grey().mean(1)
    assert rows[5] > 0.95
    assert rows[-5] < 0.05
    assert np.all(np.diff(rows[::32]) < 0)
