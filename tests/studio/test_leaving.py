"""Somebody leaves: nothing of them is left, in no table and no folder, and nobody leaves by accident."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.files.base import ContentFile
from django.db.models import ForeignKey
from django.test import Client
from pytest_django import Settings

from studio.accounts import keys, ledger, limits
from studio.accounts.models import RateBucket, User
from studio.songs import audit, drafts, generations, keeping, leaving, presets
from studio.songs.models import Generation, Status, Visibility
from studio.songs.profiles import Profile
from studio.songs.reports import Reason, Report
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db
ADDRESS = "/account/delete/"


@pytest.fixture
def full(alice: User, settings: Settings) -> User:
    """Alice with one of everything."""
    song = saved_song(alice, "Mine")
    song.album_art.save(f"songs/{song.pk}/cover.webp", ContentFile(b"RIFF"))
    generations.share(song, Visibility.PUBLIC)
    keeping.tag(alice, [song.pk], "word")
    keeping.add(keeping.make_playlist(alice, "List"), [song.pk])
    presets.keep(alice, "Preset", {"prompt": "x"})
    drafts.save(alice, {"prompt": "y"}, revision=0)
    keys.issue(alice, "Key")
    ledger.grant(alice, 5)
    Profile.objects.create(owner=alice, handle="alice", picture_of=song)
    return alice


def rows_of(user: User) -> list[str]:
    """Every table in which somebody is named."""
    found = []
    for model in apps.get_models():
        fields = [field for field in model._meta.get_fields() if isinstance(field, ForeignKey)]
        names = [field.name for field in fields if field.related_model is User and model is not LogEntry]
        if any(model._default_manager.filter(**{name: user.pk}).exists() for name in names):
            found.append(model.__name__)
    return found


def test_nothing_is_left_in_any_table_or_folder(full: User, settings: Settings) -> None:
    client, pk, share = Client(), full.pk, Generation.objects.get(owner=full).share_id
    client.force_login(full, "allauth.account.auth_backends.AuthenticationBackend")
    has = {"Generation", "Playlist", "Tag", "ApiKey", "LedgerEntry", "Draft", "Preset", "Profile"}
    assert has <= set(rows_of(full))
    folder = Path(settings.MEDIA_ROOT) / "songs" / str(Generation.objects.get(owner=full).pk)
    assert [path for path in folder.rglob("*") if path.is_file()]
    page = client.get(ADDRESS).content.decode()
    assert "1 song, with its takes" in page
    assert client.post(ADDRESS, {"email": " ALICE@example.org "}, follow=True).status_code == 200
    assert not User.objects.filter(pk=pk).exists()
    assert rows_of(full) == []
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert client.get("/library/").status_code == 302
    for path in (f"/s/{share}/", "/people/alice/"):
        assert Client().get(path).status_code == 404
    assert list(audit.findings()) == []
    assert User.objects.create_user("alice@example.org").pk  # the address is free again


@pytest.mark.parametrize("typed", ["", "yes", "bob@example.org"])
def test_nobody_leaves_by_accident(full: User, alice_client: Client, typed: str) -> None:
    answer = alice_client.post(ADDRESS, {"email": typed})
    assert answer.status_code == 422
    assert "Type your address as it stands above." in answer.content.decode()
    assert Generation.objects.filter(owner=full).count() == 1


def test_whoever_has_a_password_is_asked_for_it_first(alice: User, alice_client: Client) -> None:
    alice.set_password("a long enough sentence")
    alice.save()
    client = Client()
    client.force_login(alice, "allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(ADDRESS, {"email": alice.email})
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert User.objects.filter(pk=alice.pk).exists()


def test_the_only_operator_cannot_leave_the_site_alone() -> None:
    owner = User.objects.create_superuser("owner@example.org")
    client = Client()
    client.force_login(owner, "allauth.account.auth_backends.AuthenticationBackend")
    assert "You are the only one who runs this site." in client.get(ADDRESS).content.decode()
    client.post(ADDRESS, {"email": owner.email})
    assert User.objects.filter(pk=owner.pk, leaving_at=None).exists()


def test_what_is_being_made_is_cancelled_and_goes_when_it_is_over(alice: User) -> None:
    row = generations.create(alice, prompt="under way")
    Generation.objects.filter(pk=row.pk).update(status=Status.RUNNING)
    leaving.leave(alice)
    alice.refresh_from_db()
    assert (alice.is_active, alice.email) == (False, f"left-{alice.pk}@invalid")
    row.refresh_from_db()
    assert row.cancel_requested_at
    Generation.objects.filter(pk=row.pk).update(status=Status.CANCELLED)
    leaving.see_all_off()
    assert not User.objects.filter(pk=alice.pk).exists()
    assert list(audit.findings()) == []


def test_no_address_is_left_where_they_asked_for_an_answer(alice: User, bob: User) -> None:
    song = saved_song(bob, "Theirs")
    Report.objects.create(generation=song, reason=Reason.SPAM, contact="Alice@Example.org")
    other = Report.objects.create(generation=song, reason=Reason.SPAM, contact="bob@example.org")
    leaving.leave(alice)
    assert list(Report.objects.order_by("pk").values_list("contact", flat=True)) == ["", other.contact]


def test_what_counted_somebodys_requests_is_forgotten(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.REDIS_URL = ""
    limits.take("reports from 192.0.2.1", 6)
    limits.forget_full()
    assert RateBucket.objects.exists(), "it still counts"
    now = limits.unix_time()
    monkeypatch.setattr(limits, "unix_time", lambda: now + 2 * 3600)
    limits.forget_full()
    assert not RateBucket.objects.exists()
    allowance = limits.take("reports from 192.0.2.1", 6)
    assert allowance is not None
    assert allowance.granted
