"""The songs app."""

import uuid
from typing import Any

from django.apps import AppConfig
from django.utils import timezone


class SongsConfig(AppConfig):
    """What is made and kept."""

    name = "studio.songs"

    def ready(self) -> None:
        """Songs know when what they used was given back."""
        from studio.accounts import ledger  # noqa: PLC0415  models are there only now

        ledger.refunded.connect(_note_refund, dispatch_uid="songs")


def _note_refund(generation_id: uuid.UUID, **_: Any) -> None:
    from studio.songs.models import Generation  # noqa: PLC0415  as above

    Generation.objects.filter(pk=generation_id).update(refunded_at=timezone.now())
