"""What the owner of a song takes home of it."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from typing import Any

import pytest
import soundfile
from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from mutagen import id3 as mutagen_id3
from PIL import Image

from generator.engine.lyricist import Lyricist
from generator.protocol.lyrics import read_sections
from studio.accounts.models import User
from studio.songs import downloads, generations
from studio.songs.models import Generation, Section, Stems, Version, Visibility
from tests.flows.scripted import mp3
from tests.generator.foreign_files import picture, sound, tag
from tests.studio.rows import saved_song

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
ID3: Any = mutagen_id3.ID3
"""mutagen says nothing of its types."""
THEIRS = tag(("TIT2", b"\0Theirs"), ("COMM", b"\0eng\0Made by somebody else"))
THEIR_END = b"TAG" + b"Theirs".ljust(125, b"\0")


def whole(answer: Any) -> bytes:
    """All that is sent."""

    async def read() -> bytes:
        return b"".join([piece async for piece in answer])

    return async_to_sync(read)()


def hang_up(answer: Any) -> None:
    """End an answer as servers do, but keep the test's database open."""
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)


def foreign_song(owner: User, title: str = "Home") -> Generation:
    """A song of another host, whose first take carries that host's tags."""
    row = saved_song(owner, title)
    version = row.versions.get(number=1)
    sound = THEIRS + mp3(1.5) + THEIR_END
    version.audio.save(f"songs/{row.pk}/theirs.mp3", ContentFile(sound), save=False)
    version.size, version.sha256 = len(sound), "a" * 64
    version.understood = {"style": "dream pop", "tempo": 92}
    version.save()
    row.album_art.save(f"songs/{row.pk}/cover.webp", ContentFile(picture("WEBP")))
    return row


