"""The operator's office: behind the site's own sign-in, for staff alone. It gives and refunds, and changes no row."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries, Settings

from studio.accounts import keys, ledger
from studio.accounts.models import LedgerEntry, User
from studio.songs import generations
from studio.songs.models import Event, Generation, Status
from studio.songs.office import office
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db
ADD = "/admin/accounts/ledgerentry/add/"


@pytest.fixture
def carol(db: None) -> User:
    """The operator."""
    return User.objects.create_superuser("carol@example.org", name="Carol")


@pytest.fixture
def carol_client(carol: User) -> Client:
    """Carol, signed in."""
    client = Client()
    client.force_login(carol)
    return client


@pytest.fixture(autouse=True)
def price(settings: Settings) -> None:
    """Songs cost 2 credits."""
    settings.CREDITS_PER_SONG = 2


def text(response: Any) -> str:
    """What a page says, in one line."""
    return " ".join(html.unescape(strip_tags(response.content.decode().replace("<", " <"))).split())


def every_address() -> list[str]:
    """A page of each kind that the office has."""
    models = [f"{model._meta.app_label}/{model._meta.model_name}" for model in office._registry]
    return [
        "",
        *(f"{model}/{page}" for model in models for page in ("", "add/", "1/change/", "1/delete/", "1/history/")),
    ]


def test_strangers_are_sent_to_the_sites_own_sign_in_and_brought_back(client: Client) -> None:
    for address in every_address():
        response = client.get(f"/admin/{address}", follow=True)
        assert response.redirect_chain[-1][0] == f"/account/login/?next=/admin/{address}"
        assert "Sign in" in text(response)


def test_the_admins_own_sign_in_form_is_never_shown(client: Client, carol_client: Client) -> None:
    assert client.get("/admin/login/")["Location"] == "/account/login/?next=/admin/"
    assert client.post("/admin/login/", {"username": "carol@example.org", "password": "x"}).status_code == 302
    assert carol_client.get("/admin/login/")["Location"] == "/admin/"


def test_signing_in_leads_nowhere_else(client: Client, carol: User) -> None:
    carol.set_password("a long enough secret")
    carol.save()
    page = client.get("/admin/login/?next=https://evil.example/", follow=True)
    response = client.post(
        page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"],
        {"login": "carol@example.org", "password": "a long enough secret", "next": "https://evil.example/"},
    )
    assert (response.status_code, response["Location"]) == (302, "/")


def test_people_who_are_no_staff_are_turned_away(alice_client: Client) -> None:
    for address in every_address():
        response = alice_client.get(f"/admin/{address}", follow=True)
        assert response.status_code == 403
        assert "You cannot open this page" in text(response)
    alice_client.post(ADD, {"email": "alice@example.org", "amount": 9, "note": "me"}, follow=True)
    assert not LedgerEntry.objects.exists()


def test_staff_who_may_nothing_see_nothing_and_give_nothing(alice: User, alice_client: Client) -> None:
    alice.is_staff = True
    alice.save()
    assert "alice" not in text(alice_client.get("/admin/"))[200:]
    assert alice_client.get("/admin/accounts/ledgerentry/").status_code == 403
    response = alice_client.post(ADD, {"email": "alice@example.org", "amount": 9, "note": "me"})
    assert response.status_code == 403
    assert not LedgerEntry.objects.exists()


def test_signing_out_and_passwords_are_the_sites_own(carol_client: Client) -> None:
    assert carol_client.post("/admin/logout/")["Location"] == "/account/logout/"
    assert carol_client.get("/admin/password_change/")["Location"] == "/account/password/change/"


def test_the_operator_gives_credits_with_a_reason(carol_client: Client, carol: User, alice: User) -> None:
    response = carol_client.post(ADD, {"email": " Alice@Example.org ", "amount": "7", "note": "For the radio play"})
    assert response.status_code == 302
    entry = LedgerEntry.objects.get()
    assert (entry.user, entry.kind, entry.amount, entry.note) == (alice, "grant", 7, "For the radio play")
    assert ledger.balance(alice) == 7
    assert LogEntry.objects.get().user == carol


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"email": "nobody@example.org"}, "Nobody signs in with this address."),
        ({"amount": "0"}, "greater than or equal to 1"),
        ({"amount": "-5"}, "greater than or equal to 1"),
        ({"amount": "many"}, "whole number"),
        ({"note": ""}, "required"),
    ],
)
def test_a_grant_that_makes_no_sense_is_refused_with_the_reason(
    carol_client: Client, alice: User, wrong: dict[str, str], says: str
) -> None:
    fields = {"email": "alice@example.org", "amount": "7", "note": "Why", **wrong}
    response = carol_client.post(ADD, fields)
    assert response.status_code == 200
    assert says in text(response)
    assert not LedgerEntry.objects.exists()


def test_what_is_booked_can_be_read_and_neither_changed_nor_deleted(carol_client: Client, alice: User) -> None:
    entry = ledger.grant(alice, 7, "Why")
    change = f"/admin/accounts/ledgerentry/{entry.pk}/change/"
    assert "Why" in text(carol_client.get(change))
    assert carol_client.post(change, {"email": "alice@example.org", "amount": 70, "note": "More"}).status_code == 403
    assert carol_client.post(change.replace("change", "delete"), {"post": "yes"}).status_code == 403
    carol_client.post("/admin/accounts/ledgerentry/", {"action": "delete_selected", "_selected_action": [entry.pk]})
    assert ledger.balance(alice) == 7


@pytest.mark.parametrize("model", ["ledgerentry", "generation"])
def test_what_a_song_used_is_refunded_once(carol_client: Client, alice: User, model: str) -> None:
    ledger.grant(alice, 4)
    row = saved_song(alice, "Home")
    waiting = Generation.objects.create(owner=alice, prompt="pop")
    ledger.reserve(alice, waiting.pk, 2)
    address, chosen = "/admin/songs/generation/", [str(row.pk), str(waiting.pk)]
    if model == "ledgerentry":
        entries = LedgerEntry.objects.values_list("pk", flat=True)
        address, chosen = "/admin/accounts/ledgerentry/", [str(pk) for pk in entries]
    said = [
        text(carol_client.post(address, {"action": "refund", "_selected_action": chosen}, follow=True))
        for _ in range(2)
    ]
    assert "1 refunded; 1 had used nothing, or were refunded before." in said[0]
    assert "0 refunded; 2 had used nothing, or were refunded before." in said[1]
    assert ledger.balance(alice) == 2
    row.refresh_from_db()
    assert row.refunded_at is not None
    assert LedgerEntry.objects.get(kind="refund").note == "Refunded by carol@example.org"


def test_people_are_listed_with_what_they_have_and_cannot_be_changed(
    carol_client: Client, carol: User, alice: User, bob: User
) -> None:
    ledger.grant(alice, 17, "Why")
    ledger.grant(alice, 4, "Why")
    said = text(carol_client.get("/admin/accounts/user/?o=3"))
    assert re.search(r"alice@example\.org Alice 21\b", said)
    assert re.search(r"bob@example\.org Bob 0\b", said)
    changed = carol_client.post(
        f"/admin/accounts/user/{alice.pk}/change/", {"email": "x@example.org", "is_staff": "on"}
    )
    assert changed.status_code == 403
    alice.refresh_from_db()
    assert (alice.email, alice.is_staff) == ("alice@example.org", False)


def test_songs_are_listed_without_what_people_wrote_or_secret_addresses(carol_client: Client, alice: User) -> None:
    ledger.grant(alice, 2)
    row = saved_song(alice, "A private title", prompt="a private prompt", lyrics="private words")
    Generation.objects.filter(pk=row.pk).update(visibility="unlisted", share_id="privateshare")
    secrets = ["rivate", row.art_key, *(version.stream_key for version in row.versions.all())]
    for address in ("/admin/songs/generation/", f"/admin/songs/generation/{row.pk}/change/"):
        page = carol_client.get(address)
        assert str(row.pk) in text(page)
        assert not [secret for secret in secrets if secret in page.content.decode()]
    assert carol_client.post(f"/admin/songs/generation/{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_only_staff_find_the_way_to_it(carol_client: Client, alice_client: Client) -> None:
    assert b'href="/admin/"' in carol_client.get("/account/email/").content
    assert b'href="/admin/"' not in alice_client.get("/account/email/").content


def test_the_operator_finds_what_is_stuck_and_reads_what_to_do(alice: User, carol_client: Client) -> None:
    now = timezone.now()
    ages = {"fresh": 0, "queued": 20, "late": 40, "over": 40, "lease": 1}
    ledger.grant(alice, 10)
    songs = {name: generations.create(alice, prompt="pop") for name in ages}
    for name, minutes in ages.items():
        rows, then = Generation.objects.filter(pk=songs[name].pk), now - timedelta(minutes=minutes)
        rows.update(created_at=then)
        if name in ("late", "lease"):
            rows.update(status=Status.RUNNING, submitted_at=then, lease_until=now + timedelta(minutes=1))
        if name == "over":
            rows.update(status=Status.FAILED, submitted_at=then)
    Generation.objects.filter(pk=songs["lease"].pk).update(lease_until=now - timedelta(minutes=1))
    for kind in ("queued", "late", "lease"):
        page = text(carol_client.get(f"/admin/songs/generation/?stuck={kind}"))
        assert [name for name in ages if str(songs[name].pk) in page] == [kind]
    assert "is a relay running?" in page


def test_the_operator_revokes_a_key_of_which_only_the_open_part_is_shown(alice: User, carol_client: Client) -> None:
    row, key = keys.issue(alice, "radio")
    page = text(carol_client.get("/admin/accounts/apikey/")) + text(
        carol_client.get(f"/admin/accounts/apikey/{row.pk}/change/")
    )
    assert row.public_id in page
    assert key not in page
    assert row.key_hash not in page
    posted = {"action": "revoke", "_selected_action": [row.pk]}
    assert "1 key revoked." in text(carol_client.post("/admin/accounts/apikey/", posted, follow=True))
    row.refresh_from_db()
    assert row.revoked_at is not None
    assert "0 keys revoked." in text(carol_client.post("/admin/accounts/apikey/", posted, follow=True))


def test_it_says_who_keeps_how_much_and_what_was_promised_of_a_song(
    carol_client: Client, alice: User, bob: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ledger.grant(alice, 40)
    ledger.grant(alice, 2)
    songs = [saved_song(alice, f"Song {n}") for n in range(3)]
    Event.objects.create(generation=songs[0], seq=1, kind="validated", body={"song_name": "Secretheron"})
    with django_assert_max_num_queries(12):
        page = text(carol_client.get("/admin/accounts/user/"))
    assert "In all 3 songs" in page
    person = next(row for row in office._registry[User].get_queryset(_request(carol_client)) if row.pk == alice.pk)
    size = sum(take.size for song in songs for take in song.versions.all())
    assert (person.credits, person.song_count, person.stored) == (36, 3, size)
    shown = text(carol_client.get(f"/admin/songs/generation/{songs[0].pk}/change/"))
    assert "validated" in shown
    assert "Secretheron" not in shown


def _request(client: Client) -> Any:
    return client.get("/admin/").wsgi_request
