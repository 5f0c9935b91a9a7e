"""The progressions of each idiom, in roman numerals over the major scale (see `harmony`). Data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Harmony:
    """Progressions of one idiom in one mode; each fills four or eight bars, and the takes play different ones."""

    verse: tuple[str, ...]
    prechorus: tuple[str, ...]
    chorus: tuple[str, ...]
    bridge: tuple[str, ...]


POP = Harmony(
    verse=("I V/3 vi IV", "vi IV I V", "I iii IV Vsus:2 V:2", "I I/3 IV vi:2 V:2"),
    prechorus=("ii:2 vi:2 IV ii:2 IV:2 V", "IV iii:2 vi:2 ii V", "ii V/3:2 I:2 IV Vsus:2 V:2"),
    chorus=("IV V I vi", "I V vi IV", "I vi IV V", "IV I V vi:2 V/3:2"),
    bridge=("vi iii IV iv", "ii I/3 IV V", "bVII IV I/3 Vsus:2 V:2"),
)
MINOR_POP = Harmony(
    verse=("vi IV I V", "vi I IV V", "vi V/3 I IV"),
    prechorus=("ii IV V V/vi", "IV V:2 V/vi:2 vi V", "ii:2 vi:2 IV ii V/vi"),
    chorus=("IV I V vi", "vi IV I V/3", "IV V vi I"),
    bridge=("ii vi IV V/vi", "IV iii vi V", "IV iv I/5 V/vi"),
)
ROCK = Harmony(
    verse=("I IV I V", "vi IV I V", "I bVII IV I", "I I bVII IV"),
    prechorus=("IV V:2 V/vi:2 vi V", "ii IV V V", "bVII IV Vsus V"),
    chorus=("I V vi IV", "I bVII IV I", "IV I V vi", "I iii IV iv"),
    bridge=("vi V IV V", "bVII IV bVII V", "bVI bVII I V"),
)
MINOR_ROCK = Harmony(
    verse=("vi V IV V", "vi IV vi V", "vi vi I:2 V:2 IV"),
    prechorus=("IV V:2 V/vi:2 vi V", "ii IV V V/vi", "ii vi IV V/vi"),
    chorus=("vi IV I V", "IV V vi I", "vi V II IV"),
    bridge=("ii IV vi V/vi", "IV IV V V/vi", "bVII IV bVII V/vi"),
)
BALLAD = Harmony(
    verse=("I V/3 vi IV", "I iii IV V", "I vi:2 V/3:2 IV I/3:2 V:2"),
    prechorus=("ii iii IV V", "vi V/3 IV Vsus:2 V:2", "IV iv I/5 Vsus:2 V:2"),
    chorus=("IV V I/3 vi", "I V vi IV", "I V/3 vi:2 I/5:2 IV:2 V:2"),
    bridge=("vi V/3 IV iv", "ii vi IV V", "bVI bVII I/5 V"),
)
MINOR_SOFT = Harmony(
    verse=("vi V/3 IV I/3", "vi iii IV I", "vi ii V I:2 V/vi:2"),
    prechorus=("ii vi V/3 V/vi", "IV I/3 ii V/vi", "ii iiih:2 V/vi:2 vi:2 V/3:2 IV:2 V/vi:2"),
    chorus=("IV I V/3 vi", "vi IV I/3 V", "ii V I/3:2 IV:2 V/vi"),
    bridge=("ii V I IV", "iv I V V/vi", "bVII IV ii V/vi"),
)
HOUSE = Harmony(
    verse=("vi IV I V", "vi vi IV V", "vi7 vi7 IV7 IV7"),
    prechorus=("IV IV V V", "ii vi V V", "ii@5 IV@5 V V"),
    chorus=("vi IV I V", "IV V vi I", "IV7 iii7 vi7 vi7"),
    bridge=("IV V vi iii", "ii IV vi V", "IV@6 V@6 vi vi"),
)
SYNTHWAVE = Harmony(
    verse=("vi IV I V", "I iii vi IV", "vi@6 V@6 IV@6 V@6"),
    prechorus=("ii IV V V", "IV V vi V/3", "ii iii IV Vsus:2 V:2"),
    chorus=("IV V vi iii", "I V/3 vi IV", "IV V iii vi"),
    bridge=("ii vi IV V", "IV iii ii V", "bVI bVII I V"),
)
LOFI = Harmony(
    verse=("ii7 V7 I7 vi7", "IV7 iii7 vi7 I7", "I7 iii7 IV7 iv6"),
    prechorus=("ii7 iii7 IV7 V7", "vi7 iii7 ii7 V7", "IV7 iv7 iii7 V/ii"),
    chorus=("IV7 iii7 ii7 I7", "ii7 V7 iii7 V/ii", "IV7 V/vi vi7 I7"),
    bridge=("iv7 bVIIb7 I7 I7", "ii7 iv7 iii7 V/ii", "bVI7 V7 I7 V/ii"),
)
JAZZ = Harmony(
    verse=("I6 V/ii ii7 V7", "I7 vi7 ii7 V7", "I6:2 #io:2 ii7:2 #iio:2 iii7:2 V/ii:2 ii7:2 V7:2", "ii7 V7 I7 V/ii"),
    prechorus=("iii7:2 V/ii:2 ii7 IV7 V7", "IV7 iii7 ii7 V7", "IV7 #ivo I6/5:2 V/ii:2 ii7:2 V7:2"),
    chorus=("IV7 iv7 iii7:2 V/ii:2 ii7:2 V7:2", "I7 V/ii ii7 V7", "I6 IVb7 iii7:2 V/ii:2 ii7:2 V7:2"),
    bridge=("IV7 iv7 iii7 V/ii", "iii7 V/ii ii7 V7", "V/vi V/ii V/v V7", "bIII7 bVI7 ii7 V7"),
)
MINOR_JAZZ = Harmony(
    verse=("vi7 ii7 viih V/vi", "vi7 IV7 ii7 V/vi", "vi6 viih:2 V/vi:2 vi6 viih:2 V/vi:2"),
    prechorus=("ii7 V7 I7 IV7", "ii7 vi7 IV7 V/vi", "ii7 #ivh viih V/vi"),
    chorus=("ii7 V7 I7 V/vi", "vi7 V/ii ii7 V/vi", "ii7:2 V7:2 I7:2 IV7:2 viih V/vi"),
    bridge=("iv7 bVIIb7 I7 V/vi", "ii7 V7 iii7 V/vi", "V/ii ii7 viih V/vi"),
)
BOSSA = Harmony(
    verse=("I7 I7 ii7 V7", "I7 V/ii ii7 V7", "I7 IIb7 ii7 bII7"),
    prechorus=("iii7 V/ii ii7 V7", "IV7 iv7 iii7 V/ii", "IV7 bVIIb7 iii7:2 V/ii:2 ii7:2 V7:2"),
    chorus=("ii7 V7 I7 vi7", "IV7 iv7 iii7 V/ii", "IV7 IV6:2 iv6:2 iii7:2 V/ii:2 ii7:2 V7:2"),
    bridge=("iv7 bVIIb7 I7 I7", "vi7 ii7 V7 I7", "bIII7 bVI7 ii7 V7"),
)
MINOR_BOSSA = Harmony(
    verse=("vi7 vi6 viih V/vi", "vi7 ii7 V7 I7", "vi6 iib7 vi6 V/vi"),
    prechorus=("ii7 V7 I7 IV7", "ii7 ii7 viih V/vi", "IV7 #ivh viih V/vi"),
    chorus=("ii7 V7 I7 V/vi", "ii7 V/vi vi7 V/ii", "IV7 V/vi vi7:2 V/ii:2 viih:2 V/vi:2"),
    bridge=("iv7 bVIIb7 I7 V/vi", "V/ii ii7 viih V/vi", "bVIIb7 IV7 viih V/vi"),
)
SOUL = Harmony(
    verse=("I7 iii7 IV7 V7", "ii7 V7 I7 vi7", "I7 V/3 vi7:2 V:2 IV7"),
    prechorus=("ii7 iii7 IV7 V7", "IV7 iii7 ii7 Vsus", "vi7 V/v ii7 Vsus"),
    chorus=("IV7 V7 iii7 vi7", "I7 vi7 ii7 V7", "IV7 V/vi vi7 I9"),
    bridge=("iv7 I/3 ii7 Vsus", "vi7 V/ii ii7 V7", "IV7 bVIIb7 iii7:2 V/ii:2 ii7:2 V7:2"),
)
MINOR_SOUL = Harmony(
    verse=("vi7 ii7 vi7 ii7", "vi7 IV7 ii7 iii7", "vi7 iii7 IV7 V/vi"),
    prechorus=("ii7 iii7 IV7 V/vi", "IV7 V7 ii7 V/vi", "ii7 V7 I7:2 IV7:2 V/vi"),
    chorus=("ii7 V7 I7 vi7", "IV7 iii7 ii7 vi7", "IV7 V/vi vi7 I7"),
    bridge=("IV7 iii7 IV7 V/vi", "ii7 vi7 ii7 V/vi", "bVII7 IV7 viih V/vi"),
)
FUNK = Harmony(
    verse=("Ib7 Ib7 Ib7 Ib7:2 IVb7:2", "Ib7 IVb7 Ib7 IVb7", "Ib7 Ib7 bVII:2 IV:2 Ib7"),
    prechorus=("IVb7 IVb7 V7 V7", "ii7 iii7 IVb7 Vsus", "vi7 V/v IVb7 V7"),
    chorus=("Ib7 IVb7 Ib7 V7:2 IVb7:2", "IVb7 Ib7 IVb7 V7", "Ib7 bVII IVb7 Ib7"),
    bridge=("IVb7 IVb7 IVb7 V7", "bIII IVb7 bIII V7", "ii7 ii7 IVb7 Vsus"),
)
MINOR_FUNK = Harmony(
    verse=("vi7 vi7 vi7 vi7:2 IIb7:2", "vi7 IIb7 vi7 IIb7", "vi7 vi7 vi7:2 V:2 vi7"),
    prechorus=("ii7 ii7 iii7 iii7", "IV7 V7 IV7 V/vi", "ii7 V7 IV7 V/vi"),
    chorus=("vi7 IIb7 vi7 IIb7", "vi7 I:2 IIb7:2 vi7 V/vi", "ii7 vi7 ii7 V/vi"),
    bridge=("IV7 IV7 V7 V/vi", "ii7 ii7 ii7 V/vi", "IV7 iii7 ii7 V/vi"),
)
FOLK = Harmony(
    verse=("I IV I V", "I V/3 IV I", "I bVII IV I", "I vi IV:2 V:2 I"),
    prechorus=("ii V:2 V/vi:2 vi IV", "IV I/3 ii V", "vi IV I/5 V"),
    chorus=("IV I V vi", "I V IV I", "I IV I:2 V:2 I", "I V/3 vi:2 IV:2 I:2 V:2"),
    bridge=("vi iii IV V", "ii vi IV V", "bVII IV bVII V"),
)
MINOR_FOLK = Harmony(
    verse=("vi V IV I", "vi I V vi", "vi V vi V", "vi II vi V"),
    prechorus=("IV I ii V/vi", "IV V I V/vi", "ii V I V/vi"),
    chorus=("IV I V vi", "I V vi IV", "vi I V:2 V/vi:2 vi"),
    bridge=("ii vi IV V/vi", "IV I IV V", "I V ii V/vi"),
)
COUNTRY = Harmony(
    verse=("I I IV V", "I IV I V", "I I/3 IV I:2 V:2"),
    prechorus=("ii IV V V", "vi IV I/3 V", "IV I V/v V"),
    chorus=("I V vi IV", "IV I V I", "I IV V/v V", "IV V I:2 V/3:2 vi:2 V:2"),
    bridge=("vi IV I V", "IV I V/ii V", "IV iv I V/v:2 V:2"),
)
MINOR_COUNTRY = Harmony(
    verse=("vi vi IV V", "vi V IV V", "vi I V vi"),
    prechorus=("ii IV V V/vi", "IV I ii V/vi", "IV V I V/vi"),
    chorus=("I V vi IV", "IV I V vi", "vi IV I V/vi"),
    bridge=("ii vi IV V/vi", "IV I V/v V/vi", "I V/3 IV V/vi"),
)
HIPHOP = Harmony(
    verse=("vi IV vi IV", "I iii IV iv", "I7 I7 iv7 iv7"),
    prechorus=("ii IV V V", "IV iii ii V", "iv I/3 ii V"),
    chorus=("vi IV I V", "IV V vi iii", "I7 iii7 IV7 iv7"),
    bridge=("ii vi IV V", "IV iv I V/vi", "bVI bVII I V"),
)
MINOR_HIPHOP = Harmony(
    verse=("vi vi IV V/vi", "vi IV vi iii", "vi vi bVII vi"),
    prechorus=("ii ii V/vi V/vi", "IV V vi V/vi", "IV IV viih V/vi"),
    chorus=("vi IV ii V/vi", "vi I IV V/vi", "IV V/vi vi vi"),
    bridge=("ii IV vi V/vi", "IV ii iii V/vi", "bVII bVII vi V/vi"),
)
REGGAE = Harmony(
    verse=("I IV I V", "I ii I ii", "I V vi IV"),
    prechorus=("ii V ii V", "IV V IV V", "vi ii IV V"),
    chorus=("I V vi IV", "I IV V IV", "I iii IV V"),
    bridge=("vi iii IV V", "ii IV ii V", "IV I ii V"),
)
MINOR_REGGAE = Harmony(
    verse=("vi ii vi ii", "vi V vi V", "vi vi iii vi"),
    prechorus=("ii iii ii V/vi", "IV V IV V/vi", "ii V I V/vi"),
    chorus=("vi IV ii iii", "vi V IV V/vi", "vi I V ii"),
    bridge=("ii V I V/vi", "IV I IV V/vi", "I V ii V/vi"),
)
CINEMATIC = Harmony(
    verse=("I iii IV V", "vi IV I V/3", "I@1 II@1 iv@1 I@1"),
    prechorus=("IV V IV V", "ii IV V V", "ii@5 IV@5 Vsus V"),
    chorus=("I V vi IV", "IV I V vi", "I bVI bIII bVII"),
    bridge=("IV iv I V", "vi IV bVII V", "bVI bVII I V", "i bVI iv V"),
)
MINOR_EPIC = Harmony(
    verse=("vi IV I V/3", "vi iii IV V", "vi@6 IV@6 ii@6 V/vi@6"),
    prechorus=("IV V IV V/vi", "ii IV V V/vi", "ii@3 IV@3 viih V/vi"),
    chorus=("vi IV I V", "IV V vi V/vi", "IV I V/vi vi"),
    bridge=("ii IV vi V/vi", "IV iv I V/vi", "bVII ii IV V/vi"),
)
AMBIENT = Harmony(
    verse=("I9@1 IV9@1 I9@1 IV9@1", "I9 iii7 IV9 I9/3", "IV9 IV9 I9 I9"),
    prechorus=("ii7 ii7 IV9 IV9", "vi7 vi7 IV9 Vsus", "IV9@5 IV9@5 Vsus Vsus"),
    chorus=("IV9 I9/3 ii7 vi7", "I9 Vsus vi7 IV9", "I9@1 iv6@1 I9@1 bVII@1"),
    bridge=("vi7 vi7 iii7 iii7", "bVII9 bVII9 IV9 IV9", "bVI7 bVI7 iv6 iv6"),
)
MINOR_AMBIENT = Harmony(
    verse=("vi7@6 IV7@6 vi7@6 ii7@6", "vi9 iii7 IV9 I9", "vi7 vi7 IV9 IV9"),
    prechorus=("ii7 ii7 IV9 IV9", "IV9 IV9 V V", "ii7 iii7 IV9 Vsus"),
    chorus=("IV9 I9 V vi9", "vi9 I9/3 IV9 ii7", "vi7@6 II@6 IV7@6 vi7@6"),
    bridge=("I9 I9 ii7 ii7", "bVII9 bVII9 IV9 IV9", "ii7 IV9 iii7 iii7"),
)
