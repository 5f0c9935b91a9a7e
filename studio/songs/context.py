"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from studio.accounts import ledger


def site(_request: HttpRequest) -> dict[str, Any]:
    """The site's name, whether strangers may sign up, and what a song costs ("2 credits"; empty if nothing)."""
    price = settings.CREDITS_PER_SONG
    return {
        "site_name": settings.SITE_NAME,
        "sign_up_is_open": settings.SIGN_UP == "open",
        "price": ledger.in_words(price) if price else "",
    }
