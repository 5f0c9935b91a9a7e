"""What of a reference is heard again in the songs made after it: python -m tests.given.after SONGS OUT.md

SONGS is the folder of tests.given.render. Each held-out song is given as a reference for a song in another style, which
is then heard like the reference was; beside it stands the song that the same prompt gives without it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from generator.engine import song
from generator.given import Given, Heard
from generator.listening.facts import Levels
from generator.listening.hear import hear
from generator.listening.levels import levels
from generator.listening.sound import sound

PROMPTS = (
    "A pop song about winter",
    "A rock song about a train",
    "A ballad about home",
    "A soul song about a letter",
    "A folk song about a river",
    "A synthwave song about a car",
)
NAMES = ("tempo", "metre", "key", "parts", "course", "course without", "octaves off", "octaves off without")
HEAD = """# What of a reference is heard again

`python -m tests.given.after SONGS OUT.md` writes this page: songs that were held out, given as references for songs in
other styles. tempo, metre, key: shares of songs that are written in those of the reference as it was heard. parts: how
much of the time the same kind of part sounds, both stretched to the same length (nan where the reference has no parts
or is under a minute). course: correlation of the loudness
along both, in spans of six seconds; without: of the song that the same prompt makes without a reference. octaves off:
how far the middles of the spectra lie apart.

"""


def main() -> None:
    """Write the page."""
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    rows = dict(_rows(sorted(path for path in folder.glob("b*.json") if path.stem.count(".") == 0)))
    means = {name: float(np.nanmean([row[name] for row in rows.values()])) for name in NAMES}
    lines = [f"| | {' | '.join(NAMES)} |", "|---" * (len(NAMES) + 1) + "|"]
    for name, row in {f"all {len(rows)}, mean": means, **rows}.items():
        lines.append(f"| {name} | {' | '.join(f'{row[column]:.2f}' for column in NAMES)} |")
    target.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def _rows(paths: list[Path]) -> Iterator[tuple[str, dict[str, float]]]:
    for number, path in enumerate(paths):
        heard = hear(sound(*soundfile.read(path.with_suffix(".mp3"), dtype="float32")))
        if heard.music is None:
            continue
        given = (Given(role="reference", path=path, heard=heard),)
        prompt = PROMPTS[number % len(PROMPTS)]
        plan = song.plan(prompt, None, number, "", given)
        brief, there = plan.briefs[0], heard.music
        own, free = _levels(plan), _levels(song.plan(prompt, None, number))
        yield (
            path.stem,
            {
                "tempo": float(min(abs(brief.bpm * times / there.bpm - 1) for times in (0.5, 1, 2)) < 0.02),
                "metre": float(brief.metre == there.metre),
                "key": float((brief.key, brief.minor) == (there.key.tonic, there.key.minor)),
                "parts": _alike(plan, heard),
                "course": _together(there.levels, own),
                "course without": _together(there.levels, free),
                "octaves off": abs(float(np.log2(own.bright / there.levels.bright))),
                "octaves off without": abs(float(np.log2(free.bright / there.levels.bright))),
            },
        )


def _levels(plan: song.Plan) -> Levels:
    frames = bytearray()
    song.render(plan, 1, song.cover(plan), frames.extend, lambda _: None)
    return levels(sound(*soundfile.read(io.BytesIO(bytes(frames)), dtype="float32")))


def _alike(plan: song.Plan, heard: Heard) -> float:
    """The share of the time in which the part that sounds is of the kind that the reference has there."""
    form = plan.briefs[0].form
    if not form:
        return float("nan")
    ends = np.cumsum([part.bars for part in form]) / sum(part.bars for part in form)
    sections = song.score_of(plan, 1).sections
    own = np.array([section.end for section in sections]) / sections[-1].end
    at = np.linspace(0, 1, 500, endpoint=False)
    there = [form[k].kind for k in np.searchsorted(ends, at, "right")]
    here = [sections[k].kind for k in np.searchsorted(own, at, "right")]
    return float(np.mean([a == b for a, b in zip(there, here, strict=True)]))


def _together(one: Levels, other: Levels) -> float:
    return float(np.corrcoef(_course(one), _course(other))[0, 1])


def _course(of: Levels) -> npt.NDArray[np.float64]:
    loud = np.maximum(np.array(of.loudness), -50)
    smooth = np.convolve(loud, np.ones(6) / 6, "same")
    return np.interp(np.linspace(0, 1, 200), np.linspace(0, 1, len(smooth)), smooth)


if __name__ == "__main__":
    main()
