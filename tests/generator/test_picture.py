"""Whatever picture a host sends, what is kept is a small one of our own and nothing that was hidden in it."""

from __future__ import annotations

import io
import os
import resource
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from generator import child
from generator.engine import art
from generator.picture import remade, sniffed
from tests.generator.foreign_files import PAGE, flat_png, header, moving, noted, picture, png, scene, text_bomb

Colour = tuple[int, int, int]


async def drawn(folder: Path, data: bytes) -> Image.Image:
    """What is kept of a picture, looked at as a browser would."""
    path = folder / "picture"
    path.write_bytes(data)
    made = await remade(path)
    image = Image.open(io.BytesIO(made))
    assert image.format == "WEBP"
    assert max(image.size) <= 1024
    assert not {"exif", "icc_profile", "xmp"} & set(image.info)
    return image


async def refused(folder: Path, data: bytes) -> str:
    path = folder / "picture"
    path.write_bytes(data)
    with pytest.raises(child.UnfitError) as error:
        await remade(path)
    return str(error.value)


def near(image: Image.Image, x: float, y: float) -> Colour:
    """The colour at a place, 0 to 1 from the left and from the top, each part full or nothing."""
    spot = image.convert("RGB").getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))
    assert isinstance(spot, tuple)
    red, green, blue = (255 if part > 128 else 0 for part in spot[:3])
    return red, green, blue


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
async def test_a_picture_stays_what_it_shows(tmp_path: Path, kind: str) -> None:
    image = await drawn(tmp_path, picture(kind))
    assert image.size == (320, 240)
    assert (near(image, 0.1, 0.9), near(image, 0.9, 0.9), near(image, 0.1, 0.05)) == (
        (255, 0, 0), (0, 0, 255), (255, 255, 0),
    )  # fmt: skip


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(lambda: picture("JPEG", scene().convert("CMYK")), id="four inks"),
        pytest.param(lambda: picture("JPEG", scene().convert("L")), id="grey"),
        pytest.param(lambda: picture("JPEG", progressive=True), id="progressive"),
        pytest.param(lambda: picture("PNG", scene().convert("1")), id="one bit"),
        pytest.param(lambda: picture("PNG", scene().convert("LA")), id="grey with transparency"),
        pytest.param(lambda: picture("PNG", scene().convert("RGBA")), id="transparency"),
        pytest.param(lambda: picture("PNG", scene().quantize(16)), id="palette"),
        pytest.param(
            lambda: picture("PNG", scene().quantize(16), transparency=bytes(range(16))), id="see-through palette"
        ),
        pytest.param(lambda: picture("GIF", scene().quantize(4), transparency=1, interlace=1), id="see-through GIF"),
        pytest.param(lambda: picture("WEBP", lossless=True), id="lossless"),
        pytest.param(lambda: flat_png(200, 200, depth=16), id="48 bits"),
        pytest.param(lambda: picture("JPEG") + b"\0" * 1000, id="bytes behind the end"),
    ],
)
async def test_every_shade_of_the_four_kinds_is_drawn(tmp_path: Path, odd: Callable[[], bytes]) -> None:
    assert (await drawn(tmp_path, odd())).mode in ("RGB", "RGBA")


async def test_sixteen_bits_of_grey_do_not_turn_white(tmp_path: Path) -> None:
    dark = Image.new("I;16", (64, 64), 0x2000)
    image = (await drawn(tmp_path, picture("PNG", dark))).convert("L")
    assert 0x18 < min(image.tobytes()) <= max(image.tobytes()) < 0x28


async def test_what_is_transparent_stays_so(tmp_path: Path) -> None:
    half = scene().convert("RGBA")
    half.paste((0, 0, 0, 0), (0, 0, 160, 240))
    image = (await drawn(tmp_path, picture("PNG", half))).convert("RGBA")
    left, right = image.getpixel((10, 120)), image.getpixel((310, 120))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert (left[3], right[3]) == (0, 255)


