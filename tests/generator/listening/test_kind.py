"""Clear cases are told apart: silence, noise, applause, speech, drums, one voice, music."""

from __future__ import annotations

import numpy as np
import pytest

from generator.listening.kind import kind
from generator.listening.sound import sound
from tests.generator.listening.band import RATE, song
from tests.generator.listening.test_melody import TUNE
from tests.given import noises, tunes


@pytest.mark.parametrize("seed", [40, 41])
@pytest.mark.parametrize("name", ["noise", "applause", "speech", "drums"])
def test_what_is_no_music_is_told_apart(name: str, seed: int) -> None:
    assert kind(sound(getattr(noises, name)(seed, 8.0), noises.RATE)).name == name


@pytest.mark.parametrize("way", ["hummed", "whistled", "played"])
def test_one_voice_is_one_voice(way: str) -> None:
    assert kind(sound(getattr(tunes, way)(TUNE, 7)[0], tunes.RATE)).name == "voice"


def test_a_band_is_music_and_nothing_is_silence() -> None:
    assert kind(sound(song(((0, False), (5, False)), bpm=110, bars=6), RATE)).name == "music"
    assert kind(sound(np.zeros(RATE, np.float32), RATE)).name == "silence"
