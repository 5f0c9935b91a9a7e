"""Whatever array comes, the answer is a result or a refusal in a sentence, and it comes soon."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from generator.listening.kind import kind
from generator.listening.melody import melody
from generator.listening.music import music
from generator.listening.sound import RATES, CannotHear, Sound, sound

Samples = npt.NDArray[np.floating]
HEARERS: list[Callable[[Sound], object]] = [music, melody, kind]
RATE = 22_050


def ask(samples: Samples, rate: int) -> None:
    """Every question there is; a refusal must be a sentence."""
    for hear in HEARERS:
        said = "An answer."
        try:
            hear(sound(samples, rate))
        except CannotHear as refusal:
            said = str(refusal)
        assert said[0].isupper()
        assert said.endswith(".")


def seconds(count: float, rate: int = RATE) -> npt.NDArray[np.float32]:
    return (np.arange(round(count * rate)) / rate).astype(np.float32)


AWKWARD: dict[str, Samples] = {
    "nothing": np.zeros(0, np.float32),
    "no channels": np.zeros((100, 0), np.float32),
    "a cube": np.zeros((4, 4, 4), np.float32),
    "one sample": np.ones(1, np.float32),
    "zeros": np.zeros(6 * RATE, np.float32),
    "a constant": np.full(6 * RATE, 0.7, np.float32),
    "one click": np.eye(1, 6 * RATE, 3 * RATE, dtype=np.float32)[0],
    "no number": np.full(6 * RATE, np.nan, np.float32),
    "one no number": np.where(seconds(6) == seconds(6)[500], np.nan, 0.1),
    "endless": np.full(6 * RATE, np.inf),
    "huge": np.sin(2000 * seconds(6)) * 1e30,
    "tiny": np.sin(2000 * seconds(6)) * 1e-30,
    "barely there": np.sin(2000 * seconds(6)) * 1e-5,
    "a square at full scale": np.sign(np.sin(700 * seconds(6))),
    "one tone": np.sin(2 * np.pi * 440 * seconds(8)),
    "a tone above all": np.sin(2 * np.pi * 10_900 * seconds(8)),
    "a rumble below all": np.sin(2 * np.pi * 8 * seconds(8)),
    "a sweep": np.sin(300 * seconds(8) ** 3),
    "eight channels": np.random.default_rng(1).standard_normal((6 * RATE, 8)) * 0.1,
    "a single tick a second": (np.arange(8 * RATE) % RATE < 20).astype(np.float32),
    "ticks at the highest tempo": (np.arange(8 * RATE) % (RATE // 20) < 20).astype(np.float32),
    "sound at the very end": np.concatenate([np.zeros(8 * RATE), np.sin(3000 * seconds(0.2))]),
}


@pytest.mark.parametrize("name", AWKWARD)
def test_no_sound_is_too_strange(name: str) -> None:
    with np.errstate(all="ignore"):
        ask(AWKWARD[name], RATE)


@settings(max_examples=25, deadline=None)
@given(
    arrays.arrays(
        np.float32,
        st.one_of(st.tuples(st.integers(0, 9000)), st.tuples(st.integers(0, 4000), st.integers(0, 3))),
        elements=st.floats(width=32, allow_nan=True, allow_infinity=True),
        fill=st.floats(-1, 1, width=32),
    ),
    st.sampled_from([4_000, 8_000, 11_025, 22_050, 44_100, 48_000, 192_000]),
)
def test_any_array_has_an_answer(samples: npt.NDArray[np.float32], rate: int) -> None:
    with np.errstate(all="ignore"):
        ask(samples, rate)


@pytest.mark.parametrize("rate", [0, -1, RATES.start - 1, RATES.stop])
def test_a_rate_that_is_none_is_refused(rate: int) -> None:
    with pytest.raises(CannotHear, match="sample rate"):
        sound(np.zeros(RATE, np.float32), rate)


def test_more_than_ten_minutes_are_refused_and_ten_are_heard() -> None:
    with pytest.raises(CannotHear, match="10 minutes"):
        sound(np.zeros(601 * 4_000, np.float32), 4_000)
    chance = np.random.default_rng(2)
    ticks = chance.standard_normal(599 * 4_000).astype(np.float32) * 0.01
    ticks[:: 4_000 // 2] += 1
    begun = time.process_time()
    ask(ticks, 4_000)
    assert time.process_time() - begun < 40
