"""What was heard of one file, drawn over the file: python -m tests.given.sheet FILE OUT.png

Above the tones by pitch (C1 to B6), below the twelve pitch classes; over both the beats (thin) and the bars (thick),
the parts with their letters, the chord of each bar, and the notes of the tune as boxes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from PIL import Image, ImageDraw

from generator.given import BEATS, Heard
from generator.listening.facts import NAMES, Music
from generator.listening.hear import hear
from generator.listening.sound import sound
from generator.listening.tones import FRAME_RATE, LOWEST, PITCHES, tones

WIDTH, TONE, CLASS, MARGIN = 1500, 8, 14, 44
INK = np.array([(255, 253, 247), (255, 214, 170), (222, 84, 66), (58, 24, 92)], float)
BEAT, BAR, NOTE = (150, 160, 190), (30, 60, 160), (0, 120, 90)


def draw(path: Path, target: Path) -> str:
    """The sheet of a file as PNG, and what was heard in a line."""
    samples, rate = soundfile.read(path, dtype="float32")
    asked = sound(samples, rate)
    heard, found = hear(asked), tones(asked)
    high, low = PITCHES * TONE, 12 * CLASS
    sheet = Image.new("RGB", (WIDTH + 2 * MARGIN, high + low + 3 * MARGIN), "white")
    pen = ImageDraw.Draw(sheet)
    sheet.paste(_image(found.strengths.T[::-1], (WIDTH, high)), (MARGIN, MARGIN))
    sheet.paste(_image(found.chroma(36, 84).T[::-1], (WIDTH, low)), (MARGIN, high + 2 * MARGIN))
    pixels = WIDTH / (len(found.strengths) / FRAME_RATE)
    if heard.music:
        _grid(pen, heard.music, pixels, ((MARGIN, MARGIN + high), (high + 2 * MARGIN, high + 2 * MARGIN + low)))
    for number, name in enumerate(NAMES):
        pen.text((MARGIN - 20, high + 2 * MARGIN + (11 - number) * CLASS), name, fill="black")
    for note in heard.melody.notes if heard.melody else ():
        y = MARGIN + (LOWEST + PITCHES - 1 - note.pitch) * TONE
        pen.rectangle((MARGIN + note.start * pixels, y, MARGIN + note.end * pixels, y + TONE), outline=NOTE, width=2)
    said = line(heard)
    pen.text((MARGIN, 4), f"{path.name}: {said}", fill="black")
    sheet.save(target)
    return said


def line(heard: Heard) -> str:
    """What was heard, in a line."""
    going = heard.music
    steady = f"{going.bpm:.1f} bpm, {going.metre}, {going.key}, {len(going.bars)} bars" if going else "no steady beat"
    return f"{heard.kind}, {heard.seconds:.1f} s, {steady}, {len(heard.melody.notes) if heard.melody else 0} notes"


def _grid(pen: ImageDraw.ImageDraw, going: Music, pixels: float, spans: tuple[tuple[int, int], ...]) -> None:
    each = BEATS[going.metre]
    for number, beat in enumerate(going.beats):
        is_bar = (number - going.downbeat) % each == 0
        x = MARGIN + beat * pixels
        for top, bottom in spans:
            pen.line((x, top, x, bottom), fill=BAR if is_bar else BEAT, width=2 if is_bar else 1)
    for bar in going.bars:
        pen.text((MARGIN + bar.start * pixels + 3, spans[0][1] + 4), str(bar.chords[0]), fill="black")
    for part in going.parts:
        pen.text((MARGIN + part.start * pixels + 3, spans[0][1] + 20), part.letter, fill=BAR)


def _image(shade: npt.NDArray[np.float32], size: tuple[int, int]) -> Image.Image:
    """Strengths in colour, the loudest twentieth as one."""
    part = np.clip(shade / max(1e-9, float(np.quantile(shade, 0.98))), 0, 1) ** 0.6
    places = np.linspace(0, 1, len(INK))
    pixels = np.stack([np.interp(part, places, INK[:, k]) for k in range(3)], axis=-1).astype(np.uint8)
    return Image.fromarray(pixels).resize(size, Image.Resampling.NEAREST)


if __name__ == "__main__":
    sys.stdout.write(f"{draw(Path(sys.argv[1]), Path(sys.argv[2]))}\n")
