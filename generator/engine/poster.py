"""The picture that goes with a link to a song: its cover beside its title, 1200 by 630, as JPEG."""

from __future__ import annotations

import functools
import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from .art import PAPER

WIDTH, HEIGHT = 1200, 630
"""What pages that preview links show uncropped."""
INK = (0x14, 0x1A, 0x16)
MARGIN = 48
SIZES = (92, 80, 68, 58, 50, 42, 36)
"""Pixels of the title's letters; the largest size in which it fits is taken."""
LEADING = 1.04
SMALL = 26
QUALITY = 86
MADE_BY = "Duplet · AI-generated"
TYPEFACE = Path(__file__).resolve().parents[2] / "static" / "fonts" / "bricolage-grotesque-latin-opsz-normal.woff2"
"""That of the site's headlines."""
_WEIGHT, _OPTICAL = 650, 72


def poster(cover: bytes, title: str) -> bytes:
    """The cover (any picture that Pillow reads) on the left, the title in the site's own letters beside it."""
    with Image.open(io.BytesIO(cover)) as picture:
        square = picture.convert("RGB").resize((HEIGHT, HEIGHT), Image.Resampling.LANCZOS)
    sheet = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    sheet.paste(square, (0, 0))
    draw = ImageDraw.Draw(sheet)
    left, wide = HEIGHT + MARGIN, WIDTH - HEIGHT - 2 * MARGIN
    size, lines = _fitted(" ".join(filter(None, map(_drawable, title.split()))) or "Song", wide, HEIGHT - 4 * MARGIN)
    for k, line in enumerate(lines):
        draw.text((left, MARGIN + k * size * LEADING), line, INK, _letters(size))
    draw.text((left, HEIGHT - MARGIN), MADE_BY, INK, _letters(SMALL), anchor="ls")
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _fitted(title: str, wide: int, high: int) -> tuple[int, list[str]]:
    """The largest size in which the title fits, and its lines; what is too long for the smallest one is cut."""
    for size in SIZES:
        lines = _lines(title, wide, size)
        most = int(high / (size * LEADING))
        if len(lines) <= most and all(_letters(size).getlength(line) <= wide for line in lines):
            return size, lines
    return size, [_cut(line, wide, size) for line in lines[:most]]


def _lines(title: str, wide: int, size: int) -> list[str]:
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _letters(size).getlength(longer) > wide:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _cut(line: str, wide: int, size: int) -> str:
    """As much of a line as fits."""
    if _letters(size).getlength(line) <= wide:
        return line
    while line and _letters(size).getlength(f"{line}…") > wide:
        line = line[:-1]
    return f"{line}…"


def _drawable(word: str) -> str:
    """What the typeface has letters for: those of Latin script, and marks."""
    return "".join(c for c in word if "!" <= c <= "~" or "¡" <= c <= "ÿ" or "‐" <= c <= "…")


@functools.lru_cache(maxsize=8)
def _letters(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(TYPEFACE), size)
    font.set_variation_by_axes([_OPTICAL, _WEIGHT])
    return font
