"""A kept cover becomes small pictures, in a process that can do no harm, and nothing else becomes one."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from generator import thumbnails
from generator.child import UnfitError
from generator.engine.art import cover


def webp(path: Path, size: tuple[int, int]) -> Path:
    Image.linear_gradient("L").resize(size).convert("RGB").save(path, "WEBP")
    return path


def size_of(piece: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(piece)) as picture:
        assert picture.format == "WEBP"
        return picture.size


async def test_a_cover_is_made_in_every_width_and_a_row_of_it_weighs_next_to_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cover.webp"
    path.write_bytes(cover("Lantern Street", "jazz", 7))
    made = await thumbnails.made(path)
    assert {width: size_of(piece) for width, piece in made.items()} == {w: (w, w) for w in thumbnails.WIDTHS}
    assert len(made[96]) < 2_000
    assert len(made[192]) < 5_000


async def test_a_small_picture_is_not_blown_up_and_a_wide_one_keeps_its_shape(tmp_path: Path) -> None:
    small = await thumbnails.made(webp(tmp_path / "small.webp", (120, 120)))
    assert {width: size_of(piece)[0] for width, piece in small.items()} == {96: 96, 192: 120, 400: 120, 800: 120}
    wide = await thumbnails.made(webp(tmp_path / "wide.webp", (1000, 500)))
    assert size_of(wide[400]) == (400, 200)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n" + bytes(99),
    ],
    ids=["nothing", "a beginning", "svg", "png"],
)
async def test_what_is_no_kept_picture_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.webp"
    path.write_bytes(data)
    with pytest.raises(UnfitError):
        await thumbnails.made(path)


async def test_a_picture_larger_than_any_that_is_kept_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnfitError):
        await thumbnails.made(webp(tmp_path / "large.webp", (1600, 1600)))
