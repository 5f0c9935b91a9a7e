"""A take as WAV: what is stored is decoded while it is sent, with the header and the length that it will have.

Sound is 16 bits of PCM at the rate and with the channels of the stored file. Decoding happens in a child process
(`generator.child`): `python -m generator.wav FILE`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generator import child, probe
from generator.protocol.text import one_line

SAMPLE_BYTES = 2
MADE = "Made with AI"
LONGEST = 400
"""Characters of a field."""
_PCM, _EXTENSIBLE = 1, 0xFFFE
_PCM_GUID = b"\1\0\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71"
"""What a WAVE with more than two channels calls PCM."""


class Decoding:
    """A file that is being decoded. Making, reading and closing one blocks; see `child.Poured`."""

    def __init__(self, path: Path, *, title: str, artist: str) -> None:
        """Begin with the file at `path`, which has been probed. Raises `child.UnfitError`."""
        self._poured = child.Poured(__name__, path)
        match self._poured.facts:
            case {"rate": int(rate), "channels": int(channels), "frames": int(frames)} if (
                rate in probe.RATES and channels in probe.CHANNELS and 0 < frames <= rate * probe.LONGEST_MS // 1000
            ):
                body = frames * channels * SAMPLE_BYTES
                self._head = header(rate, channels, body, title=title, artist=artist)
                self._left = body
                self.size = len(self._head) + body
                """Bytes of the whole WAV."""
            case _:
                self.close()
                raise child.UnfitError("The file could not be decoded.")

    def read(self, most: int) -> bytes:
        """The next bytes of the WAV, about so many; none at its end, which comes early where decoding failed."""
        if head := self._head:
            self._head = b""
            return head
        piece = self._poured.read(min(most, self._left))
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        """End it, wherever it is; more than once if you like, and from any thread."""
        self._poured.close()


def header(rate: int, channels: int, body: int, *, title: str, artist: str) -> bytes:
    """All of a WAV that comes before its `body` bytes of PCM: the format, whose it is, and that a machine made it."""
    said = {"INAM": title, "IART": artist, "ICMT": MADE}
    fields = b"".join(_chunk(name, one_line(text, LONGEST).encode() + b"\0") for name, text in said.items() if text)
    frame = channels * SAMPLE_BYTES
    code = _PCM if channels <= 2 else _EXTENSIBLE
    form = struct.pack("<HHIIHH", code, channels, rate, rate * frame, frame, 8 * SAMPLE_BYTES)
    if code == _EXTENSIBLE:
        form += struct.pack("<HHI", 22, 8 * SAMPLE_BYTES, 0) + _PCM_GUID
    chunks = b"WAVE" + _chunk("fmt ", form) + _chunk("LIST", b"INFO" + fields) + b"data" + struct.pack("<I", body)
    return b"RIFF" + struct.pack("<I", len(chunks) + body) + chunks


def _chunk(name: str, body: bytes) -> bytes:
    return name.encode("ascii") + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _decode(descriptor: int) -> tuple[dict[str, Any], Iterator[bytes]]:
    """What `Decoding` reads."""
    import numpy  # noqa: F401, PLC0415  loaded under the limits, and in the child alone
    import soundfile  # noqa: PLC0415

    child.shut()
    try:
        sound = soundfile.SoundFile(descriptor, closefd=True)
        frames = min(_counted(sound), sound.samplerate * probe.LONGEST_MS // 1000)
    except soundfile.SoundFileError:
        raise child.UnfitError("The audio does not play.") from None
    if not frames:
        raise child.UnfitError("The audio is empty.")
    return {"rate": sound.samplerate, "channels": sound.channels, "frames": frames}, _pcm(sound, frames)


def _counted(sound: Any) -> int:
    """How many frames there are. Most kinds say so; MP3 without an index is estimated, so it is decoded to count."""
    if sound.format not in probe.DECODED["mp3"][0]:
        return int(sound.frames)
    frames = 0
    while read := len(sound.read(probe.BLOCK, dtype="float32")):
        frames += read
    sound.seek(0)
    return frames


def _pcm(sound: Any, frames: int) -> Iterator[bytes]:
    """`frames` frames of 16 bits, little-endian; silence where the file ends earlier than it says."""
    import numpy as np  # noqa: PLC0415  loaded by now

    while frames > 0:
        read = sound.read(min(frames, probe.BLOCK), dtype="float32", always_2d=True)
        if not len(read):
            read = np.zeros((min(frames, probe.BLOCK), sound.channels), np.float32)
        frames -= len(read)
        yield np.rint(np.clip(np.nan_to_num(read), -1, 1) * 32767).astype("<i2").tobytes()


if __name__ == "__main__":
    child.pour(_decode)
