"""Rows: a generation, its two versions, their sections, and the numbered events that everybody reads."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_seed() -> int:
    """A seed of 31 bits: the same seed makes the same song again."""
    return secrets.randbelow(2**31)


def new_key() -> str:
    """An address part nobody can guess (192 bits)."""
    return secrets.token_urlsafe(24)


class Status(models.TextChoices):
    """Where a generation stands. `interrupted` means that the outcome is not known yet; the last four are final."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Recording")
    INTERRUPTED = "interrupted", _("Interrupted")
    COMPLETED = "completed", _("Saved")
    PARTIAL = "partial", _("One take saved")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


FINAL = frozenset({Status.COMPLETED, Status.PARTIAL, Status.FAILED, Status.CANCELLED})
"""Statuses that nothing leaves again."""


class Visibility(models.TextChoices):
    """Who may hear a song. Only unlisted and public ones have a share link."""

    PRIVATE = "private", _("Only you")
    UNLISTED = "unlisted", _("Anyone with the link")
    PUBLIC = "public", _("Everyone")


class Opened(models.Model):
    """What a shared page gives to whoever has its link, besides the sound."""

    shows_words = models.BooleanField(default=True, db_default=True)
    """The words as they are sung."""
    shows_prompt = models.BooleanField(default=False, db_default=False)
    """What was asked for."""
    allows_download = models.BooleanField(default=False, db_default=False)
    """Takes can be saved as files."""

    class Meta:
        abstract = True


OPENS = ("shows_words", "shows_prompt", "allows_download")
"""The fields of `Opened`."""


class Generation(Opened):
    """One request by one person and what came of it. Its id is the `message_id` of our own API."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="generations")
    prompt = models.TextField()
    lyrics = models.TextField(blank=True)
    reference_url = models.CharField(max_length=2048, blank=True)
    """The four addresses of given sound, by their names on the wire: whole http(s) URLs, kept as they came."""
    instrumental_url = models.CharField(max_length=2048, blank=True)
    vocal_url = models.CharField(max_length=2048, blank=True)
    melody_url = models.CharField(max_length=2048, blank=True)
    seed = models.BigIntegerField(default=new_seed)
    made_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="led_to")
    """The song of the same owner that this one takes its fields from."""
    given: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, db_default={}, blank=True)
    """What was heard in its owner's recordings when it was asked for, by their roles: `origins.Origin` of each."""
    form_token = models.UUIDField(null=True, blank=True, editable=False)
    """The form it came from: a double click or a reload of the answer makes no second song."""

    title = models.CharField(max_length=200, blank=True)
    inks = models.PositiveSmallIntegerField(default=1)
    """Which of the six ink pairs the song is printed in, 1-6."""
    album_art = models.FileField(blank=True, max_length=200)
    art_key = models.CharField(max_length=40, default=new_key)
    """Lets programs fetch the cover without signing in."""

    is_favourite = models.BooleanField(default=False, db_default=False)
    notes = models.TextField(blank=True, default="", db_default="")
    """What its owner keeps beside it. Nobody else reads it."""
    kept_take = models.PositiveSmallIntegerField(null=True, blank=True)
    """The better take, 1 or 2: the one that plays first. None where its owner has not chosen."""

    cost = models.PositiveIntegerField(default=0, db_default=0)
    """Credits that were set aside for it when it was asked for."""
    refunded_at = models.DateTimeField(null=True, blank=True)
    """When the operator gave back what it had used."""

    status = models.CharField(max_length=12, choices=Status, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    """Percent of every version that is not finished."""
    error_code = models.CharField(max_length=32, blank=True)
    error = models.CharField(max_length=400, blank=True)
    """A sentence for the owner."""
    last_seq = models.PositiveIntegerField(default=0)

    upstream = models.CharField(max_length=40, blank=True)
    upstream_message_id = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_fence = models.PositiveIntegerField(default=0)
    """Grows with each claim; a writer that holds an older number is refused."""
    lease_until = models.DateTimeField(null=True, blank=True)
    orders = models.PositiveSmallIntegerField(default=0, db_default=0)
    """How often it was ordered in vain: surely not taken, so that it may be ordered again."""
    retry_at = models.DateTimeField(null=True, blank=True)
    """The upstream is left alone until then: it is busy, or cannot say what became of an interrupted song."""
    cancel_requested_at = models.DateTimeField(null=True, blank=True)

    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PRIVATE)
    share_id = models.CharField(max_length=22, null=True, blank=True, unique=True)
    taken_down_at = models.DateTimeField(null=True, blank=True)
    """When the operator ended its sharing; its owner keeps it."""

    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    mail_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When its owner is to be told by mail that it is ready; None where that is not to be, or is done."""
    trashed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("owner", "form_token"), name="one_song_a_form"),
            models.CheckConstraint(
                condition=Q(visibility="private", share_id=None)
                | (~Q(visibility="private") & Q(share_id__isnull=False)),
                name="shared_means_a_share_id",
            ),
            models.CheckConstraint(
                condition=Q(kept_take=None) | Q(kept_take__in=(1, 2)),
                name="kept_take_is_a_or_b",
            ),
        )
        indexes = (
            models.Index(fields=("owner", "trashed_at", "-created_at"), name="library"),
            models.Index(fields=("owner", "trashed_at", "is_favourite", "visibility"), name="shelves"),
            models.Index(
                fields=("status", "created_at"),
                name="unfinished",
                condition=Q(status__in=("queued", "running", "interrupted")),
            ),
            models.Index(fields=("mail_due_at",), name="mail_due", condition=Q(mail_due_at__isnull=False)),
            models.Index(fields=("upstream", "-finished_at"), name="lately_made", condition=Q(status="completed")),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The title, or the beginning of the prompt until there is one."""
        if self.title:
            return self.title
        first = " ".join(self.prompt.split())
        return first if len(first) <= 60 else first[:59].rstrip() + "…"

    @property
    def notes_mark(self) -> str:
        """A mark of these very notes, which tells whether others have come in between."""
        return hashlib.sha256(self.notes.encode(errors="replace")).hexdigest()[:16]

    @property
    def is_final(self) -> bool:
        """Nothing more will happen to it by itself."""
        return self.status in FINAL

    @property
    def credits_charged(self) -> int:
        """Credits that its owner has used on it: from the moment it was accepted, until they are given back."""
        begun = self.accepted_at is not None or self.status in (Status.COMPLETED, Status.PARTIAL)
        given_back = self.refunded_at is not None or self.status in (Status.FAILED, Status.CANCELLED)
        return self.cost if begun and not given_back else 0

    @property
    def is_shared(self) -> bool:
        """People without an account may hear it."""
        return self.visibility != Visibility.PRIVATE and self.trashed_at is None and self.taken_down_at is None


