"""Songs leave with everything around them and come in again: once, whole, private, and whoever else has what there."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from studio.accounts.models import User
from studio.songs import audit, generations, importing, keeping, presets
from studio.songs.exporting import parts
from studio.songs.models import Generation, Section, Version, Visibility
from studio.songs.shelves import Playlist
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db
TITLES = ("Lighthouse", 'Ünïcode / "quotes" & <b>tags</b>', "../../etc/passwd")

GIVEN = {
    "sound": "",
    "name": "My voice",
    "kind": "voice",
    "seconds": 30,
    "bpm": 108,
    "key": "A minor",
    "metre": "4/4",
    "chorus": None,
}


def library(owner: User) -> list[Generation]:
    """Songs, a playlist, tags, notes, a favourite, one that is shared, a preset."""
    songs = [saved_song(owner, title, prompt=f"{title}, slow") for title in TITLES]
    keeping.tag(owner, [songs[0].pk, songs[2].pk], "for Anna")
    playlist = keeping.make_playlist(owner, "Road", "by night")
    keeping.add(playlist, [songs[2].pk, songs[0].pk])
    generations.favour(songs[1], is_favourite=True)
    generations.note(songs[1], "sing it\nsoftly")
    generations.keep_take(songs[0], 2)
    songs[0].given = {"vocal": GIVEN}
    songs[0].save(update_fields=["given"])
    generations.share(songs[0], Visibility.PUBLIC, shows_prompt=True)
    presets.keep(owner, "Waltz", {"prompt": "a waltz"})
    return songs


def taken(client: Client, number: int = 1) -> bytes:
    answer = client.get(f"/account/export/{number}.zip")
    assert answer.status_code == 200
    body = body_of(answer)
    assert len(body) == int(answer["Content-Length"])
    return body


def body_of(answer: Any) -> bytes:
    """What is streamed to a browser."""

    async def read() -> bytes:
        return b"".join([piece async for piece in answer.streaming_content])

    return asyncio.run(read())


def came(client: Client, body: bytes, **more: str) -> str:
    file = SimpleUploadedFile("library.zip", body, "application/zip")
    answer = client.post("/account/import/", {"archive": file, **more}, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def altered(body: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The archive with entries changed, or without those of which nothing is left."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.infolist():
            if (changed := change(each.filename, old.read(each))) is not None:
                new.writestr(each.filename, changed)
    return out.getvalue()


def told(change: Callable[[dict[str, Any]], Any]) -> Callable[[str, bytes], bytes]:
    """Changes every song.json."""

    def apply(name: str, body: bytes) -> bytes:
        if not name.endswith("song.json"):
            return body
        facts = json.loads(body)
        change(facts)
        return json.dumps(facts).encode()

    return apply


def test_a_library_comes_to_somebody_else_with_all_that_was_around_it(
    alice: User, alice_client: Client, bob: User, bob_client: Client
) -> None:
    library(alice)
    page = came(bob_client, taken(alice_client))
    assert "3 songs came in. 1 playlist as well." in page
    mine = {song.title: song for song in Generation.objects.filter(owner=bob).prefetch_related("versions__sections")}
    assert set(mine) == set(TITLES)
    first, second = mine[TITLES[0]], mine[TITLES[1]]
    assert (first.prompt, first.status, first.kept_take, first.visibility) == (
        "Lighthouse, slow",
        "completed",
        2,
        Visibility.PRIVATE,
    )
    assert first.given == {"vocal": GIVEN}
    assert (second.is_favourite, second.notes) == (True, "sing it\nsoftly")
    assert {tag.name for tag in first.tags.all()} == {"for Anna"}
    assert [place.generation.title for place in Playlist.objects.get(owner=bob, name="Road").entries.all()] == [
        TITLES[2],
        TITLES[0],
    ]
    assert presets.of(bob).get().fields == {"prompt": "a waltz"}
    for song in mine.values():
        assert [take.state for take in song.versions.all()] == [Version.State.STORED] * 2
        assert Section.objects.filter(version__generation=song).count() > 0
        assert bob_client.get(f"/songs/{song.pk}/").status_code == 200
        sound = bob_client.get(f"/songs/{song.pk}/take-1.mp3")
        assert (sound.status_code, sound["Content-Type"]) == (200, "audio/mpeg")
    assert alice_client.get(f"/songs/{first.pk}/").status_code == 404
    assert list(audit.findings()) == []


def test_the_same_archive_twice_brings_nothing_twice(
    alice: User, alice_client: Client, bob: User, bob_client: Client
) -> None:
    library(alice)
    body = taken(alice_client)
    assert "3 songs were here already." in came(alice_client, body)
    came(bob_client, body)
    again = came(bob_client, body)
    assert "0 songs came in. 3 songs were here already." in again
    assert Generation.objects.filter(owner=bob).count() == 3
    assert Playlist.objects.filter(owner=bob).count() == presets.of(bob).count() == 1


def test_after_everything_is_lost_the_same_ids_come_back_shared_as_they_were(alice: User, alice_client: Client) -> None:
    songs = library(alice)
    body = taken(alice_client)
    ids = {song.pk for song in songs}
    for song in songs:
        generations.delete(song)
    came(alice_client, body, keep="on")
    back = Generation.objects.filter(owner=alice)
    assert {song.pk for song in back} == ids
    shared = back.get(visibility=Visibility.PUBLIC)
    assert (shared.title, shared.shows_prompt) == (TITLES[0], True)
    assert Client().get(f"/s/{shared.share_id}/").status_code == 200


def test_a_large_library_is_taken_in_parts_each_of_which_comes_in_alone(
    alice: User, alice_client: Client, bob: User, bob_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    songs = library(alice)
    monkeypatch.setattr("studio.songs.exporting.MOST_SONGS", 2)
    assert [part.songs for part in parts(alice)] == [[songs[0].pk, songs[1].pk], [songs[2].pk]]
    came(bob_client, taken(alice_client, 2))
    came(bob_client, taken(alice_client, 1))
    places = Playlist.objects.get(owner=bob).entries.all()
    assert {place.generation.title for place in places} == {TITLES[0], TITLES[2]}
    assert alice_client.get("/account/export/3.zip").status_code == 404


def test_an_empty_account_can_be_taken_away_too(alice_client: Client, bob_client: Client) -> None:
    assert "There is no song in this archive" in came(bob_client, taken(alice_client))


def test_a_single_songs_archive_comes_in_as_well(alice: User, alice_client: Client, bob_client: Client) -> None:
    song = saved_song(alice, "Alone")
    answer = alice_client.get(f"/songs/{song.pk}/everything.zip")
    body = body_of(answer)
    assert "1 song came in." in came(bob_client, body)


def bomb() -> bytes:
    """A song.json of a gigabyte in a megabyte."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("x/song.json", "w") as file:
        for _ in range(64):
            file.write(b" " * (1 << 20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The submitted file is empty"),
        (b"no archive", "This is no ZIP archive"),
        (b"PK\x03\x04" + b"\0" * 500, "This is no ZIP archive"),
        (b"PK\x05\x06" + b"\0" * 18, "There is no song in this archive"),
    ],
    ids=["nothing", "words", "half", "empty"],
)
def test_what_is_no_archive_is_said_to_be_none(bob_client: Client, body: bytes, sentence: str) -> None:
    page = came(bob_client, body)
    assert sentence in page or "This is no ZIP archive" in page or "Choose an archive first." in page
    assert not Generation.objects.exists()