async def test_a_large_picture_becomes_a_small_one_of_the_same_shape(tmp_path: Path) -> None:
    assert (await drawn(tmp_path, picture("JPEG", scene(4000, 2000)))).size == (1024, 512)
    assert (await drawn(tmp_path, picture("PNG", scene(60, 3000)))).size == (20, 1024)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
async def test_twenty_five_million_pixels_are_the_most(tmp_path: Path, kind: str) -> None:
    assert (await drawn(tmp_path, picture(kind, scene(5000, 5000)))).size == (1024, 1024)
    await refused(tmp_path, picture(kind, scene(5000, 5001)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_places_cameras_profiles_and_comments_are_gone(tmp_path: Path, kind: str) -> None:
    data = noted(kind)
    assert b"SECRET" in data
    path = tmp_path / "picture"
    path.write_bytes(data)
    made = await remade(path)
    assert b"SECRET" not in made
    assert not dict(Image.open(io.BytesIO(made)).getexif())


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_a_photo_taken_sideways_stands_upright(tmp_path: Path, orientation: int) -> None:
    photo = noted("JPEG", orientation=orientation)
    image, wanted = await drawn(tmp_path, photo), ImageOps.exif_transpose(Image.open(io.BytesIO(photo)))
    assert image.size == wanted.size == ((240, 320) if orientation > 4 else (320, 240))
    corners = [(x, y) for x in (0.1, 0.9) for y in (0.1, 0.9)]
    assert [near(image, x, y) for x, y in corners] == [near(wanted, x, y) for x, y in corners]


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
async def test_of_a_moving_picture_the_first_frame_is_kept(tmp_path: Path, kind: str) -> None:
    image = await drawn(tmp_path, moving(kind))
    assert getattr(image, "n_frames", 1) == 1
    assert near(image, 0.5, 0.5) == (255, 0, 0)


@pytest.mark.parametrize(
    "hidden",
    [
        pytest.param(lambda: picture("JPEG", comment=PAGE), id="a page in a JPEG's comment"),
        pytest.param(lambda: picture("JPEG") + PAGE, id="a page behind a JPEG"),
        pytest.param(lambda: picture("JPEG") + b"PK\x03\x04" + PAGE + b"PK\x05\x06", id="an archive behind a JPEG"),
        pytest.param(lambda: picture("GIF") + b"<?php system($_GET[0]); ?>" + PAGE, id="a program behind a GIF"),
        pytest.param(lambda: picture("GIF", comment=PAGE), id="a page in a GIF's comment"),
        pytest.param(lambda: picture("PNG") + PAGE, id="a page behind a PNG"),
    ],
)
async def test_nothing_hidden_in_a_picture_is_kept(tmp_path: Path, hidden: Callable[[], bytes]) -> None:
    data = hidden()
    assert PAGE in data
    path = tmp_path / "picture"
    path.write_bytes(data)
    made = await remade(path)
    assert b"__xss" not in made
    assert b"PK\x03\x04" not in made


@pytest.mark.parametrize(
    "foreign",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x89PNG", id="the first bytes alone"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>1</script></svg>", id="SVG"),
        pytest.param(b"<?xml version='1.0'?><svg/>", id="SVG with a declaration"),
        pytest.param(PAGE, id="a page"),
        pytest.param(b"BM" + bytes(1000), id="BMP"),
        pytest.param(b"II*\0" + bytes(1000), id="TIFF"),
        pytest.param(b"\0\0\0\x20ftypavif" + bytes(1000), id="AVIF"),
        pytest.param(b"%PDF-1.7\n" + bytes(1000), id="PDF"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n", id="PostScript"),
        pytest.param(b"\0\0\x01\0" + bytes(1000), id="an icon"),
        pytest.param(b"RIFF\0\0\0\0WAVE" + bytes(1000), id="sound"),
    ],
)
async def test_what_is_none_of_the_four_kinds_is_refused(tmp_path: Path, foreign: bytes) -> None:
    assert sniffed(foreign[:12]) is None
    assert "no PNG, JPEG, WebP or GIF" in await refused(tmp_path, foreign)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), id="a beginning and zeros"),
        pytest.param(lambda: b"\x89PNG\r\n\x1a\n" + PAGE, id="a page that begins like a PNG"),
        pytest.param(lambda: b"\xff\xd8\xff\xe0" + PAGE, id="a page that begins like a JPEG"),
        pytest.param(lambda: b"GIF89a" + PAGE, id="a page that begins like a GIF"),
        pytest.param(lambda: picture("PNG")[:-200], id="half a PNG"),
        pytest.param(lambda: picture("JPEG")[:-500], id="half a JPEG"),
        pytest.param(lambda: picture("WEBP")[:-100], id="half a WebP"),
        pytest.param(lambda: picture("GIF")[:-200], id="half a GIF"),
        pytest.param(lambda: flat_png(64, 64, crc=1), id="wrong checksums"),
        pytest.param(lambda: flat_png(1, 1), id="a single pixel"),
        pytest.param(lambda: flat_png(3000, 2), id="a line"),
        pytest.param(lambda: png(header(0, 0), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")), id="no pixels"),
        pytest.param(
            lambda: png(header(30_000, 30_000), (b"IDAT", zlib.compress(bytes(9))), (b"IEND", b"")), id="a huge header"
        ),
        pytest.param(lambda: png(header(2**31 - 1, 2**31 - 1), (b"IEND", b"")), id="the largest header"),
        pytest.param(lambda: flat_png(20_000, 20_000, depth=1, colour=0), id="a bomb of 400 million pixels"),
        pytest.param(text_bomb, id="a bomb of text"),
        pytest.param(
            lambda: b"RIFF" + struct.pack("<I", 2**32 - 1) + b"WEBPVP8X" + b"\xff" * 40, id="rubbish in a WebP"
        ),
    ],
)
async def test_broken_and_oversized_pictures_are_refused_at_little_cost(
    tmp_path: Path, broken: Callable[[], bytes]
) -> None:
    data = broken()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    sentence = await refused(tmp_path, data)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert sentence.endswith(".")
    assert "Traceback" not in sentence
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 5.0


