"""Bodies of v6 streams, byte for byte; see README.md beside this file."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
ORIGIN = b"https://host.example"
"""Where the audio of every recording lies."""
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.sse")))


def recording(name: str, origin: str = "") -> bytes:
    """The stream of that name, its addresses at `origin` if given."""
    data = (FOLDER / f"{name}.sse").read_bytes()
    return data.replace(ORIGIN, origin.encode()) if origin else data
