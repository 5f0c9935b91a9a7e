"""Covers are prints in two inks, the same for the same song."""

from __future__ import annotations

import io
from collections import Counter
from typing import get_args

import numpy as np
import pytest
from PIL import Image

from generator.engine import art
from generator.engine.art import INKS, PAPER, cover, inks, motif
from generator.engine.idioms import IDIOMS
from generator.engine.motifs import MOTIFS
from generator.engine.plates import Plate, Tone, halftone
from generator.engine.score import Metre, Mood


def picture(title: str, seed: int) -> Image.Image:
    return Image.open(io.BytesIO(cover(title, "pop", seed)))


def drawings(title: str, idiom: str, mood: Mood | None = None, metre: Metre = "4/4") -> Counter[str]:
    """How often a title gets which drawing."""
    return Counter(motif(title, idiom, seed, frozenset([mood] if mood else []), metre) for seed in range(120))


@pytest.mark.parametrize("name", sorted(MOTIFS))
def test_every_drawing_leaves_paper_and_uses_both_inks(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(art, "motif", lambda *_: name)
    image = picture("", 11)
    assert image.format == "WEBP"
    assert image.size == (1024, 1024)
    small = np.asarray(image.convert("RGB").resize((128, 128)), np.float64).reshape(-1, 3)
    pair = np.array(INKS[inks("pop", 11) - 1], np.float64)
    colours = np.array([PAPER, *pair, pair[0] * pair[1] / PAPER])
    nearest = np.square(small[:, None] - colours[None]).sum(2).argmin(1)
    shares = np.bincount(nearest, minlength=4) / len(nearest)
    assert shares[0] > 0.08
    assert shares[1] > 0.015
    assert shares[2] > 0.015


def test_a_title_calls_for_its_drawing() -> None:
    assert drawings("Harbour in the Rain", "ballad").keys() == {"sea", "rain"}
    assert drawings("Meet Me on the Moon", "rock").keys() == {"eclipse"}
    assert drawings("Meet Me on the Moon", "house")["eclipse"] > 30


def test_the_same_song_has_the_same_cover() -> None:
    assert cover("Blue Bottle", "pop", 3) == cover("Blue Bottle", "pop", 3)
    assert cover("Blue Bottle", "pop", 3) != cover("Blue Bottle", "pop", 4)


def test_all_six_pairs_of_ink_are_used() -> None:
    assert {inks(idiom, seed) for idiom in IDIOMS for seed in range(20)} == {1, 2, 3, 4, 5, 6}


def test_every_idiom_and_every_mood_has_its_inks_and_its_drawings() -> None:
    assert set(art.INKS_OF_IDIOM) == set(art.MOTIFS_OF_IDIOM) == set(IDIOMS)
    assert {name for names in art.MOTIFS_OF_IDIOM.values() for name in names.split()} <= set(MOTIFS)
    assert set(art.INKS_OF_MOOD) == set(get_args(Mood))
    for idiom in IDIOMS:
        assert len(drawings("Zzz", idiom)) >= 3, idiom
    kinds = {idiom: (frozenset(drawings("Zzz", idiom)), art.INKS_OF_IDIOM[idiom]) for idiom in IDIOMS}
    assert len(set(kinds.values())) == len(kinds)


def test_a_waltz_whirls_and_a_lullaby_rocks_its_cradle() -> None:
    assert drawings("Zzz", "folk", metre="3/4").most_common(1)[0][0] == "swirl"
    assert drawings("My Baby", "ballad", "lullaby", "6/8").keys() == {"cradle"}


def test_moods_can_be_told_apart() -> None:
    sad, plain, wild = (
        np.asarray(Image.open(io.BytesIO(cover("Zzz", "folk", 3, frozenset(mood)))).convert("L"), np.float64)
        for mood in (("sad",), (), ("energetic",))
    )
    assert sad[:200].mean() < plain[:200].mean() - 15
    assert inks("pop", 5, frozenset(("angry",))) == 4
    assert not np.array_equal(wild, plain)


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
