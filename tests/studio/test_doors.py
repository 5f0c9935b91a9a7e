"""Who may come in where: every address and every socket, asked for by nobody, by somebody else and by their program."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from generator.given import Heard, facts
from studio.accounts import keys
from studio.accounts.models import ApiKey, User
from studio.songs import drafts, generations, presets
from studio.songs.drafts import Draft
from studio.songs.models import Generation, Stems, Version, Visibility
from studio.songs.presets import Preset
from studio.songs.shelves import Playlist
from studio.songs.sounds import Sound
from tests.studio.doors import DOORS, SOCKETS, Door, Who, doors, sockets
from tests.studio.rows import saved_song

pytestmark = pytest.mark.either_database
"""Who may come in is asked before anything of a database."""

ALL = list(doors())
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
FORM = {"title": "Bob was here", "visibility": "public", "prompt": "a song", "name": "key", "action": "delete"}
EVIL = "https://evil.example"


@dataclass(frozen=True, slots=True)
class Alices:
    """What Alice has that nobody else may see or change."""

    song: Generation
    key: ApiKey
    preset: Preset
    passkey: Authenticator
    once_shared_at: str
    secrets: tuple[bytes, ...]

    def parts(self, door: Door) -> dict[str, object]:
        """What an address of hers is made of, as far as others can know it; secrets in addresses are wrong ones."""
        numbers = {"account/keys/": self.key.pk, "presets/": self.preset.pk, "account/security/": self.passkey.pk}
        number = next((pk for place, pk in numbers.items() if door.pattern.startswith(place)), self.song.pk)
        shared = {"share_id": self.once_shared_at, "message_id": self.song.pk, "object_id": self.song.pk}
        return {"pk": number, "key": "wrong-key", "token": "wrong-token", **shared}

    def now(self) -> Any:
        """Everything that could have been changed."""
        songs = list(Generation.objects.filter(owner=self.song.owner).order_by("pk").values())
        takes = list(Version.objects.filter(generation__owner=self.song.owner).order_by("pk").values())
        kept = [list(rows.filter(owner=self.song.owner).values()) for rows in (Preset.objects, Draft.objects)]
        return (
            songs,
            takes,
            kept,
            list(Authenticator.objects.values("data")),
            list(ApiKey.objects.filter(user=self.song.owner).values()),
        )


@pytest.fixture
def alices(alice: User) -> Alices:
    """A song of Alice's that was shared once and is private again, a playlist of the same id, and a key of hers."""
    song = saved_song(alice, "Titleheron", prompt="promptheron", lyrics="lyricsheron")
    take = song.versions.get(number=1)
    take.midi.save(f"songs/{song.pk}/take-1.mid", ContentFile(b"MThd"))
    stems = Stems(version=take, state=Stems.State.READY, size=4, sha256="5" * 64, made_at=timezone.now())
    stems.archive.save(f"songs/{song.pk}/stems-1.zip", ContentFile(b"heron"))
    generations.share(song, Visibility.PUBLIC)
    once_shared_at = str(song.share_id)
    generations.share(song, Visibility.PRIVATE)
    song.refresh_from_db()
    Playlist.objects.create(pk=song.pk, owner=alice, name="Playlistheron")
    heard = facts(Heard(kind="music", seconds=1.0, music=None, melody=None))
    kept = Sound(pk=song.pk, owner=alice, name="Soundheron", size=5, heard=heard)
    kept.file.save("sounds/x.flac", ContentFile(b"heron"))
    row, key = keys.issue(alice, "Keyheron")
    presets.keep(alice, "Presetheron", {"prompt": "promptheron"})
    drafts.save(alice, {"prompt": "draftheron"}, revision=0)
    words = ("heron", alice.email, key, song.art_key, *(take.stream_key for take in song.versions.all()))
    passkey = Authenticator.objects.create(user=alice, type="webauthn", data={"name": "Passkeyheron", "credential": {}})
    return Alices(song, row, presets.of(alice).get(), passkey, once_shared_at, tuple(word.encode() for word in words))


def ask(client: Client, method: str, path: str, *, secure: bool = False, headers: dict[str, str] | None = None) -> Any:
    """One request, as complete as a browser or a program would send it."""
    is_json = path.startswith("/v6/")
    body = json.dumps(FORM) if is_json else "&".join(f"{name}={value}" for name, value in FORM.items())
    kind = "application/json" if is_json else "application/x-www-form-urlencoded"
    given = {} if method in ("GET", "HEAD", "OPTIONS") else {"data": body, "content_type": kind}
    return client.generic(method, path, secure=secure, headers=headers, **given)  # type: ignore[arg-type]


def fresh(user: User | None = None, *, strict: bool = False) -> Client:
    client = Client(raise_request_exception=False, enforce_csrf_checks=strict)
    if user:
        client.force_login(user)
    return client


def shown(answer: Any) -> bytes:
    """Headers and body; of what is sent little by little, the headers."""
    return str(dict(answer.headers)).encode() + (b"" if answer.streaming else answer.content)


