"""What strangers say against a shared song, and its end as a shared one. The operator decides in the office."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import mail_admins
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from studio.accounts import limits
from studio.accounts.security_log import address_of
from studio.songs import links
from studio.songs.models import Generation
from studio.songs.preview import Preview
from studio.songs.sharing import gone_kindly, kept_close

MOST_A_MINUTE = 5
"""Reports from one address."""
LONGEST = 2000
"""Characters of what is said in one."""


class Reason(models.TextChoices):
    """Why somebody reports a song."""

    RIGHTS = "rights", _("It uses a work or a voice without permission")
    PERSON = "person", _("It harms or mocks a person")
    HATE = "hate", _("It is hateful or violent")
    MINORS = "minors", _("It endangers children")
    SPAM = "spam", _("It is spam or misleads")
    OTHER = "other", _("Something else")


class Report(models.Model):
    """One complaint about one song."""

    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="reports")
    reason = models.CharField(max_length=8, choices=Reason)
    words = models.TextField(blank=True)
    contact = models.EmailField(blank=True)
    """Where an answer may be sent; never shown to the song's owner."""
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.reason} about {self.generation_id}"


class ReportForm(forms.Form):
    """What is wrong with a song."""

    reason = forms.ChoiceField(choices=Reason.choices, error_messages={"required": _("Choose what is wrong with it.")})
    words = forms.CharField(
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": _("At most %(limit_value)s characters; these are %(show_value)s.")},
    )
    contact = forms.EmailField(
        required=False, error_messages={"invalid": _("That is no e-mail address. It may also stay empty.")}
    )

    def clean(self) -> dict[str, object]:
        """Where the list has no word for it, it needs some."""
        data = super().clean() or {}
        if data.get("reason") == Reason.OTHER and not data.get("words"):
            self.add_error("words", ValidationError(_("Say in a few words what is wrong.")))
        return data


@require_http_methods(["GET", "HEAD", "POST"])
@gone_kindly
def page(request: HttpRequest, share_id: str) -> HttpResponse:
    """The form for a report, and the thanks for one. Works without an account."""
    found = links.shared(share_id)
    form = ReportForm(request.POST if request.method == "POST" else None)
    status, is_sent = 200, False
    if request.method == "POST":
        is_sent = form.is_valid() and _kept(request, form, found.generation)
        status = 200 if is_sent else 422
    context = {"form": form, "preview": Preview(found), "shared": found, "is_sent": is_sent, "reasons": Reason.choices}
    return kept_close(render(request, "report.html", context, status=status), found)


def _kept(request: HttpRequest, form: ReportForm, generation: Generation) -> bool:
    """Keep the report; too many from one place are refused, and the form says so."""
    allowance = limits.take(f"reports from {address_of(request)}", MOST_A_MINUTE)
    if allowance and not allowance.granted:
        form.add_error(None, _("That is many reports at once. Send this one again in a minute."))
        return False
    report = Report.objects.create(generation=generation, **form.cleaned_data)
    mail_admins(
        f"A song is reported ({report.reason})", f"{settings.PUBLIC_URL}/admin/songs/report/{report.pk}/change/"
    )
    return True


def take_down(generation: Generation) -> None:
    """End its sharing until it is given back; what was said against it is dealt with. Its owner keeps it."""
    now = timezone.now()
    Generation.objects.filter(pk=generation.pk, taken_down_at=None).update(taken_down_at=now)
    Report.objects.filter(generation=generation, closed_at=None).update(closed_at=now)


def give_back(generation: Generation) -> None:
    """Let it be shared again, as it was."""
    Generation.objects.filter(pk=generation.pk).update(taken_down_at=None)


def dismiss(report: Report) -> None:
    """Close one report; the song stays."""
    Report.objects.filter(pk=report.pk, closed_at=None).update(closed_at=timezone.now())
