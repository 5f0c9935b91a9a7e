"""A link to a song has a picture that shows its cover and says its name."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from generator.engine.art import PAPER, cover
from generator.engine.poster import HEIGHT, MARGIN, WIDTH, poster

COVER = cover("Blue Bottle", "jazz", 3)


def drawn(title: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    image = Image.open(io.BytesIO(poster(COVER, title)))
    assert (image.format, image.size) == ("JPEG", (1200, 630))
    return np.asarray(image.convert("RGB"), np.float64)


def inked(title: str) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Where letters stand beside the cover."""
    dark: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = drawn(title)[:, HEIGHT + 8 :].mean(2) < 120
    return dark


def test_it_shows_the_cover() -> None:
    with Image.open(io.BytesIO(COVER)) as image:
        whole = np.asarray(image.convert("RGB").resize((HEIGHT, HEIGHT)), np.float64)
    assert np.abs(drawn("Blue Bottle")[:, :HEIGHT] - whole).mean() < 8


@pytest.mark.parametrize(
    "title", ["Oh", "Leave the Porch Light on for Me", "W" * 200, "one two three " * 15, "Ça va 🎵 é"]
)
def test_any_title_fits_into_its_space(title: str) -> None:
    letters = inked(title)
    assert letters.any()
    assert not letters[:, WIDTH - HEIGHT - 8 - MARGIN + 4 :].any()
    assert not letters[: MARGIN // 2].any()
    assert not letters[HEIGHT - MARGIN // 2 :].any()


def test_titles_are_told_apart_and_one_without_letters_is_a_song() -> None:
    assert not np.array_equal(inked("Blue Bottle"), inked("Red Bottle"))
    assert np.array_equal(inked("🎵"), inked("Song"))
    assert tuple(drawn("Oh")[5, HEIGHT + 200].round()) == pytest.approx(PAPER, abs=3)
