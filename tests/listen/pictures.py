"""Two pictures of a song on one sheet: its spectrogram, and how alike its bars are."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from PIL import Image, ImageDraw

Grid = npt.NDArray[np.float64]
WIDTH, HEIGHT, SIDE = 1200, 420, 560
SIZE, HOP = 4096, 2048
BANDS = 128
LOWEST, HIGHEST = 40.0, 18000.0
FLOOR = 75.0
"""dB under the loudest that are shown."""
INK = np.array([(12, 8, 38), (96, 20, 110), (212, 72, 66), (250, 180, 60), (252, 252, 210)], float)
MARGIN = 40


def draw(folder: Path, target: Path) -> None:
    """Take 1 as PNG: above the spectrogram (mel, dB) with the sections' borders, below the likeness of all bars."""
    told = json.loads((folder / "1.json").read_text(encoding="utf-8"))
    sound, rate = soundfile.read(folder / "1.mp3", always_2d=True)
    bands = spectrogram(sound.mean(axis=1), rate)
    form, late = told["form"], told["mix_late"]
    sheet = Image.new("RGB", (WIDTH + 2 * MARGIN, HEIGHT + SIDE + 3 * MARGIN), "white")
    pen = ImageDraw.Draw(sheet)
    shade = np.clip(1 + (bands - bands.max()) / FLOOR, 0, 1)
    sheet.paste(_image(shade[::-1], (WIDTH, HEIGHT)), (MARGIN, MARGIN))
    seconds = len(sound) / rate
    for number, section in enumerate(form):
        x = MARGIN + int((section["start"] + late) / seconds * WIDTH)
        pen.line((x, MARGIN - 14, x, MARGIN + HEIGHT), fill="white")
        pen.text((x + 2, MARGIN - 26 + 12 * (number % 2)), f"{section['kind']} {section['energy']:g}", fill="black")
    pen.text((MARGIN, 1), f"{folder.name}: {told['idiom']}, {told['bpm']} bpm, {told['metre']}", fill="black")
    likeness, borders = alike(bands, form, late, seconds)
    top = HEIGHT + 2 * MARGIN
    sheet.paste(_image((likeness + 1) / 2, (SIDE, SIDE)), (MARGIN, top))
    for kind, bar in borders:
        at = int(bar / len(likeness) * SIDE)
        pen.line((MARGIN + at, top, MARGIN + at, top + SIDE), fill="white")
        pen.line((MARGIN, top + at, MARGIN + SIDE, top + at), fill="white")
        pen.text((MARGIN + SIDE + 6, top + at), kind, fill="black")
    target.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(target)


def spectrogram(mono: Grid, rate: int) -> Grid:
    """(BANDS, frames) in dB, bands spaced by mel."""
    windows = np.lib.stride_tricks.sliding_window_view(mono, SIZE)[::HOP] * np.hanning(SIZE)
    power = np.square(np.abs(np.fft.rfft(windows, axis=1))).T
    mel = np.linspace(_mel(LOWEST), _mel(HIGHEST), BANDS + 1)
    edges = np.searchsorted(np.fft.rfftfreq(SIZE, 1 / rate), 700 * (np.exp(mel / 1127) - 1))
    return np.array([10 * np.log10(power[a : max(b, a + 1)].mean(axis=0) + 1e-9) for a, b in itertools.pairwise(edges)])


def _mel(hertz: float) -> float:
    return float(1127 * np.log1p(hertz / 700))


def alike(bands: Grid, form: list[dict[str, float]], late: float, seconds: float) -> tuple[Grid, list[tuple[str, int]]]:
    """Cosine between the spectra of all bars (-1 to 1), and the bar with which each section begins."""
    scale = bands.shape[1] / seconds
    rows: list[Grid] = []
    borders = []
    for section in form:
        borders.append((str(section["kind"]), len(rows)))
        length = (section["end"] - section["start"]) / section["bars"]
        for bar in range(int(section["bars"])):
            begin = int((section["start"] + bar * length + late) * scale)
            rows.append(bands[:, begin : max(begin + 1, int(begin + length * scale))].mean(axis=1))
    spread = np.array(rows) - np.mean(rows, axis=0)
    unit = spread / (np.linalg.norm(spread, axis=1, keepdims=True) + 1e-9)
    return unit @ unit.T, borders


def _image(shade: Grid, size: tuple[int, int]) -> Image.Image:
    """Shades 0 to 1 in colour."""
    places = np.linspace(0, 1, len(INK))
    pixels = np.stack([np.interp(shade, places, INK[:, k]) for k in range(3)], axis=-1).astype(np.uint8)
    return Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR)
