"""Where django-allauth asks this site how it wants things."""

from __future__ import annotations

import logging
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from studio.accounts import devices, letters, security_log

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # django-allauth carries no types
    """Strangers may sign up only where `SIGN_UP` says so; mails lead to `PUBLIC_URL`, whatever name was asked for."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Ask whoever runs this site to open it again."),
        "cannot_remove_primary_email": _("Your main address cannot be removed. Make another one the main one first."),
        "duplicate_email": _("This address belongs to your account already."),
        "email_password_mismatch": _("The address or the password is wrong."),
        "email_taken": _("There is an account with this address already. Sign in, or use another address."),
        "enter_current_password": _("Type your present password."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link does not work any more. Ask for another one."),
        "max_email_addresses": _("An account can have %d addresses. Remove one first."),
        "rate_limited": _("That was too often. Wait a minute, then try again."),
        "same_as_current": _("This is the same as before."),
        "too_many_login_attempts": _("That was too often. Wait a few minutes, then try again."),
        "unknown_email": _("There is no account with this address."),
        "unverified_primary_email": _("Your main address must be confirmed."),
    }

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
        """Send a mail whose links are those of the public site: a request's Host header is anybody's to choose.

        Raises `OSError` where the mail host does not take it, unless it only tells of something that is done already.
        """
        told = {name: _public(value) if name.endswith("_url") else value for name, value in context.items()}
        told |= {"email": email, "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 3600)}
        told["sign_up_is_open"] = settings.SIGN_UP == "open"
        if is_news := "user_agent" in told:
            told["device"] = devices.named(str(told["user_agent"]))
            told["password_reset_url"] = _public(reverse("account_reset_password"))
        try:
            letters.written(template_prefix, email, told).send()
        except OSError as fault:
            if not is_news:
                raise
            log.warning("Nobody could be told by mail of a change of their account: %s", type(fault).__name__)


def _public(address: Any) -> str:
    parts = urlsplit(str(address))
    return f"{settings.PUBLIC_URL}{parts.path}{f'?{parts.query}' if parts.query else ''}"