async def test_the_engines_own_covers_go_the_same_way(tmp_path: Path) -> None:
    image = await drawn(tmp_path, art.cover("Rain on the roof", "ballad", 7))
    assert image.size == (1024, 1024)


async def test_the_same_picture_is_always_kept_as_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(picture("JPEG"))
    assert await remade(path) == await remade(path)


async def test_who_draws_can_open_nothing_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After `shut` neither a file nor a socket can be had: seen in a child that tries."""
    (tmp_path / "curious.py").write_text(
        "import os, socket\n"
        "from generator import child\n"
        "def work(descriptor):\n"
        "    child.shut()\n"
        "    found = {}\n"
        "    for name, try_it in (('file', lambda: os.open('/etc/hostname', 0)), ('socket', socket.socket)):\n"
        "        try:\n"
        "            try_it()\n"
        "            found[name] = 'opened'\n"
        "        except OSError as error:\n"
        "            found[name] = error.errno\n"
        "    return found, os.read(descriptor, 100)\n"
        "child.answer(work)\n"
    )
    found, made = await _asked_in(tmp_path, "curious", monkeypatch)
    assert (found, made) == ({"file": 24, "socket": 24}, b"foreign")


async def test_a_child_that_babbles_is_not_listened_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "babbler.py").write_text("import sys\nwhile True: sys.stdout.buffer.write(b'x' * 65536)\n")
    with pytest.raises(child.UnfitError):
        await _asked_in(tmp_path, "babbler", monkeypatch)


async def _asked_in(folder: Path, module: str, monkeypatch: pytest.MonkeyPatch) -> child.Answer:
    """Ask a module that lies in `folder` about a file there."""
    monkeypatch.setattr(child, "ROOT", f"{child.ROOT}{os.pathsep}{folder}")
    (folder / "picture").write_bytes(b"foreign")
    return await child.ask(module, folder / "picture")
