"""The operator's office at /admin/: Django's admin behind the site's own sign-in. People, what they have, and grants.

Nothing here changes a row that is there: entries are added to the ledger, everything else is only read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, Count, Model, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from studio.accounts import ledger
from studio.accounts.models import ApiKey, LedgerEntry, User, plain_email

if TYPE_CHECKING:
    EntryAdmin = admin.ModelAdmin[LedgerEntry]
    UserAdmin = admin.ModelAdmin[User]
    KeyRows = admin.ModelAdmin[ApiKey]
    GrantFields = forms.ModelForm[LedgerEntry]
else:  # these classes take no parameter when the site runs
    EntryAdmin = UserAdmin = KeyRows = admin.ModelAdmin
    GrantFields = forms.ModelForm


OWN_PAGES = ("logout", "password_change", "password_change_done")
"""What the site has pages of its own for."""


class Office(admin.AdminSite):
    """Django's admin without doors of its own: people sign in, sign out and change passwords where everybody does."""

    site_header = site_title = format_lazy(_("{site}: office"), site=settings.SITE_NAME)
    index_title = _("What the site keeps")
    enable_nav_sidebar = False

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        """To the site's own sign-in and back; 403 for somebody who is signed in and no member of the staff."""
        home = reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next", home), settings.LOGIN_URL)
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect(home)

    def get_urls(self) -> list[Any]:
        """Its addresses; those for signing out and for passwords lead to the site's own pages."""
        out = path("logout/", RedirectView.as_view(pattern_name="account_logout"), name="logout")
        password = path(
            "password_change/", RedirectView.as_view(pattern_name="account_change_password"), name="password_change"
        )
        return [out, password, *(found for found in super().get_urls() if getattr(found, "name", "") not in OWN_PAGES)]


office = Office()


class ReadOnly:
    """Rows that are looked at: not added, not changed, not deleted."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's, as below
        """No."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """No."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """No."""
        return False


class GrantForm(GrantFields):
    """Credits for somebody, and why."""

    email = forms.EmailField(label=_("Person"), help_text=_("The e-mail address they sign in with."))
    amount = forms.IntegerField(label=_("Credits"), min_value=1, max_value=1_000_000)
    note = forms.CharField(max_length=200, help_text=_("Why. The person reads this on their page of credits."))

    class Meta:
        model = LedgerEntry
        fields = ("amount", "note")

    def clean_email(self) -> str:
        """The address of somebody who has an account."""
        email = plain_email(self.cleaned_data["email"])
        person = User.objects.filter(email=email).first()
        if person is None:
            raise forms.ValidationError(_("Nobody signs in with this address."))
        self.instance.user = person
        self.instance.kind = LedgerEntry.Kind.GRANT
        return email


@admin.register(LedgerEntry, site=office)
class LedgerAdmin(ReadOnly, EntryAdmin):
    """Every booking. New ones are grants; what a song used is refunded by an action."""

    form = GrantForm
    fields = ("email", "amount", "note")
    list_display = ("created_at", "user", "kind", "amount", "note", "generation_id")
    list_filter = ("kind", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__email", "note", "generation_id")
    actions = ("refund",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  as above
        """Grants are added by whoever may add entries."""
        return request.user.has_perm("accounts.add_ledgerentry")

    def has_refund_permission(self, request: HttpRequest) -> bool:
        """Refunds as well."""
        return self.has_add_permission(request)

    def get_fields(self, request: HttpRequest, obj: LedgerEntry | None = None) -> Any:
        """A grant's own fields, or everything of an entry that is there."""
        everything = ("user", "kind", "amount", "note", "generation_id", "day", "created_at")
        return everything if obj else super().get_fields(request, obj)

    @admin.action(description=_("Refund what the selected entries’ songs have used"), permissions=["refund"])
    def refund(self, request: HttpRequest, chosen: QuerySet[LedgerEntry]) -> None:
        """Give back what these songs have used; what used nothing, or was refunded before, is left alone."""
        ids = set(chosen.exclude(generation_id=None).values_list("generation_id", flat=True))
        refund_songs(request, [pk for pk in ids if pk])


