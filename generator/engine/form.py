"""The form of a song: which parts follow each other, how long, how strong, over which chords.

A part's length is counted in spans: a span is what a sung line has, two bars of 4/4 or four short bars of 3/4 or 6/8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from .chance import dice
from .energies import Place, energies
from .harmony import progression
from .idioms import IDIOMS
from .phrasing import room_of
from .score import Brief, Chord, LyricSection, Section, SectionKind, Words

SPANS: dict[SectionKind, int] = {"intro": 2, "interlude": 2, "breakdown": 2, "outro": 2, "bridge": 2}
"""Spans of a part that is played; four if it is not here."""
LONG_BAR = 2.7
"""Seconds: where bars are longer, those parts are half as long."""
NEAR = 0.05
"""How far from the wanted length a song may be, as a share of it, before parts are put in or taken out."""
MOST_IN_A_ROW = 4
"""Choruses of a short song."""
MOST_OVER = 0.08
"""How far beyond the wanted length an edit may lead, as a share of it."""
MOST_EDITS = 24
WRITTEN: tuple[str, ...] = (
    "C",
    "vC",
    "VC",
    "VCC",
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
SUNG = frozenset(kind for kind, _ in LINES.values())
PLAYED: tuple[tuple[str, ...], tuple[str, ...]] = (
    ("C", "VC", "VCC", "VCVC", "VCVCC", "VCIVCBC", "VCIVCBCC", "VCIVCBVCC", "VCIVCBVCIVCC", "VCIVCBVCIVCBVCC"),
    ("C", "VC", "VVC", "VVCC", "VVCBC", "VVCBVC", "VVCIVBCC", "VVCIVCBCC", "VVCIVCBVVCC", "VVCIVCBVVCIVCBCC"),
)
"""Forms of songs without words, one row for each take. I: interlude."""
KINDS: dict[str, SectionKind] = {"V": "verse", "C": "chorus", "B": "bridge", "I": "interlude"}
OPENINGS = ("still", "riff", "hook")
"""How a take may begin: with few players, with the hook on an instrument, or with the chorus itself."""
HOOK_SECONDS = 20.0
"""A longer chorus does not begin a song."""
HOOK_FROM = 100
"""Seconds: a shorter song does not begin with its chorus."""
LOOPED = frozenset(("house", "hiphop", "ambient"))
"""Idioms whose songs come home without a cadence."""
PLAGAL = frozenset(("rock", "reggae", "funk", "synthwave", "cinematic"))
SEVENTHS = frozenset(("jazz", "bossa", "lofi", "soul"))


@dataclass(frozen=True, slots=True)
class Stretch:
    """One part before its place in time is known."""

    kind: SectionKind
    bars: int
    lyric: LyricSection | None = None
    strong: bool = False
    """An intro with the hook in it."""


Edit = Callable[["Layout"], Iterator[list[Stretch]]]


@dataclass(frozen=True, slots=True)
class Layout:
    """What an edit looks at: the parts as they stand, and what they are made for."""

    brief: Brief
    parts: list[Stretch]
    ours: bool
    """The words, or some of them, are of our own writing, and so is the form."""
    free: bool
    """The person has not said where anything is played."""
    own: tuple[LyricSection, ...]
    """The sung parts that the person wrote, in their order."""

    @property
    def seconds(self) -> float:
        """How long the parts last."""
        return sum(part.bars for part in self.parts) * self.brief.bar

    @property
    def choruses(self) -> list[int]:
        """Where the sung or played choruses are."""
        return [i for i, part in enumerate(self.parts) if part.kind == "chorus"]

    @property
    def has_words(self) -> bool:
        """Whether somebody sings."""
        return any(part.lyric for part in self.parts)

    def has(self, *kinds: SectionKind) -> bool:
        """Whether one of the kinds is among the parts."""
        return any(part.kind in kinds for part in self.parts)


def to_write(brief: Brief, chorus_bars: int) -> tuple[tuple[SectionKind, int], ...]:
    """The sung parts for which the brief has time around a chorus of so many bars, each with its number of lines.

    A chorus of 0 has the lines that are known. After another piece they are that piece's parts.
    """
    whole, _ = room_of(brief.bpm, brief.metre)
    if brief.form:
        return tuple((part.kind, part.bars // whole) for part in brief.form if part.kind in SUNG)
    room = brief.seconds * (1 + NEAR) / brief.bar - 2 * _played_bars("intro", brief)
    lasts = {form: sum(LINES[part][1] * whole or chorus_bars for part in form) for form in WRITTEN}
    fitting = [form for form in WRITTEN if lasts[form] <= room]
    form = max(fitting, key=lambda form: lasts[form]) if fitting else WRITTEN[0]
    return tuple(LINES[part] for part in form)


def lay_out(brief: Brief, words: Words, seed: int) -> list[tuple[Section, LyricSection | None]]:
    """The sections of a take, times and chords set, each with its words if it is sung. There is always at least one.

    They last as long as the brief wants, within an eighth, wherever the words leave room for it: parts that are played
    come and go, parts of our own words go, and sung parts come again. Given words are all kept, in their order.
    """
    parts = _fitted(_opened(_framed(brief, words), seed))
    strengths = energies(brief, [Place(part.kind, part.bars, part.strong) for part in parts])
    last_chorus = max((i for i, part in enumerate(parts) if part.kind == "chorus"), default=-1)
    choruses = sum(part.kind == "chorus" for part in parts)
    lifts = choruses > 2 and brief.length == "normal" and brief.curve != "calm"
    lift = IDIOMS[brief.idiom].lift if lifts else 0
    sections: list[tuple[Section, LyricSection | None]] = []
    bar = 0
    for i, (part, energy) in enumerate(zip(parts, strengths, strict=True)):
        up = lift if 0 <= last_chorus <= i else 0
        section = Section(
            kind=part.kind,
            bar=bar,
            bars=part.bars,
            energy=energy,
            chords=chords_of(brief, part, seed, up, last=i == len(parts) - 1),
            lift=up,
            riff=part.lyric is None,
            start=bar * brief.bar,
            end=(bar + part.bars) * brief.bar,
            lines=part.lyric.lines if part.lyric else (),
            generated=part.lyric.generated if part.lyric else False,
        )
        sections.append((section, part.lyric))
        bar += part.bars
    return sections


def _played_bars(kind: SectionKind, brief: Brief) -> int:
    """How long a part without words is: half as long where bars are long."""
    whole, _ = room_of(brief.bpm, brief.metre)
    bars = SPANS.get(kind, 4) * whole
    return bars // 2 if brief.bar > LONG_BAR and kind not in ("verse", "chorus") else bars


def _framed(brief: Brief, words: Words) -> Layout:
    """The parts that the words ask for, or the form of a song without words, between an intro and an outro."""
    if words.sections:
        parts = [_stretch(lyric, brief) for lyric in words.sections]
    elif brief.form:
        parts = [Stretch(part.kind, part.bars) for part in brief.form]
    else:
        parts = [Stretch(KINDS[part], _played_bars(KINDS[part], brief)) for part in _played_form(brief)]
    if parts[0].kind != "intro":
        parts.insert(0, Stretch("intro", _frame_bars("intro", brief)))
    if parts[-1].kind != "outro":
        parts.append(Stretch("outro", _frame_bars("outro", brief)))
    ours = any(section.generated for section in words.sections)
    own = tuple(section for section in words.sections if section.phrases and not section.generated)
    return Layout(brief, parts, ours, free=all(section.phrases for section in words.sections), own=own)


def _frame_bars(kind: SectionKind, brief: Brief) -> int:
    """How long the song's first or last part is; as short as can be after a piece that has none."""
    bars = sum(part.bars for part in brief.form if part.kind == kind) if brief.form else _played_bars(kind, brief)
    return max(2, 2 * round(bars / (4 if brief.length == "short" else 2)))