def is_no_fault(answer: Any, path: str) -> bool:
    """Never 500. No songs are made where only pages are tested: that is for /readyz to say."""
    return answer.status_code < 500 or (path, answer.status_code) == ("/readyz", 503)


def door_id(door: Door) -> str:
    return door.pattern or "/"


def test_every_address_and_every_socket_has_a_row_that_says_who_may_come_in() -> None:
    assert len(ALL) > 50
    assert not [door.pattern for door in ALL if door.who is None]
    assert not set(DOORS) - {door.pattern for door in ALL}
    assert set(sockets()) == set(SOCKETS)


@pytest.mark.django_db
@pytest.mark.parametrize("door", ALL, ids=door_id)
def test_nobody_comes_in_where_somebody_must_be_known(door: Door, alices: Alices) -> None:
    before, path = alices.now(), door.path(**alices.parts(door))
    for method in METHODS:
        answer = ask(fresh(), method, path)
        said = f"{method} {path}: {answer.status_code}"
        match door.who:
            case Who.PERSON | Who.OWNER | Who.OPERATOR:
                assert answer.status_code in (302, 405), said
                if answer.status_code == 302:
                    assert unquote(answer["Location"]).startswith(
                        ("/account/login/?next=/", "/admin/login/?next=/admin/")
                    ), said
            case Who.KEY:
                assert answer.status_code in (204, 401, 405), said
            case Who.HOLDER:
                assert answer.status_code in (404, 405, 410) or path.startswith("/signin/"), said
            case _:
                assert is_no_fault(answer, path), said
        assert not [word for word in alices.secrets if word in shown(answer)], said
    assert alices.now() == before


@pytest.mark.django_db
@pytest.mark.parametrize("door", ALL, ids=door_id)
def test_somebody_else_finds_nothing_and_changes_nothing(door: Door, alices: Alices, bob: User) -> None:
    before, path = alices.now(), door.path(**alices.parts(door))
    for method in METHODS:
        answer = ask(fresh(bob), method, path)
        said = f"{method} {path}: {answer.status_code}"
        match door.who:
            case Who.OWNER:
                assert answer.status_code in (404, 405) or (method == "OPTIONS" and not answer.content), said
            case Who.OPERATOR:
                assert answer.status_code in (302, 403, 404, 405), said
            case Who.KEY:
                assert answer.status_code in (204, 401, 405), said
            case Who.HOLDER:
                assert answer.status_code in (404, 405, 410) or path.startswith("/signin/"), said
            case _:
                assert is_no_fault(answer, path), said
        assert not [word for word in alices.secrets if word in shown(answer)], said
    assert alices.now() == before


@pytest.mark.django_db
@pytest.mark.parametrize("door", ALL, ids=door_id)
def test_somebody_elses_program_finds_nothing_and_changes_nothing(door: Door, alices: Alices, bob: User) -> None:
    before, path = alices.now(), door.path(**alices.parts(door))
    key = keys.issue(bob, "Laptop")[1]
    for method in METHODS:
        answer = ask(fresh(), method, path, headers={"authorization": f"Bearer {key}"})
        said = f"{method} {path}: {answer.status_code}"
        match door.who:
            case Who.PERSON | Who.OWNER | Who.OPERATOR:  # a key opens no page
                assert answer.status_code in (302, 405), said
            case Who.KEY if "message_id" in door.pattern:
                assert answer.status_code in (204, 404, 405), said
            case _:
                assert is_no_fault(answer, path), said
        assert not [word for word in alices.secrets if word in shown(answer)], said
    assert alices.now() == before


@pytest.mark.django_db
@pytest.mark.parametrize("door", [door for door in ALL if door.who == Who.OWNER], ids=door_id)
def test_the_owner_comes_in(door: Door, alices: Alices, alice: User) -> None:
    answer = ask(fresh(alice), "GET", door.path(**alices.parts(door)))
    is_asked_again = answer.status_code == 302 and "/reauthenticate/" in answer["Location"]
    assert answer.status_code in (200, 405) or is_asked_again


@pytest.mark.django_db
@pytest.mark.parametrize("door", [door for door in ALL if door.who == Who.OPERATOR], ids=door_id)
def test_the_operator_is_refused_nowhere_in_the_office(door: Door, alices: Alices) -> None:
    operator = User.objects.create_superuser("operator@example.org")
    answer = ask(fresh(operator), "GET", door.path(**alices.parts(door)))
    is_changing = door.pattern.endswith(("add/", "delete/", "change/", "autocomplete/", "<path:object_id>/"))
    assert answer.status_code in ((200, 302, 403, 404) if is_changing else (200, 302, 404))
    if "accounts" not in door.pattern or "object_id" not in door.pattern:
        assert b"promptheron" not in shown(answer)


@pytest.mark.django_db
def test_the_office_is_not_for_everybody_who_is_signed_in(bob: User) -> None:
    assert fresh(bob).get("/admin/", follow=True).status_code == 403
    assert fresh().get("/admin/", follow=True).redirect_chain[-1][0].startswith("/account/login/")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/v5/status?message_id={}", "/status/generation/{}"])
