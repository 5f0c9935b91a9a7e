"""What a prompt was understood to ask for, as a line for people: "92 bpm, D minor, waltz time, female voice"."""

from __future__ import annotations

from collections.abc import Mapping

METRES = {"3/4": "waltz time"}
"""Metres that have a name."""


def in_a_line(facts: Mapping[str, object]) -> str:
    """The facts as one line; those that are missing are left out, and so are all that have no place in it.

    `facts`: tempo (beats a minute), key, metre, voice, style, instruments, alone, without, mood, length and unmet, as
    `generator.engine.understood` tells them. They may come from anywhere: values are shown as they are.
    """
    told = {name: " ".join(str(value).split()) for name, value in facts.items() if value is not None}
    metre = told.get("metre", "")
    voice = told.get("voice", "")
    parts = (
        _with(told, "{} bpm", "tempo"),
        told.get("key", ""),
        METRES.get(metre, metre),
        "instrumental" if voice == "none" else f"{voice} voice" if voice else "",
        told.get("style", ""),
        _with(told, "{} alone", "alone") or _with(told, "with {}", "instruments"),
        _with(told, "no {}", "without"),
        told.get("mood", ""),
        _with(told, "about {}", "length"),
    )
    line = ", ".join(part for part in parts if part)
    unmet = told.get("unmet", "")
    return f"{line}; {unmet}" if line and unmet else line or unmet


def _with(told: Mapping[str, str], form: str, name: str) -> str:
    """A fact in its form, or nothing where it is missing."""
    return form.format(told[name]) if told.get(name) else ""
