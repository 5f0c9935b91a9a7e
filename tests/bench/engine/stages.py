"""CPU seconds of one take by stage, in this process: each stage's own time, without that of stages it calls."""

from __future__ import annotations

import functools
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from generator.engine import backing, band, master, mp3, song, tones, vocals

STAGES: tuple[tuple[str, Any, str], ...] = (
    ("plan: prompt and words", song, "plan"),
    ("cover", song, "cover"),
    ("compose", song, "compose"),
    ("arrange", backing, "arrange"),
    ("sing", vocals.Vocals, "stem"),
    ("sampler", band.Band, "play"),
    ("calculated sounds", tones, "sound"),
    ("limiter", master.Limiter, "push"),
    ("MP3", mp3.Encoder, "encode"),
    ("MIDI", song, "performance"),
    ("MIDI", song, "midi"),
)
"""A stage's name, and where its function is looked up."""
REST = "equalisers, rooms and the rest"


class Clock:
    """Counts CPU seconds of this thread for whichever stage is innermost."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._stack = [REST]
        self._since = time.thread_time()

    def turn(self) -> None:
        """What has passed belongs to the innermost stage."""
        now = time.thread_time()
        self.spent[self._stack[-1]] += now - self._since
        self._since = now

    def within(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function with its time counted for the stage."""

        @functools.wraps(function)
        def counted(*given: Any, **named: Any) -> Any:
            self.turn()
            self._stack.append(stage)
            try:
                return function(*given, **named)
            finally:
                self.turn()
                self._stack.pop()

        return counted


def stages(prompt: str, seed: int) -> dict[str, float]:
    """Take 1's stages, once everything is warm; seconds of CPU. Ends with the sum."""
    song.warm()
    clock = Clock()
    kept = [(owner, name, getattr(owner, name)) for _, owner, name in STAGES]
    for stage, owner, name in STAGES:
        setattr(owner, name, clock.within(stage, getattr(owner, name)))
    try:
        clock.turn()
        clock.spent.clear()
        plan = song.plan(prompt, None, seed)
        song.render(plan, 1, song.cover(plan), lambda _: None, lambda _: None)
        clock.turn()
    finally:
        for owner, name, function in kept:
            setattr(owner, name, function)
    order = [*(stage for stage, _, _ in STAGES), REST]
    return {**{stage: clock.spent[stage] for stage in order}, "all": sum(clock.spent.values())}
