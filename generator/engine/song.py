"""The whole engine behind one door: plan a song from a prompt and words, then render either of its two takes.

    plan_ = plan("A cheerful pop song", None, seed=7)
    picture = cover(plan_)
    take = render(plan_, 1, picture, file.write, print)

The same prompt, lyrics and seed give the same bytes, in any process, on one machine.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from ..given import Given, Role
from ..id3 import SOFTWARE, jpeg, tag
from ..protocol.events import LineTime, SectionTime, WordTime
from . import art
from .band import band
from .beside import Over, Under
from .brief import read_brief
from .compose import compose
from .dsp import RATE, Audio, samples
from .ground import brief_on, ground_of, laid_on
from .hummed import brief_with, tune_in
from .idioms import IDIOMS
from .likeness import like
from .lyrics import set_words
from .midi import midi, performance
from .mix import LATENCY, Desk
from .mp3 import DELAY, Encoder
from .over import lay_over, steady, words_over
from .recording import Recording
from .score import Brief, Note, Phrase, Score, Section, SungPhrase, Syllable, Words
from .sing import sing
from .stems import StemFiles
from .under import frame_of, lay_under, tune_of, words_under
from .understood import understood

ARTIST = "Duplet"
"""Who a file says it is by before anybody is known to have asked for it."""
PEAKS = 400
_OFFSET = LATENCY + DELAY
"""Seconds between the score's time and what a player plays."""
_PIECE = RATE
"""Samples that are encoded and handed out at once."""
_GRAIN = RATE // 100


@dataclass(frozen=True, slots=True)
class Plan:
    """A song that can be made: its words, and how each take will go about it."""

    prompt: str
    seed: int
    words: Words
    briefs: tuple[Brief, Brief]
    given: tuple[Given, ...] = ()

    @property
    def title(self) -> str:
        """The song's name."""
        return self.words.title

    @property
    def inks(self) -> int:
        """The cover's pair of inks, 1 to 6."""
        return art.inks(self.briefs[0].idiom, self.seed, self.briefs[0].mood)


@dataclass(frozen=True, slots=True)
class Take:
    """What is known of a take once it is finished. `tags` in front of the streamed bytes makes the file."""

    number: int
    duration_ms: int
    sections: list[SectionTime]
    tags: bytes
    midi: bytes
    """Its notes and words, as a MIDI file."""
    peaks: tuple[int, ...]
    """PEAKS values, 0 to 100: how loud the audio is along its length, as a share of its loudest."""
    understood: dict[str, str | int]
    """What the prompt was taken to mean, see `understood`."""


def plan(prompt: str, lyrics: str | None, seed: int, draft: str = "", given: tuple[Given, ...] = ()) -> Plan:
    """Read the prompt and set the words. Raises `Rejected` if the words cannot be sung.

    `draft`: see `lyrics.set_words`. `given`: sounds with a part in the song.
    """
    briefs = read_brief(prompt, seed, 1), read_brief(prompt, seed, 2)
    reference = _one(given, "reference")
    if reference:
        briefs = _both(briefs, lambda brief: like(brief, prompt, reference))
    tune, track = _one(given, "melody"), _one(given, "instrumental")
    if tune and not track:
        briefs = _both(briefs, lambda brief: brief_with(brief, prompt, tune))
    if track:
        music = steady(track)
        briefs = _both(briefs, lambda brief: brief_on(brief, music, track.heard.seconds, prompt))
        return Plan(prompt, seed, words_over(briefs[0], track, lyrics, seed, prompt=prompt, draft=draft), briefs, given)
    voice = _one(given, "vocal")
    if voice:
        tune_of(voice)
        music = steady(voice)
        briefs = _both(briefs, lambda brief: brief_on(brief, music, voice.heard.seconds, prompt))
        return Plan(prompt, seed, words_under(briefs[0], lyrics, seed, prompt), briefs, given)
    return Plan(prompt, seed, set_words(briefs[0], lyrics, seed, prompt, draft), briefs, given)


def _both(briefs: tuple[Brief, Brief], change: Callable[[Brief], Brief]) -> tuple[Brief, Brief]:
    return change(briefs[0]), change(briefs[1])


def _one(given: tuple[Given, ...], role: Role) -> Given | None:
    """The sound in a role, if one is given."""
    return next((one for one in given if one.role == role), None)


def score_of(plan: Plan, number: int) -> Score:
    """Take `number` (1 or 2) as notes."""
    brief, track, hummed = plan.briefs[number - 1], _one(plan.given, "instrumental"), _one(plan.given, "melody")
    tune = tune_in(brief, hummed) if hummed else None
    if track:
        score = compose(brief, plan.words, plan.seed, lay_over(brief, plan.words, track), tune)
        return laid_on(score, ground_of(steady(track), track.heard.seconds))
    voice = _one(plan.given, "vocal")
    if voice:
        return lay_under(brief, plan.words, voice, plan.seed)
    return compose(brief, plan.words, plan.seed, given=tune)


@contextlib.contextmanager
def _desk(plan: Plan, score: Score, *, stems: bool) -> Iterator[Desk]:
    """The desk on which a take is mixed."""
    track, voice = _one(plan.given, "instrumental"), _one(plan.given, "vocal")
    if track:
        with Recording(track.path) as recording:
            yield Over(score, band(), recording, stems=stems)
    elif voice:
        with Recording(voice.path) as recording:
            yield Under(score, band(), recording, frame_of(voice).late, stems=stems)
    else:
        yield Desk(score, band(), stems=stems)


def cover(plan: Plan) -> bytes:
    """The song's picture, as WebP."""
    brief = plan.briefs[0]
    return art.cover(plan.title, brief.idiom, plan.seed, brief.mood, brief.metre)