def test_a_bomb_is_left_unopened(bob_client: Client) -> None:
    assert "One of its files is larger than any song’s." in came(bob_client, bomb())


def few(rows: dict[str, Any], *names: str) -> list[Any]:
    """All rows; those that are not named take their time and are left to the thorough."""
    return [pytest.param(row, id=n, marks=[] if n in names else pytest.mark.thorough) for n, row in rows.items()]


UNFIT: dict[str, Callable[[str, bytes], bytes | None]] = {
    "another format": told(lambda facts: facts.update(format="something")),
    "a later version": told(lambda facts: facts.update(version=99)),
    "no id": told(lambda facts: facts.pop("id")),
    "an id that is none": told(lambda facts: facts.update(id={"a": 1})),
    "no takes": told(lambda facts: facts.update(takes=[])),
    "takes that are none": told(lambda facts: facts.update(takes=[1, "A"])),
    "a take C": told(lambda facts: facts["takes"][0].update(letter="C")),
    "a way out of the folder": told(lambda facts: [take.update(file="../../x.mp3") for take in facts["takes"]]),
    "no json": lambda name, body: b"[" * 100_000 if name.endswith("song.json") else body,
    "no sound": lambda name, body: b"MZ\x90\0" * 999 if name.endswith(".mp3") else body,
    "half a sound": lambda name, body: body[:200] if name.endswith(".mp3") else body,
    "no files": lambda name, body: body if name.endswith(".json") else None,
}


