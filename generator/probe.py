"""Does a file play, what is it, how long, and how loud along its length? Asked of every finished take that is kept.

Only four kinds are taken, by their first bytes and by what the decoder finds, never by a name or a header: they are
what browsers play and what the decoder (libsndfile) knows. The file itself is kept as it came, tags and all, so its
tags are somebody else's words: nothing here reads them, and nothing serves the file as anything but sound.

Decoding happens in a child process (`generator.child`): `python -m generator.probe FILE`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from generator import child
from generator.protocol.errors import AudioUnusable

Kind = Literal["mp3", "wav", "flac", "ogg"]
"""What a take may be; also the ending of its file."""
KINDS: tuple[Kind, ...] = get_args(Kind)
DECODED: dict[Kind, tuple[frozenset[str], frozenset[str]]] = {
    "mp3": (frozenset({"MP3", "MPEG"}), frozenset({"MPEG_LAYER_III"})),
    "wav": (frozenset({"WAV", "WAVEX"}), frozenset({"PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT"})),
    "flac": (frozenset({"FLAC"}), frozenset({"PCM_S8", "PCM_16", "PCM_24"})),
    "ogg": (frozenset({"OGG"}), frozenset({"VORBIS", "OPUS"})),
}
"""By kind: libsndfile's names for the container and for the encodings in it that browsers play."""
HEAD_BYTES = 16
PEAKS = 400
GRAIN = 1024
"""Frames over which power is summed while the file is read; at 44.1 kHz 23 ms."""
BLOCK = 64 * GRAIN
CHANNELS = range(1, 9)
RATES = range(8_000, 192_001)
SHORTEST_MS = 1_000
LONGEST_MS = 10 * 60 * 1000
"""Twice what any v6 host makes. Counted in decoded samples: a few bytes of some kinds can stand for days."""
LARGEST_BESIDE = 8 * 1024 * 1024
"""Bytes of tags and pictures that a file may carry beside sound: what is mostly something else is no take."""
SAMPLE_BYTES = 4
"""The most that a sample takes in any of the four kinds."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found in an audio file by decoding all of it."""

    kind: Kind
    duration_ms: int
    peaks: tuple[int, ...]
    """`PEAKS` values of loudness along the length, 0 to 100, 100 where it is loudest; all 0 in a silent file."""


async def probe(path: Path) -> Probe:
    """Decode the file at `path`. Raises `AudioUnusable` ("audio_rejected") if it does not play or lasts under 1 s.

    Also for what lasts longer than 10 minutes, holds far more than its sound, or takes more than a child may.
    """
    try:
        found, _ = await child.ask(__name__, path)
    except child.UnfitError as error:
        raise AudioUnusable(str(error), "audio_rejected") from None
    match found:
        case {"kind": kind, "duration_ms": int(length), "peaks": [*peaks]} if (
            kind in KINDS and 0 < length <= LONGEST_MS and len(peaks) == PEAKS and set(peaks) <= set(range(101))
        ):
            return Probe(kind, length, tuple(peaks))
    raise AudioUnusable("The file could not be decoded.", "audio_rejected")


def sniffed(head: bytes) -> Kind | None:
    """What a file is that begins with `head` (`HEAD_BYTES` or more); None for all that is no take."""
    if head.startswith(b"ID3") or _is_layer_three(head):
        return "mp3"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith(b"fLaC"):
        return "flac"
    return "ogg" if head.startswith(b"OggS") else None


def is_aac(head: bytes) -> bool:
    """Whether a file that begins so is MP4, or AAC with heads of its own. No take may be; what is given may."""
    return head[4:8] == b"ftyp" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0)


def _is_layer_three(head: bytes) -> bool:
    """Whether `head` is that of an MPEG audio frame, layer III (ISO/IEC 11172-3, 2.4.1.3)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bitrate, rate = head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer == 1 and bitrate not in (0, 15) and rate != 3


def _decode(descriptor: int) -> child.Answer:
    """What `probe` reports. The content decides what a file is, so it goes in nameless."""
    kind = sniffed(os.pread(descriptor, HEAD_BYTES, 0))
    if kind is None:
        raise child.UnfitError("This is no MP3, WAV, FLAC or Ogg audio.")
    import numpy as np  # noqa: PLC0415  loaded under the limits, and in the child alone
    import soundfile  # noqa: PLC0415

    containers, encodings = DECODED[kind]
    size = os.fstat(descriptor).st_size
    child.shut()
    try:
        with soundfile.SoundFile(descriptor, closefd=True) as sound:
            if sound.format not in containers or sound.subtype not in encodings:
                raise child.UnfitError("The audio is of a kind that browsers do not play.")
            if sound.channels not in CHANNELS or sound.samplerate not in RATES:
                raise child.UnfitError("The audio has an unusual number of channels or an unusual sample rate.")
            frames, powers, most = 0, [], sound.samplerate * LONGEST_MS // 1000
            buffer = np.empty((BLOCK, sound.channels), np.float32)
            while len(block := sound.read(dtype="float32", always_2d=True, out=buffer)):
                frames += len(block)
                if frames > most:
                    raise child.UnfitError(f"The audio is longer than {LONGEST_MS // 60_000} minutes.")
                power = np.einsum("fc,fc->f", block, block)
                powers.append(np.add.reduceat(power, np.arange(0, len(power), GRAIN), dtype=np.float64))
            duration_ms = frames * 1000 // sound.samplerate
            if size > frames * sound.channels * SAMPLE_BYTES + LARGEST_BESIDE:
                raise child.UnfitError("The audio file holds far more than its sound.")
    except soundfile.SoundFileError:
        raise child.UnfitError("The audio does not play.") from None
    if duration_ms < SHORTEST_MS:
        raise child.UnfitError("The audio is empty or shorter than a second.")
    return {"kind": kind, "duration_ms": duration_ms, "peaks": _peaks(np.concatenate(powers), frames)}, b""


def _peaks(grains: Any, frames: int) -> list[int]:
    """Loudness along the length from the power of each `GRAIN` frames, (n,) float64."""
    import numpy as np  # noqa: PLC0415  loaded by now

    if not np.isfinite(grains).all():
        raise child.UnfitError("The audio holds values that are no sound.")
    summed = np.concatenate([[0.0], np.cumsum(grains)])
    at = np.minimum(np.arange(len(summed)) * GRAIN, frames)  # the last grain may be a short one
    edges = np.interp(np.linspace(0, frames, PEAKS + 1), at, summed)
    level = np.sqrt(np.maximum(np.diff(edges), 0.0))
    peaks: list[int] = np.rint(100 * level / (level.max() or 1.0)).astype(int).tolist()
    return peaks


if __name__ == "__main__":
    child.answer(_decode)