def saved(client: Client, row: Generation, **headers: str) -> Any:
    """The answer to whoever saves the first take."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(f"/songs/{row.pk}/take-1.mp3?download=1", headers=named)


def test_a_saved_mp3_says_what_its_song_is_called_now(alice_client: Client, alice: User) -> None:
    row = foreign_song(alice)
    generations.rename(row, "Ça va, 🎵")
    tag = ID3(io.BytesIO(whole(saved(alice_client, row))), translate=False)
    told = {"TIT2": "Ça va, 🎵", "TALB": "Ça va, 🎵", "TPE1": "Alice", "TRCK": "1/2", "TIT3": "Take A"}
    told |= {"TCON": "Dream pop", "TBPM": "92", "TYER": str(row.created_at.year), "TLEN": "1500"}
    assert {name: str(tag[name]) for name in told} == told
    assert str(tag["TXXX:AI_GENERATED"]) == "true"
    assert [str(comment) for comment in tag.getall("COMM")] == ["Made with AI"]
    assert "together we are home" in tag.getall("USLT")[0].text.replace("\n", " ")
    assert tag.getall("SYLT")[0].text
    front = tag.getall("APIC")[0]
    assert Image.open(io.BytesIO(front.data)).size == (320, 240)


def test_a_file_of_somebody_without_a_name_is_by_the_site(alice_client: Client, alice: User) -> None:
    row = foreign_song(alice)
    User.objects.update(name="")
    assert str(ID3(io.BytesIO(whole(saved(alice_client, row))))["TPE1"]) == "Duplet"


def test_nothing_of_the_tags_that_it_came_with_is_left(alice_client: Client, alice: User) -> None:
    body = whole(saved(alice_client, foreign_song(alice)))
    assert b"Theirs" not in body
    assert b"somebody else" not in body
    assert body.endswith(mp3(1.5))


def test_a_song_whose_picture_is_lost_or_never_came_has_a_print_in_its_tag(alice_client: Client, alice: User) -> None:
    row = foreign_song(alice)
    default_storage.delete(str(row.album_art.name))
    lost = ID3(io.BytesIO(whole(saved(alice_client, row)))).getall("APIC")[0].data
    Generation.objects.filter(pk=row.pk).update(album_art="")
    never = ID3(io.BytesIO(whole(saved(alice_client, row)))).getall("APIC")[0].data
    assert lost == never
    assert Image.open(io.BytesIO(never)).size == (512, 512)


def test_what_is_played_is_the_stored_file_as_it_lies_there(alice_client: Client, alice: User) -> None:
    row = foreign_song(alice)
    answer = alice_client.get(f"/songs/{row.pk}/take-1.mp3")
    assert whole(answer) == THEIRS + mp3(1.5) + THEIR_END
    assert answer["ETag"] == f'"{"a" * 64}"'


def test_a_file_can_be_saved_piece_by_piece(alice_client: Client, alice: User) -> None:
    row = foreign_song(alice)
    first = saved(alice_client, row)
    body, size = whole(first), int(first["Content-Length"])
    assert len(body) == size
    behind_the_tag = body.index(mp3(1.5)[:64])
    for begin, end in ((0, 9), (0, size - 1), (behind_the_tag - 5, behind_the_tag + 5), (behind_the_tag, size - 1)):
        piece = saved(alice_client, row, range=f"bytes={begin}-{end}", if_range=first["ETag"])
        assert (piece.status_code, piece["Content-Range"]) == (206, f"bytes {begin}-{end}/{size}")
        assert whole(piece) == body[begin : end + 1]
    assert saved(alice_client, row, range=f"bytes={size}-").status_code == 416
    assert saved(alice_client, row, if_none_match=first["ETag"]).status_code == 304
    told = alice_client.head(f"/songs/{row.pk}/take-1.mp3?download=1")
    assert (told["Content-Length"], told["ETag"], whole(told) if told.streaming else told.content) == (
        str(size),
        first["ETag"],
        b"",
    )


def test_whoever_saves_it_in_pieces_while_it_is_renamed_gets_the_new_one_whole(
    alice_client: Client, alice: User
) -> None:
    row = foreign_song(alice)
    before = saved(alice_client, row)["ETag"]
    generations.rename(row, "Away")
    after = saved(alice_client, row, range="bytes=0-9", if_range=before)
    assert after.status_code == 200
    assert after["ETag"] != before


def test_a_link_that_hides_the_words_hides_them_in_the_sound_as_well(client: Client, alice: User) -> None:
    row = foreign_song(alice)
    generations.share(row, Visibility.UNLISTED)
    Generation.objects.filter(pk=row.pk).update(shows_words=False, allows_download=True)
    row.refresh_from_db()
    for asked in ("", "?download=1"):
        tag = ID3(io.BytesIO(whole(client.get(f"/s/{row.share_id}/take-1.mp3{asked}"))))
        assert str(tag["TIT2"]) == "Home"
        assert not tag.getall("USLT")
        assert not tag.getall("SYLT")


def test_what_is_no_mp3_is_saved_as_it_came(alice_client: Client, alice: User) -> None:
    row = foreign_song(alice)
    version = row.versions.get(number=1)
    version.audio.save(f"songs/{row.pk}/theirs.flac", ContentFile(b"fLaC sound"), save=False)
    version.size = 10
    version.save()
    assert whole(saved(alice_client, row)) == b"fLaC sound"


@pytest.mark.parametrize(
    ("ending", "kind", "begins"),
    [("lrc", "text/plain", "[ti:Ä/B"), ("vtt", "text/vtt", "WEBVTT Ä/B"), ("txt", "text/plain", "Ä/B")],
)
def test_the_words_are_saved_under_the_songs_name(
    alice_client: Client, alice: User, ending: str, kind: str, begins: str
) -> None:
    row = saved_song(alice, "Ä/B")
    answer = alice_client.get(f"/songs/{row.pk}/take-2.{ending}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == f"{kind}; charset=utf-8"
    assert answer["Content-Disposition"] == f"attachment; filename*=utf-8''%C3%84-B%20%28take%20B%29.{ending}"
    assert answer["Cache-Control"] == "private, no-store"
    said = answer.content.decode()
    assert said.startswith(begins)
    assert "together we are home" in said.replace("\n", " ")
    assert "Alice" in said
    assert "with AI" in said


def test_a_take_without_words_has_no_files_for_them(alice_client: Client, alice: User) -> None:
    row = saved_song(alice, "Instrumental")
    Section.objects.filter(version__generation=row).update(lines=[])
    assert alice_client.get(f"/songs/{row.pk}/take-1.lrc").status_code == 404
    assert "take-1.lrc" not in alice_client.get(f"/songs/{row.pk}/").text


def test_the_song_page_offers_every_kind_of_each_take(alice_client: Client, alice: User) -> None:
    row = saved_song(alice, "Home")
    page = alice_client.get(f"/songs/{row.pk}/").text
    for number in (1, 2):
        assert f'href="/songs/{row.pk}/take-{number}.mp3?download=1" download' in page
        for ending in ("txt", "lrc", "lrc?words=1", "vtt"):
            assert f'href="/songs/{row.pk}/take-{number}.{ending}" download' in page
        assert f'href="/songs/{row.pk}/take-{number}.wav"' in page
    assert f'href="/songs/{row.pk}/everything.zip" download' in page


def test_a_take_is_saved_as_wav_under_its_songs_name(alice_client: Client, alice: User) -> None:
    row = foreign_song(alice, "Ça va")
    answer = alice_client.get(f"/songs/{row.pk}/take-1.wav")
    body = whole(answer)
    assert (answer["Content-Type"], len(body)) == ("audio/wav", int(answer["Content-Length"]))
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C3%87a%20va%20%28take%20A%29.wav"
    with soundfile.SoundFile(io.BytesIO(body)) as found:
        assert found.copy_metadata() == {"title": "Ça va", "artist": "Alice", "comment": "Made with AI"}
        assert found.frames / found.samplerate == pytest.approx(1.5, abs=0.1)
    told = alice_client.head(f"/songs/{row.pk}/take-1.wav")
    assert (told["Content-Length"], told.content) == (str(len(body)), b"")
    assert not downloads.turns._held


def test_a_take_that_is_kept_as_wav_is_given_as_it_is(alice_client: Client, alice: User) -> None:
    row = foreign_song(alice)
    version = row.versions.get(number=1)
    version.audio.save(f"songs/{row.pk}/theirs.wav", ContentFile(sound("WAV")))
    answer = alice_client.get(f"/songs/{row.pk}/take-1.wav", follow=True)
    assert answer.redirect_chain == [(f"/songs/{row.pk}/take-1.mp3?download=1", 302)]
    assert answer["Content-Type"] == "audio/wav"
    assert "take-1.wav" not in alice_client.get(f"/songs/{row.pk}/").text


def test_nobody_has_more_than_two_wavs_made_at_once(alice_client: Client, bob_client: Client, alice: User) -> None:
    row, others = foreign_song(alice), foreign_song(User.objects.get(name="Bob"))
    address = f"/songs/{row.pk}/take-1.wav"
    first, second = alice_client.get(address), alice_client.get(address)
    refused = alice_client.get(address)
    assert (refused.status_code, refused["Retry-After"]) == (429, "15")
    assert "Nothing is lost" in refused.text
    assert f'href="/songs/{row.pk}/"' in refused.text
    theirs = bob_client.get(f"/songs/{others.pk}/take-1.wav")
    assert theirs.status_code == 200
    hang_up(first)  # nobody had begun to read it
    again = alice_client.get(address)
    assert again.status_code == 200
    for answer in (second, theirs, again):
        hang_up(answer)
    assert not downloads.turns._held


def test_everybody_together_has_no_more_than_a_few(alice_client: Client, alice: User) -> None:
    row = foreign_song(alice)
    assert all(downloads.turns.take(person) for person in range(-downloads.ALL, 0))
    try:
        assert alice_client.get(f"/songs/{row.pk}/take-1.wav").status_code == 429
    finally:
        for person in range(-downloads.ALL, 0):
            downloads.turns.give_back(person)


def test_a_file_that_cannot_be_decoded_is_not_there_and_holds_no_turn(alice_client: Client, alice: User) -> None:
    row = foreign_song(alice)
    default_storage.delete(str(row.versions.get(number=1).audio.name))
    assert alice_client.get(f"/songs/{row.pk}/take-1.wav").status_code == 404
    assert not downloads.turns._held


def opened(answer: Any) -> zipfile.ZipFile:
    """The archive that was sent, which is as long as it said and whole."""
    body = whole(answer)
    assert len(body) == int(answer["Content-Length"])
    found = zipfile.ZipFile(io.BytesIO(body))
    assert found.testzip() is None
    return found


def test_everything_of_a_song_is_one_archive(alice_client: Client, alice: User) -> None:
    row = foreign_song(alice, "AC/DC: live?")
    take = row.versions.get(number=2)
    take.midi.save(f"songs/{row.pk}/take-2.mid", ContentFile(b"MThd"))
    ready = Stems(version=take, state=Stems.State.READY, size=5, made_at=timezone.now())
    ready.archive.save(f"songs/{row.pk}/stems-2.zip", ContentFile(b"stems"))
    answer = alice_client.get(f"/songs/{row.pk}/everything.zip")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="AC-DC- live.zip"'
    found = opened(answer)
    stem = "AC-DC- live"
    kinds = ["(take {}).mp3", "(take {}).txt", "(take {}).lrc", "(take {}, by word).lrc", "(take {}).vtt"]
    wanted = {f"{stem} {kind.format(letter)}" for kind in kinds for letter in "AB"}
    wanted |= {f"{stem} (take B).mid", f"{stem} (take B, stems).zip", "cover.webp", "song.json", "About this song.txt"}
    assert set(found.namelist()) == {f"{stem}/{name}" for name in wanted}
    tag = ID3(io.BytesIO(found.read(f"{stem}/{stem} (take A).mp3")))
    assert str(tag["TIT2"]) == "AC/DC: live?"
    assert found.read(f"{stem}/{stem} (take B, stems).zip") == b"stems"
    assert found.read(f"{stem}/cover.webp") == picture("WEBP")
    assert "made with AI" in found.read(f"{stem}/About this song.txt").decode()
    told = alice_client.head(f"/songs/{row.pk}/everything.zip")
    assert (told["Content-Length"], told.content) == (answer["Content-Length"], b"")


def test_the_archive_says_all_that_another_duplet_needs_and_nothing_that_is_for_nobody_else(
    alice_client: Client, alice: User
) -> None:
    row = foreign_song(alice)
    again = generations.retry(row)
    Generation.objects.filter(pk=row.pk).update(
        notes="noteheron", reference_url="https://host.example/heron", kept_take=2, upstream="heronhost"
    )
    found = opened(alice_client.get(f"/songs/{row.pk}/everything.zip"))
    told = json.loads(found.read("Home/song.json"))
    assert (told["format"], told["version"], told["made_with_ai"]) == ("duplet-song", 1, True)
    assert (told["id"], told["seed"], told["prompt"], told["lyrics"]) == (str(row.pk), row.seed, "pop", row.lyrics)
    assert (told["made_from"], told["led_to"], told["kept_take"]) == (None, [str(again.pk)], "B")
    assert datetime.fromisoformat(told["created_at"]) == row.created_at.replace(microsecond=0)
    assert [take["file"] for take in told["takes"]] == ["Home (take A).mp3", "Home (take B).mp3"]
    assert told["takes"][0]["understood"] == {"style": "dream pop", "tempo": 92}
    first = read_sections(told["takes"][0]["lyrics_sections"])
    assert first == told["takes"][0]["lyrics_sections"]
    assert len(told["takes"][0]["peaks"]) == 400
    assert "noteheron" not in json.dumps(told)
    assert "host.example" not in json.dumps(told)


def test_a_song_of_which_one_take_came_has_an_archive_of_that_one(alice_client: Client, alice: User) -> None:
    row = foreign_song(alice)
    row.versions.filter(number=1).update(state=Version.State.FAILED)
    Generation.objects.filter(pk=row.pk).update(album_art="")
    names = opened(alice_client.get(f"/songs/{row.pk}/everything.zip")).namelist()
    assert "Home/Home (take B).mp3" in names
    assert "Home/cover.svg" in names
    assert not [name for name in names if "take A" in name]


def test_there_is_no_archive_of_a_song_that_is_being_made_or_came_to_nothing(alice_client: Client, alice: User) -> None:
    row = foreign_song(alice)
    Generation.objects.filter(pk=row.pk).update(status="running")
    assert alice_client.get(f"/songs/{row.pk}/everything.zip").status_code == 404
    Generation.objects.filter(pk=row.pk).update(status="failed")
    row.versions.update(state=Version.State.FAILED)
    assert alice_client.get(f"/songs/{row.pk}/everything.zip").status_code == 404


def test_a_song_that_is_deleted_for_good_takes_its_drafted_words_with_it(alice: User) -> None:
    row, other = saved_song(alice, "Gone"), saved_song(alice, "Kept")
    folder = settings.DATA_DIR / "drafts"
    folder.mkdir(parents=True, exist_ok=True)
    lyricist = Lyricist("", "", "", folder)
    drafts = [lyricist._kept(song.prompt, song.lyrics, song.seed) for song in (row, other)]
    for draft in drafts:
        draft.write_text("words")
    generations.delete(row)
    assert [draft.exists() for draft in drafts] == [False, True]
    generations.delete(other)
    assert not drafts[1].exists()
