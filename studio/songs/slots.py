"""The places for audio on the create page: what stands in each of them, and the same as scripts show it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import Http404, HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from generator.given import ROLES, Role
from studio.songs import sounds
from studio.songs.forms import CreateForm
from studio.songs.sounds import Sound
from studio.songs.views import PersonRequest

ICONS: dict[Role, str] = {
    "reference": "disc-3",
    "instrumental": "guitar",
    "vocal": "mic-vocal",
    "melody": "music-2",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A field of the form for audio. `sound`: the recording of one's own that stands in it."""

    field: BoundField
    role: Role
    sound: Sound | None

    @property
    def icon(self) -> str:
        """Its name among the icons."""
        return ICONS[self.role]

    @property
    def address(self) -> str:
        """What stands in the field, as it was typed."""
        return str(self.field.value() or "")

    @property
    def link(self) -> tuple[str, str] | None:
        """The file and the host of an address elsewhere; None where there is none, or none that can be used."""
        if self.sound or not self.address or self.field.errors or fault(self.role, self.address):
            return None
        told = urlsplit(self.address.strip())
        return told.path.rstrip("/").rpartition("/")[2], told.netloc.rpartition("@")[2]


def of(form: CreateForm, mine: list[Sound]) -> list[Slot]:
    """The places of a form that the engine in use takes. `mine`: all recordings of the one who writes it."""
    by_address = {sound.address: sound for sound in mine}
    named = {f"{role}_url": role for role in ROLES}
    fields = form.audio_fields
    return [Slot(field, named[field.name], by_address.get(str(field.value() or ""))) for field in fields]


def fault(role: Role, address: str) -> str:
    """What is wrong with an address as such, in a sentence; empty where nothing is."""
    try:
        CreateForm.base_fields[f"{role}_url"].clean(address)
    except ValidationError as wrong:
        return str(wrong.messages[0])
    return ""


def known(told: str) -> Role | None:
    """A role by its name."""
    return next((role for role in ROLES if role == told), None)


@login_required
@require_safe
def card(request: PersonRequest) -> JsonResponse:
    """What stands in the place of `role` once it is given `address`, for scripts.

    Answers {"address", "card", "name"}, or {"error": a sentence} where it cannot be used there.
    """
    role, address = known(request.GET.get("role", "")), request.GET.get("address", "").strip()
    if role is None:
        raise Http404("There is no such place.")
    refused = sounds.refusal(request.user, {f"{role}_url": address})
    if wrong := fault(role, address) or (refused[1] if refused else ""):
        return JsonResponse({"error": wrong}, status=422)
    return shown(request, role, address, sounds.behind(request.user, address))


def shown(request: HttpRequest, role: Role, address: str, sound: Sound | None) -> JsonResponse:
    """What goes into the field of `role`, what is shown there, and what a recording of one's own is called in lists."""
    field = CreateForm(initial={f"{role}_url": address})[f"{role}_url"]
    page = render_to_string("_slot.html", {"slot": Slot(field, role, sound)}, request) if address else ""
    name = f"{sound.name}, {sound.says}" if sound else ""
    return JsonResponse({"address": address, "card": page.strip(), "name": name})
