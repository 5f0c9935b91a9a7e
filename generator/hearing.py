"""What is heard in a canonical copy (`generator.canonical`), worked out in a child process: numbers for `given.Heard`.

`python -m generator.hearing FILE`. A minute of sound takes about a second of one core.
"""

from __future__ import annotations

from pathlib import Path

from generator import child
from generator.given import Heard, facts, heard_from

WITHIN_SECONDS = 120.0
CPU_SECONDS = 60
MEMORY_BYTES = 1536 * 1024 * 1024
"""For the longest recording; it is our own copy that is listened to, not a foreign file."""


async def hear(path: Path) -> Heard:
    """All that can be heard in the copy at `path`. Raises `child.UnfitError`."""
    found, _ = await child.ask(__name__, path, WITHIN_SECONDS)
    try:
        return heard_from(found)
    except (KeyError, TypeError, ValueError):
        raise child.UnfitError("Nothing could be heard in the audio.") from None


def _listen(descriptor: int) -> child.Answer:
    import soundfile  # noqa: PLC0415  loaded under the limits, and in the child alone

    from generator.listening.hear import hear as listen  # noqa: PLC0415
    from generator.listening.sound import CannotHear, sound  # noqa: PLC0415

    try:
        with soundfile.SoundFile(descriptor, closefd=True) as file:
            rate, samples = file.samplerate, file.read(dtype="float32", always_2d=True)
        return facts(listen(sound(samples, rate))), b""
    except soundfile.SoundFileError:
        raise child.UnfitError("The audio does not play.") from None
    except CannotHear as nothing:
        raise child.UnfitError(str(nothing)) from None


if __name__ == "__main__":
    child.answer(_listen, WITHIN_SECONDS, CPU_SECONDS, MEMORY_BYTES)
