"""The form of a song: which parts follow each other, how long, how strong, over which chords."""

from __future__ import annotations

from dataclasses import dataclass

from .chance import dice
from .harmony import progression
from .idioms import IDIOMS
from .phrasing import room_of
from .score import Brief, Chord, LyricSection, Section, SectionKind, Words

ENERGY: dict[SectionKind, float] = {
    "intro": 1.5,
    "verse": 2.0,
    "prechorus": 3.0,
    "chorus": 4.0,
    "interlude": 3.0,
    "drop": 4.5,
    "bridge": 2.5,
    "breakdown": 1.5,
    "instrumental": 3.5,
    "outro": 1.6,
}
PLAYED_BARS: dict[SectionKind, int] = {"intro": 4, "interlude": 4, "breakdown": 4, "outro": 4, "bridge": 4}
"""Bars of a part without words; eight if it is not here."""
LONG_BAR = 2.7
"""Seconds: where bars are longer, intro and outro have two of them in place of four."""
MOST_SECONDS = 150.0
"""Up to this length instrumental parts are put between the sung ones."""
RESOLVED = frozenset(("pop", "ballad", "folk", "country", "jazz", "bossa", "soul", "cinematic", "lofi"))
"""Idioms whose last bar comes to rest on the tonic; the others end as they went."""
INSTRUMENTAL_FORM: tuple[SectionKind, ...] = ("verse", "chorus", "interlude", "verse", "chorus", "bridge", "chorus")

WRITTEN: tuple[str, ...] = (
    "C",
    "VC",
    "VCvC",
    "VCVC",
    "VCvCC",
    "VCVCC",
    "VCVCBC",
    "VPCVPCC",
    "VPCVPCBC",
    "VPCVPCBCC",
    "VPCVPCVPCBC",
    "VPCVPCVPCBCVPCC",
)
"""Forms of songs whose verses we write, by what they last. V: verse, v: half a verse, P: prechorus, B: bridge."""
LINES: dict[str, tuple[SectionKind, int]] = {
    "V": ("verse", 4),
    "v": ("verse", 2),
    "P": ("prechorus", 2),
    "B": ("bridge", 2),
    "C": ("chorus", 0),
}


@dataclass(slots=True)
class Stretch:
    """One part before its place in time is known."""

    kind: SectionKind
    bars: int
    energy: float
    lyric: LyricSection | None = None


def to_write(brief: Brief, chorus_bars: int) -> tuple[tuple[SectionKind, int], ...]:
    """The sung parts for which the brief has time around a chorus of so many bars, each with its number of lines.

    A chorus has 0: its lines are known.
    """
    whole, _ = room_of(brief.bpm, brief.metre)
    frame = 2 * _played_bars("intro", brief)
    room = brief.seconds * 1.06 / brief.bar - frame
    lasts = {form: sum(LINES[part][1] * whole or chorus_bars for part in form) for form in WRITTEN}
    fitting = [form for form in WRITTEN if lasts[form] <= room]
    form = max(fitting, key=lambda form: lasts[form]) if fitting else WRITTEN[0]
    return tuple(LINES[part] for part in form)


def lay_out(brief: Brief, words: Words, seed: int) -> list[tuple[Section, LyricSection | None]]:
    """The sections of a take, times and chords set, each with its words if it is sung. There is always at least one."""
    stretches = _framed(brief, _sung(brief, words), words)
    _dynamics(stretches)
    last_chorus = max((i for i, s in enumerate(stretches) if s.kind == "chorus"), default=-1)
    choruses = sum(s.kind == "chorus" for s in stretches)
    lift = IDIOMS[brief.idiom].lift if choruses > 2 and brief.length == "normal" else 0
    sections: list[tuple[Section, LyricSection | None]] = []
    bar = 0
    for i, stretch in enumerate(stretches):
        up = lift if 0 <= last_chorus <= i else 0
        section = Section(
            kind=stretch.kind,
            bar=bar,
            bars=stretch.bars,
            energy=stretch.energy,
            chords=_chords(brief, stretch, seed, up, last=i == len(stretches) - 1),
            lift=up,
            riff=stretch.lyric is None,
            start=bar * brief.bar,
            end=(bar + stretch.bars) * brief.bar,
            lines=stretch.lyric.lines if stretch.lyric else (),
            generated=stretch.lyric.generated if stretch.lyric else False,
        )
        sections.append((section, stretch.lyric))
        bar += stretch.bars
    return sections


