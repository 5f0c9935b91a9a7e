"""The engine's processes: what they promise when all goes well, and when it does not."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from generator.engine import Finished, Job, Planned, Playable, Progress, Report, Workers
from generator.engine.reports import Cancelled, Ready, command, read_report
from generator.protocol.errors import EngineFailed, Rejected, StorageFailed
from tests.generator import fake_song

FAKE = "tests.generator.fake_song"
ROOT = Path(__file__).resolve().parents[2]


def job(folder: Path, prompt: str = "short", seed: int = 7, lyrics: str | None = None) -> Job:
    folder.mkdir(exist_ok=True)
    return Job(prompt=prompt, lyrics=lyrics, seed=seed, folder=folder)


async def sing(workers: Workers, asked: Job) -> list[Report]:
    return [report async for report in workers.submit(asked)]


def finished(reports: list[Report]) -> dict[int, Finished]:
    return {report.take: report for report in reports if isinstance(report, Finished)}


def is_gone(pid: int, within: float = 3.0) -> bool:
    """Whether a process that is not our child has ended, or ends soon."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        with contextlib.suppress(FileNotFoundError):
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z":
                time.sleep(0.02)
                continue
        return True
    return False


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    pool = Workers(song=FAKE, quiet=True)
    yield pool
    await pool.close()


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """One bare worker process that has said it is ready."""
    with subprocess.Popen(
        [sys.executable, "-m", "generator.engine.worker", FAKE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,
    ) as process:
        assert isinstance(heard(process), Ready)
        yield process
        process.kill()


def heard(process: subprocess.Popen[bytes]) -> object:
    assert process.stdout
    return read_report(process.stdout.readline())


def tell(process: subprocess.Popen[bytes], line: bytes) -> None:
    assert process.stdin
    process.stdin.write(line)
    process.stdin.flush()


async def test_it_names_the_song_first_and_finishes_both_takes(workers: Workers, tmp_path: Path) -> None:
    asked = job(tmp_path / "song")
    reports = await sing(workers, asked)
    assert reports[0] == Planned(title="Song 7", inks=2)
    assert asked.cover.read_bytes() == b"RIFF-cover"
    assert finished(reports).keys() == {1, 2}
    for number in (1, 2):
        own = [report for report in reports[1:] if not isinstance(report, Planned) and report.take == number]
        assert [type(report) for report in own if not isinstance(report, Progress)] == [Playable, Finished]
        assert asked.audio(number).read_bytes() == b"ID3RIFF-cover" + asked.stream(number).read_bytes()
        assert asked.audio(number).read_bytes().endswith(fake_song.PIECE + bytes([number]))


async def test_it_renders_the_takes_in_two_processes_at_once(workers: Workers, tmp_path: Path) -> None:
    reports = finished(await sing(workers, job(tmp_path / "song", "slow")))
    assert reports[1].understood["process"] != reports[2].understood["process"]
    began = time.monotonic()
    await sing(workers, job(tmp_path / "again", "slow"))
    alone = 0.1 * fake_song.PIECES
    assert time.monotonic() - began < 1.7 * alone


async def test_it_keeps_its_processes_warm_for_the_next_song(workers: Workers, tmp_path: Path) -> None:
    await workers.warm()
    first = finished(await sing(workers, job(tmp_path / "one")))
    second = finished(await sing(workers, job(tmp_path / "two")))
    processes = [{report.understood["process"] for report in song.values()} for song in (first, second)]
    assert processes[0] == processes[1]


async def test_it_works_at_low_priority_with_one_thread_a_process(workers: Workers, tmp_path: Path) -> None:
    reports = finished(await sing(workers, job(tmp_path / "song")))
    assert reports[1].understood["niceness"] == os.nice(0) + 10
    assert reports[1].understood["threads"] == "1"


async def test_a_second_song_waits_for_its_turn(workers: Workers, tmp_path: Path) -> None:
    order: list[str] = []

    async def one(name: str) -> None:
        async for report in workers.submit(job(tmp_path / name, "slow")):
            if not isinstance(report, Progress):
                order.append(name)

    await asyncio.gather(one("first"), one("second"))
    assert order == ["first"] * 5 + ["second"] * 5


async def test_a_report_of_megabytes_comes_through(workers: Workers, tmp_path: Path) -> None:
    reports = finished(await sing(workers, job(tmp_path / "song", "endless")))
    assert len(reports[2].sections) == 20_000


async def test_stray_prints_do_not_reach_the_reports(workers: Workers, tmp_path: Path) -> None:
    assert finished(await sing(workers, job(tmp_path / "song", "prints"))).keys() == {1, 2}


async def test_words_that_cannot_be_sung_are_refused_with_their_field(workers: Workers, tmp_path: Path) -> None:
    with pytest.raises(Rejected) as refusal:
        await sing(workers, job(tmp_path / "song", "unsingable"))
    assert (refusal.value.code, refusal.value.field) == ("rejected_words", "lyrics")
    assert refusal.value.sentence == "No word of this can be sung."


@pytest.mark.parametrize("how", ["raises", "raises in take 2", "dies", "dies in take 2"])
async def test_a_song_that_breaks_fails_and_the_next_one_is_made(workers: Workers, tmp_path: Path, how: str) -> None:
    with pytest.raises(EngineFailed):
        await sing(workers, job(tmp_path / "song", f"slow {how}"))
    assert finished(await sing(workers, job(tmp_path / "next"))).keys() == {1, 2}


async def test_a_worker_survives_an_exception(workers: Workers, tmp_path: Path) -> None:
    before = finished(await sing(workers, job(tmp_path / "one")))
    with pytest.raises(EngineFailed):
        await sing(workers, job(tmp_path / "two", "raises"))
    after = finished(await sing(workers, job(tmp_path / "three")))
    processes = [{report.understood["process"] for report in song.values()} for song in (before, after)]
    assert processes[0] == processes[1]


async def test_a_full_disk_is_named(workers: Workers, tmp_path: Path) -> None:
    with pytest.raises(StorageFailed):
        await sing(workers, job(tmp_path / "song", "disk"))


async def test_a_worker_killed_between_songs_is_replaced(workers: Workers, tmp_path: Path) -> None:
    before = finished(await sing(workers, job(tmp_path / "one")))
    for report in before.values():
        os.kill(int(report.understood["process"]), signal.SIGKILL)
    await asyncio.sleep(0.2)
    assert finished(await sing(workers, job(tmp_path / "two"))).keys() == {1, 2}


async def test_closing_the_iterator_stops_the_work_and_keeps_the_workers(workers: Workers, tmp_path: Path) -> None:
    await workers.warm()
    asked = job(tmp_path / "song", "slow")
    async with contextlib.aclosing(workers.submit(asked)) as reports:
        async for report in reports:
            if isinstance(report, Playable):
                break
    began = time.monotonic()
    assert finished(await sing(workers, job(tmp_path / "next"))).keys() == {1, 2}
    assert time.monotonic() - began < 1.0
    assert not asked.audio(1).exists()


async def test_cancelling_the_reading_task_stops_the_work(workers: Workers, tmp_path: Path) -> None:
    asked = job(tmp_path / "song", "slow")
    task = asyncio.create_task(sing(workers, asked))
    await asyncio.sleep(0.5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert finished(await sing(workers, job(tmp_path / "next"))).keys() == {1, 2}
    assert not asked.audio(1).exists()


async def test_a_worker_deaf_to_a_cancel_is_killed_after_two_seconds(workers: Workers, tmp_path: Path) -> None:
    await workers.warm()
    async with contextlib.aclosing(workers.submit(job(tmp_path / "song", "deaf"))) as reports:
        async for report in reports:
            if isinstance(report, Playable):
                await asyncio.sleep(0.3)  # by now it hears nothing any more
                began = time.monotonic()
                break
    assert finished(await sing(workers, job(tmp_path / "next"))).keys() == {1, 2}
    assert 1.5 < time.monotonic() - began < 5.0


async def test_close_ends_every_process(tmp_path: Path) -> None:
    pool = Workers(song=FAKE)
    reports = finished(await sing(pool, job(tmp_path / "song")))
    await pool.close()
    assert all(is_gone(int(report.understood["process"]), within=0.1) for report in reports.values())
    with pytest.raises(EngineFailed):
        await sing(pool, job(tmp_path / "late"))


@pytest.mark.parametrize("module", ["tests.generator.no_such_song", "json"])
async def test_an_engine_that_cannot_start_fails_the_song(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, module: str
) -> None:
    pool = Workers(song=module, quiet=True)
    with pytest.raises(EngineFailed):
        await sing(pool, job(tmp_path / "song"))
    assert "exit code 1" in caplog.text
    await pool.close()


def test_a_worker_is_gone_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = f"""
import asyncio, pathlib
from generator.engine import Job, Workers, Progress
async def main():
    pool = Workers(song={FAKE!r})
    async for report in pool.submit(Job(prompt="slow", lyrics=None, seed=1, folder=pathlib.Path({str(tmp_path)!r}))):
        if isinstance(report, Progress):
            print(*(child._process.pid for child in pool._children), flush=True)
            await asyncio.sleep(60)
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT) as parent:
        assert parent.stdout
        children = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(children) == 2
        parent.kill()
    assert all(is_gone(pid) for pid in children)


def test_it_works_on_the_web_servers_loop(tmp_path: Path) -> None:
    """Daphne runs Twisted's reactor on asyncio, which has its own ideas about child processes."""
    script = f"""
import asyncio, pathlib
from twisted.internet import asyncioreactor
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
asyncioreactor.install(loop)
from twisted.internet import reactor
from generator.engine import Finished, Job, Workers
from generator.protocol.errors import EngineFailed

async def songs():
    pool = Workers(song={FAKE!r}, quiet=True)
    for prompt in ("dies", "lives"):
        folder = pathlib.Path({str(tmp_path)!r}, prompt)
        folder.mkdir()
        try:
            async for report in pool.submit(Job(prompt=prompt, lyrics=None, seed=1, folder=folder)):
                if isinstance(report, Finished):
                    print("finished", flush=True)
        except EngineFailed:
            print("failed", flush=True)
    await pool.close()
    reactor.stop()

reactor.callWhenRunning(lambda: tasks.append(loop.create_task(songs())))
tasks = []
reactor.run()
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, cwd=ROOT, timeout=30, check=False)
    assert ran.stdout.split() == [b"failed", b"finished", b"finished"], ran.stderr.decode()


def test_the_real_engine_reports_to_nobody(tmp_path: Path) -> None:
    """A library in it would, and keeps an id in the home folder and a session in the one for temporary files."""
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(temporary)}
    warm = [sys.executable, "-c", "from generator.engine import song; song.warm()"]
    subprocess.run(warm, env=environment, cwd=ROOT, timeout=60, check=True)
    assert [*home.iterdir(), *temporary.iterdir()] == []


def test_a_bare_worker_answers_every_cancel(worker: subprocess.Popen[bytes], tmp_path: Path) -> None:
    tell(worker, command("cancel"))
    assert heard(worker) == Cancelled()
    asked = job(tmp_path / "song", "slow")
    tell(worker, command("plan", asked))
    assert isinstance(heard(worker), Planned)
    tell(worker, command("take", asked, number=1))
    assert isinstance(heard(worker), Progress)
    began = time.monotonic()
    tell(worker, command("cancel"))
    while not isinstance(said := heard(worker), Cancelled):
        assert isinstance(said, Progress | Playable)
    assert time.monotonic() - began < 0.5


def test_ctrl_c_at_the_terminal_is_left_to_the_parent(worker: subprocess.Popen[bytes], tmp_path: Path) -> None:
    os.killpg(worker.pid, signal.SIGINT)
    tell(worker, command("plan", job(tmp_path / "song")))
    assert isinstance(heard(worker), Planned)


def test_it_is_gone_when_stdin_ends_even_in_the_middle_of_a_song(
    worker: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    asked = job(tmp_path / "song", "deaf")
    tell(worker, command("plan", asked))
    heard(worker)
    tell(worker, command("take", asked, number=1))
    heard(worker)
    assert worker.stdin
    worker.stdin.close()
    assert worker.wait(timeout=1.0) == 0


def test_a_traceback_goes_to_stderr_and_never_to_the_parent(worker: subprocess.Popen[bytes], tmp_path: Path) -> None:
    asked = job(tmp_path / "song", "raises")
    tell(worker, command("plan", asked))
    heard(worker)
    tell(worker, command("take", asked, number=1))
    while isinstance(said := heard(worker), Progress | Playable):
        pass
    assert isinstance(said, EngineFailed)
    assert "string" not in said.sentence
    out, err = worker.communicate(timeout=2)
    assert b"RuntimeError: a string broke" in err
    assert out == b""


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b"hello", b'{"kind": "planned"}', b'{"kind": "x"}'])
def test_nonsense_is_not_taken_for_a_report(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"not a report|Expecting value"):
        read_report(line)
