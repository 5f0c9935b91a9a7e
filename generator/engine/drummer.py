"""The drummer: plays the groove, thins it, fills at the end of parts, builds up to choruses, strikes the last chord."""

from __future__ import annotations

from .grooves import (
    BASS_DRUM,
    CLAP,
    CRASH,
    FILLS,
    GROOVES,
    HAT,
    KICK,
    OPEN_HAT,
    RIDE,
    RIM,
    SNARE,
    SPLASH,
    TAIKO,
    Style,
)
from .idiom import Channel
from .page import Page
from .plan import Level
from .score import Sound, Tone
from .waltzes import WALTZES

HAT_ACCENTS = (80, 52, 66, 52)
HAT_ACCENTS_SIX = (80, 46, 56, 46, 60, 46)
VELOCITIES = {"x": 104, "s": 70, "g": 38}
KICKS = {"x": 112, "s": 84, "g": 62}
DRAWN: dict[int, Sound] = {KICK: "kick", CLAP: "clap", SNARE: "snare"}
"""What may be calculated beside a drum of the kit."""
SNARE_ROOM = 0.28
"""Seconds until the room of a calculated snare is shut off."""
BEHIND = {SNARE: 0.7, RIM: 0.7, CLAP: 0.7, HAT: 0.35, OPEN_HAT: 0.35, RIDE: 0.35}
"""How much of the band's lag each drum has; the kick is the clock."""
FULL_BARS = 4
"""A smaller cymbal marks every so many bars of a strong part."""


def drum(page: Page) -> None:
    """Writes the drum stem of a page."""
    style = style_of(page)
    building = "saw" in page.idiom.drawn and page.section.kind in ("prechorus", "breakdown") and page.into_chorus
    for bar in range(page.bars):
        level = page.level("drums", bar)
        if page.final_bar(bar):
            if level:
                _last_blow(page, bar, style)
        elif building:
            _roll(page, bar)
        elif level:
            _bar(page, bar, style, level)
        elif page.last_bar(bar) and page.rising:
            _lead_in(page, bar, style)


def style_of(page: Page) -> Style:
    """This take's groove in the song's metre: the other take has the other one."""
    metre, idiom = page.brief.metre, page.idiom
    if metre == "4/4":
        return GROOVES[idiom.grooves[page.variant("drums")]]
    return WALTZES[idiom.family][metre][page.variant("drums")]


def _write(page: Page, bar: int, step: float, drum: int, velocity: float) -> None:
    shift = BEHIND.get(drum, 0.0) * page.idiom.timing.lag
    page.write(
        "drums", Channel.DRUMS, drum, bar=bar, step=step, length=2.5, velocity=velocity, loose=0.002, shift=shift
    )
    sound = DRAWN.get(drum)
    stopped = page.stops and page.last_bar(bar) and step >= page.steps - 4
    if sound in page.idiom.drawn and velocity >= VELOCITIES["s"] and not stopped:
        page.calculate("drums", Tone(page.time(bar, step), SNARE_ROOM, sound, (), velocity / 127))


def _bar(page: Page, bar: int, style: Style, level: Level) -> None:
    """One bar of the groove, with a fill if the part ends here."""
    groove = style.strong if level >= Level.STRONG else style.calm
    light = level == Level.LIGHT
    fill = _fill(page, style) if page.last_bar(bar) and page.after and not (light and not page.rising) else ()
    for step in range(fill[0][0] if fill else page.steps):
        kick, snare, hat = (_mark(page, lane, bar, step) for lane in groove[:3])
        if kick != "." and not (light and step):
            _write(page, bar, step, KICK, KICKS[kick])
        elif step == page.twist and bar % 2 and style.fills == "toms" and level > Level.CALM:
            _write(page, bar, step, KICK, 76)
        if page.brief.feel == "half-time" and snare != "g":
            snare = "x" if step == page.middle else "."
        if snare != ".":
            _snare(page, bar, step, snare, style, light=light)
        if hat != "." and not (light and step % 4 and hat != "r"):
            _hat(page, bar, step, hat, light=light)
        for extra, lane in (*groove.extra, *(style.last if level == Level.EXTRA else ())):
            _percussion(page, bar, step, extra, lane, light=light)
    for step, drum in fill:
        _write(page, bar, step, drum, 78 + (step + 16 - page.steps) * 2)
    if style.crash:
        _crash(page, bar)


