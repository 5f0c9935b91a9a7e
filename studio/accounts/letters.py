"""Mails in two shapes from one text: plain as it is written, and the same dressed in the site's look.

A mail's template is text alone. Paragraphs stand between empty lines; an address that is a paragraph of its own
becomes a button, on a line of its own a link, and what follows "-- " the foot. So both shapes always say the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

ADDRESS = re.compile(r"https?://\S+")
FOOT = "\n-- \n"
BUTTONS = {
    "account/email/account_already_exists": _("Choose another password"),
    "account/email/email_confirmation": _("Confirm the address"),
    "account/email/email_confirmation_signup": _("Confirm the address"),
    "account/email/password_reset_key": _("Choose another password"),
    "account/email/unknown_account": _("Make an account"),
    "account/email/song_ready": _("Hear it"),
}
"""What stands on the button of a mail, by its templates."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A piece of a mail: an address alone, or lines of words and addresses."""

    address: str
    lines: tuple[tuple[str, bool], ...]
    """Each with whether it is an address."""


def written(
    prefix: str, to: str, context: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> EmailMultiAlternatives:
    """The mail of the templates `prefix`_subject.txt and `prefix`_message.txt, in both shapes, ready to be sent."""
    told = {"site_name": settings.SITE_NAME, "site_address": settings.PUBLIC_URL, **context}
    subject = " ".join(render_to_string(f"{prefix}_subject.txt", told).split())
    text = render_to_string(f"{prefix}_message.txt", told).strip()
    subject = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}"
    mail = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [to], headers=dict(headers or {}))
    mail.attach_alternative(dressed(text, subject, str(BUTTONS.get(prefix, _("Open it")))), "text/html")
    return mail


def dressed(text: str, subject: str, button: str) -> str:
    """`text` as a page of HTML that needs nothing from elsewhere. HTML in it is shown as written."""
    body, _mark, foot = text.partition(FOOT)
    pieces = [piece.strip() for piece in re.split(r"\n\s*\n", body) if piece.strip()]
    paragraphs = [
        Paragraph(piece, ()) if ADDRESS.fullmatch(piece) else Paragraph("", _lines(piece)) for piece in pieces
    ]
    context = {"subject": subject, "paragraphs": paragraphs, "button": button, "foot": _lines(foot.strip())}
    return render_to_string("mail.html", {**context, "site_name": settings.SITE_NAME})


def _lines(text: str) -> tuple[tuple[str, bool], ...]:
    return tuple((line, bool(ADDRESS.fullmatch(line))) for line in text.splitlines())
