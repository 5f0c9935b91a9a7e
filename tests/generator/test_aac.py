"""What telephones record comes in like everything else: AAC, in MP4 or bare."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from generator import aac, mp4
from generator.child import UnfitError
from generator.given import Unfit
from generator.protocol.errors import AudioUnusable
from tests.generator.test_intake import RATE, taken, tune

FILES = Path(__file__).parent / "aac"
"""The same tune of six seconds three times, and one second of it in Apple Lossless."""
PRIMING = 1024
"""Samples that come before the sound where nobody says that they shall not be heard."""


def opened(body: bytes) -> int:
    """A descriptor of a file that holds these bytes."""
    with TemporaryFile() as file:
        file.write(body)
        file.seek(0)
        return os.dup(file.fileno())


def decoded(body: bytes, step: int = 10**7) -> npt.NDArray[np.float32]:
    """The first channel, read in steps of so many frames."""
    sound = aac.Sound(opened(body), aac.decoder())
    read = []
    while len(piece := sound.read(step)):
        read.append(piece[:, 0])
    return np.concatenate(read)


@pytest.mark.parametrize(("name", "before"), [("memo.m4a", 0), ("fragments.m4a", PRIMING), ("bare.aac", PRIMING)])
def test_it_sounds_as_it_was_recorded(name: str, before: int) -> None:
    sound, truth = decoded((FILES / name).read_bytes()), tune(6)
    heard = sound[before : before + len(truth)]
    assert len(heard) == len(truth)
    assert 10 * np.log10((truth**2).sum() / ((heard - truth) ** 2).sum()) > 28


def test_a_memo_begins_and_ends_where_its_file_says() -> None:
    assert len(decoded((FILES / "memo.m4a").read_bytes())) == 6 * RATE


@pytest.mark.parametrize("step", [1, 1023, 1025, 70_001])
def test_it_is_the_same_in_pieces_of_any_size(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    body = (FILES / "bare.aac").read_bytes()[: 9000 if step == 1 else None]
    whole = decoded(body)
    monkeypatch.setattr(aac, "BATCH", 7)
    pieces = decoded(body, step)
    assert len(pieces) == len(whole)
    assert np.abs(pieces - whole).max() < 1e-3  # noise that the decoder puts in is not the same twice


@pytest.mark.parametrize("name", ["memo.m4a", "fragments.m4a", "bare.aac"])
async def test_a_hummed_memo_has_its_notes(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes((FILES / name).read_bytes())
    given = await taken(path, "melody")
    copy = soundfile.info(given.path)
    assert (copy.format, copy.samplerate, copy.channels) == ("FLAC", RATE, 1)
    assert given.heard.melody is not None
    assert [note.pitch for note in given.heard.melody.notes[:8]] == [57, 59, 61, 62, 64, 62, 61, 59]


def test_a_memo_that_was_cut_off_plays_as_far_as_it_goes() -> None:
    body = (FILES / "memo.m4a").read_bytes()
    assert 2 * RATE < len(decoded(body[: len(body) // 2])) < 3.5 * RATE
    assert 2 * RATE < len(decoded((FILES / "bare.aac").read_bytes()[:19_000])) < 3.5 * RATE


def config(*settings: tuple[int, int]) -> bytes:
    """An AudioSpecificConfig of (value, bits)."""
    bits = "".join(f"{value:0{width}b}" for value, width in settings)
    return int(bits.ljust(16, "0"), 2).to_bytes(2)


MEMO = (FILES / "memo.m4a").read_bytes()
PLAIN = config((2, 5), (4, 4), (1, 4))
OTHERWISE: dict[str, tuple[bytes, str]] = {
    "Apple Lossless": ((FILES / "lossless.m4a").read_bytes(), "Apple Lossless that cannot be read here. Save it as"),
    "HE-AAC": (MEMO.replace(PLAIN, config((5, 5), (7, 4), (1, 4))), "HE-AAC, which cannot be read here. Save it as"),
    "another profile": (MEMO.replace(PLAIN, config((1, 5), (4, 4), (1, 4))), "a kind of AAC that cannot be read here"),
    "no channels": (MEMO.replace(PLAIN, config((2, 5), (4, 4), (0, 4))), "a kind of AAC that cannot be read here"),
    "a locked one": (MEMO.replace(b"mp4a\0\0\0\0", b"drms\0\0\0\0"), "locked to somebody's player. Save it as"),
    "a film without sound": (MEMO.replace(b"soun", b"vide"), "There is no sound in this file."),
    "no tables": (MEMO.replace(b"moov", b"free"), "the file is not whole"),
    "only a head": (b"\0\0\0\x20ftypM4A \0\0\0\0" + b"\0" * 5000, "the file is not whole"),
    "its tables alone": (MEMO[: MEMO.index(b"mdat") + 4], "ends before it begins"),
    "its head without a frame": (b"\xff\xf1\x50\x80\x02\x1f\xfc", "does not play"),
}


@pytest.mark.parametrize(("body", "says"), OTHERWISE.values(), ids=OTHERWISE)
async def test_what_cannot_be_read_is_told_by_its_name(tmp_path: Path, body: bytes, says: str) -> None:
    assert PLAIN in MEMO
    path = tmp_path / "given"
    path.write_bytes(body)
    with pytest.raises(AudioUnusable) as refused:
        await taken(path, "reference")
    assert says in refused.value.sentence
    assert not path.with_suffix(".copy").exists()


def test_more_than_ten_minutes_are_refused_before_they_are_decoded() -> None:
    with pytest.raises(UnfitError, match="longer than 10 minutes"):
        aac.Sound(opened((FILES / "bare.aac").read_bytes() * 110), None)


def test_a_machine_without_the_decoder_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "babycat", None)
    with pytest.raises(UnfitError, match="cannot be read on this machine"):
        aac.decoder()


@pytest.mark.parametrize("name", ["memo.m4a", "fragments.m4a"])
def test_no_table_leads_out_of_its_file(name: str) -> None:
    body, random = (FILES / name).read_bytes(), np.random.default_rng(11)
    tables = body.index(b"mdat")
    told = 0
    for _ in range(3000):
        broken = bytearray(body[: random.integers(60, len(body))] if random.random() < 0.2 else body)
        for at in random.integers(0, min(tables, len(broken)), random.integers(1, 6)):
            broken[at] = random.choice([0, 1, 127, 128, 255, int(random.integers(256))])
        try:
            found = mp4.track(memoryview(bytes(broken)))
        except UnfitError:
            told += 1
            continue
        assert 0 < len(found.places) == len(found.sizes) <= mp4.MOST_FRAMES
        assert found.places.min() >= 0
        assert found.sizes.min() > 0
        assert (found.places + found.sizes).max() <= len(broken)
    assert 50 < told < 2950


async def test_broken_memos_break_nothing(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    for number, name in enumerate(["memo.m4a", "fragments.m4a", "bare.aac"] * 4):
        broken = bytearray((FILES / name).read_bytes())
        for at in random.integers(0, len(broken), 40 if number > 5 else 4):
            broken[at] = int(random.integers(256))
        path = tmp_path / f"{number}-{name}"
        path.write_bytes(bytes(broken))
        with suppress(AudioUnusable, Unfit):
            await taken(path, "melody")