def _mark(page: Page, lane: str, bar: int, step: int) -> str:
    """What a lane has at a step; in double time it runs at twice its speed."""
    at = (bar * page.steps + step) * (2 if page.brief.feel == "double-time" and page.steps == 16 else 1)
    return lane[at % len(lane)]


def _snare(page: Page, bar: int, step: int, mark: str, style: Style, *, light: bool) -> None:
    if mark == "r" or (light and mark in "xs"):
        _write(page, bar, step, RIM, 58 if light else 74)
    elif mark == "g":
        if not light:
            _write(page, bar, step, SNARE, VELOCITIES["g"])
    else:
        _write(page, bar, step, style.backbeat, VELOCITIES[mark])


def _hat(page: Page, bar: int, step: int, mark: str, *, light: bool) -> None:
    accents = HAT_ACCENTS_SIX if page.brief.metre == "6/8" else HAT_ACCENTS
    drum = {"o": OPEN_HAT, "r": RIDE}.get(mark, HAT)
    loud = accents[step % len(accents)] * (0.75 if light else 1.0) * (0.7 if mark == "g" else 1.0)
    _write(page, bar, step, HAT if light and drum == OPEN_HAT else drum, loud)
    if mark == "t":
        _write(page, bar, step + 0.5, HAT, loud * 0.9)


def _percussion(page: Page, bar: int, step: int, drum: int, lane: str, *, light: bool) -> None:
    mark = _mark(page, lane, bar, step)
    if mark == "." or (light and step % 4):
        return
    if drum in (TAIKO, BASS_DRUM):
        loud = 84 if mark == "x" else 54
    else:
        loud = (76 if step % 4 == 0 or lane.count("x") < 6 else 58) if mark == "x" else 46
    _write(page, bar, step, drum, loud * (0.75 if light else 1.0))


def _crash(page: Page, bar: int) -> None:
    """A cymbal where a strong part begins, a smaller one every four bars of it."""
    if bar == 0 and page.energy >= 3 and (page.before is None or page.before.energy < page.energy or page.hot):
        _write(page, bar, 0, CRASH, 104)
    elif page.hot and bar % FULL_BARS == 0:
        _write(page, bar, 0, SPLASH, 84)


def _fill(page: Page, style: Style) -> tuple[tuple[int, int], ...]:
    """A fill: a long one where the next part is stronger. Its steps are those of the bar's metre."""
    fills = sorted(FILLS[style.fills], key=len)
    if not fills:
        return ()
    half = (len(fills) + 1) // 2
    pool = fills[-half:] if page.rising and page.energy >= 1.9 else fills[:half]
    missing = 16 - page.steps
    return tuple((step - missing, drum) for step, drum in pool[int(page.chance.integers(len(pool)))])


def _roll(page: Page, bar: int) -> None:
    """The snare roll before a drop: from quarters to sixteenths, ever louder, then a beat of silence."""
    left = page.bars - bar
    every = page.middle if left > 6 else 4 if left > 3 else 2 if left > 1 else 1
    for step in range(0, page.steps - 4 if page.last_bar(bar) else page.steps, every):
        _write(page, bar, step, SNARE, 44 + 55 * (1 - left / (page.bars + 1)) + 20 * step / page.steps)
    if left > 2:
        for step in range(0, page.steps, 6 if page.brief.metre == "6/8" else 4):
            _write(page, bar, step, KICK, 96)


def _lead_in(page: Page, bar: int, style: Style) -> None:
    """A pick-up out of nothing: the drummer comes in with the next part."""
    for step, drum in _fill(page, style):
        if step >= page.steps // 2:
            _write(page, bar, step, drum, 62 + (step + 16 - page.steps) * 2)


def _last_blow(page: Page, bar: int, style: Style) -> None:
    if style.fills == "none":
        return
    _write(page, bar, 0, KICK, 96)
    _write(page, bar, 0, CRASH if style.crash else RIDE, 96 if style.crash else 70)
    if page.idiom.last == "stab":
        _write(page, bar, 0, SNARE, 104)
