"""Where django-allauth asks this site how it wants things."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from studio.accounts import security_log


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # django-allauth carries no types
    """Strangers may sign up only where `SIGN_UP` says so; mails lead to `PUBLIC_URL`, whatever name was asked for."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  the base class's signature
        """Whether the sign-up form is shown and accepted."""
        return bool(settings.SIGN_UP == "open")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try to sign in. Raises `ValidationError` where there were too many."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            security_log.note("tried to sign in too often", request)
            raise

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail whose links are those of the public site: a request's Host header is anybody's to choose."""
        public = {name: _public(value) if name.endswith("_url") else value for name, value in context.items()}
        super().send_mail(template_prefix, email, public)


def _public(address: Any) -> str:
    parts = urlsplit(str(address))
    return f"{settings.PUBLIC_URL}{parts.path}{f'?{parts.query}' if parts.query else ''}"
