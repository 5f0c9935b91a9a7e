"""What people are called."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from studio.accounts.models import User

UNNAMED = _("Anonymous")


def display_name(user: User | AnonymousUser) -> str:
    """What everybody may read beside a song: the chosen name. Never a part of the address, which is private."""
    return (user.name if isinstance(user, User) else "") or str(UNNAMED)


def own_name(user: User) -> str:
    """What the person reads about themselves: the chosen name, or the address they signed in with."""
    return user.name or user.email
