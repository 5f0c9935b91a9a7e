"""The MIDI file holds the song that is heard: its notes, its words, its bars, and other programs can read it."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import tinysoundfont

from generator.engine import midi as writer
from generator.engine.band import BANK
from generator.engine.brief import read_brief
from generator.engine.compose import compose
from generator.engine.dsp import Audio, silence
from generator.engine.idiom import Channel
from generator.engine.idioms import IDIOMS
from generator.engine.lyrics import set_words
from generator.engine.midi import QUARTER, VOICE, midi, performance
from generator.engine.mix import Desk
from generator.engine.score import Hit, Metre, Parts, Score, Tone

TEXTS = {0x01, 0x03, 0x05, 0x06}


class Told(NamedTuple):
    """One event of a track: its tick, its status byte (with a meta event its type), and its bytes."""

    at: int
    status: int
    data: bytes


@cache
def song(
    prompt: str, metre: Metre = "4/4", take: int = 1, lyrics: str | None = None
) -> tuple[Score, tuple[Parts, ...]]:
    brief = replace(read_brief(prompt, 5, take), metre=metre)
    score = compose(brief, set_words(brief, lyrics, 5), 5)
    return score, performance(score)


def tracks(file: bytes) -> list[list[Told]]:
    """The file read by the letter of the standard: anything beside it is an error."""
    kind, size, form, count, division = struct.unpack(">4sIHHH", file[:14])
    assert (kind, size, form, division) == (b"MThd", 6, 1, QUARTER)
    at, out = 14, []
    while at < len(file):
        mark, length = struct.unpack(">4sI", file[at : at + 8])
        assert mark == b"MTrk"
        out.append(list(events(file[at + 8 : at + 8 + length])))
        at += 8 + length
    assert at == len(file)
    assert len(out) == count
    return out


def events(body: bytes) -> Iterator[Told]:
    at, now = 0, 0

    def number() -> int:
        nonlocal at
        value = 0
        while True:
            byte = body[at]
            at += 1
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value

    while at < len(body):
        now += number()
        status = body[at]
        assert status & 0x80, "no running status is written"
        at += 1
        if status == 0xFF:
            kind = body[at]
            at += 1
            length = number()
        else:
            kind, length = status, 1 if status & 0xF0 == 0xC0 else 2
            assert all(byte < 0x80 for byte in body[at : at + length])
        yield Told(now, kind, body[at : at + length])
        at += length
    assert kind == 0x2F, "a track ends with its end"


def said(track: list[Told], kind: int) -> list[str]:
    return [told.data.decode() for told in track if told.status == kind]


def struck(track: list[Told]) -> list[Told]:
    return [told for told in track if told.status & 0xF0 == 0x90]


@pytest.mark.parametrize("idiom", sorted(IDIOMS))
def test_every_note_that_is_struck_is_let_go(idiom: str) -> None:
    for track in tracks(midi(*song(f"a {idiom} song"))):
        sounding: Counter[int] = Counter()
        for told in track:
            if told.status & 0xF0 == 0x90:
                assert told.data[1] > 0
                sounding[told.data[0]] += 1
                assert sounding[told.data[0]] == 1, "a pitch is struck while it sounds"
            elif told.status & 0xF0 == 0x80:
                sounding[told.data[0]] -= 1
        assert not +sounding


class Listener:
    """A band that plays nothing and remembers what it was given to play."""

    def __init__(self) -> None:
        self.given: Counter[tuple[int, int, int]] = Counter()

    def take_seats(self, idiom: object) -> None:
        pass

    def play(self, hits: Sequence[Hit], length: int, lead: int) -> Audio:
        self.given.update((hit.channel, hit.pitch, hit.velocity) for hit in hits)
        return silence(length)


def test_the_file_holds_what_the_band_plays() -> None:
    score, parts = song("a short instrumental rock song")
    listener: Any = Listener()
    for _ in Desk(score, listener).blocks():
        pass
    hits = (hit for part in parts for stem in part.stems.values() for hit in stem)
    assert listener.given == Counter((hit.channel, hit.pitch, hit.velocity) for hit in hits)


def test_the_drums_are_on_channel_ten_and_everybody_has_an_instrument() -> None:
    found = tracks(midi(*song("a rock song")))
    names = [said(track, 0x03)[0] for track in found]
    assert {"Voice", "Bass", "Drums"} <= set(names)
    for name, track in list(zip(names, found, strict=True))[1:]:
        channels = {told.status & 0x0F for told in struck(track)}
        assert len(channels) == 1, name
        assert (name == "Drums") == (channels == {9})
        assert [told.status & 0xF0 for told in track].count(0xC0) == 1


def test_the_voice_has_its_words_at_their_notes() -> None:
    lyrics = "[Verse]\nWalking home beneath the orange lights\nNobody remembers yesterday"
    score, parts = song("a folk song", lyrics=lyrics)
    track = tracks(midi(score, parts))[1]
    assert said(track, 0x03) == ["Voice"]
    written = "".join(said(track, 0x05)).split()
    sung = [word for s in score.sections for p in s.sung for word in p.phrase.words]
    assert written == [part for word in sung for part in word.split()]
    notes = [note.pitch for s in score.sections for p in s.sung for note in p.notes]
    assert [told.data[0] for told in struck(track)] == notes
    assert {told.at for told in track if told.status == 0x05} <= {told.at for told in struck(track)}
    assert {told.status & 0x0F for told in struck(track)} == {VOICE}


@pytest.mark.parametrize(("metre", "beats", "unit"), [("4/4", 4, 2), ("3/4", 3, 2), ("6/8", 6, 3)])
def test_bars_and_tempo_are_those_of_the_song(metre: Metre, beats: int, unit: int) -> None:
    score, parts = song("a slow waltz of the sea", metre=metre)
    conductor = tracks(midi(score, parts))[0]
    assert [tuple(told.data[:2]) for told in conductor if told.status == 0x58] == [(beats, unit)]
    tempo = next(int.from_bytes(told.data, "big") for told in conductor if told.status == 0x51)
    assert tempo == pytest.approx(score.brief.eighth * 2e6, abs=2)
    marks = [(told.at, told.data.decode()) for told in conductor if told.status == 0x06]
    assert marks == [(s.bar * score.brief.eighths * QUARTER // 2, s.kind.capitalize()) for s in score.sections]


def test_the_key_signature_follows_the_key_lift() -> None:
    score, parts = song("a pop song in E minor")
    keys = [struct.unpack(">bB", told.data) for told in tracks(midi(score, parts))[0] if told.status == 0x59]
    assert keys[0] == (writer.SHARPS[score.brief.tonic], int(score.brief.minor))
    assert len(keys) == 1 + sum(a.lift != b.lift for a, b in zip(score.sections, score.sections[1:], strict=False))


def test_an_instrumental_song_has_no_voice() -> None:
    names = [said(track, 0x03)[0] for track in tracks(midi(*song("an instrumental jazz piece")))]
    assert "Voice" not in names
    assert Channel.LEAD.name.capitalize() in names


def test_words_in_any_letters_are_kept() -> None:
    score, parts = song("a pop song")
    file = midi(replace(score, title="Ça va \ud800 🎵"), parts)
    assert said(tracks(file)[0], 0x03) == ["Ça va ? 🎵"]


def test_the_same_take_gives_the_same_file() -> None:
    score, _ = song("a bossa nova song")
    assert midi(score, performance(score)) == midi(score, performance(score))
    assert midi(*song("a bossa nova song")) != midi(*song("a bossa nova song", take=2))


def test_another_program_plays_it(tmp_path: Path) -> None:
    """tinysoundfont has a reader of its own, which is none of ours."""
    score, parts = song("a short pop song")
    path = tmp_path / "song.mid"
    path.write_bytes(midi(score, parts))
    synth: Any = tinysoundfont.Synth(samplerate=44100)
    synth.sfload(str(BANK))
    sequencer: Any = tinysoundfont.Sequencer(synth)
    sequencer.midi_load(str(path))
    on = [event for event in sequencer.events if type(event.action).__name__ == "NoteOn"]
    assert len(on) == sum(len(struck(track)) for track in tracks(path.read_bytes()))
    assert max(event.t for event in on) < score.duration


def test_calculated_sounds_are_played_too() -> None:
    score, parts = song("a short instrumental house track")
    tones = [
        Tone(0.0, 1.0, "saw", (60, 64, 67), 0.5),
        Tone(0.0, 1.0, "sub", (36, 43), 1.0),
        Tone(0.0, 9.0, "kick", (), 1.0),
        Tone(0.0, 9.0, "crackle", (), 1.0),
    ]
    only = [Parts({}, tones), *(Parts() for _ in parts[1:])]
    found = {said(track, 0x03)[0]: [told.data[0] for told in struck(track)] for track in tracks(midi(score, only))[1:]}
    assert found == {"Saws": [60, 64, 67], "Sub bass": [36], "Drums": [36]}
