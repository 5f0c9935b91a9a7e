"""What a browser is told with every piece of sound and every picture, and under which name a take is saved."""

from __future__ import annotations

import re
from email.message import Message
from urllib.parse import unquote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from studio.accounts.models import User
from studio.songs import addresses, generations
from studio.songs.filenames import take_name
from studio.songs.models import Generation, Status, Version, Visibility
from tests.generator.foreign_files import mp3, picture, sound

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]

HOSTILE_TITLES = [
    "Quotes \" and \\ and ' and `",
    "Two\r\nSet-Cookie: session=stolen",
    "Nul \x00 bell \x07 escape \x1b[31m",
    "gpj.exe\u202egnos",
    "../../etc/passwd",
    "..\\..\\windows\\system32",
    "C:\\autoexec.bat",
    "/absolute",
    "CON",
    "nul.txt",
    "com1.mp3",
    "LPT³.x",
    ".hidden",
    "-rf",
    "~/x",
    "...",
    "   ",
    "a" * 200,
    "歌" * 200,
    "👩‍👩‍👧‍👦" * 40,
    "Песня о дожде",
    "שיר על גשם",
    "أغنية المطر",
    "Ünïcödé – “smart”",
    "100% *?<>|",
    "percent %2e%2e%2f %0d%0a",
    "{{7*7}} ${7*7} <script>alert(1)</script>",
    "semi; filename=evil.exe; filename*=UTF-8''evil.exe",
    "new\u2028line\u2029paragraph",
    "lone \ud800 surrogate",
]


def kept(owner: User, title: str = "Home Again", data: bytes | None = None, ending: str = "mp3") -> Generation:
    """A song whose first take lies in storage."""
    row = generations.create(owner, prompt="A waltz")
    name = default_storage.save(f"songs/{row.pk}/take-1-1.{ending}", ContentFile(data or mp3()))
    Version.objects.filter(generation=row, number=1).update(
        state=Version.State.STORED, audio=name, size=default_storage.size(name), sha256="ab" * 32, duration_ms=3000
    )
    Generation.objects.filter(pk=row.pk).update(status=Status.PARTIAL, title=title.replace("\x00", ""))
    row.refresh_from_db()
    return row


def every_address(row: Generation) -> dict[str, str]:
    """Where its media are found, by who they are for."""
    generations.share(row, Visibility.UNLISTED)
    row.refresh_from_db()
    version = row.versions.get(number=1)
    return {
        "own take": addresses.audio(row, version),
        "own cover": addresses.cover(row),
        "take by key": addresses.stream(version),
        "cover by key": addresses.bare_cover(row),
        "shared take": addresses.shared_audio(str(row.share_id), version),
        "shared cover": addresses.shared_cover(str(row.share_id)),
    }


@pytest.mark.parametrize("has_art", [True, False], ids=["artwork", "print"])
@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=0-99"}, {"Range": "bytes=99999999-"}, {"If-None-Match": "*"}])
def test_no_answer_with_media_can_become_a_page(
    alice: User, alice_client: Client, asked: dict[str, str], has_art: bool
) -> None:
    row = kept(alice)
    if has_art:
        row.album_art.save("x.webp", ContentFile(picture("WEBP")))
    for who, address in every_address(row).items():
        for method in ("get", "head"):
            answer = getattr(alice_client, method)(address, headers=asked)
            assert answer.status_code in (200, 206, 304, 416), who
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Content-Type"] in ("audio/mpeg", "image/webp", "image/svg+xml")
            policy = {part.strip() for part in answer["Content-Security-Policy"].split(";")}
            assert {"sandbox", "default-src 'none'"} <= policy
            assert not any("script" in part for part in policy)
            assert "Set-Cookie" not in answer


def test_what_is_private_stays_in_no_cache_and_on_no_other_page(alice: User, alice_client: Client) -> None:
    row = kept(alice)
    told = {who: alice_client.get(address) for who, address in every_address(row).items()}
    for who, answer in told.items():
        if "shared" in who:
            assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
        elif who == "own cover":  # its owner's browser may keep it, and asks each time whether it may be shown
            assert answer["Cache-Control"] == "private, no-cache"
        else:
            assert answer["Cache-Control"] == "private, no-store"
        assert answer["Cross-Origin-Resource-Policy"] == ("same-origin" if "own" in who else "cross-origin")


@pytest.mark.parametrize(
    ("ending", "data", "kind"),
    [
        ("mp3", mp3(), "audio/mpeg"),
        ("wav", sound("WAV"), "audio/wav"),
        ("flac", sound("FLAC"), "audio/flac"),
        ("ogg", sound("OGG"), "audio/ogg"),
        ("html", b"<script>", "application/octet-stream"),
    ],
)
def test_a_take_is_served_and_saved_as_what_it_was_found_to_be(
    alice: User, alice_client: Client, ending: str, data: bytes, kind: str
) -> None:
    row = kept(alice, data=data, ending=ending)
    answer = alice_client.get(f"{addresses.audio(row, row.versions.get(number=1))}?download=1")
    assert answer["Content-Type"] == kind
    assert saved_as(answer["Content-Disposition"]) == f"Home Again (take A).{ending}"


def test_the_shared_page_names_the_type_of_its_sound(alice: User, client: Client) -> None:
    row = kept(alice, data=sound("FLAC"), ending="flac")
    generations.share(row, Visibility.PUBLIC)
    row.refresh_from_db()
    page = client.get(addresses.shared(str(row.share_id)))
    assert '<meta property="og:audio:type" content="audio/flac">' in page.text


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_a_take_can_be_saved_whatever_its_title(alice: User, alice_client: Client, title: str) -> None:
    if "\ud800" in title or len(title) > 200:
        name = take_name(title, "A", "mp3")  # no database keeps one
    else:
        row = kept(alice, title)
        answer = alice_client.get(f"{addresses.audio(row, row.versions.get(number=1))}?download=1")
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment; filename")
        assert not re.search(r"[\x00-\x1f\x7f]", answer["Content-Disposition"])
        name = saved_as(answer["Content-Disposition"])
        assert name == take_name(row.name, "A", "mp3")
    assert name.endswith(" (take A).mp3")
    assert len(name.encode()) <= 200
    assert not set(name) & set('/\\:*?"<>|\r\n\t\0\u202e\u2028\u2029\x1b')
    assert name[0] not in " .-~"
    assert name.partition(".")[0].rstrip().lower() not in {"con", "nul", "com1", "lpt³"}


@pytest.mark.parametrize("title", ["Песня о дожде", "שיר על גשם", "أغنية المطر", "歌", "Ünïcödé – “smart”", "👩‍👩‍👧"])
def test_a_name_in_any_script_stays_itself(title: str) -> None:
    assert take_name(title, "B", "mp3") == f"{title} (take B).mp3"


def test_a_long_name_is_cut_between_letters() -> None:
    assert take_name("歌" * 200, "A", "wav") == f"{'歌' * 50} (take A).wav"


def saved_as(disposition: str) -> str:
    """The name a browser takes from the header: the parameter in UTF-8 first (RFC 6266)."""
    extended = re.search(r"filename\*=utf-8''([^;]+)$", disposition, re.IGNORECASE)
    if extended:
        return unquote(extended[1])
    parsed = Message()
    parsed["Content-Disposition"] = disposition
    return str(parsed.get_filename())
