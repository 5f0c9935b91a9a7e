"""What somebody made becomes a recording for the next song: whole takes, and stems of them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import soundfile
from django.core.files.base import ContentFile
from django.test import Client

from generator.given import Heard, facts
from studio.accounts.models import User
from studio.songs import generations, sounds, stems
from studio.songs.models import Generation, Stems, Version
from studio.songs.sounds import Sound
from tests.generator.heard_music import music
from tests.generator.test_intake import RATE, beat
from tests.studio.rows import saved_song
from tests.studio.test_stems import song, take

pytestmark = pytest.mark.django_db


def flac(seconds: float = 12) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, beat(seconds), RATE, format="FLAC")
    return out.getvalue()


def sounding(version: Version) -> Version:
    """The take, twelve seconds long."""
    version.audio.save(f"songs/{version.generation_id}/take-{version.number}.flac", ContentFile(flac()))
    return version


def with_stems(version: Version, **files: bytes) -> Stems:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in files.items():
            archive.writestr(f"{name}.flac", body)
    row = stems.wish(version)
    row.archive.save(f"songs/{version.generation_id}/stems.zip", ContentFile(out.getvalue()), save=False)
    row.state, row.size = Stems.State.READY, len(out.getvalue())
    row.made_at = version.generation.created_at
    row.save()
    return row


def test_a_take_is_heard_kept_and_stands_in_the_form_in_its_role(alice: User, alice_client: Client) -> None:
    version = sounding(take(saved_song(alice, "Home Again")))
    answer = alice_client.post(f"/songs/{version.generation_id}/take-1/use/", {"role": "instrumental"})
    kept = Sound.objects.get(owner=alice)
    assert answer["Location"] == f"/?sound={kept.pk}&as=instrumental"
    assert (kept.name, kept.duration_ms) == ("Home Again, take A", 12_000)
    assert kept.says.startswith("120 bpm, A major")
    assert Path(kept.file.path).read_bytes()[:4] == b"fLaC"
    assert f'value="{kept.address}"' in alice_client.get(answer["Location"]).content.decode()


def test_asked_for_again_it_is_the_same_recording(alice: User, alice_client: Client) -> None:
    row = saved_song(alice, "Home Again")
    kept = Sound.objects.create(
        owner=alice,
        name="Mine",
        cut_from=f"take {take(row).pk}",
        heard=facts(Heard(kind="music", seconds=96.0, music=music(), melody=None)),
    )
    address = f"/songs/{row.pk}/take-1/use/"
    for role in ("reference", "instrumental"):
        assert alice_client.post(address, {"role": role})["Location"] == f"/?sound={kept.pk}&as={role}"
    page = alice_client.post(address, {"role": "vocal"}, follow=True).content.decode()
    assert "no sung notes" in page
    assert Sound.objects.count() == 1


def test_a_stem_is_used_alone_and_called_by_its_name(alice: User, alice_client: Client) -> None:
    version = take(song(alice))
    with_stems(version, instrumental=flac(), vocal=b"no sound", rubbish=b"")
    page = alice_client.get(f"/songs/{version.generation_id}/take-1/stems/").content.decode()
    assert "<span>Your track</span>" in page
    assert "<span>Voice</span>" in page
    assert "rubbish" not in page
    address = f"/songs/{version.generation_id}/take-1/use/"
    answer = alice_client.post(address, {"role": "reference", "stem": "instrumental"})
    kept = Sound.objects.get(owner=alice)
    assert answer["Location"] == f"/?sound={kept.pk}&as=reference"
    assert kept.name == "Home Again, take A, Your track"
    told = alice_client.post(address, {"role": "reference", "stem": "vocal"}, follow=True).content.decode()
    assert "This is no MP3, WAV, FLAC or Ogg audio." in told
    assert Sound.objects.count() == 1


def test_what_cannot_have_the_role_is_refused_with_what_was_heard_and_not_kept(
    alice: User, alice_client: Client
) -> None:
    version = sounding(take(saved_song(alice, "Home Again")))
    version.audio.save("x.flac", ContentFile(flac(5)))
    address = f"/songs/{version.generation_id}/take-1/use/"
    page = alice_client.post(address, {"role": "instrumental"}, follow=True).content.decode()
    assert "shorter than 10 seconds" in page
    assert not Sound.objects.exists()


def test_who_has_many_recordings_is_told_to_delete_one(
    alice: User, alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = saved_song(alice, "Home Again")
    monkeypatch.setattr(sounds, "MOST", 0)
    page = alice_client.post(f"/songs/{row.pk}/take-1/use/", {"role": "reference"}, follow=True).content.decode()
    assert "delete one first" in page


@pytest.mark.parametrize(
    "fields", [{}, {"role": "drums"}, {"role": "reference", "stem": "../x"}, {"role": "reference", "stem": "bass"}]
)
def test_what_is_no_use_is_not_there(alice: User, alice_client: Client, fields: dict[str, str]) -> None:
    row = saved_song(alice, "Home Again")
    assert alice_client.post(f"/songs/{row.pk}/take-1/use/", fields).status_code == 404


def test_the_song_page_offers_it_for_what_is_finished(alice: User, alice_client: Client) -> None:
    page = alice_client.get(f"/songs/{saved_song(alice, 'Done').pk}/").content.decode()
    assert 'aria-label="Take A: Track"' in page
    waiting: Generation = generations.create(alice, prompt="wait")
    assert "/use/" not in alice_client.get(f"/songs/{waiting.pk}/").content.decode()
