"""What sign-up asks beyond an address and a password."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from generator.protocol.text import one_line
from studio.accounts.models import User


class NameForm(forms.Form):
    """A name for others to read; django-allauth adds its own fields to this form."""

    name = forms.CharField(
        required=False,
        max_length=80,
        label=_("Name"),
        help_text=_("Optional. Shown beside songs that you share."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: HttpRequest, user: User) -> None:  # noqa: ARG002  called by django-allauth
        """Keep the name with the new account."""
        user.name = one_line(self.cleaned_data["name"], 80)
        user.save(update_fields=["name"])
