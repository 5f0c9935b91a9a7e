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
from django.db.models import Model, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.generic import RedirectView

from studio.accounts import ledger
from studio.accounts.models import LedgerEntry, User, plain_email

if TYPE_CHECKING:
    EntryAdmin = admin.ModelAdmin[LedgerEntry]
    UserAdmin = admin.ModelAdmin[User]
    GrantFields = forms.ModelForm[LedgerEntry]
else:  # these classes take no parameter when the site runs
    EntryAdmin = UserAdmin = admin.ModelAdmin
    GrantFields = forms.ModelForm


OWN_PAGES = ("logout", "password_change", "password_change_done")
"""What the site has pages of its own for."""


class Office(admin.AdminSite):
    """Django's admin without doors of its own: people sign in, sign out and change passwords where everybody does."""

    site_header = site_title = f"{settings.SITE_NAME}: office"
    index_title = "What the site keeps"
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

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  Django's signature, as below
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

    email = forms.EmailField(label="Person", help_text="The e-mail address they sign in with.")
    amount = forms.IntegerField(label="Credits", min_value=1, max_value=1_000_000)
    note = forms.CharField(max_length=200, help_text="Why. The person reads this on their page of credits.")

    class Meta:
        model = LedgerEntry
        fields = ("amount", "note")

    def clean_email(self) -> str:
        """The address of somebody who has an account."""
        email = plain_email(self.cleaned_data["email"])
        person = User.objects.filter(email=email).first()
        if person is None:
            raise forms.ValidationError("Nobody signs in with this address.")
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

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Grants are added by whoever may add entries."""
        return request.user.has_perm("accounts.add_ledgerentry")

    def has_refund_permission(self, request: HttpRequest) -> bool:
        """Refunds as well."""
        return self.has_add_permission(request)

    def get_fields(self, request: HttpRequest, obj: LedgerEntry | None = None) -> Any:
        """A grant's own fields, or everything of an entry that is there."""
        everything = ("user", "kind", "amount", "note", "generation_id", "day", "created_at")
        return everything if obj else super().get_fields(request, obj)

    @admin.action(description="Refund what the selected entries’ songs have used", permissions=["refund"])
    def refund(self, request: HttpRequest, chosen: QuerySet[LedgerEntry]) -> None:
        """Give back what these songs have used; what used nothing, or was refunded before, is left alone."""
        ids = set(chosen.exclude(generation_id=None).values_list("generation_id", flat=True))
        refund_songs(request, [pk for pk in ids if pk])


@admin.register(User, site=office)
class PersonAdmin(ReadOnly, UserAdmin):
    """People and what they have."""

    fields = ("email", "name", "balance", "is_active", "is_staff", "date_joined", "last_login")
    list_display = ("email", "name", "balance", "is_active", "is_staff", "date_joined", "last_login")
    search_fields = ("email", "name")
    ordering = ("email",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With balances, in one query."""
        return super().get_queryset(request).annotate(credits=Coalesce(Sum("ledger__amount"), 0))

    @admin.display(ordering="credits", description="credits")
    def balance(self, person: User) -> int:
        """What the person has; the day's credits only if they came by."""
        return int(person.credits)  # type: ignore[attr-defined]  # annotated above


def refund_songs(request: HttpRequest, generation_ids: list[Any]) -> None:
    """Refund each of these songs once, and say how many there were to refund."""
    note = f"Refunded by {request.user}"
    done = sum(ledger.refund(pk, note[:200]) for pk in generation_ids)
    left = len(generation_ids) - done
    told = f"{done} refunded." if not left else f"{done} refunded; {left} had used nothing, or were refunded before."
    messages.add_message(request, messages.SUCCESS if done else messages.WARNING, told)
