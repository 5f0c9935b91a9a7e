"""The rules of the house, read from the source: who may import whom, who may write what, how large a file may be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
LONGEST_FILE = 400
MEANINGLESS = {"utils", "helpers", "managers", "services", "misc", "common"}
TABLES = {"generator/engine/idioms.py"}
"""Data written as Python: these may be longer."""
WRITERS_OF_EVENTS = {"studio.live.journal"}

FORBIDDEN = [
    ("generator", ("studio", "django", "channels", "tests")),
    ("generator.engine", ("generator.upstream",)),
    ("studio", ("tests",)),
    ("studio.accounts", ("studio.songs", "studio.live", "studio.api")),
    ("studio.songs", ("studio.live", "studio.api")),
    ("studio.live", ("studio.api",)),
]
"""(a room, the rooms and libraries it never imports): data flows one way, and so do imports."""


def modules(*rooms: str) -> Iterator[tuple[str, Path]]:
    """(dotted name, file) of every module of these rooms, without migrations."""
    for room in rooms:
        for path in sorted((HOUSE / room.replace(".", "/")).rglob("*.py")):
            if "migrations" not in path.parts:
                name = ".".join(path.relative_to(HOUSE).with_suffix("").parts)
                yield name.removesuffix(".__init__"), path


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def imports(name: str, path: Path) -> set[str]:
    """Everything `name` imports, dotted; `from a import b` counts as a and as a.b."""
    found: set[str] = set()
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            source = ".".join(part for part in (base, node.module) if part)
            found.add(source)
            found.update(f"{source}.{alias.name}" for alias in node.names)
    return found


def stands_in(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def test_the_readers_of_this_file_see_the_whole_house() -> None:
    names = {name for name, _ in modules("generator", "studio")}
    assert {"generator.protocol.events", "generator.upstream", "studio.settings", "studio.songs.models"} <= names
    assert "studio.songs.models" in imports("studio.live.journal", HOUSE / "studio/live/journal.py")


@pytest.mark.parametrize(("room", "never"), FORBIDDEN, ids=[room for room, _ in FORBIDDEN])
def test_imports_follow_the_flow_of_data(room: str, never: tuple[str, ...]) -> None:
    against = {
        f"{name} imports {target}"
        for name, path in modules(room)
        for target in imports(name, path)
        if any(stands_in(target, forbidden) for forbidden in never)
    }
    assert not against


def test_the_protocol_stands_alone() -> None:
    against = {
        f"{name} imports {target}"
        for name, path in modules("generator.protocol")
        for target in imports(name, path)
        if (stands_in(target, "generator") and not stands_in(target, "generator.protocol") and target != "generator")
        or stands_in(target, "studio")
        or stands_in(target, "django")
    }
    assert not against


def test_only_the_journal_writes_events() -> None:
    write = re.compile(r"\bEvent\.objects\.(?:a?create|a?bulk_create|a?get_or_create|a?update_or_create|a?update)\b")
    construct = re.compile(r"(?<![\w.])Event\((?=[^)]*\b(?:generation|seq)\w*\s*=)")
    writers = {
        name
        for name, path in modules("studio")
        if write.search(path.read_text("utf-8")) or construct.search(path.read_text("utf-8"))
    }
    assert writers == WRITERS_OF_EVENTS


def test_only_the_door_and_the_line_ask_other_hosts() -> None:
    asking = ("httpx", "httpcore", "ssrfguard", "requests", "urllib3", "urllib.request", "http.client", "aiohttp")
    askers = {
        name
        for name, path in modules("generator", "studio")
        if any(stands_in(target, library) for target in imports(name, path) for library in asking)
    }
    doors = ("generator.connection", "generator.outbound", "generator.public_addresses", "generator.upstream.line")
    assert askers == set(doors)


def test_no_file_has_grown_into_two_rooms() -> None:
    sizes = {
        str(path.relative_to(HOUSE)): len(path.read_text("utf-8").splitlines())
        for path in _own_files("*.py", "*.js", "*.css", "*.html")
    }
    assert len(sizes) > 50
    assert not {name: size for name, size in sizes.items() if size > LONGEST_FILE and name not in TABLES}


def test_every_module_is_named_for_what_it_holds() -> None:
    assert not [name for name, _ in modules("generator", "studio", "tests") if MEANINGLESS & set(name.split("."))]


def test_every_module_says_what_it_is_for() -> None:
    empty = [
        name
        for name, path in modules("generator", "studio", "tests")
        if path.read_text("utf-8").strip() and not ast.get_docstring(parsed(path))
    ]
    assert not empty


def test_the_readme_names_every_variable_that_is_read() -> None:
    settings = parsed(HOUSE / "studio/settings.py")
    read = {
        str(call.args[0].value)
        for call in ast.walk(settings)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and isinstance(call.args[0], ast.Constant)
    }
    assert {"PORT", "DATA_DIR", "SIGN_UP"} <= read
    readme = (HOUSE / "README.md").read_text("utf-8")
    assert not {name for name in read if f"`{name}`" not in readme}


def test_only_the_settings_read_the_environment() -> None:
    allowed = {"studio.env", "studio.asgi"}
    readers = {
        name
        for name, path in modules("studio")
        if re.search(r"\bos\.(?:environ|getenv)\b", path.read_text("utf-8")) and name not in allowed
    }
    assert not readers


def _own_files(*patterns: str) -> Iterator[Path]:
    foreign = {"migrations", "vendor", "assets", "recordings", "fonts"}
    for folder in ("generator", "studio", "tests", "templates", "static"):
        for pattern in patterns:
            yield from (path for path in (HOUSE / folder).rglob(pattern) if not foreign & set(path.parts))
