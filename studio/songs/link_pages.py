"""The owner's page about who may hear a song: its page, what that gives, further links, how it looks elsewhere."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from generator.protocol.text import one_line
from studio.songs import addresses, generations, library, links, state
from studio.songs.models import OPENS, Visibility
from studio.songs.preview import Preview
from studio.songs.views import PersonRequest

LABELS = (
    ("shows_words", gettext_lazy("Words"), gettext_lazy("The lyrics stand on the page and follow the music.")),
    ("shows_prompt", gettext_lazy("Prompt"), gettext_lazy("What you asked for can be read there.")),
    ("allows_download", gettext_lazy("Download"), gettext_lazy("Both takes can be saved as files.")),
)
"""What a link can give besides the sound: the field of `Opened`, its name, and what it means."""


class SharingForm(forms.Form):
    """Who may hear a song, and what its page gives."""

    visibility = forms.ChoiceField(choices=Visibility.choices)
    opens = forms.MultipleChoiceField(choices=[(name, label) for name, label, _ in LABELS], required=False)

    @property
    def opened(self) -> dict[str, bool]:
        """Fields of `Opened`."""
        return {name: name in self.cleaned_data["opens"] for name in OPENS}


class LinkForm(forms.Form):
    """A further link: for whom, and what it gives."""

    name = forms.CharField(max_length=80, required=False)
    opens = SharingForm.base_fields["opens"]

    def clean_name(self) -> str:
        """One line."""
        return one_line(self.cleaned_data["name"], 80)

    @property
    def opened(self) -> dict[str, bool]:
        """Fields of `Opened`."""
        return {name: name in self.cleaned_data["opens"] for name in OPENS}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Everything about a song's sharing; a POST changes who may hear it and what its page gives."""
    generation = library.owned(request.user, pk)
    if request.method == "POST":
        form = SharingForm(request.POST)
        if form.is_valid():
            generations.share(generation, Visibility(form.cleaned_data["visibility"]), **form.opened)
            messages.success(request, _("Saved."))
            return redirect("sharing", pk)
        messages.error(request, _("Choose who may hear it."))
    shared = links.Shared(generation, str(generation.share_id), generation) if generation.is_shared else None
    plays = [(version.letter, version.plays) for version in generation.versions.all()]
    context = {
        "item": state.shown(generation),
        "shared": shared,
        "preview": Preview(shared) if shared else None,
        "visibilities": Visibility.choices,
        "labels": LABELS,
        "given": {name for name in OPENS if getattr(generation, name)},
        "further": [_told(link) for link in generation.links.all()],
        "plays": plays if any(count for _letter, count in plays) else [],
    }
    return render(request, "sharing.html", context)


@login_required
@require_POST
def add(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Make one more link to a shared song."""
    generation, form = library.owned(request.user, pk), LinkForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The name of a link has at most 80 characters."))
        return redirect("sharing", pk)
    try:
        links.add(generation, form.cleaned_data["name"], **form.opened)
    except links.NotShared:
        messages.error(request, _("Only shared songs have links. Choose first who may hear it."))
    except links.TooMany:
        messages.error(request, _("A song has at most %(most)s further links. End one first.") % {"most": links.MOST})
    return redirect("sharing", pk)


@login_required
@require_POST
def end(request: PersonRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """End one further link for good."""
    if links.end(library.owned(request.user, pk), number):
        messages.success(request, _("The link is ended. Whoever has it finds nothing there."))
    return redirect("sharing", pk)


def _told(link: links.Link) -> dict[str, object]:
    """A further link as the page shows it."""
    gives = [str(label) for name, label, _meaning in LABELS if getattr(link, name)]
    url = addresses.whole(addresses.shared(link.share_id))
    return {"link": link, "url": url, "gives": ", ".join(gives) or _("Sound only")}
