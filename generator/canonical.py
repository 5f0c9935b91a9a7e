"""A given sound as the engine takes it: FLAC, 44.1 kHz, 16 bits, one or two channels, whatever it came as.

What was probed (`generator.probe`), or is AAC, is decoded, resampled and packed in a child process (`generator.child`):
`python -m generator.canonical FILE`. The copy is ours: nothing of the foreign file but its sound is in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import BytesIO
from math import gcd
from pathlib import Path
from typing import Any

from generator import child, probe

RATE = 44_100
PIECE_BYTES = 256 * 1024
LARGEST = 120 * 1024 * 1024
"""Bytes: ten minutes that cannot be packed at all, and some more."""
_TAPS = 20
"""Input samples around a block, in units of the rate's steps, that its edges are worked out from."""


def write(path: Path, into: Path) -> None:
    """Put the canonical copy of the sound at `path` at `into`. Blocks. Raises `child.UnfitError`, OSError."""
    poured = child.Poured(__name__, path)
    try:
        size, wanted = 0, int(poured.facts.get("size", 0))
        if not 0 < wanted <= LARGEST:
            raise child.UnfitError("The audio could not be decoded.")
        with into.open("wb") as file:
            while piece := poured.read(PIECE_BYTES):
                size += file.write(piece)
                if size > wanted:
                    break
        if size != wanted:
            raise child.UnfitError("The audio could not be decoded to its end.")
    except BaseException:
        into.unlink(missing_ok=True)
        raise
    finally:
        poured.close()


def _pack(descriptor: int) -> tuple[dict[str, Any], Iterator[bytes]]:
    import numpy as np  # noqa: PLC0415  loaded under the limits, and in the child alone
    import scipy.signal  # noqa: F401, PLC0415  for `_resampled`; nothing can be imported behind `shut`
    import soundfile  # noqa: PLC0415

    from generator import aac  # noqa: PLC0415

    is_aac = probe.is_aac(os.pread(descriptor, probe.HEAD_BYTES, 0))
    decoder = aac.decoder() if is_aac else None
    child.shut()
    out = BytesIO()
    try:
        sound: aac.Reader = aac.Sound(descriptor, decoder) if is_aac else soundfile.SoundFile(descriptor, closefd=True)
        if sound.channels not in probe.CHANNELS or sound.samplerate not in probe.RATES:
            raise child.UnfitError("The audio has an unusual number of channels or an unusual sample rate.")
        channels = min(2, sound.channels)
        with soundfile.SoundFile(out, "w", RATE, channels, "PCM_16", format="FLAC") as packed:
            for block in _resampled(sound, channels):
                packed.write(np.rint(np.clip(block, -1, 1) * 32767).astype(np.int16))
    except soundfile.SoundFileError:
        raise child.UnfitError("The audio does not play.") from None
    body = out.getbuffer()
    return {"size": len(body)}, (bytes(body[at : at + PIECE_BYTES]) for at in range(0, len(body), PIECE_BYTES))


def _resampled(sound: Any, channels: int) -> Iterator[Any]:
    """Blocks (frames, channels) at RATE. Block by block with what lies around it, which is the same as all at once."""
    import numpy as np  # noqa: PLC0415  loaded by now
    from scipy.signal import resample_poly  # noqa: PLC0415

    common = gcd(sound.samplerate, RATE)
    up, down = RATE // common, sound.samplerate // common
    pad = _TAPS * down * (1 + down // up)
    size = max(1, probe.BLOCK // down) * down
    before = np.zeros((pad, channels), np.float32)
    ahead = _read(sound, size + pad, channels)
    most = sound.samplerate * probe.LONGEST_MS // 1000
    while len(ahead) and most > 0:
        here, rest = ahead[:size], ahead[size:]
        if up == down:
            yield here
        else:
            padded = np.concatenate([before, here, rest[:pad], np.zeros((pad - len(rest[:pad]), channels), np.float32)])
            first, count = pad * up // down, -(-len(here) * up // down)
            yield resample_poly(padded, up, down, axis=0).astype(np.float32)[first : first + count]
        most -= len(here)
        before = np.concatenate([before, here])[-pad:]
        ahead = np.concatenate([rest, _read(sound, size + pad - len(rest), channels)])


def _read(sound: Any, frames: int, channels: int) -> Any:
    """The next frames, (n, channels); more than two channels are mixed into one on both sides."""
    import numpy as np  # noqa: PLC0415  loaded by now

    read = np.nan_to_num(sound.read(frames, dtype="float32", always_2d=True))
    if read.shape[1] > channels:
        read = np.repeat(read.mean(axis=1, keepdims=True), channels, axis=1)
    return read


if __name__ == "__main__":
    child.pour(_pack)