def _stretch(lyric: LyricSection, brief: Brief) -> Stretch:
    if not lyric.phrases:
        return Stretch(lyric.kind, _played_bars(lyric.kind, brief))
    return Stretch(lyric.kind, sum(phrase.bars for phrase in lyric.phrases), lyric)


def _played_form(brief: Brief) -> str:
    """The longest form without words for which there is time."""
    room = brief.seconds * (1 + NEAR) / brief.bar - 2 * _played_bars("intro", brief)
    forms = PLAYED[brief.take - 1]
    lasts = {form: sum(_played_bars(KINDS[part], brief) for part in form) for form in forms}
    return max((form for form in forms if lasts[form] <= room), key=lambda form: lasts[form], default=forms[0])


def _opened(layout: Layout, seed: int) -> Layout:
    """How this take begins: the other take begins otherwise."""
    order = dice(seed, "opening").permutation(len(OPENINGS))
    opening = OPENINGS[int(order[layout.brief.take - 1])]
    parts = list(layout.parts)
    if parts[0].kind != "intro" or parts[0].lyric or opening == "still" or layout.brief.curve in ("build", "calm"):
        return layout
    chorus = next((part for part in parts if part.kind == "chorus" and part.lyric), None)
    fits = (
        chorus is not None
        and not layout.brief.form
        and chorus.bars * layout.brief.bar <= HOOK_SECONDS
        and layout.brief.seconds >= HOOK_FROM
    )
    if opening == "hook" and chorus and fits and layout.ours:
        parts[:1] = [Stretch("intro", 2, strong=True), chorus]
    else:
        parts[0] = replace(parts[0], strong=True)
    return replace(layout, parts=parts)


