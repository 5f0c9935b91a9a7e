"""Recordings of one's own: brought in, heard, corrected, used for a song, lent to a far host for an hour, deleted."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import soundfile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from generator.given import Heard, corrected, facts, told
from generator.listening.facts import Key
from generator.protocol.events import Validated
from studio.accounts.models import User
from studio.live.apply import apply
from studio.live.relay import request_of
from studio.songs import generations, leaving, origins, sounds
from studio.songs.models import Generation, Status
from studio.songs.sounds import Sound
from tests.generator.heard_music import music
from tests.generator.test_intake import RATE, beat

pytestmark = pytest.mark.django_db
HEARD = Heard(kind="music", seconds=96.0, music=music(), melody=None)


@pytest.fixture
def track(alice: User) -> Sound:
    """A recording of Alice's, known without listening."""
    row = Sound(owner=alice, name="My track", size=4, duration_ms=96_000, heard=facts(HEARD))
    row.file.save(f"sounds/{alice.pk}/x.flac", io.BytesIO(b"fLaC"), save=False)  # type: ignore[arg-type]
    row.save()
    return row


def wave() -> SimpleUploadedFile:
    out = io.BytesIO()
    soundfile.write(out, beat(12), RATE, format="WAV")
    return SimpleUploadedFile("Kitchen beat.wav", out.getvalue(), "audio/wav")


def test_a_file_is_heard_kept_and_played(alice: User, alice_client: Client) -> None:
    page = alice_client.post("/sounds/", {"file": wave()}, follow=True).content.decode()
    assert "Heard and kept." in page
    kept = Sound.objects.get(owner=alice)
    assert (kept.name, kept.duration_ms, len(kept.peaks)) == ("Kitchen beat", 12_000, 400)
    assert "Heard: 120 bpm, A major" in page
    played = alice_client.get(f"/sounds/{kept.pk}/", headers={"Range": "bytes=0-3"})
    assert (played.status_code, played["Content-Type"]) == (206, "audio/flac")
    assert Path(kept.file.path).read_bytes()[:4] == b"fLaC"


def asked(client: Client, role: str, address: str) -> Any:
    """What a script is told of an address in a place."""
    return client.get("/sounds/card/", {"role": role, "address": address})


def test_scripts_are_told_what_came_in_or_why_it_did_not(alice: User, alice_client: Client) -> None:
    accept = {"Accept": "application/json"}
    told = alice_client.post("/sounds/", {"file": wave(), "role": "instrumental"}, headers=accept).json()
    kept = Sound.objects.get(owner=alice)
    assert told["address"] == kept.address
    assert "Heard: 120 bpm, A major" in told["card"]
    assert kept.wave.count("M") == sounds.BARS
    assert told["name"] == "Kitchen beat, 120 bpm, A major, 3/4"
    assert asked(alice_client, "instrumental", kept.address).json() == told
    assert 'data-title="Kitchen beat"' in alice_client.get(f"/?sound={kept.pk}&as=reference").content.decode()
    answer = alice_client.post("/sounds/", {"file": wave(), "role": "vocal"}, headers=accept)
    assert answer.status_code == 422
    assert "no sung notes" in answer.json()["error"]
    assert Sound.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "Choose a file, or give an address."),
        ({"file": SimpleUploadedFile("a.wav", b"RIFF no")}, "This is no MP3, WAV, FLAC or Ogg audio."),
        ({"file": SimpleUploadedFile("a.m4a", b"\0\0\0\x20ftypM4A " + b"\0" * 99)}, "the file is not whole"),
        ({"address": "http://127.0.0.1:9/secret.wav"}, "may not be fetched"),
        ({"address": "nonsense"}, "audio"),
    ],
    ids=["nothing", "no sound", "m4a", "home", "no address"],
)
def test_what_cannot_come_in_is_refused_with_the_reason(
    alice: User, alice_client: Client, sent: dict[str, Any], says: str
) -> None:
    answer = alice_client.post("/sounds/", sent)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    if "address" in sent:
        assert f'value="{sent["address"]}"' in answer.content.decode()
    assert not Sound.objects.exists()


