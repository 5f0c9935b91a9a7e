"""The songs that are listened to: fixed ones beside this file, or a list of one's own in the same form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

FIXED = Path(__file__).parent / "fixed.json"
ENGINE = Path(__file__).resolve().parents[2] / "generator" / "engine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Song:
    """One prompt to be made into both takes. `idiom` and `metre` are what a listener expects of it, if anything."""

    name: str
    prompt: str
    seed: int
    lyrics: str | None = None
    idiom: str | None = None
    metre: str = "4/4"


def read_songs(path: Path = FIXED) -> list[Song]:
    """The songs of a JSON list; `lyrics` is a list of lines, `seed` may be left out. Names are unique."""
    songs = []
    for number, entry in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        lines = entry.pop("lyrics", None)
        songs.append(Song(**{"seed": 100 + number, **entry}, lyrics="\n".join(lines) if lines else None))
    if len({song.name for song in songs}) != len(songs):
        raise ValueError(f"{path.name}: two songs have the same name")
    return songs


def engine_hash() -> str:
    """The engine's source and assets as 8 hex digits: what was rendered by another engine is rendered again."""
    return _hash(path for path in sorted(ENGINE.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)


def own_hash(*names: str) -> str:
    """The same of modules beside this file."""
    return _hash(Path(__file__).parent / f"{name}.py" for name in names)


def _hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def place(out: Path, song: Song, engine: str) -> Path:
    """The folder in which everything about this song, as this engine makes it, is kept."""
    asked = hashlib.sha256(json.dumps(asdict(song), sort_keys=True).encode()).hexdigest()[:6]
    return out / f"{song.name}-{asked}-{engine}"