def _fitted(layout: Layout) -> list[Stretch]:
    """The parts, put in and taken out until they last what they should, or nothing brings them nearer.

    After another piece they stay as they are, unless the words are the person's and make the form.
    """
    if layout.brief.form and not layout.own:
        return layout.parts
    wanted = layout.brief.seconds
    for _ in range(MOST_EDITS):
        off = layout.seconds - wanted
        if abs(off) <= NEAR * wanted:
            break
        for edit in SHORTER if off > 0 else LONGER:
            most = abs(off) if off > 0 else min(abs(off), MOST_OVER * wanted)
            after = (replace(layout, parts=parts) for parts in edit(layout))
            found = next((one for one in after if -abs(off) < one.seconds - wanted < most), None)
            if found:
                layout = found
                break
        else:
            break
    return layout.parts


def _with_break(layout: Layout) -> Iterator[list[Stretch]]:
    """A quiet part before the last of several choruses, where a chorus or a bridge went before."""
    brief, parts, choruses = layout.brief, layout.parts, layout.choruses
    wanted = layout.free and len(choruses) > 2 and not layout.has("breakdown")
    if wanted and parts[choruses[-1] - 1].kind in ("chorus", "bridge"):
        yield _put(parts, choruses[-1], Stretch("breakdown", _played_bars("breakdown", brief)))


def _with_interlude(layout: Layout) -> Iterator[list[Stretch]]:
    """Something played after the first chorus that a verse follows; the takes have other things there."""
    brief, parts = layout.brief, layout.parts
    if not layout.free or layout.has("interlude", "drop", "instrumental"):
        return
    kind: SectionKind = "drop" if brief.idiom == "house" else "interlude" if brief.take == 1 else "instrumental"
    for place in layout.choruses:
        if place > 1 and parts[place + 1].kind == "verse":
            bars = _played_bars("interlude", brief)
            for longer in (2, 1) if kind != "interlude" else (1,):
                yield _put(parts, place + 1, Stretch(kind, bars * longer))


def _with_solo(layout: Layout) -> Iterator[list[Stretch]]:
    """A tune on the lead instrument before the bridge, else before the last chorus."""
    brief, parts, choruses = layout.brief, layout.parts, layout.choruses
    solos = sum(part.kind == "instrumental" for part in parts)
    if not layout.free or len(choruses) < 2 or solos >= (3 if brief.timed else 2):
        return
    place = next((i for i, part in enumerate(parts) if part.kind == "bridge" and i > 1), choruses[-1])
    if parts[place - 1].kind != "instrumental":
        for bars in (_played_bars("instrumental", brief), _played_bars("interlude", brief)):
            yield _put(parts, place, Stretch("instrumental", bars))


def _with_chorus(layout: Layout) -> Iterator[list[Stretch]]:
    """The last chorus once more, if the prompt says how long the song shall be, or nobody sings."""
    parts, choruses = layout.parts, layout.choruses
    wanted = choruses and (layout.brief.timed or layout.ours or not parts[choruses[-1]].lyric)
    most = MOST_IN_A_ROW if layout.brief.length == "short" else 2
    if wanted and any(part.kind != "chorus" for part in parts[max(0, choruses[-1] - most + 1) : choruses[-1]]):
        yield _put(parts, choruses[-1] + 1, parts[choruses[-1]])


def _with_round(layout: Layout) -> Iterator[list[Stretch]]:
    """The last verse and chorus once more, else a solo and a chorus: only for a length that was asked for."""
    brief, parts, choruses = layout.brief, layout.parts, layout.choruses
    sung = [i for i, part in enumerate(parts) if part.lyric]
    if not brief.timed:
        return
    solo = Stretch("instrumental", _played_bars("instrumental", brief))
    if choruses:
        last = choruses[-1]
        verse = max((i for i in range(last) if parts[i].kind == "verse"), default=last)
        yield [*parts[: last + 1], *parts[verse : last + 1], *parts[last + 1 :]]
        yield [*parts[: last + 1], solo, parts[last], *parts[last + 1 :]]
    elif sung:
        yield [*parts[: sung[-1] + 1], solo, parts[sung[-1]], *parts[sung[-1] + 1 :]]
    yield _put(parts, len(parts) - 1, solo)


