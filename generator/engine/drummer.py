"""The drummer: plays the groove, thins it, fills at the end of parts, builds up to choruses, strikes the last chord."""

from __future__ import annotations

from .grooves import (
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
    Groove,
)
from .idioms import Channel
from .page import STEPS, Page

HAT_ACCENTS = (80, 52, 66, 52)


def drum(page: Page) -> None:
    """Writes the drum stem of a page."""
    style = GROOVES[page.idiom.groove]
    playing = page.energy >= style.from_energy or (page.section.kind == "intro" and page.idiom.groove in ("house",))
    building = page.idiom.saws and page.section.kind in ("prechorus", "breakdown") and page.into_chorus
    for bar in range(page.bars):
        if page.final_bar(bar):
            _last_blow(page, bar)
        elif building:
            _roll(page, bar)
        elif playing and not (page.section.kind == "bridge" and bar < page.bars // 2):
            _bar(page, bar, style.strong if page.hot else style.calm, style.backbeat, style.fills)
        elif page.energy >= 1.5 and page.section.kind != "breakdown" and style.fills != "none":
            _tick(page, bar)
        if page.last_bar(bar) and page.into_chorus and not playing and not building:
            _lead_in(page, bar, style.fills)


def _write(page: Page, bar: int, step: int, drum: int, velocity: float) -> None:
    page.write("drums", Channel.DRUMS, drum, bar=bar, step=step, length=2.5, velocity=velocity, loose=0.002)


def _bar(page: Page, bar: int, groove: Groove, backbeat: int, fills: str) -> None:
    """One bar of the groove, with a fill if the part ends here."""
    fill = _fill(page, fills) if page.last_bar(bar) and page.after else ()
    until = fill[0][0] if fill else STEPS
    thin = page.thin(bar)
    for step in range(until):
        at = bar * STEPS + step
        kick, snare, hat = (lane[at % len(lane)] for lane in groove[:3])
        if kick != "." and not (thin and step % 8):
            _write(page, bar, step, KICK, 112 if kick == "x" else 62)
        elif step == page.twist and bar % 2 and fills == "toms" and not thin:
            _write(page, bar, step, KICK, 78)
        if snare != "." and not (thin and snare == "g"):
            _snare(page, bar, step, snare, RIM if thin and snare == "x" else backbeat)
        if hat != ".":
            drum = {"o": OPEN_HAT, "r": RIDE}.get(hat, HAT)
            _write(page, bar, step, HAT if thin else drum, HAT_ACCENTS[step % 4] * (0.8 if thin else 1.0))
        for extra, lane in groove.extra:
            if lane[at % len(lane)] != ".":
                accent = 78 if step % 4 == 0 or lane.count("x") < 6 else 58
                _write(page, bar, step, extra, accent if lane[at % len(lane)] == "x" else 48)
    for step, drum in fill:
        _write(page, bar, step, drum, 82 + step * 2)
    _crash(page, bar)


def _snare(page: Page, bar: int, step: int, mark: str, drum: int) -> None:
    sound, velocity = {"r": (RIM, 74), "g": (SNARE, 38)}.get(mark, (drum, 104 if drum != RIM else 78))
    _write(page, bar, step, sound, velocity)


def _crash(page: Page, bar: int) -> None:
    """A cymbal where a strong part begins, a smaller one every four bars of it."""
    if page.idiom.groove in ("swing", "bossa", "lofi") and not page.hot:
        return
    if bar == 0 and page.energy >= 3 and (page.before is None or page.before.energy < page.energy or page.hot):
        _write(page, bar, 0, CRASH, 104)
    elif page.hot and bar % 4 == 0:
        _write(page, bar, 0, SPLASH, 84)


def _fill(page: Page, kind: str) -> tuple[tuple[int, int], ...]:
    """A fill: a long one where the next part is stronger."""
    fills = sorted(FILLS[kind], key=len)
    if not fills:
        return ()
    half = (len(fills) + 1) // 2
    pool = fills[-half:] if page.rising and page.energy >= 3 else fills[:half]
    return pool[int(page.chance.integers(len(pool)))]


def _roll(page: Page, bar: int) -> None:
    """The snare roll before a drop: from quarters to sixteenths, ever louder, then a beat of silence."""
    left = page.bars - bar
    every = 8 if left > 6 else 4 if left > 3 else 2 if left > 1 else 1
    for step in range(0, 12 if page.last_bar(bar) else STEPS, every):
        _write(page, bar, step, SNARE, 44 + 55 * (1 - left / (page.bars + 1)) + 20 * step / STEPS)
    if left > 2:
        for step in range(0, STEPS, 4):
            _write(page, bar, step, KICK, 96)


def _tick(page: Page, bar: int) -> None:
    """Hardly anything: a closed hat that keeps time."""
    for step in (4, 12):
        _write(page, bar, step, HAT, 34)


def _lead_in(page: Page, bar: int, fills: str) -> None:
    """A fill out of nothing."""
    for step, drum in _fill(page, fills):
        if step >= 8:
            _write(page, bar, step, drum, 66 + step * 2)


def _last_blow(page: Page, bar: int) -> None:
    soft = page.idiom.groove in ("swing", "bossa", "lofi", "ballad")
    _write(page, bar, 0, KICK, 96)
    _write(page, bar, 0, RIDE if soft else CRASH, 72 if soft else 96)
