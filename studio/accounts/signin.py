"""Sign-in links: made at the terminal by whoever runs the site, good for one visit."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from studio.accounts.models import SignInLink, User


def issue_link(user: User) -> str:
    """A whole address that signs `user` in once, within `settings.SIGNIN_LINK_MINUTES`."""
    now = timezone.now()
    SignInLink.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    token = secrets.token_urlsafe(32)
    expires_at = now + timedelta(minutes=settings.SIGNIN_LINK_MINUTES)
    SignInLink.objects.create(user=user, token_hash=_hashed(token), expires_at=expires_at)
    return f"{settings.PUBLIC_URL}{reverse('signin_link', args=[token])}"


def redeem(token: str) -> User | None:
    """Use the link up. The person it belongs to, or None where it is used, expired, unknown or theirs no longer.

    One conditional UPDATE decides, so two visits at the same moment cannot both come in. Its conditions are columns of
    the one row: through a join they would become a subquery, which PostgreSQL does not look at again after a wait.
    """
    now = timezone.now()
    found = SignInLink.objects.select_related("user").filter(token_hash=_hashed(token), user__is_active=True).first()
    if found is None:
        return None
    unused = SignInLink.objects.filter(pk=found.pk, used_at=None, expires_at__gt=now)
    return found.user if unused.update(used_at=now) else None


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