def _with_longer_frame(layout: Layout) -> Iterator[list[Stretch]]:
    """An intro, an interlude, a solo or an outro of two bars more, the shortest one first.

    A form that is the person's own stays as it is, unless the prompt says how long the song shall be.
    """
    if layout.has_words and not (layout.ours or layout.brief.timed):
        return
    most = 2 * _played_bars("verse", layout.brief)
    played = [i for i, part in enumerate(layout.parts) if not part.lyric and part.bars < most]
    for i in sorted(played, key=lambda i: layout.parts[i].bars):
        yield _stretched(layout.parts, i, 2)


def _with_shorter_frame(layout: Layout) -> Iterator[list[Stretch]]:
    """A part that is played two bars shorter, the longest one first; a bar has to do where the whole song is short."""
    step = 1 if layout.brief.length == "short" else 2
    played = [i for i, part in enumerate(layout.parts) if not part.lyric and part.bars > step]
    for i in sorted(played, key=lambda i: -layout.parts[i].bars):
        yield _stretched(layout.parts, i, -step)


def _without_ours(layout: Layout) -> Iterator[list[Stretch]]:
    """Less of what we wrote: the bridge, a chorus that follows another, a lift; then the last verse, and a chorus."""
    parts, choruses = layout.parts, layout.choruses
    if not layout.ours:
        return
    ours = [i for i, part in enumerate(parts) if part.lyric and part.lyric.generated]
    verses = [i for i in ours if parts[i].kind == "verse"]
    again = [i for i in choruses if parts[i - 1].kind == "chorus"]
    for i in (
        *(i for i in ours if parts[i].kind == "bridge"),
        *again[-1:],
        *(i for i in reversed(ours) if parts[i].kind == "prechorus"),
        *(verses[-1:] if len(verses) > 1 else ()),
        *(choruses[-2:-1]),
    ):
        left = parts[:i] + parts[i + 1 :]
        sung = iter(part.lyric for part in left if part.lyric)
        if all(own in sung for own in layout.own):  # in their order: `in` goes on from the last one found
            yield left


LONGER: Sequence[Edit] = (_with_break, _with_interlude, _with_solo, _with_chorus, _with_round, _with_longer_frame)
SHORTER: Sequence[Edit] = (_with_shorter_frame, _without_ours)


def _put(parts: list[Stretch], place: int, one: Stretch) -> list[Stretch]:
    return [*parts[:place], one, *parts[place:]]


def _stretched(parts: list[Stretch], place: int, bars: int) -> list[Stretch]:
    return [*parts[:place], replace(parts[place], bars=parts[place].bars + bars), *parts[place + 1 :]]


def chords_of(brief: Brief, part: Stretch, seed: int, lift: int, *, last: bool) -> tuple[Chord, ...]:
    """The part's progression: the takes play different ones."""
    harmony = IDIOMS[brief.idiom].harmony(minor=brief.minor)
    of_kind = {"verse": harmony.verse, "prechorus": harmony.prechorus, "bridge": harmony.bridge}
    name = part.kind if part.kind in of_kind else "chorus"
    rows = of_kind.get(part.kind, harmony.chorus)
    order = dice(seed, "progression", name).permutation(len(rows))
    tonic = (brief.tonic + lift) % 12
    whole, _ = room_of(brief.bpm, brief.metre)
    chords = progression(rows[int(order[brief.take - 1])], tonic, part.bars, slow=whole > 2)
    if not last:
        return chords
    close = _close(brief, tonic, whole // 2)
    return (*chords[: -len(close)], *close) if len(close) < len(chords) else close[-len(chords) :]


def _close(brief: Brief, tonic: int, bars: int) -> tuple[Chord, ...]:
    """How the song comes home: a cadence of the idiom, and the tonic that rings; each `bars` bars long."""
    if brief.idiom in LOOPED:
        return progression("vi" if brief.minor else "I", tonic, bars)
    if brief.idiom in SEVENTHS:
        tokens = "ii7:2 V/vi:2 vi7" if brief.minor else "ii7:2 V7:2 I7"
    elif brief.idiom in PLAGAL:
        tokens = "ii vi" if brief.minor else "IV I"
    else:
        tokens = "V/vi vi" if brief.minor else "V I"
    return progression(tokens, tonic, 2 * bars, slow=bars > 1)
