"""The settings as a process meets them, and the checks that look at them before the site starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from studio import checks
from tests.server import REPOSITORY

pytestmark = pytest.mark.either_database

STRONG = "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def manage(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """One `manage.py` command with this environment and no other."""
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), **environment}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, env=env, capture_output=True, text=True, check=False)


def test_a_site_in_public_passes_every_deployment_check(tmp_path: Path) -> None:
    done = manage(
        tmp_path,
        *("check", "--deploy", "--fail-level", "WARNING"),
        PUBLIC_URL="https://songs.example.org",
        SECRET_KEY=STRONG,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_a_site_without_encryption_does_not_pass_them(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", SECRET_KEY=STRONG)
    assert done.returncode == 1
    assert "studio.W005" in done.stderr


def test_debugging_in_public_is_refused(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", DEBUG="1", PUBLIC_URL="http://songs.example.org")
    assert done.returncode == 1
    assert "DEBUG=1 shows settings and source" in done.stderr
    assert manage(tmp_path, "check", DEBUG="1").returncode == 0


def test_the_secret_key_is_made_once_and_never_printed(tmp_path: Path) -> None:
    first = manage(tmp_path, "check")
    key = (tmp_path / "secret_key").read_text()
    again = manage(tmp_path, "check")
    assert (tmp_path / "secret_key").read_text() == key
    assert key not in first.stdout + first.stderr + again.stdout + again.stderr


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "80000", "PORT='80000' is not a whole number from 1 to 65535."),
        ("PUBLIC_URL", "songs.example.org", "PUBLIC_URL='songs.example.org' is not of the form"),
        ("SIGN_UP", "maybe", "SIGN_UP='maybe' is not one of: open, closed."),
        ("SECRET_KEY", "short", "SECRET_KEY is too easy to guess"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL"),
        ("OUTBOUND_ALLOW", "localhost", "OUTBOUND_ALLOW names 'localhost', which is not of the form 127.0.0.1:9000"),
        ("DATA_DIR", "/dev/null/songs", "DATA_DIR='/dev/null/songs' cannot be made"),
    ],
)
def test_a_wrong_value_ends_the_start_with_a_sentence(tmp_path: Path, name: str, value: str, says: str) -> None:
    done = manage(tmp_path, "check", **{name: value})
    assert done.returncode == 1
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_that_cannot_be_written_to_is_an_error(tmp_path: Path) -> None:
    with override_settings(DATA_DIR=tmp_path / "gone"):
        assert [found.id for found in checks.data_folder(None)] == ["studio.E001"]
    assert not checks.data_folder(None)


def test_missing_sounds_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not checks.engine_assets(None)
    monkeypatch.setitem(checks.ASSETS, "voice.onnx", 10**12)
    found = checks.engine_assets(None)
    assert [message.id for message in found] == ["studio.E002"]
    assert "voice.onnx" in found[0].msg


def test_a_site_with_its_own_engine_does_not_wait_for_what_asks_other_hosts(tmp_path: Path) -> None:
    look = "import sys; from studio import urls; print({'httpx', 'ssrfguard'} & set(sys.modules))"
    assert manage(tmp_path, "shell", "--no-imports", "-c", look).stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("url", "allow", "says"),
    [
        ("", set(), ""),
        ("https://songs.example.org", set(), ""),
        ("http://localhost:9000", set(), "OUTBOUND_ALLOW=localhost:9000"),
        ("http://localhost:9000", {"127.0.0.1:9000"}, "OUTBOUND_ALLOW=localhost:9000"),
        ("http://localhost:9000", {"localhost:9000"}, ""),
        ("http://192.168.1.20", set(), "OUTBOUND_ALLOW=192.168.1.20:80"),
        ("https://[fd00::1]", set(), "OUTBOUND_ALLOW=[fd00::1]:443"),
        ("http://maker", {"other:80"}, "OUTBOUND_ALLOW=maker:80"),
        ("https://songs.example.org:8443", set(), "OUTBOUND_ALLOW=songs.example.org:8443"),
    ],
)
def test_a_host_whose_audio_would_be_refused_is_warned_of(url: str, allow: set[str], says: str) -> None:
    with override_settings(UPSTREAM_URL=url, OUTBOUND_ALLOW=allow):
        found = checks.audio_of_the_host(None)
    assert [message.id for message in found] == (["studio.W010"] if says else [])
    assert all(str(message.hint).endswith(f" {says}") for message in found)


@pytest.mark.parametrize(
    ("host", "public", "ids"),
    [
        ("127.0.0.1", "http://localhost:8000", []),
        ("::1", "http://localhost:8000", []),
        ("0.0.0.0", "http://localhost:8000", ["studio.W004"]),
        ("0.0.0.0", "http://192.168.1.20:8000", []),
    ],
)
def test_an_open_port_without_an_address_is_warned_of(host: str, public: str, ids: list[str]) -> None:
    with override_settings(HOST=host, PUBLIC_URL=public):
        assert [found.id for found in checks.public_address(None)] == ids


def test_passwords_are_kept_by_argon2() -> None:
    assert settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_sessions_and_tokens_are_cookies_of_this_host_alone_where_there_is_encryption(tmp_path: Path) -> None:
    code = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY)"
    )
    public = manage(tmp_path, "shell", "--no-imports", "-c", code, PUBLIC_URL="https://songs.example.org")
    local = manage(tmp_path, "shell", "--no-imports", "-c", code)
    assert public.stdout.split() == ["__Host-session", "True", "True", "True"]
    assert local.stdout.split() == ["session", "False", "False", "True"]
