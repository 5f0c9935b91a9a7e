"""Settings from the environment, read through typed helpers that fail loudly.

Each helper raises `ImproperlyConfigured` with the variable's name, what it holds and what would be right, because a
site that starts with a misread setting is worse than one that does not start.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from redis.connection import parse_url

SQLITE = "django.db.backends.sqlite3"

HOST_OF_PLACE = re.compile(r"\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9.])?")
"""A host's name or IPv4 address, or an IPv6 address in brackets. Names beyond ASCII begin with "xn--" here."""


def text(name: str, default: str) -> str:
    """The variable's text, or `default` where it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    """True only for "1"; unset, empty and "0" are False; anything else is refused."""
    value = os.environ.get(name, "").strip()
    if value not in ("", "0", "1"):
        raise ImproperlyConfigured(f"{name}={value!r} is neither 0 nor 1.")
    return value == "1"


def whole(name: str, default: int, low: int, high: int) -> int:
    """A whole number from `low` to `high`, both included."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or len(value) > 18 or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number from {low} to {high}.")
    return int(value)


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """One of the words in `allowed`."""
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r} is not one of: {', '.join(allowed)}.")
    return value


def several(name: str, allowed: tuple[str, ...]) -> frozenset[str]:
    """Words of `allowed`, with commas between them; "none" for none of them, all of them where it is unset."""
    value = text(name, ",".join(allowed))
    words = frozenset(word.strip() for word in value.split(",")) if value != "none" else frozenset()
    if not words <= set(allowed):
        raise ImproperlyConfigured(f"{name}={value!r} is neither none nor a list of these: {', '.join(allowed)}.")
    return words


def address(name: str, default: str) -> str:
    """An origin as browsers write it, "scheme://host[:port]": in lower case, no path, no port that goes unsaid."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    try:
        parts.port  # noqa: B018  raises where the port is no number
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value!r} has a port that is no number.") from error
    beyond = parts.path or parts.query or parts.fragment or parts.username
    if parts.scheme not in ("http", "https") or not parts.hostname or beyond:
        raise ImproperlyConfigured(f"{name}={value!r} is not of the form https://songs.example.org")
    usual = {"http": ":80", "https": ":443"}[parts.scheme]
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(usual)}"


def base_address(name: str) -> str:
    """An address under which an API lies, path and all, such as https://api.example.org/v1; "" where it is unset."""
    value = text(name, "").rstrip("/")
    if not value:
        return ""
    parts = urlsplit(value)
    try:
        parts.port  # noqa: B018  raises where the port is no number
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value!r} has a port that is no number.") from error
    beyond = parts.query or parts.fragment or parts.username
    if parts.scheme not in ("http", "https") or not parts.hostname or beyond or not value.isascii() or " " in value:
        raise ImproperlyConfigured(f"{name}={value!r} is not of the form https://api.example.org/v1")
    return value


def places(name: str) -> frozenset[str]:
    """Hosts with their ports, "host:port" or "[::1]:port" with commas between them, in lower case; none where unset."""
    value = text(name, "")
    found = frozenset(one.strip().lower() for one in value.split(",") if one.strip())
    for one in found:
        host, _, port = one.rpartition(":")
        known = HOST_OF_PLACE.fullmatch(host) and port.isascii() and port.isdigit() and len(port) < 6
        if not known or not 1 <= int(port) <= 65535:
            raise ImproperlyConfigured(
                f"{name} names {one!r}, which is not of the form 127.0.0.1:9000: a host as addresses write it, "
                "a colon and a port, with commas between several."
            )
    return found


def folder(name: str, default: Path) -> Path:
    """A folder that exists (made here if need be) and can be written to."""
    path = Path(text(name, str(default))).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name}={str(path)!r} cannot be made: {error.strerror}.") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"{name}={str(path)!r} cannot be written to.")
    return path


def database(name: str, default: Path) -> dict[str, Any]:
    """Django's settings of the database at an address like postgres://user:password@host/name; SQLite at `default`."""
    value = text(name, "")
    if not value:
        return {"ENGINE": SQLITE, "NAME": str(default)}
    scheme = value.partition(":")[0]  # the rest may hold a password
    try:
        if scheme in ("postgres", "postgresql", "sqlite"):
            return dict(dj_database_url.parse(value))
    except ValueError:
        pass
    raise ImproperlyConfigured(
        f"{name} begins with {scheme!r} and is no address of the form postgres://user:password@host/name. "
        "Duplet keeps what it knows in SQLite or PostgreSQL."
    )


def redis(name: str) -> str:
    """The address of a Redis, like redis://:password@host:6379/0; empty where none is set."""
    value = text(name, "")
    if not value:
        return ""
    scheme = value.partition(":")[0]  # the rest may hold a password
    try:
        parse_url(value)  # type: ignore[no-untyped-call]  # it carries no types
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} begins with {scheme!r} and is no address of the form redis://:password@host:6379/0."
        ) from error
    return value


def secret(name: str, keep: Path) -> str:
    """The variable's text (50 characters or more), or a random one made at the first start and kept in `keep`."""
    value = os.environ.get(name, "").strip()
    if value:
        if len(value) < 50 or len(set(value)) < 5:
            raise ImproperlyConfigured(f"{name} is too easy to guess: give it 50 random characters or more.")
        return value
    if not keep.exists():
        # Written aside and then linked: whoever reads it, reads it whole, and of two first starts one key wins.
        aside = keep.with_name(f"{keep.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            keep.hardlink_to(aside)
        aside.unlink()
    return keep.read_text().strip()
