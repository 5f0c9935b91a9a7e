"""Where what people make would not last, the site does not start, and says what to do instead."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from studio import checks
from studio.accounts.models import User
from tests.studio.rows import saved_song
from tests.studio.test_settings import manage

MOUNTS = """\
/dev/vda1 / ext4 rw 0 0
tmpfs /mem tmpfs rw 0 0
files:/export /net nfs4 rw 0 0
files:/export /net/local\\040disk xfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [("/srv/duplet", "ext4"), ("/mem/songs", "tmpfs"), ("/net/songs", "nfs4"), ("/net/local disk/songs", "xfs")],
)
def test_it_knows_what_kind_of_drive_a_folder_lies_on(tmp_path: Path, folder: str, kind: str) -> None:
    (tmp_path / "mounts").write_text(MOUNTS)
    assert checks.file_system(Path(folder), str(tmp_path / "mounts")) == kind
    assert checks.file_system(Path(folder), str(tmp_path / "nothing")) == ""


def _on(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(checks, "file_system", lambda folder: kind)


def _in(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    kept = {"ENGINE": f"django.db.backends.{engine}", "NAME": "/srv/duplet/duplet.sqlite3"}
    monkeypatch.setitem(settings.DATABASES, "default", kept)


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_sqlite_on_a_network_drive_is_refused(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    _on(monkeypatch, kind)
    _in(monkeypatch, "sqlite3")
    (found,) = checks.kept_for_good(None)
    assert found.id == "studio.E023"
    assert "PostgreSQL" in str(found.hint)
    _in(monkeypatch, "postgresql")
    assert checks.kept_for_good(None) == []


@pytest.mark.parametrize("url", ["sqlite://:memory:", "sqlite://"])
def test_a_database_in_memory_is_refused(tmp_path: Path, url: str) -> None:
    done = manage(tmp_path, "check", DATABASE_URL=url)
    assert done.returncode == 1
    assert "studio.E022" in done.stderr


def test_any_other_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", DATABASE_URL="mysql://duplet:secret@db.example.org/duplet")
    assert done.returncode == 1
    assert "SQLite or PostgreSQL" in done.stderr
    assert "secret" not in done.stderr


def test_a_site_for_others_whose_songs_lie_in_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _on(monkeypatch, "tmpfs")
    _in(monkeypatch, "postgresql")
    public = "https://songs.example.org"
    with override_settings(PUBLIC_URL=public, DATA_DIR=Path("/mem/duplet")):
        assert [found.id for found in checks.kept_for_good(None)] == ["studio.E021"]
    with override_settings(PUBLIC_URL=settings.LOCAL_URL, DATA_DIR=Path("/mem/duplet")):
        assert checks.kept_for_good(None) == []
    with override_settings(PUBLIC_URL=public, DATA_DIR=Path(tempfile.gettempdir()).resolve() / "duplet"):
        assert checks.kept_for_good(None) == []


def test_a_database_whose_songs_lie_elsewhere_is_refused(alice: User) -> None:
    song = saved_song(alice, "Home Again")
    assert checks.careful_database(None, databases=["default"]) == []
    song.versions.update(audio=f"songs/{song.pk}/take-of-another-folder.mp3")
    assert [found.id for found in checks.careful_database(None, databases=["default"])] == ["studio.E026"]


@pytest.mark.django_db
def test_it_looks_at_the_database_only_where_it_is_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.careful_database(None, databases=["default"]) == []
    monkeypatch.setattr(connection, "cursor", None)
    assert checks.careful_database(None) == []


@pytest.mark.parametrize("command", ["serve", "relay"])
def test_a_database_that_does_not_answer_is_told_in_a_sentence_without_its_password(
    tmp_path: Path, command: str
) -> None:
    done = manage(tmp_path, command, DATABASE_URL="postgres://duplet:secret@127.0.0.1:1/duplet")
    assert done.returncode == 1
    assert done.stderr.startswith("The database does not answer: ")
    assert "refused" in done.stderr
    assert "secret" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_redis_that_is_none_is_refused_without_repeating_its_password(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", REDIS_URL="http://:secret@127.0.0.1:6379")
    assert done.returncode == 1
    assert done.stderr.startswith("A setting is wrong: REDIS_URL begins with 'http'")
    assert "secret" not in done.stderr