def _sung(brief: Brief, words: Words) -> list[Stretch]:
    """The parts that the words ask for, or the form of a song without words."""
    if not words.sections:
        kinds = INSTRUMENTAL_FORM if brief.length == "normal" else ("chorus",)
        return [Stretch(kind, _played_bars(kind, brief), ENERGY[kind]) for kind in kinds]
    stretches: list[Stretch] = []
    for lyric in words.sections:
        bars = sum(phrase.bars for phrase in lyric.phrases)
        if not lyric.phrases:
            stretches.append(Stretch(lyric.kind, _played_bars(lyric.kind, brief), ENERGY[lyric.kind]))
        else:
            stretches.append(Stretch(lyric.kind, bars, ENERGY[lyric.kind], lyric))
    return stretches


def _played_bars(kind: SectionKind, brief: Brief) -> int:
    """How long a part without words is: half as long where bars are long."""
    bars = PLAYED_BARS.get(kind, 8)
    return bars // 2 if brief.bar > LONG_BAR and kind not in ("verse", "chorus") else bars


def _framed(brief: Brief, stretches: list[Stretch], words: Words) -> list[Stretch]:
    """The parts with an intro, an outro and instrumental parts between them, unless the words name such parts."""
    short = brief.length == "short"
    few = short or brief.bar > LONG_BAR
    out = list(stretches)
    if out[0].kind != "intro":
        out.insert(0, Stretch("intro", 2 if few else 4, 1.2))
    if out[-1].kind != "outro":
        out.append(Stretch("outro", 2 if few else 4, ENERGY["outro"]))
    if short or not words.sections or any(not section.phrases for section in words.sections):
        return out
    for place, extra in _breaks(out, brief):
        if (sum(stretch.bars for stretch in out) + extra.bars) * brief.bar <= MOST_SECONDS:
            out.insert(place, extra)
    return out


def _breaks(stretches: list[Stretch], brief: Brief) -> list[tuple[int, Stretch]]:
    """Instrumental parts to put in, the last place first: a quiet one before the last chorus, one after the first."""
    breaks: list[tuple[int, Stretch]] = []
    choruses = [i for i, stretch in enumerate(stretches) if stretch.kind == "chorus"]
    if len(choruses) > 2 and stretches[choruses[-1] - 1].kind in ("chorus", "bridge"):
        breaks.append((choruses[-1], Stretch("breakdown", 4, ENERGY["breakdown"])))
    if choruses and stretches[choruses[0] + 1].kind in ("verse", "chorus"):
        house = brief.idiom == "house"
        kind: SectionKind = "drop" if house else "interlude"
        breaks.append((choruses[0] + 1, Stretch(kind, 8 if house else 4, ENERGY[kind])))
    return breaks


def _dynamics(stretches: list[Stretch]) -> None:
    """Second verses are a little stronger than first ones, the last of several choruses is the strongest part."""
    seen: dict[SectionKind, int] = {}
    for stretch in stretches:
        seen[stretch.kind] = seen.get(stretch.kind, 0) + 1
        if stretch.kind == "verse" and seen["verse"] > 1:
            stretch.energy = 2.5
    last = max((i for i, s in enumerate(stretches) if s.kind == "chorus"), default=-1)
    if seen.get("chorus", 0) > 1:
        stretches[last].energy = 5.0


def _chords(brief: Brief, stretch: Stretch, seed: int, lift: int, *, last: bool) -> tuple[Chord, ...]:
    """The part's progression: the takes play different ones where the idiom has two."""
    harmony = IDIOMS[brief.idiom].harmony(minor=brief.minor)
    of_kind = {"verse": harmony.verse, "prechorus": harmony.prechorus, "bridge": harmony.bridge}
    name = stretch.kind if stretch.kind in of_kind else "chorus"
    tokens = of_kind.get(stretch.kind, harmony.chorus)
    first = bool(dice(seed, "progression", name).random() < 0.5)
    chords = progression(tokens[first == (brief.take == 2)], (brief.tonic + lift) % 12, stretch.bars)
    if last and brief.idiom in RESOLVED:
        home = progression("vi" if brief.minor else "I", (brief.tonic + lift) % 12, 1)
        chords = (*chords[:-2], *home)
    return chords
