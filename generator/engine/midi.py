"""A take as a standard MIDI file: what the band plays and what is sung, bar by bar, to go on working with.

Format 1. The first track has the tempo, the metre, the key and a marker for each section; then comes the voice with its
words, then one track for every channel of the band, and one for every calculated sound that has pitches. Calculated
drums are with the drums; noise has no notes and is left out.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .arrange import arrange
from .chance import dice
from .idiom import Channel
from .instruments import performed
from .score import Brief, Parts, Score, Section, Sound, Tone

QUARTER = 480
"""Ticks of a quarter."""
VOICE = 15
"""The singer's channel: there is none on the synthesizer."""
VOICE_PROGRAM = 53
"""General MIDI: voice oohs."""
VOICE_VELOCITY = 96
SHARPS = (0, -5, 2, -3, 4, -1, 6, 1, -4, 3, -2, 5)
"""The key signature of each major scale by its pitch class: sharps, or flats below zero."""
_TEXT, _NAME, _LYRIC, _MARKER, _END, _TEMPO, _METRE, _KEY = 0x01, 0x03, 0x05, 0x06, 0x2F, 0x51, 0x58, 0x59


class _Player(NamedTuple):
    """A track: its channel, its name and its General MIDI program."""

    channel: int
    name: str
    program: int


CALCULATED: dict[Sound, _Player] = {
    "saw": _Player(14, "Saws", 81),
    "warm": _Player(13, "Warm pad", 89),
    "pluck": _Player(12, "Plucks", 80),
    "sub": _Player(11, "Sub bass", 39),
    "analog": _Player(10, "Analog bass", 38),
}
"""Who plays the calculated sounds that have pitches."""
STRUCK: dict[Sound, int] = {"kick": 36, "clap": 39, "snare": 38}
"""The calculated drums in General MIDI."""
SLOWEST = 0xFFFFFF
"""Microseconds a quarter: what the file has room for."""
STROKE = 0.1
"""Seconds of a calculated drum's note."""


class _Played(NamedTuple):
    """One note in ticks of the song. Channel 9 are the drums."""

    on: int
    off: int
    channel: int
    pitch: int
    velocity: int


class _Event(NamedTuple):
    """Bytes that are due at a tick; at the same tick lower ranks come first."""

    at: int
    rank: int
    data: bytes


def performance(score: Score) -> tuple[Parts, ...]:
    """What the band plays in each section, as the desk has it played."""
    take = score.brief.take
    return tuple(arrange(score, k, dice(score.seed, "arrangement", take, k)) for k in range(len(score.sections)))


def midi(score: Score, parts: Sequence[Parts]) -> bytes:
    """The file's bytes. `parts`: what the band plays in each of the score's sections; none where there is no band."""
    clock = _Clock(score)
    tracks = [_conductor(score, clock)]
    if any(section.sung for section in score.sections):
        tracks.append(_voice(score, clock))
    players = {player.channel: player for player in _players(score.brief)}
    notes = sorted(_played(score, parts, clock), key=lambda note: (note.channel, note.on, note.pitch, -note.velocity))
    for channel, of_channel in itertools.groupby(notes, key=lambda note: note.channel):
        tracks.append(_track([*_head(players[channel]), *_notes(of_channel)], clock.end))
    head_chunk = b"MThd" + struct.pack(">IHHH", 6, 1, len(tracks), QUARTER)
    return head_chunk + b"".join(tracks)


class _Clock:
    """Seconds of the score as ticks. A section has one tempo, or one for each beat where it follows a given sound."""

    def __init__(self, score: Score) -> None:
        self._sections = score.sections
        self._bar, self._eighths = score.brief.bar, score.brief.eighths

    @property
    def end(self) -> int:
        """The tick at which the last section ends."""
        return self.begin(self._sections[-1]) + self._long(self._sections[-1])

    def begin(self, section: Section) -> int:
        """The tick at which a section begins."""
        return section.bar * self._eighths * QUARTER // 2

    def ticks(self, section: Section, time: float) -> int:
        """A second of the section, in an even beat, as a tick of the song, which begins at 0."""
        whole = section.bars * self._bar if section.pulse else section.end - section.start
        return max(0, self.begin(section) + round(time / whole * self._long(section)))

    def tempos(self, section: Section) -> Iterator[tuple[int, int]]:
        """From which tick on a quarter takes how many microseconds."""
        begin, beats = self.begin(section), section.pulse or (section.start, section.end)
        long = self._long(section) // (len(beats) - 1)
        for k, (start, end) in enumerate(itertools.pairwise(beats)):
            yield begin + k * long, min(SLOWEST, round((end - start) * 1e6 * QUARTER / long))

    def _long(self, section: Section) -> int:
        return section.bars * self._eighths * QUARTER // 2


def _players(brief: Brief) -> Iterator[_Player]:
    idiom = performed(brief)
    programs = {**idiom.programs, Channel.DRUMS: idiom.kit}
    for channel in Channel:
        yield _Player(int(channel), channel.name.replace("_", " ").capitalize(), programs.get(channel, 0))
    yield from CALCULATED.values()


def _head(player: _Player) -> list[_Event]:
    """What a track begins with: who plays, and what."""
    program = _Event(0, 1, bytes((0xC0 | player.channel, player.program)))
    return [_meta(0, _NAME, player.name.encode()), program]