def test_it_fills_the_form_and_a_song_is_made_from_it(alice: User, alice_client: Client, track: Sound) -> None:
    page = alice_client.get(f"/?sound={track.pk}&as=instrumental").content.decode()
    assert f'value="{track.address}"' in page
    assert f'<option value="{track.address}">My track, 100 bpm, C major, 4/4</option>' in page
    form = {"prompt": "A waltz", "instrumental_url": track.address, "words": "write"}
    assert alice_client.post("/", form).status_code == 302
    row = Generation.objects.get(owner=alice)
    near, far = request_of(row, True), request_of(row, False)
    assert (near.instrumental_url, [one.role for one in near.given]) == (None, ["instrumental"])
    assert near.given[0].heard == HEARD
    assert Path(near.given[0].path).read_bytes() == b"fLaC"
    assert far.given == ()
    assert far.instrumental_url
    lent = Client().get(far.instrumental_url.removeprefix("http://localhost:8000"))
    assert (lent.status_code, lent["Content-Type"]) == (200, "audio/flac")


def test_what_it_cannot_be_used_for_is_said_in_the_form_and_nothing_is_lost(
    alice: User, alice_client: Client, track: Sound
) -> None:
    Sound.objects.update(heard=facts(Heard(kind="noise", seconds=9.0, music=None, melody=None)))
    answer = alice_client.post("/", {"prompt": "A waltz for Anna", "reference_url": track.address})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is noise in the audio without a steady beat." in page
    assert "A waltz for Anna" in page
    assert not Generation.objects.exists()


def test_a_far_host_that_cannot_fetch_it_is_told_of_before_anything_is_ordered(
    alice: User, alice_client: Client, track: Sound, settings: Settings
) -> None:
    first = generations.create(alice, prompt="from it", reference_url=track.address)
    Generation.objects.update(status=Status.FAILED)
    settings.UPSTREAM_URL = "https://songs.example"
    says = "made by songs.example, which cannot fetch recordings from this site"
    for path in ("/", "/sounds/"):
        assert says in alice_client.get(path).content.decode()
    answer = alice_client.post("/", {"prompt": "A waltz for Anna", "reference_url": track.address})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_reference_url-bad"' in page
    assert "A waltz for Anna" in page
    assert "data-slot-pick" not in page
    for deed in ("again", "retry"):
        assert says in alice_client.post(f"/songs/{first.pk}/{deed}/", follow=True).content.decode()
    assert Generation.objects.count() == 1
    settings.UPSTREAM_URL = "http://127.0.0.1:9"
    assert not sounds.is_out_of_reach()


def test_recordings_are_counted_and_what_does_not_fit_is_refused_with_what_to_do(
    alice: User, bob_client: Client, alice_client: Client, track: Sound, settings: Settings
) -> None:
    settings.LIMIT_RECORDINGS = 500
    Sound.objects.update(size=84 * 2**20)
    page = alice_client.get("/account/credits/").content.decode()
    assert '<a href="/sounds/">Recordings</a> 84.0\u00a0MB of 500.0\u00a0MB' in page
    for size in (500 * 2**20 - 9, 500 * 2**20):
        Sound.objects.update(size=size)
        answer = alice_client.post("/sounds/", {"file": wave()})
        assert answer.status_code == 422
        assert "Delete one you no longer need." in answer.content.decode()
    assert bob_client.post("/sounds/", {"file": wave()}).status_code == 302
    settings.LIMIT_RECORDINGS = 0
    assert alice_client.post("/sounds/", {"file": wave()}).status_code == 302