@pytest.mark.parametrize("change", few(UNFIT, "another format", "no json", "half a sound", "a way out of the folder"))
def test_an_unfit_song_is_left_out_with_its_reason_and_leaves_nothing(
    alice: User, alice_client: Client, bob: User, bob_client: Client, settings: Settings, change: Any
) -> None:
    saved_song(alice, "Broken")
    body = altered(taken(alice_client), change)
    stored = [path for path in sorted(Path(settings.MEDIA_ROOT).rglob("*")) if path.is_file()]
    page = came(bob_client, body)
    assert "What could not come in" in page or "cannot be read" in page
    assert not Generation.objects.filter(owner=bob).exists()
    assert [path for path in sorted(Path(settings.MEDIA_ROOT).rglob("*")) if path.is_file()] == stored
    assert list(audit.findings()) == []


ODD: dict[str, Callable[[dict[str, Any]], Any]] = {
    "words without end": lambda facts: facts.update(lyrics="x\0" * 50_000, prompt="\ud800" * 9, title="\u202e" * 999),
    "words that are none": lambda facts: facts.update(prompt=None, lyrics=[1], title={"a": 1}, made_by=7, seed="x"),
    "numbers": lambda facts: facts.update(seed=-1, kept_take=9, created_at="9999-99-99", finished_at=1e99),
    "a birth in the future": lambda facts: facts.update(created_at="2199-01-01T00:00:00+00:00"),
    "words of a host": lambda facts: facts["takes"][0].update(lyrics_sections=[{"lines": 7}, 3, None]),
    "understood": lambda facts: [
        take.update(understood={"a" * 999: ["x"], "key": "C" * 999}) for take in facts["takes"]
    ],
    "one of somebody": lambda facts: facts.update(made_from=str(uuid.uuid4()), led_to=7),
}


@pytest.mark.parametrize("change", few(ODD, "words without end", "numbers", "one of somebody"))
def test_odd_facts_are_read_as_well_as_they_can_be(
    alice: User, alice_client: Client, bob: User, bob_client: Client, change: Any
) -> None:
    saved_song(alice, "Odd")
    assert "1 song came in." in came(bob_client, altered(taken(alice_client), told(change)))
    song = Generation.objects.get(owner=bob)
    assert bob_client.get(f"/songs/{song.pk}/").status_code == 200
    assert bob_client.get("/library/").status_code == 200
    assert song.prompt


def test_a_library_json_of_rubbish_harms_nothing(
    alice: User, alice_client: Client, bob: User, bob_client: Client
) -> None:
    library(alice)
    rubbish = {
        "songs": {str(uuid.uuid4()): 7, "x": {"tags": 1}},
        "playlists": [{"id": "x"}, {"id": str(uuid.uuid4()), "name": "n" * 999, "songs": [1, None]}, 3],
        "presets": [{"name": "p", "fields": {"prompt": 5}}, {"name": "", "fields": 1}, []],
    }
    for body in (json.dumps(rubbish).encode(), b"{}", b"[]"):
        replaced = altered(taken(alice_client), lambda name, old, new=body: new if name == "library.json" else old)  # type: ignore[misc]
        came(bob_client, replaced)
    assert Generation.objects.filter(owner=bob).count() == 3


def test_the_operator_takes_libraries_of_any_size_in_and_out_by_command(
    alice: User, bob: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library(alice)
    call_command("export_library", alice.email, str(tmp_path))
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_library", alice.email, str(tmp_path))
    call_command("import_library", bob.email, *map(str, tmp_path.glob("*.zip")))
    assert "3 songs came in. 1 playlist as well." in capsys.readouterr().out
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("import_library", "nobody@example.org", str(tmp_path / "library-1.zip"))
    shutil.rmtree(tmp_path)


def test_nothing_that_opens_a_door_leaves_with_the_songs(alice: User, alice_client: Client) -> None:
    library(alice)
    with zipfile.ZipFile(io.BytesIO(taken(alice_client))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        everything = b"".join(archive.read(name) for name in names if name.endswith((".json", ".txt")))
    assert not [name for name in names if name.startswith("/") or ".." in name.split("/")]
    for row in Generation.objects.filter(owner=alice):
        assert row.art_key.encode() not in everything
        for take in row.versions.all():
            assert take.stream_key.encode() not in everything
    assert alice.password.encode() not in everything


def test_bringing_counts_the_file_by_its_bytes(bob: User) -> None:
    with pytest.raises(importing.NoArchive):
        importing.bring(io.BytesIO(b"PK\x05\x06" + b"\xff" * 18), bob)