@admin.register(ApiKey, site=office)
class KeyAdmin(ReadOnly, KeyRows):
    """Keys by the part that anybody may read. The operator can revoke one."""

    fields = ("user", "name", "public_id", "created_at", "last_used_at", "revoked_at")
    list_display = ("public_id", "user", "name", "created_at", "last_used_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "last_used_at")
    list_select_related = ("user",)
    search_fields = ("public_id", "user__email")
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Whoever may change keys."""
        return request.user.has_perm("accounts.change_apikey")

    @admin.action(description=_("Revoke the selected keys"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> None:
        """Programs that use them are let in no more."""
        done = chosen.filter(revoked_at=None).update(revoked_at=timezone.now())
        told = ngettext("%(n)s key revoked.", "%(n)s keys revoked.", done) % {"n": done}
        messages.add_message(request, messages.SUCCESS if done else messages.WARNING, told)


@admin.register(User, site=office)
class PersonAdmin(ReadOnly, UserAdmin):
    """People and what they have."""

    fields = ("email", "name", "balance", "songs", "storage", "is_active", "is_staff", "date_joined", "last_login")
    list_display = (
        "email",
        "name",
        "balance",
        "songs",
        "storage",
        "is_active",
        "is_staff",
        "date_joined",
        "last_login",
    )
    search_fields = ("email", "name")
    ordering = ("email",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With balances, songs and what their takes weigh, in one query."""
        found = super().get_queryset(request).annotate(credits=Coalesce(Sum("ledger__amount"), 0))
        return found.annotate(
            song_count=Coalesce(_of_person("generations", Count("generations")), 0),
            stored=Coalesce(_of_person("generations__versions", Sum("generations__versions__size")), 0),
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """With everybody's songs and bytes in its title."""
        whole = User.objects.aggregate(songs=Count("generations", distinct=True))["songs"]
        stored = User.objects.aggregate(stored=Coalesce(Sum("generations__versions__size"), 0))["stored"]
        title = gettext("People. In all %(songs)s songs, %(size)s") % {"songs": whole, "size": filesizeformat(stored)}
        return super().changelist_view(request, {**(extra_context or {}), "title": title})

    @admin.display(ordering="song_count", description=_("songs"))
    def songs(self, person: User) -> int:
        """How many there are, those in the trash among them."""
        return int(person.song_count)  # type: ignore[attr-defined]  # annotated above

    @admin.display(ordering="stored", description=_("storage"))
    def storage(self, person: User) -> str:
        """What the person's takes weigh; covers and stems are not counted."""
        return filesizeformat(person.stored)  # type: ignore[attr-defined]  # as above

    @admin.display(ordering="credits", description=_("credits"))
    def balance(self, person: User) -> int:
        """What the person has; the day's credits only if they came by."""
        return int(person.credits)  # type: ignore[attr-defined]  # annotated above


def _of_person(path: str, total: Any) -> Subquery:
    """A total over one person's rows at `path`, by itself: joined to others it would be counted once for each."""
    rows = User.objects.filter(pk=OuterRef("pk")).exclude(**{path: None}).order_by().values("pk")
    return Subquery(rows.annotate(total=total).values("total")[:1], output_field=BigIntegerField())


def refund_songs(request: HttpRequest, generation_ids: list[Any]) -> None:
    """Refund each of these songs once, and say how many there were to refund."""
    note = gettext("Refunded by %(person)s") % {"person": request.user}
    done = sum(ledger.refund(pk, note[:200]) for pk in generation_ids)
    left = len(generation_ids) - done
    told = ngettext("%(n)s refunded.", "%(n)s refunded.", done) % {"n": done}
    if left:
        told = ngettext(
            "%(done)s refunded; %(n)s had used nothing, or were refunded before.",
            "%(done)s refunded; %(n)s had used nothing, or were refunded before.",
            left,
        ) % {"done": done, "n": left}
    messages.add_message(request, messages.SUCCESS if done else messages.WARNING, told)
