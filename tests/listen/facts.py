"""What is known of a take without hearing it: its score, its words, and when each of them is to be heard."""

from __future__ import annotations

from typing import Any

from generator.engine.midi import performance
from generator.engine.mix import LATENCY
from generator.engine.mp3 import DELAY
from generator.engine.scansion import scan_chorus, scan_couplets, total
from generator.engine.score import Brief, Parts, Score, Section, Words
from generator.engine.sheet import read_sheet, sung_tokens
from generator.engine.verses import PLAN, style_of
from generator.protocol.events import SectionTime
from tests.listen.music import statistics
from tests.listen.prompts import Song

VOICELESS = frozenset(("P", "T", "K", "F", "TH", "S", "SH", "CH", "HH"))


def facts(score: Score, sections: list[SectionTime], wanted: Song) -> dict[str, Any]:
    """JSON-ready: times in seconds of the score; `voice_late` and `mix_late` lead from there to the two files."""
    return {
        "idiom": score.brief.idiom,
        "bpm": score.brief.bpm,
        "metre": score.brief.metre,
        "singer": score.brief.singer,
        "bar": score.brief.bar,
        "voice_late": LATENCY,
        "mix_late": LATENCY + DELAY,
        "form": [_form(*both) for both in zip(score.sections, performance(score), strict=True)],
        "notes": [note for section in score.sections for note in _notes(section)],
        "given": given(sections, wanted),
        "music": statistics(score),
    }


def _form(section: Section, parts: Parts) -> dict[str, Any]:
    """A section, with the number of notes its band plays a second."""
    played = sum(len(hits) for hits in parts.stems.values()) + len(parts.tones)
    length = section.end - section.start
    return {
        "kind": section.kind,
        "start": section.start,
        "end": section.end,
        "bars": section.bars,
        "energy": section.energy,
        "density": played / length,
        "sung": bool(section.sung),
    }


def _notes(section: Section) -> list[dict[str, Any]]:
    """Sung notes; `clear` where the vowel follows a voiceless consonant, so that one hears when it begins."""
    return [
        {
            "kind": section.kind,
            "on": sung.start + note.on,
            "off": sung.start + note.off,
            "pitch": note.pitch,
            "clear": bool(syllable.onset) and syllable.onset[-1] in VOICELESS,
        }
        for sung in section.sung
        for syllable, note in zip(sung.phrase.syllables, sung.notes, strict=True)
    ]


def given(sections: list[SectionTime], wanted: Song) -> float | None:
    """Share of the given words that come in their order, each with a time of its own after the one before."""
    tokens = [
        token for stanza in read_sheet(wanted.lyrics or "") for line in stanza.lines for token in sung_tokens(line)
    ]
    if not tokens:
        return None
    words = [word for section in sections for line in section["lines"] for word in line["words"]]
    found, time, rest = 0, 0, iter(words)
    for token in tokens:
        word = next((word for word in rest if word["text"] == token), None)
        if word is None:
            break
        found += time <= word["start"] < word["end"]
        time = word["end"]
    return found / len(tokens)


def lines(words: Words, brief: Brief) -> dict[str, float]:
    """How well the lines we wrote rhyme, keep their length and stay new; empty where none is ours."""
    own = [section for section in words.sections if section.generated and section.lines]
    plan = PLAN[style_of(brief)]
    scans = []
    for section in own:
        if section.kind == "chorus":
            scans += [scan_chorus(section.lines[at : at + 4]) for at in range(0, len(section.lines), 4)]
        else:
            scans.append(scan_couplets(section.lines, plan if section.kind == "verse" else min(plan, 8)))
    if not own:
        return {}
    scan = total(scans)
    once = [line for section in own if section.kind != "chorus" for line in section.lines]
    return {"rhymes": scan.rhyme_share, "syllables": scan.length_share, "repeats": len(once) - len(set(once))}