def test_nobody_uses_or_hears_somebody_elses(alice: User, bob: User, bob_client: Client, track: Sound) -> None:
    assert bob_client.get(f"/sounds/{track.pk}/").status_code == 404
    assert bob_client.get(f"/?sound={track.pk}&as=vocal").status_code == 404
    assert "My track" not in bob_client.get("/").content.decode()
    row = generations.create(bob, prompt="mine", reference_url=track.address)
    assert sounds.used(row) == {}
    assert request_of(row, True).reference_url == track.address


def test_an_address_is_shown_in_its_place_or_refused_with_a_sentence(
    alice_client: Client, bob_client: Client, track: Sound
) -> None:
    told = asked(alice_client, "vocal", " https://me@music.example.org/a/My%20<b>.mp3?x=1 ").json()
    assert "My%20&lt;b&gt;.mp3, music.example.org</span>" in told["card"]
    assert (told["address"][-5:], told["name"]) == ("3?x=1", "")
    assert asked(alice_client, "melody", "").json()["card"] == ""
    for client, role, address, says in (
        (alice_client, "vocal", "nonsense", "This is not an http:// or https:// address."),
        (alice_client, "melody", track.address, "no tune"),
        (bob_client, "reference", track.address, "is not here any more, or is not yours"),
    ):
        answer = asked(client, role, address)
        assert answer.status_code == 422
        assert says in answer.json()["error"]
    assert asked(alice_client, "drums", track.address).status_code == 404


def test_a_recording_that_was_deleted_is_said_to_be_gone_before_a_song_is_asked_for(
    alice: User, alice_client: Client, track: Sound
) -> None:
    row = generations.create(alice, prompt="from it", reference_url=track.address)
    sounds.end(track)
    for answer in (
        alice_client.post("/", {"prompt": "A waltz for Anna", "reference_url": row.reference_url}),
        alice_client.post(f"/songs/{row.pk}/again/", follow=True),
    ):
        assert "This recording is not here any more" in answer.content.decode()
    assert Generation.objects.count() == 1


