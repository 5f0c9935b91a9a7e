"""Files that somebody else made: pictures and sound, good, odd and hostile, drawn and counted out here."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache
from typing import Any

import lameenc
import numpy as np
import soundfile
from PIL import Image, PngImagePlugin

RATE = 44_100
PAGE = b"<!doctype html><script>window.__xss = 1</script>"
"""What a polyglot hides."""


# --- Pictures -------------------------------------------------------------------------------------------------------
def scene(width: int = 320, height: int = 240) -> Image.Image:
    """Red on the left, blue on the right, green along the top, so that one sees which side is up."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2, 0] = pixels[:, width // 2 :, 2] = 220
    pixels[: height // 4, :, 1] = 200
    return Image.fromarray(pixels)


def picture(kind: str = "PNG", image: Image.Image | None = None, **options: Any) -> bytes:
    """A picture file; `kind` and `options` are Pillow's."""
    out = io.BytesIO()
    (image or scene()).save(out, kind, **options)
    return out.getvalue()


def png(*chunks: tuple[bytes, bytes], crc: int = 0) -> bytes:
    """A PNG of these chunks; `crc` is added to each checksum."""
    parts = [b"\x89PNG\r\n\x1a\n"]
    for name, body in chunks:
        parts.append(struct.pack(">I", len(body)) + name + body)
        parts.append(struct.pack(">I", (zlib.crc32(name + body) + crc) & 0xFFFFFFFF))
    return b"".join(parts)


def header(width: int, height: int, depth: int = 8, colour: int = 2) -> tuple[bytes, bytes]:
    """The chunk that says how large a PNG is."""
    return b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)


def flat_png(width: int, height: int, *, depth: int = 8, colour: int = 2, crc: int = 0) -> bytes:
    """A PNG of zeros: a few bytes that stand for many."""
    row = 1 + (width * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour] * depth + 7) // 8
    packer, packed = zlib.compressobj(9), b""
    for _ in range(height):
        packed += packer.compress(bytes(row))
    return png(header(width, height, depth, colour), (b"IDAT", packed + packer.flush()), (b"IEND", b""), crc=crc)


def noted(kind: str = "JPEG", *, orientation: int = 1) -> bytes:
    """A photo with the place and the camera in it, a colour profile, a comment and notes in XML."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0), 29: "SECRET-DATE"})
    more: dict[str, Any] = {"exif": exif.tobytes(), "icc_profile": b"SECRET-PROFILE" * 20}
    if kind == "JPEG":
        more |= {"comment": b"SECRET-COMMENT", "xmp": b"<x:xmpmeta>SECRET-XMP</x:xmpmeta>", "quality": 95}
    elif kind == "PNG":
        more["pnginfo"] = PngImagePlugin.PngInfo()
        more["pnginfo"].add_itxt("XML:com.adobe.xmp", "<x>SECRET-XMP</x>")
    else:
        more["xmp"] = b"<x>SECRET-XMP</x>"
    return picture(kind, **more)


def moving(kind: str) -> bytes:
    """Three frames: red, green, blue."""
    first, *more = (Image.new("RGB", (64, 64), colour) for colour in ("#d00000", "#00d000", "#0000d0"))
    return picture(kind, first, save_all=True, append_images=more, duration=100, loop=0)


def text_bomb() -> bytes:
    """A PNG with 64 MiB of compressed text beside a small picture."""
    packed = zlib.compress(bytes(64 * 1024 * 1024), 9)
    return png(header(64, 64), (b"zTXt", b"Comment\0\0" + packed), *_flat_body(64, 64))


def _flat_body(width: int, height: int) -> tuple[tuple[bytes, bytes], ...]:
    return (b"IDAT", zlib.compress(bytes((1 + width * 3) * height))), (b"IEND", b"")


# --- Sound ----------------------------------------------------------------------------------------------------------
@cache
def tone(seconds: float = 3.0, channels: int = 2, rate: int = RATE) -> np.ndarray[Any, np.dtype[np.float32]]:
    """A plain tone, (frames, channels)."""
    wave = 0.4 * np.sin(2 * np.pi * 330 * np.arange(int(seconds * rate)) / rate)
    return np.repeat(wave[:, None], channels, axis=1).astype(np.float32)


@cache
def sound(kind: str = "WAV", subtype: str | None = None, *, seconds: float = 3.0, channels: int = 2) -> bytes:
    """A sound file; `kind` and `subtype` are libsndfile's names."""
    out = io.BytesIO()
    rate = 48_000 if subtype == "OPUS" else RATE
    wave = tone(seconds, channels, rate)
    with soundfile.SoundFile(out, "w", rate, channels, subtype, format=kind) as file:
        for start in range(0, len(wave), rate):  # libvorbis breaks down over a minute at once
            file.write(wave[start : start + rate])
    return out.getvalue()


@cache
def mp3(seconds: float = 3.0, *, silent: bool = False) -> bytes:
    """Plain MP3 frames at 128 kbit/s."""
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(128)
    encoder.set_in_sample_rate(RATE)
    encoder.set_channels(2)
    encoder.silence()
    pcm = (tone(seconds) * (0 if silent else 32_767)).astype(np.int16)
    return bytes(encoder.encode(pcm.tobytes()) + encoder.flush())


def tag(*frames: tuple[str, bytes], size: int | None = None) -> bytes:
    """An ID3v2.3 tag; `size` is what it says of itself where that is not the truth."""
    body = b"".join(name.encode("ascii") + struct.pack(">I", len(data)) + bytes(2) + data for name, data in frames)
    told = len(body) if size is None else size
    return b"ID3\x03\0\0" + bytes(told >> shift & 0x7F for shift in (21, 14, 7, 0)) + body


def wav(*chunks: tuple[bytes, bytes], size: int | None = None) -> bytes:
    """A RIFF WAVE of these chunks."""
    body = b"WAVE" + b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) if size is None else size) + body


def wave_format(code: int = 1, channels: int = 2, rate: int = RATE, bits: int = 16) -> tuple[bytes, bytes]:
    """The chunk that says how a WAVE is to be read."""
    block = channels * bits // 8
    return b"fmt ", struct.pack("<HHIIHH", code, channels, rate, rate * block & 0xFFFFFFFF, block & 0xFFFF, bits)
