"""Settings from the environment are read exactly, or refused with a sentence that names the variable."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from generator import outbound
from studio import env

pytestmark = pytest.mark.either_database


@pytest.mark.parametrize(("value", "read"), [(None, "there"), ("", "there"), ("  ", "there"), (" here ", "here")])
def test_text_falls_back_where_nothing_stands(monkeypatch: pytest.MonkeyPatch, value: str | None, read: str) -> None:
    _set(monkeypatch, value)
    assert env.text("X", "there") == read


@pytest.mark.parametrize(("value", "read"), [(None, False), ("", False), ("0", False), ("1", True)])
def test_a_flag_is_on_only_at_one(monkeypatch: pytest.MonkeyPatch, value: str | None, read: bool) -> None:
    _set(monkeypatch, value)
    assert env.flag("X") is read


@pytest.mark.parametrize("value", ["true", "yes", "no", "2", "on"])
def test_a_flag_that_could_be_misread_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    _set(monkeypatch, value)
    with pytest.raises(ImproperlyConfigured, match=f"X='{value}' is neither 0 nor 1"):
        env.flag("X")


@pytest.mark.parametrize(("value", "read"), [(None, 7), ("1", 1), ("65535", 65535)])
def test_a_whole_number_includes_both_ends(monkeypatch: pytest.MonkeyPatch, value: str | None, read: int) -> None:
    _set(monkeypatch, value)
    assert env.whole("X", 7, 1, 65535) == read


@pytest.mark.parametrize("value", ["0", "65536", "-1", "8000.5", "8e3", "eighty", "٨٠", "9" * 5000])
def test_what_is_no_number_in_range_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    _set(monkeypatch, value)
    with pytest.raises(ImproperlyConfigured, match="is not a whole number from 1 to 65535"):
        env.whole("X", 7, 1, 65535)


def test_a_choice_takes_its_own_words_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.choice("X", "open", ("open", "closed")) == "open"
    _set(monkeypatch, "closed")
    assert env.choice("X", "open", ("open", "closed")) == "closed"
    _set(monkeypatch, "Closed")
    with pytest.raises(ImproperlyConfigured, match="not one of: open, closed"):
        env.choice("X", "open", ("open", "closed"))


@pytest.mark.parametrize(
    ("value", "read"),
    [(None, {"a", "b"}), ("", {"a", "b"}), ("a", {"a"}), ("b, a", {"a", "b"}), ("none", set())],
)
def test_several_words_are_all_one_some_or_none(
    monkeypatch: pytest.MonkeyPatch, value: str | None, read: set[str]
) -> None:
    monkeypatch.delenv("X", raising=False)
    if value is not None:
        monkeypatch.setenv("X", value)
    assert env.several("X", ("a", "b")) == read


@pytest.mark.parametrize("value", ["c", "a,c", "a b", "None", "a,none"])
def test_a_word_that_is_not_among_them_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured, match="X="):
        env.several("X", ("a", "b"))


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("https://songs.example.org", "https://songs.example.org"),
        ("https://songs.example.org/", "https://songs.example.org"),
        ("http://192.168.1.20:8000", "http://192.168.1.20:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("HTTPS://Songs.Example.org:443", "https://songs.example.org"),
        ("http://songs.example.org:80", "http://songs.example.org"),
    ],
)
def test_an_address_is_an_origin(monkeypatch: pytest.MonkeyPatch, value: str, read: str) -> None:
    _set(monkeypatch, value)
    assert env.address("X", "http://localhost") == read


@pytest.mark.parametrize(
    "value",
    [
        "songs.example.org",
        "ftp://songs.example.org",
        "https://songs.example.org/studio",
        "https://songs.example.org?a=1",
        "https://songs.example.org#top",
        "https://me:secret@songs.example.org",
        "https://songs.example.org:port",
        "https://songs.example.org:99999",
        "https://",
    ],
)
def test_what_is_no_origin_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    _set(monkeypatch, value)
    with pytest.raises(ImproperlyConfigured, match="X="):
        env.address("X", "http://localhost")


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, ""),
        (" ", ""),
        ("https://api.example.org/v1", "https://api.example.org/v1"),
        ("http://127.0.0.1:11434/v1/", "http://127.0.0.1:11434/v1"),
    ],
)
def test_base_addresses_may_have_a_path(monkeypatch: pytest.MonkeyPatch, value: str | None, read: str) -> None:
    _set(monkeypatch, value)
    assert env.base_address("X") == read


@pytest.mark.parametrize(
    "value", ["api.example.org/v1", "ftp://h/v1", "http://me:secret@h/v1", "http://h/v1?a=1", "http://h:x"]
)
def test_what_is_no_base_address_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    _set(monkeypatch, value)
    with pytest.raises(ImproperlyConfigured, match="X="):
        env.base_address("X")


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, set()),
        (" ", set()),
        (",", set()),
        ("127.0.0.1:9000", {"127.0.0.1:9000"}),
        ("Maker:80, [::1]:8000,songs.example.org.:443", {"maker:80", "[::1]:8000", "songs.example.org.:443"}),
    ],
)
def test_places_are_hosts_with_ports(monkeypatch: pytest.MonkeyPatch, value: str | None, read: set[str]) -> None:
    _set(monkeypatch, value)
    assert env.places("X") == read
    for one in read:
        outbound.place(one)


@pytest.mark.parametrize(
    "value",
    [
        *("localhost", "localhost:", ":80", "localhost:0", "localhost:65536", "localhost:http", "localhost:٨٠", "*:80"),
        *(
            "http://localhost:80",
            "localhost:80/",
            "me@localhost:80",
            "::1:80",
            "a b:80",
            "10.0.0.0/8:80",
            "ü.example:80",
        ),
        *("localhost:80;localhost:81", "localhost:80,all", "my_host:80", "host-:80"),
    ],
)
def test_what_is_no_place_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    _set(monkeypatch, value)
    with pytest.raises(ImproperlyConfigured, match="not of the form 127"):
        env.places("X")


def test_a_folder_is_made_where_it_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _set(monkeypatch, str(tmp_path / "new one" / "deep"))
    assert env.folder("X", tmp_path) == tmp_path / "new one" / "deep"
    assert (tmp_path / "new one" / "deep").is_dir()


def test_a_file_in_the_folders_place_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    _set(monkeypatch, str(tmp_path / "file"))
    with pytest.raises(ImproperlyConfigured, match="cannot be made"):
        env.folder("X", tmp_path)


def test_the_database_is_a_file_until_an_address_is_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    odd = tmp_path / "100% mine #1?.sqlite3"
    assert env.database("X", odd) == {"ENGINE": "django.db.backends.sqlite3", "NAME": str(odd)}
    _set(monkeypatch, "postgres://duplet:secret@db.example.org:5433/songs")
    given = env.database("X", odd)
    assert given["ENGINE"] == "django.db.backends.postgresql"
    assert (given["HOST"], given["PORT"], given["NAME"], given["USER"]) == ("db.example.org", 5433, "songs", "duplet")


@pytest.mark.parametrize(
    "value", ["nonsense", "unheard-of://duplet:secret@db.example.org/songs", "postgres://h:port/n"]
)
def test_what_is_no_database_is_refused_without_repeating_its_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str
) -> None:
    _set(monkeypatch, value)
    with pytest.raises(ImproperlyConfigured, match="X begins with") as refused:
        env.database("X", tmp_path)
    assert "secret" not in str(refused.value)


def test_the_secret_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    first = env.secret("X", tmp_path / "key")
    assert len(first) >= 64
    assert env.secret("X", tmp_path / "key") == first
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("value", ["short", "a" * 80])
def test_a_secret_that_can_be_guessed_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str) -> None:
    _set(monkeypatch, value)
    with pytest.raises(ImproperlyConfigured, match="too easy to guess"):
        env.secret("X", tmp_path / "key")
    assert not (tmp_path / "key").exists()


def _set(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    if value is None:
        monkeypatch.delenv("X", raising=False)
    else:
        monkeypatch.setenv("X", value)
