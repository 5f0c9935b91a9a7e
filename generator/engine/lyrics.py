"""The words of a song: the person's own, sung whole and in order, with ours around them where a song needs more."""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from generator.protocol.errors import Rejected

from .draft import HOOK_LINES, Drafted, read_draft
from .form import to_write
from .phrasing import bars_for, phrases_of, room_of
from .score import Brief, LyricSection, SectionKind, Words
from .sheet import PLAYED, Stanza, read_sheet
from .singable import check_lyrics
from .subject import read_subject
from .titles import title_for_instrumental, title_from_hook, title_from_lines
from .verses import PLAN, Author, Writer, style_of

SHORT_SHARE = 0.7
"""How much of a short song its words may take: of longer words of ours the first half is sung."""
LIFT_LINES = 2
"""A stanza of so few lines before what comes again leads up to it."""
FRAME = 12
"""Bars of a song that are not sung."""
CHORUS_BARS = 8
LONGEST = 2400
"""Seconds of a song: given words are sung whole, but nobody sings for hours."""
VERSE_LINES = 4
STANZA_LINES = 8
"""A stanza of so many lines or more is divided into verses and choruses."""


Form = tuple[tuple[SectionKind, int], ...]
"""Parts that are to be sung, each with the lines that it has room for; a chorus of 0 has the lines it has."""


class Part(NamedTuple):
    """A part of the words before it is divided into phrases."""

    kind: SectionKind
    lines: tuple[str, ...]
    generated: bool = False


def set_words(
    brief: Brief, lyrics: str | None, seed: int, prompt: str = "", draft: str = "", *, form: Form | None = None
) -> Words:
    """All words of the song in singing order, in phrases for the brief's tempo. Raises what `check_lyrics` raises.

    Words of our own, where some are needed, name what `prompt` says the song is about. `draft`, as from
    `Lyricist.draft`, goes before them as far as it is good. `form`: where it is not the words that make the form.
    """
    check_lyrics(lyrics or "")
    stanzas = read_sheet(lyrics or "")
    lines = [line for stanza in stanzas for line in stanza.lines]
    writer: Author = Writer(brief, read_subject(prompt), seed, lines)
    if draft:
        with contextlib.suppress(ValueError):
            writer = Drafted(read_draft(draft), writer, PLAN[style_of(brief)])
    if not lines:
        return _without_lyrics(brief, stanzas, writer, seed, form)
    only_hook = all(stanza.kind in (None, "chorus") for stanza in stanzas) and len(lines) <= HOOK_LINES
    if any(stanza.kind for stanza in stanzas) and not only_hook:
        parts = _tagged(stanzas, brief, writer)
    elif only_hook:
        parts = _around_hook(lines, brief, writer, form)
    else:
        parts = _untagged(stanzas, brief)
    own = [line for part in parts if part.kind == "chorus" and not part.generated for line in part.lines]
    title = brief.name or title_from_lines(own, lines) or title_for_instrumental(brief, seed)
    return Words(title, _sections(parts, brief))


