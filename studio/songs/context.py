"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from studio.accounts import ledger
from studio.songs import script_words


def site(_request: HttpRequest) -> dict[str, Any]:
    """The site's name, whether it sends mail, whether strangers may sign up, and what a song costs ("2 credits").

    Empty where songs cost nothing. Also `script_words`, which base.html puts into the page.
    """
    price = settings.CREDITS_PER_SONG
    return {
        "site_name": settings.SITE_NAME,
        "sends_mail": bool(settings.MAIL_HOST),
        "sign_up_is_open": settings.SIGN_UP == "open",
        "script_words": script_words.island,
        "price": ledger.in_words(price) if price else "",
    }