class Version(models.Model):
    """One of the two songs of a generation: "take A" is number 1, "take B" number 2."""

    class State(models.TextChoices):
        """Where a version stands: nothing yet, can be heard early, stored as a whole, will never come."""

        WAITING = "waiting", _("Waiting")
        PLAYABLE = "playable", _("Playable")
        STORED = "stored", _("Saved")
        FAILED = "failed", _("Failed")

    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    stream_key = models.CharField(max_length=40, unique=True, default=new_key)
    audio = models.FileField(blank=True, max_length=200)
    midi = models.FileField(blank=True, max_length=200, default="", db_default="")
    """Its notes and words; empty where another host made it, or our engine before it kept them."""
    size = models.PositiveBigIntegerField(default=0)
    """Bytes of the stored audio."""
    sha256 = models.CharField(max_length=64, blank=True)
    duration_ms = models.PositiveIntegerField(default=0)
    peaks: models.JSONField[list[int], list[int]] = models.JSONField(default=list)
    """Loudness along its length, 0-100, for the wave."""
    understood: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    """What the engine made of the prompt for this take: tempo, key, voice, style."""
    is_finished = models.BooleanField(default=False)
    """Its words have come as well."""
    plays = models.PositiveIntegerField(default=0, db_default=0)
    """How often others have listened to it where it is shared."""

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("generation", "number"), name="one_version_a_number"),)

    def __str__(self) -> str:
        return f"{self.generation} (take {self.letter})"

    @property
    def letter(self) -> str:
        """What people call it: A or B."""
        return "AB"[self.number - 1]

    @property
    def ending(self) -> str:
        """The ending of its stored file, which says what it is: mp3, wav, flac or ogg; empty before."""
        return str(self.audio.name or "").rpartition(".")[2]

    @property
    def wav_size(self) -> int:
        """About how many bytes it has as WAV, if it is stereo at 44.1 kHz, as nearly all are."""
        return self.duration_ms * 44_100 * 4 // 1000

    @property
    def kind_name(self) -> str:
        """What people call such a file."""
        return "Ogg" if self.ending == "ogg" else self.ending.upper()


class Stems(models.Model):
    """A wish to have a take in its parts, and what came of it. Whoever takes it back deletes the row."""

    class State(models.TextChoices):
        """Where it stands: nobody has begun, it is being made, it can be saved, there will be none."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    version = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="stems")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    """Percent."""
    error = models.CharField(max_length=400, blank=True)
    """A sentence for the owner."""
    archive = models.FileField(blank=True, max_length=200)
    """A ZIP archive of FLAC files."""
    size = models.PositiveBigIntegerField(default=0)
    """Bytes of the archive."""
    sha256 = models.CharField(max_length=64, blank=True)
    is_exact = models.BooleanField(default=False)
    """They add up to the very sound that was kept, not to one of a newer engine."""
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "stems"

    def __str__(self) -> str:
        return f"Stems of {self.version}"


class Section(models.Model):
    """A part of a version's words (or of its music, then without lines), with times."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    """verse, chorus, bridge …: open-ended, an upstream's own word."""
    start_ms = models.PositiveIntegerField()
    end_ms = models.PositiveIntegerField()
    lines: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    """[{"start": ms, "end": ms, "text": str, "words": [{"start", "end", "text"}]}]"""

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("version", "position"), name="one_section_a_position"),)

    def __str__(self) -> str:
        return f"{self.kind} at {self.start_ms} ms"


class Event(models.Model):
    """A promise kept: numbered without holes for each generation, written before anybody hears of it."""

    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    """validated, playable, stored, finished, failed"""
    body: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    """The v6 event without its addresses: those are ours and are added when it is read."""
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("seq",)
        constraints = (models.UniqueConstraint(fields=("generation", "seq"), name="no_seq_twice"),)

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"