def render(
    plan: Plan,
    number: int,
    cover: bytes,
    write: Callable[[bytes], object],
    progress: Callable[[int], object],
    *,
    keep_stems: Path | None = None,
    stems: Path | None = None,
) -> Take:
    """Make take `number` (1 or 2). `write` gets finished MP3 frames in order, `progress` percents from 0 to 100.

    What `write` or `progress` raises ends the work and is passed on. `stems`: a folder for the take's
    parts as FLAC files; `keep_stems`: one for mix.wav and vocal.wav as the listening program needs them.
    """
    brief = plan.briefs[number - 1]
    score = score_of(plan, number)
    encoder, grains = Encoder(), _Grains()
    kept: list[tuple[Audio, Audio]] = []
    progress(0)
    with contextlib.ExitStack() as stack:
        desk = stack.enter_context(_desk(plan, score, stems=stems is not None))
        files = stack.enter_context(StemFiles(stems, desk.names)) if stems else None
        whole, sent = samples(desk.duration), 0
        for sound, voice, parts in desk.blocks():
            for begin in range(0, sound.shape[1], _PIECE):
                piece = sound[:, begin : begin + _PIECE]
                write(encoder.encode(piece))
                grains.add(piece)
                sent += piece.shape[1]
                progress(min(99, 100 * sent // whole))
            if files:
                files.add(parts)
            if keep_stems:
                kept.append((sound, voice))
    write(encoder.finish())
    if keep_stems:
        _keep(keep_stems, kept)
    sections = _times(score, encoder.milliseconds)
    genre = IDIOMS[brief.idiom].genre
    tags = tag(
        title=plan.title,
        artist=ARTIST,
        album=plan.title,
        genre=genre,
        bpm=brief.bpm,
        cover=jpeg(cover),
        sections=sections,
        duration_ms=encoder.milliseconds,
        software=SOFTWARE,
    )
    progress(100)
    written = _midi(plan, score)
    told = understood(brief) | ({"voice": "given"} if _one(plan.given, "vocal") else {})
    return Take(number, encoder.milliseconds, sections, tags, written, grains.peaks(PEAKS), told)


def notes(plan: Plan, number: int) -> bytes:
    """Take `number` as a MIDI file, without making its sound."""
    return _midi(plan, score_of(plan, number))


def _midi(plan: Plan, score: Score) -> bytes:
    """A take's notes: over a given track they are the singer's alone."""
    return midi(score, () if _one(plan.given, "instrumental") else performance(score))


def warm() -> None:
    """Load everything that a first song would wait for, once per process."""
    band()
    syllables = (Syllable(0, ("L",), "AA", 1, ()), Syllable(0, (), "IY", 0, ("N",)))
    sing(Phrase(("warm",), syllables, 0), (Note(0.3, 0.6, 60), Note(0.6, 0.9, 62)), "female")
    plan("A song to warm up with", "One line will do", 0)


class _Grains:
    """The song's loudness in grains of 10 ms, collected as it passes."""

    def __init__(self) -> None:
        self._squares: list[npt.NDArray[np.float32]] = []

    def add(self, sound: Audio) -> None:
        whole = sound[:, : sound.shape[1] // _GRAIN * _GRAIN]
        self._squares.append(np.square(whole).mean(axis=0).reshape(-1, _GRAIN).mean(axis=1))

    def peaks(self, count: int) -> tuple[int, ...]:
        """`count` values along the song, 0 to 100, in proportion to the loudest."""
        squares = np.concatenate(self._squares)
        borders = np.linspace(0, len(squares), count + 1).astype(int)
        levels = np.array([np.sqrt(squares[a : max(b, a + 1)].mean()) for a, b in itertools.pairwise(borders)])
        return tuple(int(value) for value in np.rint(100 * levels / max(float(levels.max()), 1e-9)))


def _milliseconds(time: float) -> int:
    """When a second of the score is heard."""
    return round((time + _OFFSET) * 1000)


def _times(score: Score, duration: int) -> list[SectionTime]:
    """All sections without a gap from 0 to the end; lines as they were written, words when they are sung."""
    out: list[SectionTime] = []
    for k, section in enumerate(score.sections):
        end = duration if k + 1 == len(score.sections) else _milliseconds(section.end)
        if out and not section.sung and not out[-1]["lines"] and out[-1]["section_type"] == section.kind:
            out[-1]["end"] = end
            continue
        start = out[-1]["end"] if out else 0
        out.append({"section_type": section.kind, "start": start, "end": end, "lines": _lines(section)})
    return out


def _lines(section: Section) -> list[LineTime]:
    out: list[LineTime] = []
    for line, sung in itertools.groupby(section.sung, key=lambda sung: sung.phrase.line):
        words = [word for phrase in sung for word in _words(phrase)]
        if not words:
            continue
        text = section.lines[line]
        out.append({"start": words[0]["start"], "end": words[-1]["end"], "text": text, "words": words})
    return out


def _words(sung: SungPhrase) -> list[WordTime]:
    out: list[WordTime] = []
    for index, text in enumerate(sung.phrase.words):
        notes = [n for s, n in zip(sung.phrase.syllables, sung.notes, strict=True) if s.word == index]
        start, end = sung.start + notes[0].on, sung.start + notes[-1].off
        out.append({"start": _milliseconds(start), "end": _milliseconds(end), "text": text})
    return out


def _keep(folder: Path, blocks: list[tuple[Audio, Audio]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, sounds in zip(("mix", "vocal"), zip(*blocks, strict=True), strict=True):
        soundfile.write(folder / f"{name}.wav", np.concatenate(sounds, axis=1).T, RATE)
