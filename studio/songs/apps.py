"""The songs app."""

import uuid
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils import timezone


class SongsConfig(AppConfig):
    """What is made and kept."""

    name = "studio.songs"

    def ready(self) -> None:
        """Songs know when what they used was given back; every room's rows are known, and the catalogue is kept."""
        from studio.accounts import ledger  # noqa: PLC0415  models are there only now
        from studio.songs import (  # noqa: F401, PLC0415  rows of rooms of their own
            catalogue_tables,
            drafts,
            links,
            presets,
            profiles,
            reports,
            shelves,
            sounds,
        )

        ledger.refunded.connect(_note_refund, dispatch_uid="songs")
        pre_migrate.connect(catalogue_tables.make_way, sender=self, dispatch_uid="songs.catalogue")
        post_migrate.connect(catalogue_tables.set_up, sender=self, dispatch_uid="songs.catalogue")


def _note_refund(generation_id: uuid.UUID, **_: Any) -> None:
    from studio.songs.models import Generation  # noqa: PLC0415  as above

    Generation.objects.filter(pk=generation_id).update(refunded_at=timezone.now())
