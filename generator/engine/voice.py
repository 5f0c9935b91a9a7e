"""The voice: a small net that turns phones and pitches into the spectra of a singer, frame by frame.

The net (assets/README.md) is a source-filter vocoder. For frames of 12.5 ms and bins of 20 Hz it gives the magnitude
and phase that a pulse train of any pitch is filtered with, the magnitude of noise, and a part with phases of its own:

    spectrum = exp(harmonic) e^(i phase) PULSES(f0) + exp(noise) Z + exp(free) e^(i free_phase)

How long each phone lasts and how high it is spoken is given from outside, see assets/build.py.
"""

from __future__ import annotations

import functools
import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import onnxruntime

from .phonation import Borders, Frames, ended, even, restrain, soften, sustain
from .score import Note, Phrase

ASSETS = Path(__file__).parent / "assets"
_UNIT_FRAMES = 2
"""The net counts durations in 25 ms, two frames."""
_LOUDEST = 7.0
"""Log magnitudes above this are cut, as in the vocoder the net was trained with."""
_SPOKEN = (150.0, 340.0)
"""Hz: the pitches the net knows from speech. Others are shown to it clamped; the pulses sing the true pitch."""
_ARTICULATION = 1.15
"""The net is told a higher pitch than is sung: people speak more clearly when they raise their voice, and so does it
(0.89 against 0.88 of the words of 7 songs understood)."""

_SYMBOLS = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "W", "AY": "I", "EH": "ɛ", "EM": "m", "ER": "ɜɹ", "EY": "A",
    "IH": "ɪ", "IY": "i", "OW": "O", "OY": "Y", "UH": "ʊ", "UW": "u", "B": "b", "CH": "ʧ", "D": "d", "DH": "ð",
    "F": "f", "G": "ɡ", "HH": "h", "JH": "ʤ", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "ŋ", "P": "p", "R": "ɹ",
    "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ",
}  # fmt: skip
"""CMUdict phones in the net's alphabet."""
_REDUCED = {"AH": "ə", "ER": "əɹ"}
"""Vowels that sound different without stress."""
_STRESS = ("", "ˈ", "ˌ")
_VOICED = frozenset({"L", "M", "N", "NG", "R", "W", "Y"})

# Shortest durations in units of 25 ms. They decide how well sung words are understood (measured by recall: floors of 2
# to 6 for vowels, of which 4 was best; a unit more for stops raised a male voice from 0.87 to 0.92).
_VOWEL_FLOOR = 4
_ONSET_FLOOR = {
    "HH": 3, "S": 4, "SH": 4, "F": 3, "TH": 3, "Z": 3, "L": 3, "M": 3, "N": 3, "R": 3, "W": 3, "Y": 3, "V": 3, "K": 3,
    "T": 3, "P": 3, "CH": 3, "JH": 3, "D": 3, "B": 3, "G": 3,
}  # fmt: skip
_CODA_FLOOR = {
    "M": 4, "N": 4, "NG": 4, "L": 4, "R": 3, "S": 4, "Z": 4, "SH": 4, "F": 3, "V": 3, "TH": 4, "T": 4, "K": 4, "P": 4,
    "D": 4, "CH": 4, "JH": 3, "B": 3, "G": 3,
}  # fmt: skip
_CONSONANT_FLOOR = 2

Role = Literal["edge", "gap", "onset", "stress", "vowel", "coda"]


class _Symbol(NamedTuple):
    """One input of the net: its id, the syllable it belongs to, what it is there for, the phone it is a part of."""

    id: int
    syllable: int
    role: Role
    phone: str

    @property
    def voiced(self) -> bool:
        return self.role in ("vowel", "stress") or self.phone in _VOICED


@dataclass(frozen=True, slots=True)
class Spectra:
    """A spoken phrase: log magnitudes and phases per frame and bin, where it is voiced, and the syllables' places."""

    harmonic: Frames
    phase: Frames
    noise: Frames
    free: Frames
    free_phase: Frames
    voiced: npt.NDArray[np.bool_]
    borders: tuple[Borders, ...]


