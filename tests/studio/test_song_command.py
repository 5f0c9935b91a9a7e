"""A song at the terminal, by `manage.py song` and by the engine alone: the real engine, no server, no rows."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator.engine.__main__ import file_name
from generator.probe import probe

pytestmark = pytest.mark.either_database

ROOT = Path(__file__).resolve().parents[2]
DJANGO = ("manage.py", "song")
PLAIN = ("-m", "generator.engine")
WORDS = "Through every road we roam, together we are home"


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, *map(str, arguments)]


def typed(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A song made by `manage.py song`."""
    folder = tmp_path_factory.mktemp("songs")
    (folder / "words.txt").write_text(WORDS + "\n")
    lyrics, out = ("--lyrics", folder / "words.txt"), ("--out", folder / "made")
    made = typed(*DJANGO, "A short cheerful pop song", *lyrics, *out, "--seed", "7", "--midi", "--stems")
    assert made.returncode == 0, made.stderr
    assert made.stdout.splitlines() == [str(path) for path in sorted((folder / "made").rglob("*.*"))]
    assert "seed 7" in made.stderr
    return folder / "made"


async def test_it_writes_both_takes_the_cover_and_the_words(folder: Path) -> None:
    song = json.loads((folder / "song.json").read_text("utf-8"))
    assert (song["prompt"], song["seed"]) == ("A short cheerful pop song", 7)
    assert (folder / "cover.webp").read_bytes()[8:12] == b"WEBP"
    assert (folder / "cover.jpg").read_bytes()[:3] == b"\xff\xd8\xff"
    assert [take["file"] for take in song["takes"]] == [f"{song['title']} (take {letter}).mp3" for letter in "AB"]
    for take in song["takes"]:
        found = await probe(folder / take["file"])
        assert abs(found.duration_ms - take["duration_ms"]) < 100
        assert 15_000 < found.duration_ms < 40_000
        lines = [line["text"] for section in take["lyrics_sections"] for line in section["lines"]]
        assert WORDS in lines


def test_the_engine_alone_makes_the_same_bytes_of_the_same_seed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text(WORDS + "\n")
    lyrics, out = ("--lyrics", tmp_path / "words.txt"), ("--out", tmp_path / "made")
    made = typed(*PLAIN, "A short cheerful pop song", *lyrics, *out, "--seed", "7")
    assert made.returncode == 0, made.stderr
    assert len(list((tmp_path / "made").iterdir())) == 5
    for path in (tmp_path / "made").iterdir():
        assert (folder / path.name).read_bytes() == path.read_bytes(), path.name


def test_notes_and_parts_are_written_where_they_are_asked_for(folder: Path) -> None:
    title = json.loads((folder / "song.json").read_text("utf-8"))["title"]
    for letter in "AB":
        assert (folder / f"{title} (take {letter}).mid").read_bytes()[:4] == b"MThd"
        parts = list((folder / f"{title} (take {letter}) stems").iterdir())
        assert {"drums.flac", "bass.flac", "vocal.flac"} <= {path.name for path in parts}
        assert {path.read_bytes()[:4] for path in parts} == {b"fLaC"}


@pytest.mark.parametrize("way", [DJANGO, PLAIN])
def test_it_refuses_in_one_sentence(way: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "file").write_text("in the way")
    asked: dict[str, list[str | Path]] = {
        "few words": [""],
        "cannot be read": ["A song", "--lyrics", tmp_path / "nothing.txt"],
        "not a UTF-8": ["A song", "--lyrics", tmp_path / "binary"],
        "cannot be written": ["A song", "--out", tmp_path / "file"],
    }
    for sentence, arguments in asked.items():
        refused = typed(*way, *arguments)
        assert refused.returncode == 1
        assert sentence in refused.stderr
        assert refused.stderr.count("\n") == 1, refused.stderr
        assert refused.stdout == ""


def test_words_that_nobody_can_sing_are_named(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("We are home\n你好世界\n", "utf-8")
    refused = typed(*PLAIN, "A short song", "--lyrics", tmp_path / "words.txt", "--out", tmp_path)
    assert refused.returncode == 1
    assert "line 2" in refused.stderr
    assert refused.stderr.count("\n") == 1, refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["words.txt"]


def test_ctrl_c_stops_it_and_leaves_nothing_behind(tmp_path: Path) -> None:
    asked = command(*PLAIN, "A pop song", "--out", tmp_path / "made")
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        asked,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    ) as process:
        while not list(tmp_path.glob("duplet-*/*.growing.mp3")):
            time.sleep(0.05)
            assert process.poll() is None
        workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=5)
    assert process.returncode == 130
    assert out == ""
    assert err == "\nStopped. No file was written.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["made"]
    assert len(workers) == 2
    assert not any(Path("/proc", worker).exists() for worker in workers)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Home: 50/50?", "Home 50 50"),
        ("../../etc/passwd", "etc passwd"),
        ("Line\nbreak\0", "Line break"),
        ("...", "Song"),
        ("é" * 200, "é" * 80),
    ],
)
def test_any_title_makes_a_file_name(title: str, name: str) -> None:
    assert file_name(title) == name
