"""Where django-allauth asks this site how it wants things."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # django-allauth carries no types
    """Strangers may sign up only where `SIGN_UP` says so."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  the base class's signature
        """Whether the sign-up form is shown and accepted."""
        return bool(settings.SIGN_UP == "open")
