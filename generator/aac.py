"""AAC as a sound that can be read: the low-complexity profile, bare (ADTS) or in MP4, as telephones record it.

The decoder is Symphonia's in `babycat`, which is installed where there is a wheel of it. It is given some seconds at a
time, each frame under a head of its own (ISO/IEC 13818-7, 6.2), so that memory stays small however long the sound is.
"""

from __future__ import annotations

import os
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from generator import mp4, probe
from generator.child import UnfitError

Samples = npt.NDArray[np.float32]
RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
FRAME = 1024
"""Samples of each channel in a frame."""
LOW_COMPLEXITY = 2
HIGH_EFFICIENCY = (5, 29)
BATCH = 400
"""Frames that are decoded at once."""
BEFORE = 2
"""Frames that are decoded once more before each batch: each sounds into the next."""
LARGEST_FRAME = 8191 - 7
ABSENT = "M4A and AAC cannot be read on this machine. Save it as MP3, WAV, FLAC or Ogg first."


class Reader(Protocol):
    """What soundfile.SoundFile is of what is read here."""

    samplerate: int
    channels: int

    def read(self, frames: int, dtype: str, *, always_2d: bool) -> Samples:
        """The next frames, (n, channels); fewer only at the end."""


class Sound:
    """The sound of an AAC file, read from its beginning to its end as from a `soundfile.SoundFile`."""

    def __init__(self, descriptor: int, decoder: Any) -> None:
        """Read the whole file, decode nothing yet. Raises `UnfitError` for what cannot be decoded here."""
        self._decoder = decoder
        with os.fdopen(descriptor, "rb") as file:
            data = memoryview(file.read())
        skip, lasts = 0.0, None
        if bytes(data[4:8]) == b"ftyp":
            found = mp4.track(data)
            self.samplerate, self.channels, self._head = _settings(found.config)
            skip, lasts = found.skip, found.lasts
            places, sizes = found.places.tolist(), found.sizes.tolist()
        else:
            places, sizes = _bare(data)
            self.samplerate, self.channels = _told(data)
            self._head = b""
        if max(sizes) > LARGEST_FRAME:
            raise UnfitError("The audio does not play.")
        self._frames = [data[place : place + size] for place, size in zip(places, sizes, strict=True)]
        whole = len(self._frames) * FRAME
        self._end = whole if lasts is None else min(whole, round((skip + lasts) * self.samplerate))
        self._at = min(round(skip * self.samplerate), self._end)
        if self._end - self._at > self.samplerate * probe.LONGEST_MS // 1000:
            raise UnfitError(f"The audio is longer than {probe.LONGEST_MS // 60_000} minutes.")
        self._next = self._at // FRAME
        self._held: Samples = np.zeros((0, self.channels), np.float32)
        self._from = self._next * FRAME

    def read(self, frames: int, dtype: str = "float32", *, always_2d: bool = True) -> Samples:
        """The next frames, (n, channels) float32; fewer only at the end. Raises `UnfitError`."""
        assert dtype == "float32"
        assert always_2d
        until = min(self._at + frames, self._end)
        while self._from + len(self._held) < until and self._next < len(self._frames):
            self._held = np.concatenate([self._held[max(0, self._at - self._from) :], self._decode()])
            self._from = self._next * FRAME - len(self._held)
        read = self._held[self._at - self._from : until - self._from]
        self._at += len(read)
        return read

    def _decode(self) -> Samples:
        """The batch that comes next, (n, channels)."""
        first, last = max(0, self._next - BEFORE), min(self._next + BATCH, len(self._frames))
        coded = b"".join(self._framed(frame) for frame in self._frames[first:last])
        try:
            decoded = self._decoder.Waveform.from_encoded_bytes(coded, file_extension="aac").to_numpy()
        except self._decoder.exceptions.BabycatError as error:
            raise UnfitError("The audio does not play.") from error
        wanted = (last - self._next) * FRAME
        if decoded.ndim != 2 or decoded.shape[1] != self.channels or len(decoded) < wanted:
            raise UnfitError("The audio does not play to its end.")
        self._next = last
        return np.asarray(decoded[len(decoded) - wanted :], np.float32)

    def _framed(self, frame: memoryview) -> bytes:
        """A frame with its head: where it comes without, its length is put into one."""
        if not self._head:
            return bytes(frame)
        size = len(frame) + len(self._head)
        head = int.from_bytes(self._head) | size << 13
        return head.to_bytes(len(self._head)) + bytes(frame)


def decoder() -> Any:
    """The module that decodes. Raises `UnfitError` where there is none."""
    try:
        import babycat  # noqa: PLC0415  in the child alone, and not on every machine
    except ImportError:
        raise UnfitError(ABSENT) from None
    babycat.Waveform.from_frames_of_silence(
        frame_rate_hz=8000, num_channels=1, num_frames=FRAME
    ).to_numpy()  # loads what cannot be loaded behind `shut`
    return babycat


def _settings(config: bytes) -> tuple[int, int, bytes]:
    """Samples a second, channels, and the head that frames get, out of an AudioSpecificConfig (ISO/IEC 14496-3)."""
    bits = int.from_bytes(config[:8].ljust(8, b"\0"))
    profile, rate, channels = bits >> 59, bits >> 55 & 15, bits >> 51 & 15
    if profile in HIGH_EFFICIENCY:
        raise UnfitError("The audio is HE-AAC, which cannot be read here. Save it as MP3, WAV, FLAC or Ogg first.")
    if profile != LOW_COMPLEXITY or rate >= len(RATES) or channels not in range(1, 8):
        raise UnfitError("The audio is a kind of AAC that cannot be read here. Save it as MP3, WAV, FLAC or Ogg first.")
    head = 0xFFF1 << 40 | (profile - 1) << 38 | rate << 34 | channels << 30 | 0x7FF << 2
    return RATES[rate], _count(channels), head.to_bytes(7)


def _count(setting: int) -> int:
    """Channels of a channel setting; the last one stands for eight."""
    return 8 if setting == 7 else setting


def _told(frame: memoryview) -> tuple[int, int]:
    """Samples a second and channels, out of a frame's own head."""
    profile, rate, channels = (frame[2] >> 6) + 1, frame[2] >> 2 & 15, (frame[2] & 1) << 2 | frame[3] >> 6
    return _settings((profile << 11 | rate << 7 | channels << 3).to_bytes(2))[:2]


def _bare(data: memoryview) -> tuple[list[int], list[int]]:
    """Places and sizes of the frames of a file that is nothing else, heads and all; one that was cut off is not."""
    places, sizes, at = [], [], 0
    while at + 7 <= len(data) and data[at] == 0xFF and data[at + 1] & 0xF6 == 0xF0:
        size = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        if size < 7 or at + size > len(data):
            break
        places.append(at)
        sizes.append(size)
        at += size
    if not places:
        raise UnfitError("The audio does not play.")
    return places, sizes
