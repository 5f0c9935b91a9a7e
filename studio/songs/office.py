"""Songs as the operator sees them: how they stand and what they cost. What people wrote stays theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from studio.accounts.office import ReadOnly, office, refund_songs
from studio.songs import addresses, reports
from studio.songs.audit import LONGEST
from studio.songs.models import FINAL, Event, Generation, Status
from studio.songs.reports import Report

__all__ = ["GenerationAdmin", "ReportAdmin", "office"]

LONG_QUEUED = timedelta(minutes=10)

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    SongAdmin = admin.ModelAdmin[Generation]
    WordAdmin = admin.ModelAdmin[Report]
    EventRows = admin.TabularInline[Event, Generation]
else:  # these classes take no parameter when the site runs
    SongAdmin = WordAdmin = admin.ModelAdmin
    EventRows = admin.TabularInline


class Stuck(admin.SimpleListFilter):
    """Songs that ought to have moved on by now."""

    title = _("needs a look")
    parameter_name = "stuck"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, StrPromise]]:  # noqa: ARG002
        """What may be wrong, and what to do."""
        return [
            ("lease", _("Its process is gone: taken over within a minute, or start a relay")),
            ("queued", _("Queued for ten minutes: is a relay running?")),
            ("late", _("Sent off half an hour ago and not over: see manage.py audit")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Generation]) -> QuerySet[Generation]:  # noqa: ARG002
        """The songs of which that is so."""
        now, rows = timezone.now(), queryset.exclude(status__in=FINAL)
        match self.value():
            case "lease":
                return rows.filter(lease_until__lt=now)
            case "queued":
                return rows.filter(status=Status.QUEUED, created_at__lt=now - LONG_QUEUED)
            case "late":
                return rows.filter(submitted_at__lt=now - LONGEST)
        return queryset


class Journal(ReadOnly, EventRows):
    """What was promised of a song, in order. What the events say is the owner's: only their kinds are shown."""

    model = Event
    fields = ("seq", "kind", "created_at")
    verbose_name_plural = _("journal")


@admin.register(Generation, site=office)
class GenerationAdmin(ReadOnly, SongAdmin):
    """Songs, newest first. Neither words nor secret addresses are shown."""

    fields = (
        *("id", "owner", "status", "error_code", "error", "progress", "upstream", "upstream_message_id"),
        *("attempts", "orders", "cost", "refunded_at", "created_at", "submitted_at", "accepted_at", "finished_at"),
        *("visibility", "taken_down_at", "lease_owner", "lease_until", "retry_at", "cancel_requested_at"),
    )
    list_display = ("id", "owner", "status", "error_code", "cost", "refunded_at", "created_at", "finished_at")
    list_filter = (Stuck, "status", "error_code", ("taken_down_at", admin.EmptyFieldListFilter), "created_at")
    list_select_related = ("owner",)
    search_fields = ("id", "owner__email", "upstream_message_id")
    actions = ("refund", "take_down", "give_back")
    inlines = (Journal,)

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

    @admin.action(description=_("Refund what the selected songs have used"), permissions=["refund"])
    def refund(self, request: HttpRequest, chosen: QuerySet[Generation]) -> None:
        """Give back what these songs have used; what used nothing, or was refunded before, is left alone."""
        refund_songs(request, list(chosen.values_list("pk", flat=True)))

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Whoever may change reports."""
        return request.user.has_perm("songs.change_report")

    @admin.action(description=_("End the sharing of the selected songs"), permissions=["moderate"])
    def take_down(self, request: HttpRequest, chosen: QuerySet[Generation]) -> None:
        """Their pages say that they are no longer shared; their owners keep them."""
        for song in chosen:
            reports.take_down(song)
        self.message_user(
            request, _("Sharing ended: %(count)s. The songs stay their owners'.") % {"count": len(chosen)}
        )

    @admin.action(description=_("Let the selected songs be shared again"), permissions=["moderate"])
    def give_back(self, request: HttpRequest, chosen: QuerySet[Generation]) -> None:
        """Undo a takedown."""
        for song in chosen:
            reports.give_back(song)
        self.message_user(request, _("Shared again as before: %(count)s.") % {"count": len(chosen)})


@admin.register(Report, site=office)
class ReportAdmin(ReadOnly, WordAdmin):
    """What strangers say against shared songs, with the page to hear them at, and both answers."""

    fields = ("page", "reason", "words", "contact", "created_at", "closed_at")
    readonly_fields = ("page",)
    list_display = ("created_at", "reason", "page", "closed_at")
    list_filter = ("reason", ("closed_at", admin.EmptyFieldListFilter), "created_at")
    list_select_related = ("generation",)
    actions = ("take_down", "dismiss")

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Whoever may change reports."""
        return request.user.has_perm("songs.change_report")

    @admin.display(description=_("Song"))
    def page(self, report: Report) -> str:
        """Its page, while it is shared."""
        song = report.generation
        if song.taken_down_at:
            return str(_("taken down"))
        if not song.is_shared:
            return str(_("no longer shared by its owner"))
        return format_html('<a href="{0}">{0}</a>', addresses.shared(str(song.share_id)))

    @admin.action(description=_("End the sharing of their songs"), permissions=["moderate"])
    def take_down(self, request: HttpRequest, chosen: QuerySet[Report]) -> None:
        """The songs' pages say that they are no longer shared; all reports about them are closed."""
        for report in chosen:
            reports.take_down(report.generation)
        self.message_user(request, _("Sharing ended, reports closed: %(count)s.") % {"count": len(chosen)})

    @admin.action(description=_("Close the selected reports, the songs stay"), permissions=["moderate"])
    def dismiss(self, request: HttpRequest, chosen: QuerySet[Report]) -> None:
        """Nothing is wrong with these."""
        for report in chosen:
            reports.dismiss(report)
        self.message_user(request, _("Reports closed: %(count)s.") % {"count": len(chosen)})
