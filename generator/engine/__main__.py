"""Makes a song at the terminal: `python -m generator.engine "A waltz about rain" --lyrics words.txt --out songs`."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import secrets
import shutil
import sys
import tempfile
import unicodedata
from contextlib import aclosing
from pathlib import Path
from typing import Any

from generator.engine import Finished, Job, Planned, Progress, Report, StemsReport, Workers
from generator.engine.poster import poster
from generator.protocol.errors import EngineFailed, GenerationError

LETTERS = {1: "A", 2: "B"}
BAR = 32
INTERRUPTED = 130
"""Exit code after Ctrl+C, as shells have it."""
ARGUMENTS = ("prompt", "lyrics", "out", "midi", "stems", "seed", "trace")
"""What `run` takes of the command line."""
FORBIDDEN = frozenset('/\\:*?"<>|')
"""What some system does not allow in a file's name."""


class Unusable(Exception):  # noqa: N818  a sentence for whoever typed the command
    """What was asked for on the command line cannot be done; the message says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command line, for this module and for `manage.py song` alike."""
    parser.add_argument("prompt", help="what the song should be, in a few words")
    parser.add_argument(
        "--lyrics", type=Path, metavar="FILE", help="the words to be sung, UTF-8 text; written for you if left out"
    )
    parser.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where the files go (default: here)")
    parser.add_argument("--midi", action="store_true", help="also write the notes of each take, as a MIDI file")
    parser.add_argument(
        "--stems", action="store_true", help="also write each take in its parts, as FLAC files in a folder"
    )
    parser.add_argument("--seed", type=int, help="a whole number: the same one makes the same song again")
    parser.add_argument("--trace", action="store_true", help="show what the engine's processes print")


def run(*, prompt: str, lyrics: Path | None, out: Path, midi: bool, stems: bool, seed: int | None, trace: bool) -> int:
    """Make the song and write its files into `out`; the exit code. Faults are one sentence on stderr."""
    seed = secrets.randbelow(2**31) if seed is None else seed
    try:
        words = _read(lyrics) if lyrics else None
        if not prompt.strip():
            raise Unusable("Say in a few words what song you would like.")
        _prepare(out)
        with tempfile.TemporaryDirectory(prefix="duplet-") as folder:
            job = Job(prompt=prompt, lyrics=words, seed=seed, folder=Path(folder))
            made = asyncio.run(_make(job, stems=stems, quiet=not trace))
            written = _keep(job, out, *made, midi=midi)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. No file was written.\n")
        return INTERRUPTED
    except EngineFailed as error:
        hint = "" if trace else " Run it again with --trace to see what went wrong."
        sys.stderr.write(f"{error.sentence}{hint}\n")
        return 1
    except GenerationError as error:
        sys.stderr.write(f"{error.sentence}\n")
        return 1
    except (Unusable, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("".join(f"{path}\n" for path in written))
    sys.stderr.write(f"Made with seed {seed}: with the same prompt and words it makes the same song.\n")
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Unusable(f"{path} is not a UTF-8 text file.") from None
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}.") from None


def _prepare(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise Unusable(f"{out} cannot be written to: {error.strerror}.") from None


async def _make(job: Job, *, stems: bool, quiet: bool) -> tuple[Planned, dict[int, Finished]]:
    """Both takes, then their parts if wanted, with a bar on stderr while they are made, if that is a terminal."""
    workers = Workers(quiet=quiet)
    line = _Line()
    planned, takes = None, {}
    try:
        async with aclosing(workers.submit(job)) as reports:
            async for report in reports:
                line.show(report)
                match report:
                    case Planned():
                        planned = report
                    case Finished():
                        takes[report.take] = report
        for number in sorted(takes) if stems else ():
            notes = hashlib.sha256(job.midi(number).read_bytes()).hexdigest()
            async with aclosing(workers.separate(job, number, notes)) as parts:
                async for part in parts:
                    line.show(part)
    finally:
        line.clear()
        await workers.close()
    assert planned
    return planned, takes


class _Line:
    """One line that says how far the song is, written over itself; nothing at all where stderr is a file."""

    def __init__(self) -> None:
        self._wanted = sys.stderr.isatty()
        self._title = ""
        self._percent = dict.fromkeys(LETTERS, 0)
        self._write("Starting the engine")

    def show(self, report: Report | StemsReport) -> None:
        """Take in a report and draw the line anew."""
        match report:
            case Planned():
                self._title = report.title
            case Progress():
                self._percent[report.take] = report.percent
            case Finished():
                self._percent[report.take] = 100
            case _:
                return
        percent = sum(self._percent.values()) // len(self._percent)
        done = "#" * (BAR * percent // 100)
        self._write(f"[{done:.<{BAR}}] {percent:3d}%  {self._title}")

    def clear(self) -> None:
        """Leave an empty line."""
        self._write("")

    def _write(self, text: str) -> None:
        if self._wanted:
            sys.stderr.write("\r\x1b[K" + text[: shutil.get_terminal_size().columns - 1])
            sys.stderr.flush()


def _keep(job: Job, out: Path, planned: Planned, takes: dict[int, Finished], *, midi: bool) -> list[Path]:
    """Move the files to where they were asked for; the list of them."""
    name = file_name(planned.title)
    picture = out / "cover.jpg"
    picture.write_bytes(poster(job.cover.read_bytes(), planned.title))
    files = {job.cover: out / "cover.webp"}
    about: list[dict[str, Any]] = []
    unpacked: list[Path] = []
    for number, take in sorted(takes.items()):
        path = out / f"{name} (take {LETTERS[number]}).mp3"
        files[job.audio(number)] = path
        if midi:
            files[job.midi(number)] = path.with_name(f"{path.stem}.mid")
        if job.stems(number).exists():
            parts = out / f"{path.stem} stems"
            shutil.unpack_archive(job.stems(number), parts, "zip")
            unpacked += sorted(parts.iterdir())
        about.append(
            {
                "take": LETTERS[number],
                "file": path.name,
                "duration_ms": take.duration_ms,
                "understood": take.understood,
                "lyrics_sections": take.sections,
            }
        )
    for source, target in files.items():
        shutil.move(source, target)
    song = {"title": planned.title, "prompt": job.prompt, "seed": job.seed, "takes": about}
    written = out / "song.json"
    written.write_text(json.dumps(song, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return sorted([*files.values(), *unpacked, picture, written])


def file_name(title: str) -> str:
    """The title as a file name that every system takes: at most 80 characters, "Song" where nothing is left of it."""
    kept = "".join(" " if c in FORBIDDEN or unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in title)
    return " ".join(kept.split())[:80].strip(" .") or "Song"


def main() -> int:
    """The command line of `python -m generator.engine`."""
    parser = argparse.ArgumentParser(
        prog="python -m generator.engine",
        description="Make a song: two takes, a cover, and the words with their times.",
    )
    add_arguments(parser)
    return run(**vars(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
