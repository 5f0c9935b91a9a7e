"""What must be right before the site starts, said in sentences by `manage.py check`, `serve` and everything else."""

from __future__ import annotations

import os
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  Django's name for it

import generator.engine.assets

ASSETS = {"voice.onnx": 1_000_000, "voice_vocab.json": 100, "bank.sf3": 1_000_000, "cmudict.txt": 1_000_000}
"""What the engine needs, with the bytes each file has at least; a Git LFS pointer or a cut download is smaller."""


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
