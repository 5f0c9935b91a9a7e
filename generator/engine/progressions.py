"""The progressions of each idiom, in roman numerals over the major scale (see `harmony`). Data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Harmony:
    """Progressions of one idiom in one mode, in roman numerals over the major scale (`harmony`); one entry per take."""

    verse: tuple[str, str]
    prechorus: tuple[str, str]
    chorus: tuple[str, str]
    bridge: tuple[str, str]


POP = Harmony(
    verse=("I V/3 vi IV", "vi IV I V"),
    prechorus=("ii:2 vi:2 IV ii:2 IV:2 V", "IV iii:2 vi:2 ii V"),
    chorus=("IV V I vi", "I V vi IV"),
    bridge=("vi iii IV iv", "ii I/3 IV V"),
)
ROCK = Harmony(
    verse=("I IV I V", "vi IV I V"),
    prechorus=("IV V:2 V/vi:2 vi V", "ii IV V V"),
    chorus=("I V vi IV", "I bVII IV I"),
    bridge=("vi V IV V", "bVII IV bVII V"),
)
BALLAD = Harmony(
    verse=("I V/3 vi IV", "I iii IV V"),
    prechorus=("ii iii IV V", "vi V/3 IV Vsus:2 V:2"),
    chorus=("IV V I/3 vi", "I V vi IV"),
    bridge=("vi V/3 IV iv", "ii vi IV V"),
)
HOUSE = Harmony(
    verse=("vi IV I V", "vi vi IV V"),
    prechorus=("IV IV V V", "ii vi V V"),
    chorus=("vi IV I V", "IV V vi I"),
    bridge=("IV V vi iii", "ii IV vi V"),
)
SYNTHWAVE = Harmony(
    verse=("vi IV I V", "I iii vi IV"),
    prechorus=("ii IV V V", "IV V vi V/3"),
    chorus=("IV V vi iii", "I V/3 vi IV"),
    bridge=("ii vi IV V", "IV iii ii V"),
)
LOFI = Harmony(
    verse=("ii7 V7 I7 vi7", "IV7 iii7 vi7 I7"),
    prechorus=("ii7 iii7 IV7 V7", "vi7 iii7 ii7 V7"),
    chorus=("IV7 iii7 ii7 I7", "ii7 V7 iii7 V/ii"),
    bridge=("iv7 bVII7 I7 I7", "ii7 iv7 iii7 V/ii"),
)
JAZZ = Harmony(
    verse=("I7 V/ii ii7 V7", "I7 vi7 ii7 V7"),
    prechorus=("iii7:2 V/ii:2 ii7 IV7 V7", "IV7 iii7 ii7 V7"),
    chorus=("IV7 iv7 iii7:2 V/ii:2 ii7:2 V7:2", "I7 V/ii ii7 V7"),
    bridge=("IV7 iv7 iii7 V/ii", "iii7 V/ii ii7 V7"),
)
BOSSA = Harmony(
    verse=("I7 I7 ii7 V7", "I7 V/ii ii7 V7"),
    prechorus=("iii7 V/ii ii7 V7", "IV7 iv7 iii7 V/ii"),
    chorus=("ii7 V7 I7 vi7", "IV7 iv7 iii7 V/ii"),
    bridge=("iv7 bVII7 I7 I7", "vi7 ii7 V7 I7"),
)
SOUL = Harmony(
    verse=("I7 iii7 IV7 V7", "ii7 V7 I7 vi7"),
    prechorus=("ii7 iii7 IV7 V7", "IV7 iii7 ii7 Vsus"),
    chorus=("IV7 V7 iii7 vi7", "I7 vi7 ii7 V7"),
    bridge=("iv7 I/3 ii7 Vsus", "vi7 V/ii ii7 V7"),
)
MINOR_SOUL = Harmony(
    verse=("vi7 ii7 vi7 ii7", "vi7 IV7 ii7 iii7"),
    prechorus=("ii7 iii7 IV7 V/vi", "IV7 V7 ii7 V/vi"),
    chorus=("ii7 V7 I7 vi7", "IV7 iii7 ii7 vi7"),
    bridge=("IV7 iii7 IV7 V/vi", "ii7 vi7 ii7 V/vi"),
)
FOLK = Harmony(
    verse=("I IV I V", "I V/3 IV I"),
    prechorus=("ii V:2 V/vi:2 vi IV", "IV I/3 ii V"),
    chorus=("IV I V vi", "I V IV I"),
    bridge=("vi iii IV V", "ii vi IV V"),
)
MINOR_FOLK = Harmony(
    verse=("vi V IV I", "vi I V vi"),
    prechorus=("IV I ii V/vi", "IV V I V/vi"),
    chorus=("IV I V vi", "I V vi IV"),
    bridge=("ii vi IV V/vi", "IV I IV V"),
)
COUNTRY = Harmony(
    verse=("I I IV V", "I IV I V"),
    prechorus=("ii IV V V", "vi IV I/3 V"),
    chorus=("I V vi IV", "IV I V I"),
    bridge=("vi IV I V", "IV I V/ii V"),
)
HIPHOP = Harmony(
    verse=("vi IV vi IV", "I iii IV iv"),
    prechorus=("ii IV V V", "IV iii ii V"),
    chorus=("vi IV I V", "IV V vi iii"),
    bridge=("ii vi IV V", "IV iv I V/vi"),
)
MINOR_HIPHOP = Harmony(
    verse=("vi vi IV V/vi", "vi IV vi iii"),
    prechorus=("ii ii V/vi V/vi", "IV V vi V/vi"),
    chorus=("vi IV ii V/vi", "vi I IV V/vi"),
    bridge=("ii IV vi V/vi", "IV ii iii V/vi"),
)
REGGAE = Harmony(
    verse=("I IV I V", "I ii I ii"),
    prechorus=("ii V ii V", "IV V IV V"),
    chorus=("I V vi IV", "I IV V IV"),
    bridge=("vi iii IV V", "ii IV ii V"),
)
MINOR_REGGAE = Harmony(
    verse=("vi ii vi ii", "vi V vi V"),
    prechorus=("ii iii ii V/vi", "IV V IV V/vi"),
    chorus=("vi IV ii iii", "vi V IV V/vi"),
    bridge=("ii V I V/vi", "IV I IV V/vi"),
)
CINEMATIC = Harmony(
    verse=("I iii IV V", "vi IV I V/3"),
    prechorus=("IV V IV V", "ii IV V V"),
    chorus=("I V vi IV", "IV I V vi"),
    bridge=("IV iv I V", "vi IV bVII V"),
)

MINOR_POP = Harmony(
    verse=("vi IV I V", "vi I IV V"),
    prechorus=("ii IV V V/vi", "IV V:2 V/vi:2 vi V"),
    chorus=("IV I V vi", "vi IV I V/3"),
    bridge=("ii vi IV V/vi", "IV iii vi V"),
)
MINOR_SOFT = Harmony(
    verse=("vi V/3 IV I/3", "vi iii IV I"),
    prechorus=("ii vi V/3 V/vi", "IV I/3 ii V/vi"),
    chorus=("IV I V/3 vi", "vi IV I/3 V"),
    bridge=("ii V I IV", "iv I V V/vi"),
)
MINOR_ROCK = Harmony(
    verse=("vi V IV V", "vi IV vi V"),
    prechorus=("IV V:2 V/vi:2 vi V", "ii IV V V/vi"),
    chorus=("vi IV I V", "IV V vi I"),
    bridge=("ii IV vi V/vi", "IV IV V V/vi"),
)
MINOR_JAZZ = Harmony(
    verse=("vi7 ii7 vii7 V/vi", "vi7 IV7 ii7 V/vi"),
    prechorus=("ii7 V7 I7 IV7", "ii7 vi7 IV7 V/vi"),
    chorus=("ii7 V7 I7 V/vi", "vi7 V/ii ii7 V/vi"),
    bridge=("iv7 bVII7 I7 V/vi", "ii7 V7 iii7 V/vi"),
)
MINOR_EPIC = Harmony(
    verse=("vi IV I V/3", "vi iii IV V"),
    prechorus=("IV V IV V/vi", "ii IV V V/vi"),
    chorus=("vi IV I V", "IV V vi V/vi"),
    bridge=("ii IV vi V/vi", "IV iv I V/vi"),
)