def test_what_is_lent_is_lent_for_an_hour(track: Sound, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sounds.lent(track).removeprefix("http://localhost:8000")
    assert Client().get(path).status_code == 200
    later = timezone.now().timestamp() + 3601
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert Client().get(path).status_code == 404
    assert Client().get("/sounds/lent/rubbish/").status_code == 404


def test_what_was_heard_wrong_is_corrected_and_kept(alice_client: Client, track: Sound) -> None:
    fields = {"name": "Mine", "tempo": "half", "key": "D minor", "downbeat": "1"}
    alice_client.post(f"/sounds/{track.pk}/change/", fields)
    track.refresh_from_db()
    assert (track.name, track.says) == ("Mine", "50 bpm, D minor, 4/4")
    alice_client.post(f"/sounds/{track.pk}/change/", {"name": "", "tempo": "x", "key": "H", "downbeat": "99"})
    track.refresh_from_db()
    assert (track.name, track.says) == ("Mine", "100 bpm, C major, 4/4")


def test_corrections_keep_beats_and_bars_together() -> None:
    for tempo in (0.5, 1.0, 2.0):
        for downbeat in range(4):
            found = corrected(HEARD, tempo=tempo, key=Key(2, True, 1.0), downbeat=downbeat).music
            assert found is not None
            assert found.bpm == pytest.approx(100 * tempo)
            lines = found.beats[found.downbeat :: 4]
            assert [bar.start for bar in found.bars] == list(lines[:-1])
            assert [bar.end for bar in found.bars] == list(lines[1:])
            assert all(part.bar + part.bars <= len(found.bars) for part in found.parts)
            assert str(found.key) == "D minor"
    assert corrected(HEARD) == HEARD


def test_deleting_it_leaves_its_songs_and_takes_its_file(alice: User, alice_client: Client, track: Sound) -> None:
    row = generations.create(alice, prompt="from it", reference_url=track.address)
    path = Path(track.file.path)
    alice_client.post(f"/sounds/{track.pk}/delete/")
    assert not path.exists()
    assert Generation.objects.filter(pk=row.pk).exists()
    assert request_of(row, True).given == ()


def test_a_song_keeps_what_was_heard_in_its_recording_also_when_that_is_gone(
    alice: User, alice_client: Client, track: Sound
) -> None:
    row = generations.create(alice, prompt="over it", instrumental_url=track.address)
    kept = Generation.objects.get(pk=row.pk).given["instrumental"]
    assert (kept["bpm"], kept["key"], kept["metre"], kept["chorus"], kept["seconds"]) == (100, "C major", "4/4", 29, 96)
    page = alice_client.get(f"/songs/{row.pk}/").content.decode()
    assert "<dt>Sung over</dt>" in page
    assert (
        f'<a href="/sounds/#sound-{track.pk}">My track</a> — <span class="num">100 bpm, C major, chorus from 0:29<'
        in page
    )
    assert f'id="sound-{track.pk}"' in alice_client.get("/sounds/").content.decode()
    alice_client.post(f"/sounds/{track.pk}/change/", {"name": "Else", "tempo": "half"})
    sounds.end(Sound.objects.get(pk=track.pk))
    page = alice_client.get(f"/songs/{row.pk}/").content.decode()
    assert 'My track — <span class="num">100 bpm, C major, chorus from 0:29<' in page
    assert "/sounds/#" not in page


def test_what_was_heard_of_something_without_a_beat_is_kept_by_its_kind(alice: User, track: Sound) -> None:
    Sound.objects.update(heard=facts(Heard(kind="noise", seconds=9.0, music=None, melody=None)))
    row = generations.create(alice, prompt="from it", vocal_url=track.address)
    assert [(one.word, one.says) for one in origins.shown(row)] == [("Built around", "noise, no beat")]


@pytest.mark.parametrize("told", [None, [], {"vocal": "x"}, {"else": {}}, {"vocal": {"bpm": "9", "sound": "../x"}}])
def test_facts_from_elsewhere_are_not_believed(alice: User, told: Any) -> None:
    row = generations.create(alice, prompt="from it")
    row.given = told
    assert all(not one.address and not one.says for one in origins.shown(row))


def test_recordings_go_with_the_account(alice: User, track: Sound, settings: Settings) -> None:
    path = Path(track.file.path)
    leaving.leave(alice)
    assert not path.exists()
    assert not Sound.objects.exists()


def test_what_a_host_heard_behind_other_addresses_is_kept_with_the_song(alice: User, track: Sound) -> None:
    far = "https://files.example/takes/my%20demo.mp3?token=secret"
    row = generations.create(alice, prompt="A song", melody_url=far, reference_url=track.address)
    heard = {"melody": told(HEARD), "reference": told(HEARD) | {"bpm": 7}, "vocal": told(HEARD), "drums": 1}
    apply(row, {}, Validated(message_id="m", extra={"heard": heard}), None)
    row.save()
    feel, tune = origins.shown(row)
    assert (tune.word, tune.name, tune.says, tune.address) == (
        "Tune taken from",
        "my demo.mp3",
        "100 bpm, C major, chorus from 0:29",
        "",
    )
    assert (feel.name, feel.says) == ("My track", "100 bpm, C major, chorus from 0:29")
    assert "secret" not in str(row.given)


@pytest.mark.parametrize("heard", [None, [], "x", {"melody": "x"}, {"melody": {"bpm": "<b>", "name": 5, "key": ["x"]}}])
def test_rubbish_about_what_was_heard_harms_nothing(alice: User, heard: object) -> None:
    row = generations.create(alice, prompt="A song", melody_url="https://files.example/")
    apply(row, {}, Validated(message_id="m", extra={"heard": heard}), None)
    assert all(origin["bpm"] == 0 for origin in row.given.values())
    assert [shown.name for shown in origins.shown(row)] in ([], ["files.example"])
