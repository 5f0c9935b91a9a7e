"""Rows: a person, what lets one in beside a password, how often they may ask, and what they may spend."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def plain_email(email: str) -> str:
    """An address as it is kept and compared: lower case, no space around it."""
    return email.strip().lower()


class UserManager(BaseUserManager["User"]):
    """Makes people from an e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person who signs in with `email`; without a password only a sign-in link lets them in."""
        if not plain_email(email):
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person who may do everything on this site."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> User:
        """The person with this address, however it is written."""
        return self.get(email=plain_email(username or ""))


class User(AbstractUser):
    """A person. The e-mail address is the login: unique however it is written, because it is kept in lower case."""

    username = None  # type: ignore[assignment]  # Django's way to leave out a field of the base class
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=80, blank=True)
    """What others see beside a shared song; may be empty."""
    picture = models.FileField(blank=True, default="", db_default="", max_length=200, editable=False)
    """A square WebP that stands for them; its name is another one with each picture."""
    leaving_at = models.DateTimeField(null=True, blank=True, editable=False)
    """Since when the account is being deleted, file by file."""
    mail_when_ready = models.BooleanField(default=False, db_default=False)
    """Whether a mail tells when a song of theirs is ready."""

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]  # the base class has one for user names

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(email=Lower("email")), name="email_in_lower_case"),)

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Bring the address into the form in which it is kept."""
        self.email = plain_email(self.email)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the address in lower case, whoever wrote it."""
        self.email = plain_email(self.email)
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """The name, which may be empty."""
        return self.name

    def get_short_name(self) -> str:
        """The name, which may be empty."""
        return self.name


class SignInLink(models.Model):
    """A link that lets one person in once. Only its token's hash is kept: a copy of the database lets nobody in."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    """SHA-256 in hexadecimal; 256 random bits need no slow hash."""
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"sign-in link of {self.user} until {self.expires_at:%Y-%m-%d %H:%M}"


class ApiKey(models.Model):
    """A key with which programs act for a person. Only its hash is kept; the key itself is shown once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    """What it is for, in its owner's words."""
    public_id = models.CharField(max_length=16, unique=True)
    """The readable part of the key, by which it is found."""
    key_hash = models.CharField(max_length=64)
    """SHA-256 of the whole key in hexadecimal; 256 random bits need no slow hash."""
    last4 = models.CharField(max_length=4)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    """To the minute."""
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.name} (…{self.last4})"


class RateBucket(models.Model):
    """How much somebody may still do just now; `studio.accounts.limits` says how it is read and written."""

    name = models.CharField(max_length=80, primary_key=True)
    """What is counted, for whom: "requests of key 5"."""
    full_at = models.FloatField(default=0.0)
    """Unix time at which the whole allowance is there again."""

    def __str__(self) -> str:
        return self.name


class LedgerRows(models.QuerySet["LedgerEntry"]):
    """Entries are added, never changed: the two ways to do so in passing are shut."""

    def update(self, **kwargs: Any) -> int:
        """Refused: what was booked stays as it was booked."""
        raise TypeError(f"The ledger is only added to; {sorted(kwargs)} cannot be changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused: entries go with their person's account and in no other way."""
        raise TypeError("The ledger is only added to; no entry can be deleted.")


class LedgerEntry(models.Model):
    """One booking. Someone's balance is the sum of their amounts; `studio.accounts.ledger` writes and reads them."""

    class Kind(models.TextChoices):
        """What is booked: a song holds its credits, uses them, gives them back; people and days bring new ones."""

        GRANT = "grant", _("Given")
        RESERVE = "reserve", _("Set aside")
        CAPTURE = "capture", _("Used")
        RELEASE = "release", _("Given back")
        REFUND = "refund", _("Refunded")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ledger")
    generation_id = models.UUIDField(null=True, blank=True)
    """The song it is about; entries stay when the song is deleted. None for a grant."""
    kind = models.CharField(max_length=8, choices=Kind)
    amount = models.IntegerField()
    """Credits: less than nothing or 0 for a reserve, 0 for a capture, more for a grant; a release and a refund give
    back what was reserved, which is 0 where songs cost nothing."""
    note = models.CharField(max_length=200, blank=True)
    """Why, in the words of whoever gave it."""
    day = models.DateField(null=True, blank=True)
    """The day (UTC) whose grant this is."""
    created_at = models.DateTimeField(default=timezone.now)

    objects = LedgerRows.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name_plural = "ledger entries"
        constraints = (
            models.UniqueConstraint(fields=("generation_id", "kind"), name="one_entry_a_song_and_kind"),
            models.UniqueConstraint(
                fields=("generation_id",), condition=Q(kind__in=("capture", "release")), name="used_or_given_back"
            ),
            models.UniqueConstraint(fields=("user", "day"), name="one_grant_a_day"),
            models.CheckConstraint(
                condition=Q(kind="grant", amount__gt=0)
                | Q(kind="reserve", amount__lte=0)
                | Q(kind="capture", amount=0)
                | Q(kind__in=("release", "refund"), amount__gte=0),
                name="ledger_signs",
            ),
            models.CheckConstraint(
                condition=Q(kind="grant", generation_id=None)
                | (~Q(kind="grant") & Q(generation_id__isnull=False, day=None)),
                name="grants_are_of_no_song",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount:+d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry. Raises `TypeError` for one that is there already."""
        if not self._state.adding:
            raise TypeError("The ledger is only added to; an entry cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:  # noqa: ARG002  the base's signature
        """Refused, as for many at once."""
        raise TypeError("The ledger is only added to; no entry can be deleted.")
