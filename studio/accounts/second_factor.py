"""How django-allauth keeps a second factor here: its secrets encrypted, its names those of this site."""

from __future__ import annotations

import base64
import logging
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from studio.accounts.models import User

log = logging.getLogger(__name__)

PURPOSE = b"duplet second factor 1"
"""Parts this key from others that are made of SECRET_KEY."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # django-allauth carries no types
    """Encrypts secrets with a key made of `SECRET_KEY`; `SECRET_KEY_FALLBACKS` still open what was kept before.

    Where neither opens a secret, no code fits any more: a passkey still lets its owner in, because it needs no secret
    here, and so does `manage.py signin_link`, after which a new factor can be set up.
    """

    error_messages = {  # noqa: RUF012  as in the base class
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": gettext_lazy("Recovery codes are for accounts with a second factor."),
        "incorrect_code": gettext_lazy("This code does not fit. Codes change every 30 seconds: try the one shown now."),
    }

    def get_totp_issuer(self) -> str:
        """What the app on somebody's phone calls this site."""
        return str(settings.SITE_NAME)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site as passkeys know it; its `id` is the name in the address bar."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": settings.SITE_NAME}

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002  the base class's name
        """What a passkey is called until its owner names it."""
        return _("Passkey %(n)s") % {"n": Authenticator.objects.filter(user=user, type=type).count() + 1}

    def encrypt(self, text: str) -> str:
        """A secret as it is kept."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again, or one that fits nothing where it was kept under a key that is gone."""
        try:
            return _keys().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.warning("A second factor cannot be opened: was SECRET_KEY changed without SECRET_KEY_FALLBACKS?")
            return base64.b32encode(Fernet.generate_key()[:20]).decode()


def _keys() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str | bytes) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(force_bytes(secret))
    return Fernet(base64.urlsafe_b64encode(derived))
