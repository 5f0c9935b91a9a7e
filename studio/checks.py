"""What must be right before the site starts, said in sentences by `manage.py check`, `serve` and everything else."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  Django's name for it
from django.db import connection

import generator.engine.assets
from studio.env import SQLITE

ASSETS = {"voice.onnx": 1_000_000, "voice_vocab.json": 100, "bank.sf3": 1_000_000, "cmudict.txt": 1_000_000}
"""What the engine needs, with the bytes each file has at least; a Git LFS pointer or a cut download is smaller."""


NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "glusterfs", "afs", "9p", "fuse.sshfs", "fuse.s3fs")
)
"""File systems behind which another machine may hold the same file: SQLite's shared memory and locks end there."""
GONE_AT_RESTART = frozenset(("tmpfs", "ramfs"))


@register()
def data_folder(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """DATA_DIR takes files: songs, the database and the secret key live there."""
    del app_configs
    if os.access(settings.DATA_DIR, os.R_OK | os.W_OK | os.X_OK):
        return []
    hint = "Give it to the user that runs the site, or set DATA_DIR to another folder."
    return [Error(f"The folder {settings.DATA_DIR} cannot be written to.", hint=hint, id="studio.E001")]


@register()
def engine_assets(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """The engine's voice, instruments and dictionary are there as a whole."""
    del app_configs
    folder = Path(generator.engine.assets.__file__).parent
    missing = [
        name
        for name, least in ASSETS.items()
        if not (folder / name).is_file() or (folder / name).stat().st_size < least
    ]
    if not missing:
        return []
    hint = "Check the repository out again; generator/engine/assets/README.md says where the files come from."
    return [Error(f"Missing or cut short in {folder}: {', '.join(missing)}.", hint=hint, id="studio.E002")]


@register()
def public_address(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """PUBLIC_URL fits the rest: no debugging in public, and an open port has an address to be reached at."""
    del app_configs
    found: list[CheckMessage] = []
    if settings.DEBUG and not _is_local(str(urlsplit(settings.PUBLIC_URL).hostname)):
        found.append(
            Error(
                f"DEBUG=1 shows settings and source to every visitor of {settings.PUBLIC_URL}.",
                hint="Unset DEBUG, or unset PUBLIC_URL.",
                id="studio.E003",
            )
        )
    if not _is_local(settings.HOST) and settings.PUBLIC_URL == settings.LOCAL_URL:
        found.append(
            Warning(
                f"The site listens on {settings.HOST}, but answers only to the name localhost.",
                hint="Set PUBLIC_URL to the address people use, for example http://192.168.1.20:8000.",
                id="studio.W004",
            )
        )
    return found


@register()
def audio_of_the_host(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Where another host makes the songs, its audio can be fetched from there, as far as its address says."""
    del app_configs
    if not settings.UPSTREAM_URL:
        return []
    from generator import outbound  # noqa: PLC0415  a tenth of a second that few need

    if not outbound.refuses(settings.UPSTREAM_URL, settings.OUTBOUND_ALLOW):
        return []
    return [
        Warning(
            f"Audio that lies at {settings.UPSTREAM_URL} itself will be refused: that is no public address on port "
            "80 or 443.",
            hint=f"If you trust that host, set OUTBOUND_ALLOW={outbound.place_of(settings.UPSTREAM_URL)}",
            id="studio.W010",
        )
    ]


@register()
def kept_for_good(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """What people make lies where it stays: in a file of a disk of this machine, or in PostgreSQL."""
    del app_configs
    database = settings.DATABASES["default"]
    found: list[CheckMessage] = []
    if database["ENGINE"] == SQLITE:
        found += _sqlite_file(str(database["NAME"]))
    if settings.PUBLIC_URL != settings.LOCAL_URL and _is_gone_at_restart(Path(settings.DATA_DIR)):
        found.append(
            Error(
                f"DATA_DIR={settings.DATA_DIR} lies in this machine's memory: at the next restart every song is gone.",
                hint="Set DATA_DIR to a folder on a disk.",
                id="studio.E021",
            )
        )
    return found


def _is_gone_at_restart(folder: Path) -> bool:
    """It lies in memory, and not where everybody knows that things are temporary."""
    return file_system(folder) in GONE_AT_RESTART and not folder.is_relative_to(Path(tempfile.gettempdir()).resolve())


def _sqlite_file(name: str) -> list[CheckMessage]:
    if not name or ":memory:" in name or "mode=memory" in name:
        sentence = "This database is in memory: each process would have one of its own, and none outlives it."
        hint = "Unset DATABASE_URL, or name a file or a PostgreSQL."
        return [Error(sentence, hint=hint, id="studio.E022")]
    kind = file_system(Path(name).parent)
    if kind in NETWORK:
        sentence = (
            f"The database {name} lies on a network drive ({kind}), where SQLite's locks and its log do not hold."
        )
        hint = "Set DATA_DIR to a folder of this machine, or DATABASE_URL to a PostgreSQL."
        return [Error(sentence, hint=hint, id="studio.E023")]
    return []


@register(Tags.database)
def careful_database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """The database keeps what it has confirmed, and its songs lie in this DATA_DIR: asked by `serve` and `relay`."""
    del app_configs
    if not databases:
        return []
    found = _songs_are_here()
    if connection.vendor != "postgresql":
        return found
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'")
        off = sorted(name for (name,) in cursor.fetchall())
        cursor.execute("SHOW server_encoding")
        encoding = cursor.fetchone()[0]
    if off:
        sentence = f"PostgreSQL runs with {' and '.join(off)} off: after a power cut its songs may be lost or damaged."
        hint = "Switch it on in postgresql.conf and restart PostgreSQL."
        found.append(Warning(sentence, hint=hint, id="studio.W024"))
    if encoding != "UTF8":
        sentence = f"The database is kept as {encoding}, which cannot hold every word that people write."
        found.append(Error(sentence, hint="Make one with ENCODING 'UTF8' and set DATABASE_URL.", id="studio.E025"))
    return found


def _songs_are_here() -> list[CheckMessage]:
    """The newest stored takes have their files: a database beside another DATA_DIR would lose what is made next."""
    from studio.songs.models import Version  # noqa: PLC0415  models are there once the apps are

    if Version._meta.db_table not in connection.introspection.table_names():
        return []
    newest = Version.objects.filter(state=Version.State.STORED).exclude(audio="").order_by("-pk")[:3]
    lost = [version for version in newest if not version.audio.storage.exists(str(version.audio.name))]
    if not lost or len(lost) < len(newest):
        return []
    sentence = f"The newest songs of this database are not in {settings.DATA_DIR}: it belongs to another DATA_DIR."
    hint = "Set DATA_DIR to the folder that was copied or shared with this database, or DATABASE_URL to the right one."
    return [Error(sentence, hint=hint, id="studio.E026")]


def file_system(folder: Path, mounts: str = "/proc/self/mounts") -> str:
    """The kind of file system that `folder` lies on, as the kernel names it; empty where there is no way to tell."""
    try:
        lines = Path(mounts).read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""  # not on Linux
    places = [(fields[1].replace("\\040", " "), fields[2]) for line in lines if len(fields := line.split()) > 2]
    around = [(place, kind) for place, kind in places if folder.resolve().is_relative_to(place)]
    return max(around, key=lambda found: len(found[0]))[1] if around else ""


@register(Tags.security, deploy=True)
def encrypted_address(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """A site for others is reached over https."""
    del app_configs
    if settings.SECURE:
        return []
    hint = "Set PUBLIC_URL to the https:// address of the proxy in front."
    return [Warning(f"PUBLIC_URL={settings.PUBLIC_URL} is not encrypted.", hint=hint, id="studio.W005")]


def _is_local(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
