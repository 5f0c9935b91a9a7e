"""Who sings, and how a manner of music is sung: singers differ in throat and habits, idioms in delivery."""

from __future__ import annotations

from typing import NamedTuple

from .score import Singer
from .vocoder import Timbre


class Habits(NamedTuple):
    """What a singer does with pitch. Semitones, seconds, and shares of 0 to 1."""

    vibrato_hz: float = 5.5
    vibrato: float = 0.30
    """To either side."""
    vibrato_after: float = 0.24
    scoops: float = 0.30
    """Share of longer stressed notes that begin below their pitch."""
    scoop: float = 0.8
    spring: float = 34.8
    """How fast the larynx follows a new note, rad/s. Saitou, Unoki and Akagi (2005) measured 34.8."""
    drift: float = 0.025
    """Standard deviation of slow wandering."""
    falls: float = 0.0
    """Share of phrase ends that drop off."""
    fry: float = 0.0
    """How much a phrase end creaks."""


class Voice(NamedTuple):
    """A singer: a throat and habits."""

    timbre: Timbre
    habits: Habits


SINGERS: dict[Singer, Voice] = {
    "female": Voice(Timbre(), Habits()),
    "young": Voice(
        Timbre(low=1.05, high=1.13, breath=0.25, tilt=-0.05, colour=((300, 0), (900, -2), (4500, 2.5), (9000, 3))),
        Habits(vibrato_hz=6.1, vibrato=0.16, vibrato_after=0.34, scoops=0.18, scoop=0.5, spring=40.0, drift=0.035),
    ),
    "alto": Voice(
        Timbre(low=0.96, high=0.9, breath=0.08, tilt=-0.05, colour=((250, 2.5), (700, 1.5), (2600, 1.5), (5000, -4))),
        Habits(vibrato_hz=5.1, vibrato=0.34, vibrato_after=0.22, scoops=0.42, scoop=1.0, spring=30.0),
    ),
    "breathy": Voice(
        Timbre(breath=0.8, tilt=-0.2, hum=0.5, colour=((500, 0), (2800, -3.5), (6000, 0), (11000, 3))),
        Habits(vibrato_hz=5.3, vibrato=0.14, vibrato_after=0.4, scoops=0.36, scoop=0.6, spring=31.0, drift=0.035),
    ),
    "male": Voice(
        Timbre(
            low=0.88, high=0.77, tilt=0.12, rough=0.008,
            colour=((150, 3), (450, 2), (1000, -2), (1700, -4), (2700, 5), (3600, 0), (5000, -6), (9000, -3)),
        ),
        Habits(vibrato_hz=4.9, vibrato=0.22, vibrato_after=0.32, scoops=0.42, scoop=1.3, spring=29.0, falls=0.15,
               fry=0.25),
    ),
    "deep": Voice(
        Timbre(
            low=0.82, high=0.71, tilt=0.04, rough=0.01, breath=0.1, hum=0.25,
            colour=((110, 4), (350, 3), (800, 0), (1500, -4), (2300, 3), (3300, -2), (5000, -7), (9000, -5)),
        ),
        Habits(vibrato_hz=4.6, vibrato=0.26, vibrato_after=0.3, scoops=0.3, scoop=1.0, spring=26.0, falls=0.2, fry=0.4),
    ),
}  # fmt: skip


class Delivery(NamedTuple):
    """How an idiom treats the notes. Factors of what the singer would do, but for `speech`."""

    legato: float = 1.0
    """Share of its time that a note between words is held."""
    vibrato: float = 1.0
    scoops: float = 1.0
    glide: float = 1.0
    """On the speed with which pitches follow each other: below 1 they slide."""
    speech: float = 0.0
    """Semitones by which syllables fall, as spoken ones do."""


PLAIN = Delivery()
DELIVERIES: dict[str, Delivery] = {
    "hiphop": Delivery(legato=0.8, vibrato=0.2, scoops=0.3, glide=1.3, speech=1.2),
    "funk": Delivery(legato=0.75, vibrato=0.6, glide=1.2),
    "house": Delivery(legato=0.88, vibrato=0.6),
    "synthwave": Delivery(vibrato=0.6, glide=1.1),
    "reggae": Delivery(legato=0.85, vibrato=0.7),
    "rock": Delivery(vibrato=0.8, scoops=1.2),
    "soul": Delivery(vibrato=1.15, scoops=1.7, glide=0.85),
    "jazz": Delivery(vibrato=1.1, scoops=1.5, glide=0.85),
    "bossa": Delivery(vibrato=0.35, scoops=0.5),
    "lofi": Delivery(vibrato=0.4, scoops=0.8),
    "country": Delivery(scoops=1.7, glide=0.9),
    "folk": Delivery(vibrato=0.75),
    "ballad": Delivery(vibrato=1.15, glide=0.85),
    "cinematic": Delivery(vibrato=1.2, glide=0.9),
}
"""By idiom; those that are not here sing plainly."""
