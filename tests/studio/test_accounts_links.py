"""Sign-in links: good once, for a short while, for one person."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from studio.accounts import signin
from studio.accounts.models import SignInLink, User


def path_of(link: str) -> str:
    assert link.startswith("http://localhost:8000/signin/")
    return link.removeprefix("http://localhost:8000")


def is_signed_in(client: Client) -> bool:
    return client.get("/library/").status_code == 200


@pytest.mark.django_db
def test_one_visit_signs_in(client: Client, alice: User) -> None:
    response = client.get(path_of(signin.issue_link(alice)))
    assert (response.status_code, response["Location"]) == (302, "/")
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert client.session["_auth_user_id"] == str(alice.pk)
    alice.refresh_from_db()
    assert alice.last_login is not None


@pytest.mark.django_db
def test_a_second_visit_is_told_kindly(client: Client, alice: User) -> None:
    link = path_of(signin.issue_link(alice))
    Client().get(link)
    response = client.get(link)
    assert response.status_code == 410
    assert b"manage.py signin_link" in response.content
    assert response["Cache-Control"] == "no-store"
    assert not is_signed_in(client)


@pytest.mark.django_db
def test_it_lasts_fifteen_minutes(client: Client, alice: User) -> None:
    link = path_of(signin.issue_link(alice))
    row = SignInLink.objects.get()
    assert timedelta(minutes=14) < row.expires_at - timezone.now() <= timedelta(minutes=15)
    SignInLink.objects.update(expires_at=timezone.now())
    assert client.get(link).status_code == 410


@pytest.mark.django_db
def test_a_program_that_previews_links_does_not_use_it_up(client: Client, alice: User) -> None:
    link = path_of(signin.issue_link(alice))
    assert Client().head(link).status_code == 200
    assert client.get(link).status_code == 302


@pytest.mark.django_db
def test_nothing_but_a_visit_signs_in(client: Client, alice: User) -> None:
    assert client.post(path_of(signin.issue_link(alice))).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["wrong", "x" * 43, "ä"])
def test_a_made_up_link_is_no_link(client: Client, alice: User, token: str) -> None:
    signin.issue_link(alice)
    assert client.get(f"/signin/{token}/").status_code == 410


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/signin/%00/", "/s/%00/", "/stream/a%00.mp3"])
def test_an_address_with_a_nul_is_nowhere(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_it_lets_nobody_in_whose_account_is_switched_off(client: Client, alice: User) -> None:
    link = path_of(signin.issue_link(alice))
    User.objects.update(is_active=False)
    assert client.get(link).status_code == 410


@pytest.mark.django_db
def test_a_used_link_does_not_disturb_whoever_is_in_already(alice_client: Client, alice: User) -> None:
    link = path_of(signin.issue_link(alice))
    Client().get(link)
    assert alice_client.get(link)["Location"] == "/"


@pytest.mark.django_db
def test_somebody_elses_link_takes_nothing_of_the_session_along(alice_client: Client, bob: User) -> None:
    session = alice_client.session
    session["draft"] = "Alice's"
    session.save()
    alice_client.get(path_of(signin.issue_link(bob)))
    assert alice_client.session["_auth_user_id"] == str(bob.pk)
    assert "draft" not in alice_client.session


@pytest.mark.django_db
def test_the_database_does_not_hold_what_would_let_a_reader_in(alice: User) -> None:
    token = path_of(signin.issue_link(alice)).split("/")[2]
    row = SignInLink.objects.get()
    assert token not in row.token_hash
    assert len(token) >= 43


@pytest.mark.django_db
def test_old_links_are_cleared_away(alice: User) -> None:
    signin.issue_link(alice)
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(days=2))
    signin.issue_link(alice)
    assert SignInLink.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_visits_at_the_same_moment_one_comes_in(alice: User) -> None:
    token = path_of(signin.issue_link(alice)).split("/")[2]

    def visit(_: int) -> bool:
        try:
            return signin.redeem(token) is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as visitors:
        assert sum(visitors.map(visit, range(8))) == 1


@pytest.mark.django_db
def test_the_command_prints_the_link_alone_on_the_last_line(client: Client, alice: User) -> None:
    out = io.StringIO()
    call_command("signin_link", "ALICE@example.org", stdout=out)
    assert client.get(path_of(out.getvalue().splitlines()[-1])).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nobody@example.org",), "signin_link --new nobody@example.org"),
        (("--new", "no address"), "no address is no e-mail address"),
    ],
)
def test_the_command_says_why_there_is_no_link(arguments: tuple[str, ...], says: str) -> None:
    err = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("signin_link", *arguments, stderr=err)
    assert ended.value.code == 1
    assert says in err.getvalue()
    assert not SignInLink.objects.exists()


@pytest.mark.django_db
def test_the_command_makes_an_account_where_it_is_asked_to(client: Client) -> None:
    out = io.StringIO()
    call_command("signin_link", "--new", "Dora@example.org", stdout=out)
    user = User.objects.get()
    assert (user.email, user.has_usable_password(), user.is_superuser) == ("dora@example.org", False, False)
    assert client.get(path_of(out.getvalue().splitlines()[-1])).status_code == 302
