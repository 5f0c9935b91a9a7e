"""A piece of a recording becomes a recording of its own, heard anew; the whole stays as it was."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from studio.accounts.models import User
from studio.songs.cutting import seconds
from studio.songs.sounds import Sound, clock
from tests.generator.test_intake import RATE

pytestmark = pytest.mark.django_db


@pytest.fixture
def whole(alice: User, alice_client: Client) -> Sound:
    """Eight seconds that get higher each second."""
    at = np.arange(8 * RATE) / RATE
    out = io.BytesIO()
    soundfile.write(out, 0.3 * np.sin(2 * np.pi * (200 + 100 * np.floor(at)) * at), RATE, format="WAV")
    alice_client.post("/sounds/", {"file": SimpleUploadedFile("Steps.wav", out.getvalue(), "audio/wav")})
    return Sound.objects.get(owner=alice)


def cut(client: Client, sound: Sound, begin: str, end: str) -> str:
    """What is said then."""
    answer = client.post(f"/sounds/{sound.pk}/cut/", {"begin": begin, "end": end}, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_it_is_what_lies_between_the_two_times(alice: User, alice_client: Client, whole: Sound) -> None:
    before = Path(whole.file.path).read_bytes()
    assert "a recording of its own now" in cut(alice_client, whole, "0:02", "4,5")
    piece = Sound.objects.exclude(pk=whole.pk).get()
    assert (piece.owner, piece.name, piece.duration_ms) == (alice, "Steps, 0:02 – 0:04.5", 2500)
    sound, _ = soundfile.read(piece.file.path)
    for second, hertz in enumerate((400, 500)):
        part = sound[second * RATE + 4410 : (second + 1) * RATE - 4410]
        assert abs(np.abs(np.fft.rfft(part)).argmax() * RATE / len(part) - hertz) < 3
    whole.refresh_from_db()
    assert Path(whole.file.path).read_bytes() == before


@pytest.mark.parametrize(
    ("begin", "end", "says"),
    [
        ("", "4", "minutes and seconds"),
        ("a", "b", "minutes and seconds"),
        ("0:00", "9:00:00", "minutes and seconds"),
        ("3", "3.5", "at least a second"),
        ("4", "2", "at least a second"),
        ("0", "9", "ends at 0:08"),
        ("-1", "3", "minutes and seconds"),
    ],
)
def test_what_is_no_piece_is_said_kindly(alice_client: Client, whole: Sound, begin: str, end: str, says: str) -> None:
    assert says in cut(alice_client, whole, begin, end)
    assert Sound.objects.count() == 1


def test_nobody_cuts_what_is_somebody_elses(bob_client: Client, whole: Sound) -> None:
    assert bob_client.post(f"/sounds/{whole.pk}/cut/", {"begin": "0", "end": "4"}).status_code == 404


def test_times_are_read_as_people_write_them() -> None:
    assert [seconds(told) for told in ("1:02", "62", "0:12.5", "7,25", " 3 ")] == [62, 62, 12.5, 7.25, 3]
    assert [seconds(told) for told in ("", "1:2:3", "x", "1e9", "-4", "1:")] == [None] * 6
    assert [clock(at) for at in (0, 59.96, 61, 12.5)] == ["0:00", "1:00", "1:01", "0:12.5"]
