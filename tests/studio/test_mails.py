"""Mails: in two shapes that say the same, told of what matters, of each song once, and ended with one press."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default as modern
from html import unescape
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from asgiref.sync import async_to_sync
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from generator.protocol.events import Failed, Finished
from studio.accounts.letters import dressed
from studio.accounts.models import User
from studio.live import postman
from studio.live.apply import apply
from studio.songs import generations, ready_mail
from studio.songs.models import Generation, Status
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough sentence"
HOSTILE = (
    "Home\r\nBcc: everybody@example.org",
    "Home\nContent-Type: text/html\n\n<script>alert(1)</script>",
    "<img src=https://evil.example/x>",
    "\u202egnp.exe \u2028second line\x85third\x0bfourth",
    "=?utf-8?q?=0D=0ABcc:_x@example.org?=",
    "ж" * 200,
)


def html_of(message: Any) -> str:
    return str(message.alternatives[0][0])


def shown(html: str) -> str:
    body = re.sub(r"<(style|title)>.*?</\1>", "", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture
def carol() -> User:
    user = User.objects.create_user("carol@example.org", PASSWORD, name="Carol", mail_when_ready=True)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@pytest.fixture(autouse=True)
def mail_is_sent(settings: Settings) -> None:
    settings.MAIL_HOST = "mail.example.org"


def ended(owner: User, title: str = "Harbour") -> Generation:
    """A song of which a mail is due now."""
    song = saved_song(owner, title)
    Generation.objects.filter(pk=song.pk).update(mail_due_at=timezone.now(), finished_at=timezone.now())
    song.refresh_from_db()
    return song


def send() -> list[Any]:
    """What the postman sends now; in this thread, which has the test's transaction."""
    before = len(mail.outbox)
    for pk, message in postman.claim():
        try:
            message.send()
        except OSError:
            postman.put_back(pk)
    return mail.outbox[before:]


# --- Two shapes -------------------------------------------------------------------------------------------------------


def test_both_shapes_of_a_mail_say_the_same(carol: User) -> None:
    Client().post("/account/password/reset/", {"email": carol.email})
    (message,) = mail.outbox
    text, html = str(message.body), html_of(message)
    link = re.search(r"http://\S+/account/password/reset/key/\S+", text)
    assert link
    assert f'href="{link[0]}"' in html
    for paragraph in re.split(r"\n\s*\n", text.partition("\n-- \n")[0]):
        assert " ".join(paragraph.split()) in shown(html)
    assert "Choose another password" in shown(html)


def test_a_mail_fetches_nothing_and_runs_nothing(carol: User) -> None:
    html = html_of(ready_mail.mail(ended(carol)))
    assert not re.search(r"<(img|script|link|iframe|form)\b|url\(|@import|\bon\w+=", html)
    assert set(re.findall(r'\bhref="(https?://[^/"]+)', html)) == {"http://localhost:8000"}


def test_what_looks_like_html_is_shown_as_written() -> None:
    html = dressed('Hello <b onclick="x">you</b>\n\njavascript:alert(1)\n\nhttps://a.example/"><script>', "<s>", "Go")
    assert "<b onclick" not in html
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "<title>&lt;s&gt;</title>" in html


@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_gets_into_the_headers(carol: User, title: str) -> None:
    song = ended(carol)
    Generation.objects.filter(pk=song.pk).update(title=title[:200])
    (message,) = send()
    read = message_from_bytes(message.message().as_bytes(), policy=modern)
    assert read.get_all("To") == ["carol@example.org"]
    assert read.get("Bcc") is None
    assert len(str(message.subject).splitlines()) == 1
    assert read.get_content_type() == "multipart/alternative"
    assert "<script" not in html_of(message)
    assert "<img" not in html_of(message)


# --- Told of what matters ---------------------------------------------------------------------------------------------


def test_a_changed_password_and_new_codes_are_told_of(carol: User) -> None:
    client = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"})
    client.post("/account/login/", {"login": carol.email, "password": PASSWORD})
    new = {"oldpassword": PASSWORD, "password1": "another-harbour-43", "password2": "another-harbour-43"}
    client.post("/account/password/change/", new)
    (message,) = mail.outbox
    assert message.subject == "[Duplet] Your password is changed"
    assert "with Firefox on Linux, from the address 127.0.0.1." in str(message.body)
    assert "http://localhost:8000/account/password/reset/" in str(message.body)