class Voice:
    """The net, ready to run. Keeps the spectra of the last phrases, for a chorus comes again."""

    KEPT = 12

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._net = onnxruntime.InferenceSession(
            str(ASSETS / "voice.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._ids: dict[str, int] = json.loads((ASSETS / "voice_vocab.json").read_text(encoding="utf-8"))
        self._kept: OrderedDict[object, Spectra] = OrderedDict()

    def spectra(self, phrase: Phrase, notes: Sequence[Note], formants: float = 1.0) -> Spectra:
        """How the phrase sounds said with one syllable a note, for a singer whose formants are moved by a factor."""
        hertz = tuple(_ARTICULATION / formants * 440 * 2 ** ((note.pitch - 69) / 12) for note in notes)
        key = (phrase.syllables, hertz)
        if key not in self._kept:
            self._kept[key] = self._speak(phrase, hertz)
            if len(self._kept) > self.KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _symbols(self, phrase: Phrase) -> list[_Symbol]:
        out = [_Symbol(0, -1, "edge", "")]
        for k, syllable in enumerate(phrase.syllables):
            if k and syllable.word != phrase.syllables[k - 1].word:
                out.append(_Symbol(self._ids[" "], k - 1, "gap", ""))
            parts: list[tuple[Role, str, str]] = [("onset", _SYMBOLS[phone], phone) for phone in syllable.onset]
            parts.append(("stress", _STRESS[syllable.stress], ""))
            reduced = _REDUCED.get(syllable.vowel) if syllable.stress == 0 else None
            parts.append(("vowel", reduced or _SYMBOLS[syllable.vowel], syllable.vowel))
            parts += [("coda", _SYMBOLS[phone], phone) for phone in syllable.coda]
            out += [_Symbol(self._ids[c], k, role, phone) for role, text, phone in parts for c in text]
        return [*out, _Symbol(self._ids["."], -1, "edge", ""), _Symbol(0, -1, "edge", "")]

    def _speak(self, phrase: Phrase, hertz: Sequence[float]) -> Spectra:
        """Two runs: the first for the durations, the second with each syllable's pitch on them."""
        symbols = self._symbols(phrase)
        fixed, floors = _durations(symbols)
        none = np.zeros(1)
        units = self._run(symbols, fixed, floors, none)[6]
        ends = np.cumsum(units).astype(int) * _UNIT_FRAMES
        starts = ends - np.asarray(units, int) * _UNIT_FRAMES
        pitch = _spoken_pitch(symbols, hertz, starts, ends)
        harmonic, phase, noise, free, free_phase, spoken, _ = self._run(symbols, units, np.zeros(len(units)), pitch)
        borders = _borders(symbols, starts, ends, len(phrase.syllables))
        harmonic, free = (np.minimum(part, _LOUDEST).T.copy() for part in (harmonic, free))
        soften(free, borders)
        sustain(harmonic, free, pitch)
        even(harmonic, free, borders)
        restrain(harmonic, borders)
        noise = np.minimum(noise, _LOUDEST).T.copy()
        return Spectra(
            harmonic=harmonic,
            phase=(np.tanh(phase) * np.float32(np.pi)).T.copy(),
            noise=noise,
            free=free,
            free_phase=free_phase.T.copy(),
            voiced=(spoken > 40) | (pitch > 0),
            borders=ended((harmonic, noise, free), borders),
        )

    def _run(
        self,
        symbols: Sequence[_Symbol],
        durations: npt.NDArray[np.floating],
        floors: npt.NDArray[np.floating],
        pitch: npt.NDArray[np.floating],
    ) -> list[npt.NDArray[np.float32]]:
        """harmonic, phase, noise, free, free_phase (each (601, frames)), f0 (frames), durations (symbols)."""
        feed = {
            "ids": np.array([[symbol.id for symbol in symbols]], np.int64),
            "speed": np.ones(1, np.float32),
            "dur_in": durations.astype(np.float32),
            "dur_min": floors.astype(np.float32),
            "f0_in": pitch.astype(np.float32)[None],
        }
        return [out[0] if out.ndim > 1 else out for out in self._net.run(None, feed)]


def _durations(symbols: Sequence[_Symbol]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Fixed durations (0 leaves the choice to the net) and floors, in units."""
    fixed, floors = np.zeros(len(symbols)), np.zeros(len(symbols))
    fixed[0] = 5
    for k, symbol in enumerate(symbols):
        if symbol.role == "gap":
            fixed[k] = 1
        elif symbol.role == "onset":
            floors[k] = _ONSET_FLOOR.get(symbol.phone, _CONSONANT_FLOOR)
        elif symbol.role == "coda":
            floors[k] = _CODA_FLOOR.get(symbol.phone, _CONSONANT_FLOOR)
        elif symbol.role == "vowel":
            before, after = symbols[k - 1].role == "vowel", symbols[k + 1].role == "vowel"
            floors[k] = 2 if before else _VOWEL_FLOOR - after
    return fixed, floors


def _spoken_pitch(
    symbols: Sequence[_Symbol], hertz: Sequence[float], starts: npt.NDArray[np.int_], ends: npt.NDArray[np.int_]
) -> npt.NDArray[np.float64]:
    """Hz per frame where a phone is voiced, softened from syllable to syllable; else 0."""
    pitch = np.zeros(int(ends[-1]))
    for symbol, start, end in zip(symbols, starts, ends, strict=True):
        if symbol.syllable >= 0 and symbol.voiced:
            pitch[start:end] = np.clip(hertz[symbol.syllable], *_SPOKEN)
    window = np.hanning(9)[1:-1] / 4
    soft = np.convolve(np.pad(pitch, 3, mode="edge"), window, mode="valid")
    out: npt.NDArray[np.float64] = np.where((pitch > 0) & (soft > 100), soft, pitch)
    return out


def _borders(
    symbols: Sequence[_Symbol], starts: npt.NDArray[np.int_], ends: npt.NDArray[np.int_], count: int
) -> tuple[Borders, ...]:
    found: list[Borders] = []
    for k in range(count):
        own = [i for i, symbol in enumerate(symbols) if symbol.syllable == k and symbol.role != "gap"]
        vowel = [i for i in own if symbols[i].role in ("vowel", "stress")]
        found.append(Borders(int(starts[own[0]]), int(starts[vowel[0]]), int(ends[vowel[-1]]), int(ends[own[-1]])))
    return tuple(found)


@functools.lru_cache(maxsize=1)
def voice() -> Voice:
    """The process's one voice."""
    return Voice()
