"""A take in its parts: files of one length that add up to what is heard."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from generator.engine.band import band
from generator.engine.compose import compose
from generator.engine.dsp import RATE, silence
from generator.engine.mix import STEMS, Desk
from generator.engine.score import Score
from generator.engine.song import cover, plan, render
from generator.engine.stems import StemFiles

Sound = npt.NDArray[np.float64]
WANTED = plan("A short cheerful pop song", "Through every road we roam\ntogether we are home", 7)


@cache
def score(number: int) -> Score:
    return compose(WANTED.briefs[number - 1], WANTED.words, WANTED.seed)


def read(folder: Path) -> dict[str, Sound]:
    return {path.stem: soundfile.read(path)[0] for path in folder.glob("*")}


def test_stems_add_up_to_the_take(tmp_path: Path) -> None:
    render(WANTED, 1, cover(WANTED), len, lambda _: None, stems=tmp_path)
    stems = read(tmp_path)
    assert {"drums", "bass", "harmony", "vocal"} <= set(stems) <= set(STEMS)
    heard = np.concatenate([block.sound for block in Desk(score(1), band()).blocks()], axis=1).T
    assert {len(sound) for sound in stems.values()} == {len(heard)}
    rest = sum(stems.values()) - heard
    assert 10 * np.log10(np.square(rest).mean() / np.square(heard).mean()) < -60
    assert {soundfile.info(path).samplerate for path in tmp_path.glob("*")} == {RATE}


def test_who_never_plays_has_no_file(tmp_path: Path) -> None:
    with StemFiles(tmp_path) as files:
        files.add({name: silence(100) + np.float32(name == "bass") / 2 for name in STEMS})
        files.add({name: silence(50) for name in STEMS})
    assert {name: len(sound) for name, sound in read(tmp_path).items()} == {"bass": 150}


def test_a_render_that_is_called_off_leaves_closed_files(tmp_path: Path) -> None:
    def stop() -> None:
        with StemFiles(tmp_path) as files:
            files.add({name: silence(100) + np.float32(0.1) for name in STEMS})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    assert {len(sound) for sound in read(tmp_path).values()} == {100}
