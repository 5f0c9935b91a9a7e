"""Our scripts and our styles as one file each, as they are published: fewer requests, and better compressed.

In development browsers follow `import` and `@import` by themselves; nothing here adds anything to what they would run.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Read = Callable[[str], str]
"""The text of a file by its name in the folder."""
STYLES = re.compile(r'^@import "\./([\w-]+\.css)";$', re.M)
IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";$', re.M)
EXPORT = re.compile(r"^export ((?:async )?function|const|class) (\w+)", re.M)
OTHER = re.compile(r"^(?:import|export)\b.*|\bimport\s*[(.].*", re.M)
COMMENT = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n", re.M | re.S)


class NotUnderstoodError(Exception):
    """A script that imports or exports in a way that this does not know, or in a circle."""


def styles(name: str, read: Read) -> str:
    """The sheet `name` with the sheets that it imports in their places."""
    return STYLES.sub(lambda found: COMMENT.sub("", read(found[1])), read(name))


def script(name: str, read: Read) -> str:
    """The module `name` and all that it imports, each as a function that gives what it exports, in the order of need.

    Knows `import { a, b } from "./x.js";` and `export` before a function, class or const. Raises `NotUnderstoodError`.
    """
    done: dict[str, str] = {}
    _add(name.removesuffix(".js"), read, done, ())
    return "\n".join(done.values())


def _add(name: str, read: Read, done: dict[str, str], above: tuple[str, ...]) -> None:
    if name in above:
        raise NotUnderstoodError(f"{' → '.join((*above, name))}: scripts import each other in a circle.")
    if name in done:
        return
    text = COMMENT.sub("", read(f"{name}.js"))
    for _, other in IMPORT.findall(text):
        _add(other, read, done, (*above, name))
    inner = IMPORT.sub(lambda found: f"const {{{found[1]}}} = {_place(found[2])};", text)
    inner = EXPORT.sub(r"\1 \2", inner)
    if left := OTHER.search(inner):
        raise NotUnderstoodError(f"{name}.js: {left[0]}")
    given = ", ".join(found[1] for found in EXPORT.findall(text))
    done[name] = f"const {_place(name)} = (() => {{\n{inner.strip()}\nreturn {{ {given} }};\n}})();"


def _place(name: str) -> str:
    return f"_{name.replace('-', '_')}"
