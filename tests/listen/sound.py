"""Numbers of a finished take that need no knowledge of words: loudness, holes, sections beside each other, colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import librosa
import numpy as np
import numpy.typing as npt
import pyloudnorm
from scipy.signal import resample_poly
from scipy.stats import spearmanr

Sound = npt.NDArray[np.float64]
Form = Sequence[dict[str, Any]]
HOP = 512
"""Samples between two frames of spectra, at 22.05 kHz."""
SLOW = 22050
TEMPO_FACTORS = (1, 2, 3, 4, 1.5, 1 / 2, 1 / 3, 2 / 3)
"""What a listener may take for the beat of the same music."""


def technical(sound: Sound, rate: int, borders: Sequence[float]) -> dict[str, float | None]:
    """Loudness, peaks, holes and seams of (samples, channels); `borders`: seconds at which sections meet."""
    silence, gap = quiet(sound, rate)
    return {
        "lufs": loudness(sound, rate),
        "true_peak": max(20 * float(np.log10(np.abs(resample_poly(channel, 4, 1)).max())) for channel in sound.T),
        "clipped": int((np.abs(sound) >= 32767 / 32768).sum()),
        "silence": silence,
        "gap": gap,
        "seam": seam(sound, rate, borders),
        "offset": float(np.abs(sound.mean(axis=0)).max()),
    }


def loudness(sound: Sound, rate: int) -> float | None:
    """LUFS by BS.1770, or None where there is too little to say."""
    if len(sound) < rate // 2:
        return None
    value = float(pyloudnorm.Meter(rate).integrated_loudness(sound))
    return value if np.isfinite(value) else None


def quiet(sound: Sound, rate: int) -> tuple[float, float]:
    """Share of 50 ms windows under -60 dBFS, and the longest inner run of them in seconds."""
    hop = rate // 20
    windows = sound[: len(sound) // hop * hop].reshape(-1, hop * sound.shape[1])
    silent = np.sqrt(np.square(windows).mean(axis=1)) < 1e-3
    inner = np.trim_zeros(~silent)
    runs = "".join("x" if loud else "." for loud in inner).split("x")
    return float(silent.mean()), max(map(len, runs), default=0) / 20


def seam(sound: Sound, rate: int, borders: Sequence[float]) -> float:
    """The largest sample step within 5 ms of a border, over the 99.99th percentile of all steps."""
    steps = np.abs(np.diff(sound, axis=0)).max(axis=1)
    near = [steps[max(0, int(at * rate) - rate // 200) : int(at * rate) + rate // 200] for at in borders]
    return float(max((part.max() for part in near if len(part)), default=0) / np.quantile(steps, 0.9999))


def sections(sound: Sound, rate: int, form: Form, late: float) -> dict[str, float | None]:
    """How loud and how full the sections are beside each other. `late`: the sound's second of the score's second 0."""
    cuts = [sound[int((s["start"] + late) * rate) : int((s["end"] + late) * rate)] for s in form]

    def level(*kinds: str) -> float | None:
        own = [cut for cut, section in zip(cuts, form, strict=True) if section["kind"] in kinds]
        return loudness(np.concatenate(own), rate) if own else None

    chorus, verse, intro, whole = level("chorus"), level("verse"), level("intro"), loudness(sound, rate)
    each = [(loudness(cut, rate), section) for cut, section in zip(cuts, form, strict=True)]
    heard = [(value, section["energy"]) for value, section in each if value is not None]
    curve = spearmanr(*zip(*heard, strict=True)).statistic if len({e for _, e in heard}) > 2 else float("nan")
    verses = [section["density"] for section in form if section["kind"] == "verse"]
    choruses = [section["density"] for section in form if section["kind"] == "chorus"]
    return {
        "contrast": chorus - verse if chorus is not None and verse is not None else None,
        "intro": intro - whole if intro is not None and whole is not None else None,
        "curve": float(curve) if np.isfinite(curve) else None,
        "thin": verses[0] / max(choruses) if verses and choruses else None,
    }


def over_band(mix: Sound, voice: Sound, rate: int, form: Form, lates: tuple[float, float]) -> float | None:
    """dB of the voice over the band in the sections that are sung. Energies add, so the band is what is left."""
    sung = whole = 0.0
    for section in form:
        if section["sung"]:
            (a, b), (c, d) = (
                (int((section["start"] + late) * rate), int((section["end"] + late) * rate)) for late in lates
            )
            whole += float(np.square(mix[a:b].mean(axis=1)).sum())
            sung += float(np.square(voice[c:d]).sum())
    return 10 * float(np.log10(sung / max(whole - sung, 1e-9))) if sung else None


def colour(mono: Sound, bpm: float) -> dict[str, float]:
    """What tells idioms apart, of mono sound at 22.05 kHz: Hz, onsets a second, and whether the tempo can be heard."""
    power = np.abs(librosa.stft(mono, n_fft=2048, hop_length=HOP)) ** 2
    centres = librosa.feature.spectral_centroid(S=np.sqrt(power), sr=SLOW)[0]
    weights = power.sum(axis=0)
    strength = librosa.onset.onset_strength(S=librosa.power_to_db(librosa.feature.melspectrogram(S=power, sr=SLOW)))
    onsets = librosa.onset.onset_detect(onset_envelope=strength, sr=SLOW, hop_length=HOP)
    heard = float(librosa.feature.tempo(onset_envelope=strength, sr=SLOW, hop_length=HOP)[0])
    return {
        "centroid": float((centres * weights).sum() / weights.sum()),
        "onsets": len(onsets) / (len(mono) / SLOW),
        "tempo": float(min(abs(heard / (bpm * factor) - 1) for factor in TEMPO_FACTORS) < 0.04),
    }


def bars(mono: Sound, form: Form, late: float) -> tuple[npt.NDArray[np.float64], list[str]]:
    """One row of timbre and harmony a bar, and the kind of section each bar belongs to."""
    mel = librosa.feature.melspectrogram(y=mono, sr=SLOW, hop_length=HOP, n_mels=40)
    timbre = librosa.feature.mfcc(S=librosa.power_to_db(mel), n_mfcc=13)
    harmony = librosa.feature.chroma_stft(y=mono, sr=SLOW, hop_length=HOP)
    features = np.concatenate([timbre, harmony * timbre.std() / harmony.std()])
    rows, kinds = [], []
    for section in form:
        length = (section["end"] - section["start"]) / section["bars"]
        for bar in range(section["bars"]):
            begin = section["start"] + bar * length + late
            own = features[:, int(begin * SLOW / HOP) : int((begin + length) * SLOW / HOP)]
            if own.shape[1]:
                rows.append(own.mean(axis=1))
                kinds.append(section["kind"])
    return np.array(rows), kinds


def similarity(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Cosine between bars, each feature taken from its mean over the song: -1 to 1."""
    spread = (rows - rows.mean(axis=0)) / (rows.std(axis=0) + 1e-9)
    unit = spread / (np.linalg.norm(spread, axis=1, keepdims=True) + 1e-9)
    out: npt.NDArray[np.float64] = unit @ unit.T
    return out


def blocks(matrix: npt.NDArray[np.float64], kinds: Sequence[str]) -> float | None:
    """How much more alike bars of one kind of section are than bars of different kinds."""
    same = np.array([[a == b for b in kinds] for a in kinds])
    others = ~np.eye(len(kinds), dtype=bool)
    if same.all() or not (same & others).any():
        return None
    return float(matrix[same & others].mean() - matrix[~same].mean())