def test_a_mail_host_that_is_away_undoes_no_change(carol: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    client.post("/account/login/", {"login": carol.email, "password": PASSWORD})
    monkeypatch.setattr(EmailBackend, "send_messages", refuses)
    new = {"oldpassword": PASSWORD, "password1": "another-harbour-43", "password2": "another-harbour-43"}
    assert client.post("/account/password/change/", new).status_code == 302
    carol.refresh_from_db()
    assert carol.check_password("another-harbour-43")


def refuses(*_: object) -> int:
    raise SMTPServerDisconnected("not today")


# --- A song is ready --------------------------------------------------------------------------------------------------


def told_to_end(owner: User, *, whole: bool = True) -> Generation:
    """A song at whose end the relay has just been told of it."""
    song = saved_song(owner, "Harbour")
    Generation.objects.filter(pk=song.pk).update(status=Status.RUNNING)
    song.refresh_from_db()
    takes = {take.number: take for take in song.versions.all()}
    takes[2].is_finished = False
    if not whole:
        takes[2].state = "waiting"
    end = Finished(message_id="1", version=2, lyrics_sections=()) if whole else Failed(error="It broke.")
    apply(song, takes, end, None)
    song.save()
    return song


@pytest.mark.parametrize("whole", [True, False])
def test_a_mail_is_due_a_while_after_the_end_and_sent_once(carol: User, *, whole: bool) -> None:
    song = told_to_end(carol, whole=whole)
    assert song.is_final
    assert send() == []
    Generation.objects.filter(pk=song.pk).update(mail_due_at=timezone.now())
    (message,) = send()
    assert message.to == ["carol@example.org"]
    assert message.subject == "[Duplet] “Harbour” is ready"
    assert f"http://localhost:8000/songs/{song.pk}/" in str(message.body)
    assert ("both its takes" in str(message.body)) is whole
    assert send() == []


def test_only_who_asked_for_it_is_told(alice: User, carol: User, settings: Settings) -> None:
    assert told_to_end(alice).mail_due_at is None
    settings.MAIL_HOST = ""
    assert told_to_end(carol).mail_due_at is None


def test_who_has_opened_or_played_the_song_needs_no_mail(carol: User) -> None:
    client = Client()
    client.force_login(carol)
    for path in ("", "take-1.mp3"):
        song = ended(carol)
        assert client.get(f"/songs/{song.pk}/{path}").status_code == 200
        assert send() == []


def test_what_the_mail_host_did_not_take_is_sent_later_but_not_for_ever(
    carol: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    song = ended(carol)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuses)
        assert send() == []
    song.refresh_from_db()
    assert song.mail_due_at
    assert timedelta(minutes=1) < song.mail_due_at - timezone.now() < timedelta(minutes=3)
    Generation.objects.filter(pk=song.pk).update(mail_due_at=timezone.now())
    assert len(send()) == 1
    Generation.objects.filter(pk=song.pk).update(finished_at=timezone.now() - timedelta(hours=2))
    postman.put_back(song.pk)
    song.refresh_from_db()
    assert song.mail_due_at is None


@pytest.mark.django_db(transaction=True)
def test_the_postman_sends_on_his_own(carol: User) -> None:
    ended(carol)
    async_to_sync(postman.send_due)()
    assert [message.to for message in mail.outbox] == [["carol@example.org"]]


def test_what_is_in_the_trash_is_not_told_of(carol: User) -> None:
    generations.trash(ended(carol))
    assert send() == []


# --- No more of it ----------------------------------------------------------------------------------------------------


def test_one_press_in_the_mail_program_ends_these_mails(carol: User) -> None:
    message: EmailMultiAlternatives = ready_mail.mail(ended(carol))
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    stranger = Client(enforce_csrf_checks=True)
    assert "No more of these" in stranger.get(path).content.decode()
    carol.refresh_from_db()
    assert carol.mail_when_ready  # a program that only looked the link over has ended nothing
    assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not User.objects.get(pk=carol.pk).mail_when_ready
    assert send() == []
    assert stranger.post(f"{path[:-3]}xx/").status_code == 404


def test_it_is_chosen_in_the_account_where_mail_is_sent(carol: User, settings: Settings) -> None:
    client = Client()
    client.force_login(carol)
    page = client.get("/account/email/").content.decode()
    assert 'name="mail_when_ready" checked' in page
    client.post("/account/mails/", {})
    assert not User.objects.get(pk=carol.pk).mail_when_ready
    client.post("/account/mails/", {"mail_when_ready": "on"})
    assert User.objects.get(pk=carol.pk).mail_when_ready
    settings.MAIL_HOST = ""
    assert "mail_when_ready" not in client.get("/account/email/").content.decode()
