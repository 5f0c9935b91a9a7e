"""What is good enough: every number of the table with the span it should lie in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Bar:
    """A number's name, the span it should lie in (None: open), how it is printed, and what it is."""

    name: str
    low: float | None
    high: float | None
    digits: int
    what: str
    unit: Literal["", "%"] = ""

    def holds(self, value: float) -> bool:
        """Whether the value is good."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def told(self, value: float | bool | None) -> str:
        """The cell: the value, bold with a cross where it misses."""
        if value is None:
            return "-"
        text = f"{100 * value:.{self.digits}f} %" if self.unit else f"{value:.{self.digits}f}"
        return text if self.holds(value) else f"**{text} ✗**"

    @property
    def span(self) -> str:
        """The span in words."""
        low, high = (None if edge is None else self.told_plain(edge) for edge in (self.low, self.high))
        if low is None and high is None:
            return "-"
        if low is None:
            return f"{high} or less"
        return f"{low} or more" if high is None else low if low == high else f"{low} to {high}"

    def told_plain(self, edge: float) -> str:
        """An edge of the span."""
        return f"{100 * edge:g} %" if self.unit else f"{edge:g}"


VOICE = (
    Bar("cents", None, 10, 1, "median distance of the sung pitch from the note, cents (pYIN, steps of 10)"),
    Bar("in_tune", 0.95, None, 1, "notes within 50 cents", "%"),
    Bar("late_ms", -30, 30, 0, "median of vowel minus note, ms, after voiceless consonants"),
    Bar("on_time", None, None, 0, "those vowels within 30 ms, as heard", "%"),
    Bar("given", 1, None, 0, "given words sung in their order, each with its time", "%"),
    Bar("recall_voice", 0.85, None, 2, "words that Whisper (base) hears in the voice alone"),
    Bar("recall", 0.7, None, 2, "words that it hears in the song"),
    Bar("voice_band", -3, 4, 1, "voice over band in sung sections, dB"),
)
SOUND = (
    Bar("lufs", -15, -13, 1, "integrated loudness, LUFS"),
    Bar("true_peak", None, -1, 2, "dBTP of the decoded MP3, four times oversampled"),
    Bar("clipped", None, 0, 0, "samples at full scale"),
    Bar("silence", None, 0.03, 1, "windows of 50 ms under -60 dBFS", "%"),
    Bar("gap", None, 1.5, 1, "longest inner run of them, s"),
    Bar("seam", None, 3, 1, "largest step at a section's border over the 99.99th percentile of steps"),
    Bar("offset", None, 0.001, 4, "mean of all samples"),
)
FORM = (
    Bar("seconds", None, None, 0, "length, s"),
    Bar("contrast", 1, 4, 1, "choruses over verses, LU"),
    Bar("intro", -8, None, 1, "intro over the whole, LU"),
    Bar("curve", 0.6, None, 2, "rank correlation of planned energy and loudness over sections"),
    Bar("thin", None, 0.75, 2, "band's notes a second, first verse over fullest chorus"),
    Bar("blocks", 0.15, None, 2, "likeness of bars of one kind of section, minus that of different kinds"),
    Bar("tempo", None, None, 0, "whether a beat tracker finds the tempo or a simple multiple"),
)
TUNE = (
    Bar("entropy", 2.3, 3.2, 2, "pitch-class entropy of the tune, bits"),
    Bar("unison", 0.09, 0.35, 2, "share of repeated notes among intervals"),
    Bar("step", 0.35, 0.65, 2, "share of seconds"),
    Bar("third", 0.08, 0.25, 2, "share of thirds"),
    Bar("leap", 0.015, 0.2, 2, "share of wider ones"),
    Bar("interval", 1.4, 2.8, 2, "mean interval, semitones"),
    Bar("span", 8, 17, 0, "range of the tune, semitones"),
    Bar("lift", 1.5, None, 1, "mean pitch of choruses over verses, semitones"),
    Bar("reuse", 0.4, None, 2, "onsets shared by phrases of a section (Jaccard)"),
)
LINES = (
    Bar("rhymes", 0.9, None, 0, "rhymes that hold, of lines we wrote", "%"),
    Bar("syllables", 0.95, None, 0, "our lines within one syllable of their sisters", "%"),
    Bar("repeats", None, 0, 0, "our lines that come twice outside choruses"),
)
PAIR = (
    Bar("edit", 0.4, None, 2, "edit distance of both takes' intervals"),
    Bar("correlation", None, 0.2, 3, "highest normalised cross-correlation of both waveforms"),
    Bar("differs", 1, None, 0, "takes differ in tempo (6 %), key or singer", "%"),
    Bar("same", 1, None, 0, "take 1 made again has the same bytes", "%"),
)
COLOUR = (
    Bar("bpm", None, None, 0, "beats a minute"),
    Bar("centroid", None, None, 0, "spectral centroid, Hz"),
    Bar("onsets", None, None, 1, "onsets heard a second"),
)
GROUPS = {
    "The voice": VOICE,
    "The sound": SOUND,
    "The form": FORM,
    "The tune": TUNE,
    "The words": LINES,
    "The pair": PAIR,
    "The colour": COLOUR,
}
PAIRED = (*LINES, *PAIR)
"""Numbers of a song, not of a take."""
