"""Recordings and one's own picture leave with the library, and come in again with what their owner knew of them."""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path

import pytest
import soundfile
from django.test import Client
from PIL import Image

from generator.given import heard_from
from generator.listening.facts import Note
from studio.accounts.models import User
from studio.songs import portraits, sounds, taking_in
from studio.songs.exporting import parts
from studio.songs.sounds import Sound
from tests.generator.test_intake import RATE, tune
from tests.studio.rows import saved_song
from tests.studio.test_taking_away import altered, came, taken

pytestmark = pytest.mark.django_db


def recording(owner: User, name: str = "Kitchen tune") -> Sound:
    """Somebody's recording, listened to, with a correction."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "given.wav"
        soundfile.write(path, tune(8), RATE)
        row = taking_in.take_in(owner, path, Path(folder), name)
    row.tempo, row.key, row.downbeat = "double", "A minor", 1
    row.save()
    return row


def test_recordings_and_ones_own_picture_come_along(
    alice: User, alice_client: Client, bob: User, bob_client: Client
) -> None:
    kept = recording(alice)
    portraits.put(alice, portrait_of("blue"))
    alice.refresh_from_db()
    body = taken(alice_client)
    assert "1 recording came in." in came(bob_client, body)
    there = Sound.objects.get(owner=bob)
    assert (there.name, there.tempo, there.key, there.downbeat) == ("Kitchen tune", "double", "A minor", 1)
    assert there.pk != kept.pk, "the id is Alice's here"
    assert [note.pitch for note in tune_in(there)] == [note.pitch for note in tune_in(kept)]
    assert soundfile.info(there.file.path).frames == soundfile.info(kept.file.path).frames
    assert User.objects.get(pk=bob.pk).picture
    came(bob_client, body)
    assert Sound.objects.filter(owner=bob).count() == 1


def test_a_recording_that_was_lost_comes_back_under_its_id(alice: User, alice_client: Client) -> None:
    kept = recording(alice)
    pk, body = kept.pk, taken(alice_client)
    sounds.end(kept)
    came(alice_client, body)
    assert Sound.objects.get(owner=alice).pk == pk


def test_a_recording_that_is_none_is_left_out_with_its_reason(
    alice: User, alice_client: Client, bob: User, bob_client: Client
) -> None:
    recording(alice, "Broken")
    saved_song(alice, "Whole")
    body = altered(taken(alice_client), lambda name, old: b"<html>" if name.startswith("recordings/") else old)
    page = came(bob_client, body)
    assert "1 song came in." in page
    assert "Broken" in page
    assert "This is no MP3" in page
    assert not Sound.objects.filter(owner=bob).exists()


def test_many_recordings_go_into_parts_of_their_own(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    song = saved_song(alice, "One")
    kept = [recording(alice, name) for name in ("First", "Second")]
    monkeypatch.setattr("studio.songs.exporting.PART_BYTES", kept[0].size + 1)
    assert [(part.songs, part.recordings) for part in parts(alice)] == [
        ([song.pk], []),
        ([], [kept[0].pk]),
        ([], [kept[1].pk]),
    ]


def tune_in(sound: Sound) -> tuple[Note, ...]:
    melody = heard_from(json.loads(json.dumps(sound.heard))).melody
    assert melody is not None
    return melody.notes


def portrait_of(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(out, "WEBP")
    return out.getvalue()
