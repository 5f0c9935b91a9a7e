"""The engine as an upstream: what it tells, in which order, and what lies behind its addresses."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from generator.engine import Workers, pool
from generator.probe import probe
from generator.protocol import events as v6
from generator.protocol.errors import AudioUnusable, EngineFailed, Rejected
from generator.upstream import SongRequest, embedded
from generator.upstream.embedded import Embedded
from tests.generator import fake_song

FAKE = "tests.generator.fake_song"


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[Embedded]:
    """The engine with a stand-in for what sings; the rest is real."""
    engine = Embedded(tmp_path / "engine", workers=Workers(song=FAKE, quiet=True))
    yield engine
    await engine.close()


@pytest.fixture
async def real(tmp_path: Path) -> AsyncIterator[Embedded]:
    """The engine as it is."""
    engine = Embedded(tmp_path / "engine")
    yield engine
    await engine.close()


def asked(prompt: str = "short", lyrics: str | None = None, **more: Any) -> SongRequest:
    return SongRequest(prompt=prompt, lyrics=lyrics, seed=7, **more)


async def told(host: Embedded, request: SongRequest) -> list[v6.Event]:
    return [event async for event in host.generate(request)]


async def read(host: Embedded, address: str) -> bytes:
    return b"".join([piece async for piece in host.open(address)])


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def until_streaming(events: AsyncIterator[v6.Event]) -> v6.StreamReady:
    async for event in events:
        if isinstance(event, v6.StreamReady):
            return event
    raise AssertionError("the song ended before it could be heard")


async def test_it_tells_the_documents_events_in_the_documents_order(host: Embedded) -> None:
    events = await told(host, asked())
    assert [type(event) for event in events[:4]] == [v6.Initializing, v6.Validated, v6.Streaming, v6.Processing]
    for number in (1, 2):
        own = [type(event) for event in events[4:] if getattr(event, "version", None) == number]
        assert own == [v6.StreamReady, v6.AudioReady, v6.Uploading, v6.Finished]
    assert [event.is_complete for event in events] == [False] * (len(events) - 1) + [True]
    assert isinstance(events[-1], v6.Finished)


async def test_one_song_has_one_id_one_name_and_one_cover(host: Embedded) -> None:
    events = [event for event in await told(host, asked()) if isinstance(event, v6.Named)]
    assert {event.song_name for event in events} == {"Song 7"}
    (message_id,) = {event.message_id for event in events}
    assert len(message_id) == 32
    (cover,) = {event.album_art for event in events}
    assert cover
    assert await read(host, cover) == b"RIFF-cover"


async def test_the_colours_of_the_cover_are_told_with_its_name(host: Embedded) -> None:
    validated = (await told(host, asked()))[1]
    assert validated.extra == {"inks": 2}


async def test_progress_rises_and_is_told_at_most_four_times_a_second(host: Embedded) -> None:
    began = time.monotonic()
    events = await told(host, asked("slow"))
    seconds = time.monotonic() - began
    numbers = [event.progress for event in events if isinstance(event, v6.Running)]
    assert numbers == sorted(set(numbers))
    assert 2 <= len(numbers) <= 4 * seconds + 1
    assert max(numbers) <= 100


async def test_the_words_come_with_what_was_understood(host: Embedded) -> None:
    events = [event for event in await told(host, asked()) if isinstance(event, v6.Finished)]
    assert [event.lyrics_sections[0]["section_type"] for event in events] == ["verse", "verse"]
    assert all("niceness" in event.extra["understood"] for event in events)


async def test_a_stream_gives_the_bytes_as_they_come_and_ends_when_they_are_whole(host: Embedded) -> None:
    async with aclosing(host.generate(asked("slow"))) as events:
        ready = await until_streaming(events)
        arrivals: list[float] = []
        sound = b""

        async def listen() -> None:
            nonlocal sound
            async for piece in host.open(ready.stream_url):
                arrivals.append(time.monotonic())
                sound += piece

        listening = asyncio.create_task(listen())
        finished = [event async for event in events if isinstance(event, v6.AudioReady)]
        await listening
    assert arrivals[-1] - arrivals[0] > 0.2
    assert len(sound) == fake_song.PIECES * (len(fake_song.PIECE) + 1)
    whole = next(event.audio_url for event in finished if event.version == ready.version)
    assert await read(host, whole) == b"ID3RIFF-cover" + sound


async def test_audio_can_be_fetched_after_the_events_have_ended(host: Embedded) -> None:
    events = await told(host, asked())
    for event in events:
        if isinstance(event, v6.AudioReady):
            assert (await read(host, event.audio_url)).endswith(fake_song.PIECE + bytes([event.version or 0]))


async def test_a_stream_that_breaks_off_says_so(host: Embedded) -> None:
    async with aclosing(host.generate(asked("slow"))) as events:
        ready = await until_streaming(events)
        listening = asyncio.create_task(read(host, ready.stream_url))
        await asyncio.sleep(0.05)
    with pytest.raises(AudioUnusable) as fault:
        await listening
    assert fault.value.code == "audio_unavailable"


@pytest.mark.parametrize("address", ["file:///etc/passwd", "../../etc/passwd", "https://example.org/a.mp3", ""])
async def test_no_other_file_can_be_read(host: Embedded, address: str) -> None:
    await told(host, asked())
    with pytest.raises(AudioUnusable):
        await read(host, address)


async def test_no_file_outside_a_songs_folder_can_be_read_by_a_way_round(host: Embedded, tmp_path: Path) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "secret.txt").write_text("secret")
    events = await told(host, asked())
    audio = next(event.audio_url for event in events if isinstance(event, v6.AudioReady))
    with pytest.raises(AudioUnusable):
        await read(host, audio.rsplit("/", 1)[0] + "/../secret.txt")


async def test_closing_the_events_stops_the_song_within_two_seconds(host: Embedded) -> None:
    await host.warm()
    for how in ("slow", "deaf"):
        async with aclosing(host.generate(asked(how))) as events:
            await until_streaming(events)
            began = time.monotonic()
        assert time.monotonic() - began < 0.5
        assert len(await told(host, asked())) >= 12
        assert time.monotonic() - began < 4.0


async def test_a_worker_that_is_killed_fails_the_song_and_the_next_one_is_made(host: Embedded) -> None:
    events = [event for event in await told(host, asked()) if isinstance(event, v6.Finished)]
    async with aclosing(host.generate(asked("slow"))) as broken:
        await until_streaming(broken)
        os.kill(events[0].extra["understood"]["process"], signal.SIGKILL)
        with pytest.raises(EngineFailed):
            async for _ in broken:
                pass
    assert len(await told(host, asked())) >= 12


async def test_a_songs_files_go_when_they_have_lain_unused(
    host: Embedded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "KEPT_SECONDS", 0.5)
    events = await told(host, asked())
    audio = next(event.audio_url for event in events if isinstance(event, v6.AudioReady))
    async with aclosing(host.open(audio)) as reader:
        await anext(reader)
        await asyncio.sleep(1.5)
        assert len(files(tmp_path / "engine")) == 1, "it went while it was read"
    async with asyncio.timeout(20):
        while files(tmp_path / "engine"):
            await asyncio.sleep(0.05)
    with pytest.raises(AudioUnusable):
        await read(host, audio)


async def test_close_leaves_no_file_and_no_process(tmp_path: Path) -> None:
    host = Embedded(tmp_path / "engine", workers=Workers(song=FAKE))
    events = [event for event in await told(host, asked()) if isinstance(event, v6.Finished)]
    await host.close()
    assert not files(tmp_path / "engine")
    for event in events:
        with pytest.raises(ProcessLookupError):
            os.kill(event.extra["understood"]["process"], 0)


async def test_what_a_killed_process_left_is_cleared_away(host: Embedded, tmp_path: Path) -> None:
    old, new = tmp_path / "engine" / ("0" * 32), tmp_path / "engine" / ("1" * 32)
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "take-1.mp3").write_bytes(b"left")
    os.utime(old, (time.time() - 7_200,) * 2)
    await told(host, asked())
    assert not old.exists()
    assert new.exists(), "another process may be at work in it"


async def test_the_folder_is_private(host: Embedded, tmp_path: Path) -> None:
    await told(host, asked())
    assert (tmp_path / "engine").stat().st_mode & 0o777 == 0o700


async def test_the_real_engine_sings_the_given_words_in_two_takes(real: Embedded) -> None:
    words = "Through every road we roam, together we are home"
    events = await told(real, asked("A short cheerful pop song", words))
    audio = {event.version: event.audio_url for event in events if isinstance(event, v6.AudioReady)}
    finished = {event.version: event for event in events if isinstance(event, v6.Finished)}
    for number in (1, 2):
        sections = finished[number].lyrics_sections
        assert words in [line["text"] for section in sections for line in section["lines"]]
        found = await probe(Path(url2pathname(urlsplit(audio[number]).path)))
        assert abs(sections[-1]["end"] - found.duration_ms) < 100
        assert (await read(real, audio[number])).startswith(b"ID3")
    assert finished[1].extra["understood"] != finished[2].extra["understood"]
    assert await read(real, audio[1]) != await read(real, audio[2])
    assert events[1].extra["inks"] in range(1, 7)


async def test_a_real_render_stops_when_its_events_are_closed(real: Embedded, tmp_path: Path) -> None:
    async with aclosing(real.generate(asked("A pop song"))) as events:
        await until_streaming(events)
    await asyncio.sleep(pool.ANSWER_SECONDS + 0.5)
    (folder,) = files(tmp_path / "engine")
    before = {path.name: path.stat().st_size for path in files(folder)}
    await asyncio.sleep(0.5)
    assert {path.name: path.stat().st_size for path in files(folder)} == before
    assert "take-1.growing.mp3" in before
    assert "take-1.mp3" not in before


SOUND = "https://example.org/a.mp3"


@pytest.mark.parametrize(
    ("request_", "code", "field"),
    [
        (asked(""), "rejected_prompt", "prompt"),
        (asked(" \n\t"), "rejected_prompt", "prompt"),
        (asked(lyrics="你好世界"), "rejected_words", "lyrics"),
        (asked(melody_url=SOUND, vocal_url=SOUND), "rejected_input", "melody_url"),
        (asked(instrumental_url=SOUND, vocal_url=SOUND), "rejected_input", "vocal_url"),
        (asked(reference_url=SOUND, instrumental_url=SOUND), "rejected_input", "instrumental_url"),
    ],
)
def test_what_can_never_become_a_song_is_refused_at_once(
    tmp_path: Path, request_: SongRequest, code: str, field: str
) -> None:
    host = Embedded(tmp_path / "engine")
    began = time.perf_counter()
    with pytest.raises(Rejected) as refusal:
        host.check(request_)
    assert time.perf_counter() - began < 0.05
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert refusal.value.sentence.endswith(".")
    assert not refusal.value.bought


def test_a_plain_request_is_not_refused(tmp_path: Path) -> None:
    host = Embedded(tmp_path / "engine")
    host.check(asked(lyrics="Through every road we roam, together we are home"))
    host.check(asked(lyrics=""))
    assert not (tmp_path / "engine").exists()