def test_a_key_finds_its_owners_songs_and_says_of_others_what_it_says_of_none(
    path: str, alices: Alices, alice: User, bob: User
) -> None:
    hers, his = ({"authorization": f"Bearer {keys.issue(user, 'Key')[1]}"} for user in (alice, bob))
    assert fresh().get(path.format(alices.song.pk), headers=hers).status_code == 200
    others = fresh().get(path.format(alices.song.pk), headers=his)
    nobodys = fresh().get(path.format("00000000-0000-4000-8000-000000000000"), headers=his)
    assert (others.status_code, others.content) == (nobodys.status_code, nobodys.content)
    assert others.status_code == 404


# --- Forms of other sites ---------------------------------------------------------------------------------------------


def test_only_what_knows_nobody_by_a_cookie_is_exempt_from_the_check_of_forms() -> None:
    counted = {"s/<str:share_id>/take-<int:number>/played/"}  # from frames in other pages, which have no cookie
    pressed = {"mail/off/<str:token>/"}  # by mail programs, which have none either
    with_a_key = {door.pattern for door in ALL if door.who == Who.KEY}
    assert {door.pattern for door in ALL if door.is_exempt} == with_a_key | counted | pressed


@pytest.mark.django_db
@pytest.mark.parametrize("door", [door for door in ALL if not door.is_exempt], ids=door_id)
def test_a_form_without_its_token_or_from_elsewhere_changes_nothing(door: Door, alices: Alices, alice: User) -> None:
    before, path = alices.now(), door.path(**alices.parts(door))
    for method in UNSAFE:
        assert ask(fresh(alice, strict=True), method, path).status_code in (403, 405)
        for header, value in (("origin", EVIL), ("origin", "null"), ("referer", f"{EVIL}/")):
            client = fresh(alice, strict=True)
            client.cookies[settings.CSRF_COOKIE_NAME] = token = "t" * 32
            is_secure = header == "referer"  # where that is looked at
            answer = ask(client, method, path, secure=is_secure, headers={"x-csrftoken": token, header: value})
            assert answer.status_code in (403, 405), f"{method} {path} {header}: {value}"
    assert alices.now() == before


@pytest.mark.django_db
def test_a_form_of_this_site_with_its_token_is_accepted(alices: Alices, alice: User) -> None:
    client = fresh(alice, strict=True)
    client.cookies[settings.CSRF_COOKIE_NAME] = token = "t" * 32
    said = {"x-csrftoken": token, "origin": settings.PUBLIC_URL, "host": "localhost:8000"}
    assert ask(client, "POST", f"/songs/{alices.song.pk}/rename/", headers=said).status_code == 302
    alices.song.refresh_from_db()
    assert alices.song.title == "Bob was here"


@pytest.mark.django_db
@pytest.mark.parametrize("door", [door for door in ALL if door.who == Who.KEY], ids=door_id)
def test_programs_are_not_known_by_cookies(door: Door, alices: Alices, alice: User) -> None:
    client, path = fresh(alice, strict=True), door.path(**alices.parts(door))
    for method in METHODS:
        answer = ask(client, method, path)
        assert answer.status_code in (204, 401, 405)
        assert "Set-Cookie" not in answer
        assert answer.get("Access-Control-Allow-Credentials") is None


# --- Sockets ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["nobody", "bob", "a forged cookie"])
async def test_a_socket_tells_others_that_there_is_no_such_song(alices: Alices, bob: User, who: str) -> None:
    from asgiref.sync import sync_to_async

    from studio.asgi import application

    client = Client()
    if who == "bob":
        await sync_to_async(client.force_login)(bob)
    forged = {settings.SESSION_COOKIE_NAME: "a\0'; --" + "x" * 100} if who == "a forged cookie" else {}
    cookies = {name: morsel.value for name, morsel in client.cookies.items()} | forged
    said = [(b"origin", settings.ORIGINS[0].encode())]
    said.append((b"cookie", "; ".join(f"{name}={value}" for name, value in cookies.items()).encode()))
    for pattern in sockets():
        path = "/" + pattern.replace("<uuid:pk>", str(alices.song.pk))
        communicator = WebsocketCommunicator(application, path, headers=said)
        assert (await communicator.connect())[0]
        assert await communicator.receive_output() == {"type": "websocket.close", "code": 4404}


ORIGINS = (
    EVIL,
    "null",
    "",
    None,
    "http://localhost",
    "http://localhost:1",
    "https://localhost:8000",
    "http://localhost:8000.evil.example",
    "http://evil.example:8000",
    "http://localhost:8000@evil.example",
    "http://[",
    "http://localhost:8000, http://localhost:8000",
    "HTTP://LOCALHOST:8000/",
    "file://",
    "chrome-extension://localhost:8000",
)


@pytest.mark.parametrize("origin", ORIGINS)
async def test_a_socket_is_opened_from_pages_of_this_site_only(origin: str | None) -> None:
    from studio.asgi import application

    said = [] if origin is None else [(b"origin", origin.encode())]
    for pattern in sockets():
        path = "/" + pattern.replace("<uuid:pk>", "00000000-0000-4000-8000-000000000000")
        communicator = WebsocketCommunicator(application, path, headers=said)
        assert (await communicator.connect())[0] is False
