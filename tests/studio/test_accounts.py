"""Coming in: sign-up, sign-in, sign-out and a forgotten password, as a visitor's browser meets them."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client, override_settings
from django.urls import reverse

from studio.accounts.models import User
from studio.accounts.people import display_name, own_name

pytestmark = pytest.mark.django_db
PASSWORD = "tambourine-harbour-42"
NEW = {"email": "Carol@Example.org", "password1": PASSWORD}


def is_signed_in(client: Client) -> bool:
    return client.get("/library/").status_code == 200


@pytest.fixture
def carol() -> User:
    """Somebody with a password."""
    user = User.objects.create_user("carol@example.org", PASSWORD, name="Carol")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def sign_in(client: Client, email: str = "carol@example.org", password: str = PASSWORD) -> int:
    return client.post(reverse("account_login"), {"login": email, "password": password}).status_code


def test_signing_up_makes_an_account_and_lets_its_owner_in(client: Client) -> None:
    response = client.post(reverse("account_signup"), {**NEW, "name": "Carol"})
    assert (response.status_code, response["Location"]) == (302, "/")
    user = User.objects.get()
    assert (user.email, user.name, user.is_superuser) == ("carol@example.org", "Carol", False)
    assert is_signed_in(client)


def test_a_closed_site_shows_no_form_and_takes_nobody_in(client: Client) -> None:
    with override_settings(SIGN_UP="closed"):
        page = client.get(reverse("account_signup"))
        client.post(reverse("account_signup"), NEW)
    assert b"password1" not in page.content
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["short", "1234567890", "password123", "carol@example.org"])
def test_a_password_that_is_easily_guessed_is_refused(client: Client, password: str) -> None:
    response = client.post(reverse("account_signup"), {**NEW, "password1": password})
    assert response.status_code == 200
    assert response.context["form"].errors["password1"]
    assert not User.objects.exists()


@pytest.mark.parametrize("address", ["carol@example.org", "CAROL@example.org", " Carol@EXAMPLE.org "])
def test_the_same_address_signs_up_once_however_it_is_written(client: Client, carol: User, address: str) -> None:
    client.post(reverse("account_signup"), {"email": address, "password1": PASSWORD})
    assert User.objects.get() == carol
    assert not is_signed_in(client)


def test_two_rows_can_never_hold_the_same_address(carol: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("CAROL@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=carol.pk).update(email="Carol@example.org")


def test_where_mail_is_sent_sign_up_does_not_tell_whether_an_address_is_known(client: Client, carol: User) -> None:
    with override_settings(ACCOUNT_EMAIL_VERIFICATION="mandatory"):
        known = client.post(reverse("account_signup"), {"email": carol.email, "password1": PASSWORD})
        new = Client().post(reverse("account_signup"), {"email": "dora@example.org", "password1": PASSWORD})
    assert (known.status_code, known["Location"]) == (new.status_code, new["Location"])
    assert [message.to for message in mail.outbox] == [["carol@example.org"], ["dora@example.org"]]


def test_signing_in_begins_a_new_session(client: Client, carol: User) -> None:
    client.get("/account/login/?next=/library/")
    session = client.session
    session["kept"] = "before"
    session.save()
    before = session.session_key
    assert sign_in(client) == 302
    assert is_signed_in(client)
    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("email", "password"), [("carol@example.org", "wrong-password-1"), ("nobody@example.org", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_address_read_the_same(
    client: Client, carol: User, email: str, password: str
) -> None:
    response = client.post(reverse("account_login"), {"login": email, "password": password})
    errors = response.context["form"].non_field_errors()
    assert errors == ["The address or the password is wrong."]
    assert not is_signed_in(client)


def test_somebody_switched_off_does_not_come_in(client: Client, carol: User) -> None:
    User.objects.filter(pk=carol.pk).update(is_active=False)
    sign_in(client)
    assert not is_signed_in(client)


def test_guessing_passwords_is_stopped(client: Client, carol: User) -> None:
    for _ in range(10):
        sign_in(client, password="wrong-password-1")
    sign_in(client)
    assert not is_signed_in(client)


def test_signing_out_asks_and_then_ends_the_session(client: Client, carol: User) -> None:
    sign_in(client)
    client.get(reverse("account_logout"))
    assert is_signed_in(client)
    assert client.post(reverse("account_logout"))["Location"] == reverse("account_login")
    assert not is_signed_in(client)


def test_a_forgotten_password_is_reset_by_mail_once(client: Client, carol: User) -> None:
    client.post(reverse("account_reset_password"), {"email": "Carol@example.org"})
    link = _link_in(str(mail.outbox[0].body))
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0]
    done = client.post(address, {"password1": "another-harbour-43", "password2": "another-harbour-43"})
    assert done.status_code == 302
    assert sign_in(Client()) == 200
    assert sign_in(Client(), password="another-harbour-43") == 302
    assert Client().get(link, follow=True).context["token_fail"]


def test_a_reset_for_a_stranger_answers_as_for_anybody(client: Client, carol: User) -> None:
    known = client.post(reverse("account_reset_password"), {"email": "carol@example.org"})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_a_link_in_a_mail_leads_to_the_public_address_and_to_no_other(client: Client, carol: User) -> None:
    client.post(reverse("account_reset_password"), {"email": carol.email}, headers={"host": "127.0.0.1"})
    assert _link_in(str(mail.outbox[0].body)).startswith("http://localhost:8000/account/")


@pytest.mark.parametrize(
    "page", ["account_login", "account_signup", "account_logout", "account_reset_password", "account_change_password"]
)
def test_every_page_of_an_account_can_be_opened(client: Client, carol: User, page: str) -> None:
    client.force_login(carol)
    assert client.get(reverse(page)).status_code in (200, 302)
    if page != "account_logout":
        assert Client().get(reverse(page)).status_code in (200, 302)


def test_a_form_without_its_token_is_refused(carol: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client) == 403


def test_others_read_the_chosen_name_and_never_the_address() -> None:
    assert display_name(User(email="dora@example.org", name="Dora")) == "Dora"
    assert "dora" not in display_name(User(email="dora@example.org")).lower()
    assert own_name(User(email="dora@example.org")) == "dora@example.org"


def _link_in(text: str) -> str:
    found = re.search(r"https?://\S+", text)
    assert found, text
    return found[0]
