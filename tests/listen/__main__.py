"""Listen to Duplet by machine: make songs, measure them, write one table. README.md says what the numbers are.

python -m tests.listen --out DIR --ears PYTHON [--prompts FILE] [--only NAME ...] [--table FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.listen.pictures import draw
from tests.listen.prompts import FIXED, Song, engine_hash, place, read_songs
from tests.listen.table import gather, misses, page

ROOT = Path(__file__).resolve().parents[2]
PICTURED = ("pop", "house", "jazz", "ambient")


def run(*line: str | Path) -> None:
    """One process of the program, a single thread each; what it says goes to stderr."""
    subprocess.run([str(word) for word in line], cwd=ROOT, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"})


def shared(songs: Sequence[Song], jobs: int) -> list[Sequence[Song]]:
    """The songs dealt out to `jobs` processes."""
    return [songs[k::jobs] for k in range(jobs) if songs[k::jobs]]


def main() -> None:
    """Make what is missing, measure what is not measured, and write the table."""
    ask = argparse.ArgumentParser(prog="python -m tests.listen", description=__doc__)
    ask.add_argument("--out", type=Path, default=ROOT / "var" / "listen", help="where everything is kept")
    ask.add_argument(
        "--ears", default=str(ROOT / "var" / "ears" / "bin" / "python"), help="Python of the listening environment"
    )
    ask.add_argument("--prompts", type=Path, default=FIXED, help="a JSON list of songs")
    ask.add_argument("--only", nargs="+", metavar="NAME", help="songs of the list")
    ask.add_argument("--jobs", type=int, choices=(1, 2), default=2)
    ask.add_argument("--no-words", action="store_true", help="do not recognise words, which takes most of the time")
    ask.add_argument("--again", help="the song whose first take is made twice (default: the first)")
    ask.add_argument("--pictures", nargs="*", default=PICTURED, metavar="NAME", help="songs to draw")
    ask.add_argument("--table", type=Path, help="the Markdown file (default: OUT/TABLE.md); a JSON file goes beside it")
    told = ask.parse_args()
    out, engine = told.out.resolve(), engine_hash()
    songs = [song for song in read_songs(told.prompts) if not told.only or song.name in told.only]
    folders = {song.name: place(out, song, engine) for song in songs}
    prompts = told.prompts.resolve()

    def make(own: Sequence[Song]) -> None:
        names = [song.name for song in own]
        run(sys.executable, "-m", "tests.listen.render", out, engine, "--prompts", prompts, "--only", *names)

    def listen(own: Sequence[Song]) -> None:
        words = ["--no-words"] if told.no_words else []
        run(told.ears, "-m", "tests.listen.measure", out / "whisper", *(folders[song.name] for song in own), *words)

    with ThreadPoolExecutor(told.jobs) as pool:
        for step in (make, listen):
            list(pool.map(step, shared(songs, told.jobs)))
    twice = told.again or songs[0].name
    if twice in folders and not (folders[twice] / "again.json").exists():
        run(sys.executable, "-m", "tests.listen.render", out, engine, "--prompts", prompts, "--only", twice, "--again")
    rows = gather(folders)
    for name in set(told.pictures) & set(folders):
        draw(folders[name], out / f"{name}.png")
    table = told.table or out / "TABLE.md"
    about = (
        f"{len(songs)} songs of `{prompts.name}`, two takes each, engine {engine}. `python -m tests.listen` makes this "
        "page; README.md beside it tells how each number is taken. A cell that misses what is good is **bold ✗**."
    )
    table.write_text(page(rows, title="What a machine hears", about=about), encoding="utf-8")
    table.with_suffix(".json").write_text(json.dumps(rows, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    sys.stdout.write("".join(f"{line}\n" for line in misses(rows)))


if __name__ == "__main__":
    main()
