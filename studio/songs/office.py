"""Songs as the operator sees them: how they stand and what they cost. What people wrote stays theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

from studio.accounts.office import ReadOnly, office, refund_songs
from studio.songs.models import Generation

__all__ = ["GenerationAdmin", "office"]

if TYPE_CHECKING:
    SongAdmin = admin.ModelAdmin[Generation]
else:  # this class takes no parameter when the site runs
    SongAdmin = admin.ModelAdmin


@admin.register(Generation, site=office)
class GenerationAdmin(ReadOnly, SongAdmin):
    """Songs, newest first. Neither words nor secret addresses are shown."""

    fields = (
        *("id", "owner", "status", "error_code", "error", "progress", "upstream", "upstream_message_id"),
        *("attempts", "orders", "cost", "refunded_at", "created_at", "submitted_at", "accepted_at", "finished_at"),
    )
    list_display = ("id", "owner", "status", "error_code", "cost", "refunded_at", "created_at", "finished_at")
    list_filter = ("status", "error_code", "created_at")
    list_select_related = ("owner",)
    search_fields = ("id", "owner__email", "upstream_message_id")
    actions = ("refund",)

    def has_refund_permission(self, request: HttpRequest) -> bool:
        """Whoever may add entries to the ledger."""
        return request.user.has_perm("accounts.add_ledgerentry")

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The list, in which songs are called by their ids."""
        found = super().get_changelist_instance(request)
        for song in found.result_list:
            song.title = str(song.pk)  # never saved; Django puts an object's name beside its box
        return found

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Generation | None:
        """A song, called by its id."""
        song = super().get_object(request, object_id, from_field)
        if song is not None:
            song.title = str(song.pk)  # as above
        return song

    @admin.action(description="Refund what the selected songs have used", permissions=["refund"])
    def refund(self, request: HttpRequest, chosen: QuerySet[Generation]) -> None:
        """Give back what these songs have used; what used nothing, or was refunded before, is left alone."""
        refund_songs(request, list(chosen.values_list("pk", flat=True)))