def _without_lyrics(
    brief: Brief, stanzas: Sequence[Stanza], writer: Author, seed: int, form: Form | None = None
) -> Words:
    """Words of our own, in the form that bare tags ask for if there are any; or none, for an instrumental song."""
    played_only = bool(stanzas) and all(stanza.kind in PLAYED for stanza in stanzas)
    if brief.instrumental or played_only:
        parts = [Part(stanza.kind, ()) for stanza in stanzas if stanza.kind]
        return Words(brief.name or title_for_instrumental(brief, seed), _sections(parts, brief))
    chorus = writer.chorus()
    if stanzas:
        parts = _tagged(stanzas, brief, writer, chorus)
    elif form:
        parts = _song_form(chorus, brief, writer, generated=True, form=form)
    elif brief.length == "short":
        long = bars_for(chorus, brief.bpm, brief.metre) * brief.bar > SHORT_SHARE * brief.seconds
        parts = [Part("chorus", chorus[: len(chorus) // 2] if long else chorus, True)]
    else:
        if bars_for(chorus, brief.bpm, brief.metre) < CHORUS_BARS:
            chorus *= 2
        parts = _song_form(chorus, brief, writer, generated=True)
    return Words(brief.name or title_from_hook(chorus[0]), _sections(parts, brief))


def _around_hook(lines: Sequence[str], brief: Brief, writer: Author, form: Form | None = None) -> list[Part]:
    """A song around a few given lines: they are the chorus, which `form` has sung again until it fills its time."""
    if form and brief.length != "short":
        return _song_form(lines, brief, writer, generated=False, form=form)
    if brief.length == "short":
        return [Part("chorus", tuple(lines))]
    chorus = tuple(lines) * max(1, CHORUS_BARS // bars_for(tuple(lines), brief.bpm, brief.metre))
    return _song_form(chorus, brief, writer, generated=False)


def _song_form(
    chorus: Sequence[str], brief: Brief, writer: Author, *, generated: bool, form: Form | None = None
) -> list[Part]:
    """Verses, lifts and a bridge of our own around a chorus, as many as there is time for at this tempo."""
    hook = Part("chorus", tuple(chorus), generated)
    parts: list[Part] = []
    for kind, lines in form or to_write(brief, bars_for(hook.lines, brief.bpm, brief.metre)):
        if kind == "chorus":
            parts.append(hook._replace(lines=_filling(hook.lines, lines, brief, generated=generated)))
            continue
        before = sum(part.kind == kind for part in parts)
        if kind == "verse":
            written = writer.couplets(max(1, lines // 2), before)
        else:
            first = before + (kind == "bridge")
            written = tuple(line for k in range(max(1, lines // LIFT_LINES)) for line in writer.lift(first + k))
        parts.append(Part(kind, written, True))
    return parts


def _filling(chorus: tuple[str, ...], lines: int, brief: Brief, *, generated: bool) -> tuple[str, ...]:
    """The chorus as often as `lines` phrases have room for; of ours a part where there is less. 0: as it is."""
    whole, _ = room_of(brief.bpm, brief.metre)
    often = lines * whole // bars_for(chorus, brief.bpm, brief.metre)
    if often or not lines or not generated:
        return chorus * max(1, often)
    return chorus[: max(1, lines // 2 * 2)]


def _tagged(stanzas: Sequence[Stanza], brief: Brief, writer: Author, hook: tuple[str, ...] = ()) -> list[Part]:
    """The parts that tags name. A tag without words means the same part again, else it is played or written."""
    known: dict[SectionKind, Part] = {}
    for stanza in reversed(stanzas):
        if stanza.lines:
            known[stanza.kind or "verse"] = Part(stanza.kind or "verse", tuple(stanza.lines))
    parts: list[Part] = []
    for place, stanza in enumerate(stanzas):
        kind = stanza.kind or "verse"
        if stanza.lines:
            part = known[kind] = Part(kind, tuple(stanza.lines))
        elif kind in known and kind not in ("intro", "outro", "interlude", "instrumental"):
            part = known[kind]
        elif kind in PLAYED:
            part = Part(kind, ())
        else:
            part = Part(kind, _missing(kind, place, writer, hook), True)
            if kind == "chorus":
                known[kind] = part
        parts += [part] * stanza.times
    return _lengthened(parts, brief) if sum(bool(part.lines) for part in parts) < 4 else parts


def _missing(kind: SectionKind, place: int, writer: Author, hook: tuple[str, ...]) -> tuple[str, ...]:
    """Words for a tag that has none anywhere."""
    if kind == "chorus":
        return hook or writer.chorus()
    return writer.lift(place) if kind == "prechorus" else writer.couplets(2, place)


def _untagged(stanzas: Sequence[Stanza], brief: Brief) -> list[Part]:
    """Stanzas without tags: what comes again is the chorus; else they take turns, with a bridge late in a long text."""
    blocks = [tuple(stanza.lines) for stanza in stanzas for _ in range(stanza.times)]
    if len(blocks) == 1:
        blocks = _chunks(blocks[0])
    repeated = {block for block, count in Counter(blocks).items() if count > 1}
    lifts = {
        block
        for block, following in itertools.pairwise(blocks)
        if len(block) <= LIFT_LINES and following in repeated and len(following) > len(block)
    }
    hooks = repeated - lifts
    parts: list[Part] = []
    for i, block in enumerate(blocks):
        leads_on = i + 1 < len(blocks) and blocks[i + 1] in hooks
        kind: SectionKind = "verse"
        if block in hooks:
            kind = "chorus"
        elif not repeated:
            kind = "bridge" if i == 4 and len(blocks) > 5 else "chorus" if i % 2 else "verse"
        elif leads_on and block not in repeated and sum(part.kind == "chorus" for part in parts) >= 2:
            kind = "bridge"
        elif block in lifts and parts and parts[-1].kind == "verse":
            kind = "prechorus"
        parts.append(Part(kind, block))
    return _lengthened(parts, brief)


def _chunks(lines: tuple[str, ...]) -> list[tuple[str, ...]]:
    """One long stanza in pieces: halves, or pieces of four lines with a longer last one."""
    if len(lines) < STANZA_LINES:
        half = len(lines) // 2
        return [lines[:half], lines[half:]]
    starts = list(range(0, len(lines) - VERSE_LINES // 2, VERSE_LINES))
    return [lines[a:b] for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _lengthened(parts: list[Part], brief: Brief) -> list[Part]:
    """A song too short for its time comes to a chorus, or sings its parts again. Nothing is ever left out."""
    if brief.length == "short" or not parts:
        return parts
    room = brief.seconds / brief.bar - FRAME
    chorus = next((part for part in reversed(parts) if part.kind == "chorus" and part.lines), None)
    whole = [*parts, chorus] if chorus and parts[-1].kind not in ("chorus", "outro") else list(parts)
    own = sum(bars_for(part.lines, brief.bpm, brief.metre) for part in whole)
    if own * 2 <= room + CHORUS_BARS and whole[-1].kind != "outro":
        whole, own = whole * 2, own * 2
    if chorus and whole[-1].kind != "outro" and own + bars_for(chorus.lines, brief.bpm, brief.metre) <= room:
        whole.append(chorus)
    return whole


def _sections(parts: Sequence[Part], brief: Brief) -> tuple[LyricSection, ...]:
    """The parts with their phrases. Raises `Rejected` where they would take too long."""
    sections = tuple(
        LyricSection(part.kind, part.lines, phrases_of(part.lines, brief.bpm, brief.metre), part.generated)
        for part in parts
    )
    bars = sum(sum(phrase.bars for phrase in section.phrases) or CHORUS_BARS for section in sections)
    seconds = brief.bar * bars
    if seconds > LONGEST:
        raise Rejected(
            f"Sung whole, these words would take {round(seconds / 60)} minutes, and our singers last for "
            f"{LONGEST // 60}. Leave out some lines or repeats.",
            "rejected_words",
            "lyrics",
        )
    return sections
