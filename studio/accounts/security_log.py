"""What happens at the doors, one line each in the log `studio.security`: who came in, who was turned away.

People are named by their number and strangers by their address on the network; passwords, keys and links never are.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest

from studio.accounts import sessions

log = logging.getLogger("studio.security")

AFTER_SIGN_IN = {
    account.user_signed_up: "signed up",
    account.password_changed: "changed the password",
    account.password_set: "set a password",
    account.password_reset: "set a new password by a mailed link",
    account.email_added: "added an address",
    account.email_removed: "removed an address",
    account.email_changed: "changed the main address",
}


def note(what: str, request: HttpRequest | None, person: AbstractBaseUser | None = None) -> None:
    """Write one line: `what` happened, to whom, and from where if that is known."""
    who = f"Person {person.pk}" if person is not None and person.pk else "Somebody"
    log.info("%s %s%s.", who, what, f" from {address_of(request)}" if request else "")


@receiver(user_logged_in)
def came_in(request: HttpRequest | None, user: AbstractBaseUser, **_: Any) -> None:
    """Somebody signed in, by whatever door."""
    note("signed in", request, user)
    sessions.forget_expired()


@receiver(user_logged_out)
def went(request: HttpRequest | None, user: AbstractBaseUser | None, **_: Any) -> None:
    """Somebody signed out."""
    if user is not None:
        note("signed out", request, user)


@receiver(user_login_failed)
def was_turned_away(request: HttpRequest | None = None, **_: Any) -> None:
    """A password was wrong, or its owner unknown. What was typed stays out: people type passwords into other fields."""
    note("was turned away at the sign-in", request)


def _after(what: str) -> Any:
    def tell(request: HttpRequest | None = None, user: AbstractBaseUser | None = None, **_: Any) -> None:
        note(what, request, user)

    return tell


for signal, words in AFTER_SIGN_IN.items():
    signal.connect(_after(words), weak=False, dispatch_uid=f"security log: {words}")


def address_of(request: HttpRequest) -> str:
    """The network address that a request came from; behind a proxy, what that says."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return "nowhere in particular"  # a request that came over no network