def _conductor(score: Score, clock: _Clock) -> bytes:
    """The track without notes: what holds for all others."""
    brief = score.brief
    events = [_meta(0, _NAME, _utf8(score.title)), _meta(0, _TEXT, b"AI-generated music, made by Duplet")]
    events.append(_meta(0, _METRE, _metre(brief)))
    tempo, lift = 0, -1
    for section in score.sections:
        at = clock.begin(section)
        for tick, asked in clock.tempos(section):
            if asked != tempo:
                tempo = asked
                events.append(_meta(tick, _TEMPO, struct.pack(">I", tempo)[1:]))
        if section.lift != lift:
            lift = section.lift
            events.append(_meta(at, _KEY, struct.pack(">bB", SHARPS[(brief.tonic + lift) % 12], brief.minor)))
        events.append(_meta(at, _MARKER, section.kind.capitalize().encode()))
    return _track(events, clock.end)


def _metre(brief: Brief) -> bytes:
    """Beats a bar, the beat's note as a power of two, MIDI clocks a click (24 a quarter), 32nds a quarter."""
    beats, unit = (int(number) for number in brief.metre.split("/"))
    return bytes((beats, unit.bit_length() - 1, 36 if brief.metre == "6/8" else 24, 8))


def _voice(score: Score, clock: _Clock) -> bytes:
    """The tune that is sung. A word stands at its first note; its further syllables are notes without words."""
    events = _head(_Player(VOICE, "Voice", VOICE_PROGRAM))
    notes = []
    for section in score.sections:
        for sung in section.sung:
            before = -1
            for syllable, note in zip(sung.phrase.syllables, sung.notes, strict=True):
                on, off = (
                    clock.ticks(section, section.even(sung.start + time, score.brief.beat))
                    for time in (note.on, note.off)
                )
                notes.append(_Played(on, off, VOICE, note.pitch, VOICE_VELOCITY))
                if syllable.word != before and sung.phrase.words:
                    events.append(_meta(on, _LYRIC, _utf8(sung.phrase.words[syllable.word] + " ")))
                before = syllable.word
    return _track([*events, *_notes(sorted(notes))], clock.end)


def _played(score: Score, parts: Sequence[Parts], clock: _Clock) -> Iterator[_Played]:
    for section, part in zip(score.sections if parts else (), parts, strict=True):
        for hit in itertools.chain.from_iterable(part.stems.values()):
            on, off = clock.ticks(section, hit.at), clock.ticks(section, hit.at + hit.length)
            yield _Played(on, off, hit.channel, hit.pitch, hit.velocity)
        for tone in part.tones:
            yield from _calculated(tone, section, clock)


def _calculated(tone: Tone, section: Section, clock: _Clock) -> Iterator[_Played]:
    """A calculated sound as notes. One that glides has the note from which it does."""
    on, velocity = clock.ticks(section, tone.at), round(min(127.0, max(1.0, 40 + 60 * tone.gain)))
    if tone.kind in STRUCK:
        yield _Played(on, clock.ticks(section, tone.at + STROKE), Channel.DRUMS, STRUCK[tone.kind], velocity)
    elif tone.kind in CALCULATED:
        off, channel = clock.ticks(section, tone.at + tone.length), CALCULATED[tone.kind].channel
        pitches = tone.pitches[:1] if tone.kind == "sub" else tone.pitches
        yield from (_Played(on, off, channel, pitch, velocity) for pitch in pitches)


def _notes(notes: Iterable[_Played]) -> Iterator[_Event]:
    """The notes of one channel, in order of their onset, as events. A pitch that is struck again ends first."""
    sounding: dict[int, _Played] = {}
    for note in notes:
        before = sounding.get(note.pitch)
        if before and before.on == note.on:
            continue
        if before:
            yield _off(before._replace(off=min(before.off, note.on)))
        sounding[note.pitch] = note
        yield _Event(note.on, 3, bytes((0x90 | note.channel, note.pitch, note.velocity)))
    yield from (_off(note) for note in sounding.values())


def _off(note: _Played) -> _Event:
    return _Event(max(note.off, note.on + 1), 2, bytes((0x80 | note.channel, note.pitch, 64)))


def _meta(at: int, kind: int, data: bytes) -> _Event:
    return _Event(at, 0 if kind == _NAME else 1, bytes((0xFF, kind)) + _length(len(data)) + data)


def _track(events: Iterable[_Event], end: int) -> bytes:
    """A chunk: every event behind the ticks since the one before."""
    ordered = sorted(events, key=lambda event: event[:2])
    end = max(end, ordered[-1].at)
    out, now = bytearray(), 0
    for event in [*ordered, _meta(end, _END, b"")]:
        out += _length(event.at - now) + event.data
        now = event.at
    return b"MTrk" + struct.pack(">I", len(out)) + bytes(out)


def _length(number: int) -> bytes:
    """A number in groups of seven bits, the highest first; all bytes but the last have their top bit set."""
    out = [number & 0x7F]
    while number := number >> 7:
        out.append(number & 0x7F | 0x80)
    return bytes(reversed(out))


def _utf8(text: str) -> bytes:
    """Words as most programs read them; a lone surrogate becomes "?"."""
    return text.encode("utf-8", "replace")
