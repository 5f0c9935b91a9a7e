"""Forms that somebody wants to fill in again: their fields under a name."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from generator.protocol.text import one_line
from studio.accounts.models import User
from studio.songs import drafts
from studio.songs.views import PersonRequest

MOST = 50
"""Of one person."""
LONGEST_NAME = 60
LONGEST_NUMBER = 9
"""Figures."""


class Preset(models.Model):
    """What a form held when its owner gave it a name."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="presets")
    name = models.CharField(max_length=LONGEST_NAME)
    plain_name = models.CharField(max_length=3 * LONGEST_NAME)
    """Without case: a person's names differ in more than that."""
    fields: models.JSONField[drafts.Fields, drafts.Fields] = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("plain_name",)
        constraints = (models.UniqueConstraint(fields=("owner", "plain_name"), name="one_preset_a_name"),)

    def __str__(self) -> str:
        return self.name


class TooMany(Exception):  # noqa: N818  a sentence for a page
    """This person has as many presets as one may have."""


def of(user: User) -> models.QuerySet[Preset]:
    """This person's, by name."""
    return Preset.objects.filter(owner=user)


def owned(user: User, pk: int | str) -> Preset:
    """This person's preset of that number; 404 where it is somebody else's or nobody's."""
    number = str(pk)
    is_number = number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER
    found = of(user).filter(pk=int(number)).first() if is_number else None
    if found is None:
        raise Http404("There is no such preset.")
    return found


def keep(user: User, name: str, fields: drafts.Fields) -> None:
    """Keep `fields` under `name` (1-60 characters). What was kept under it before is set aside with the draft.

    Raises `TooMany`.
    """
    fields = {key: text for key, text in fields.items() if key != "made_from"}
    with transaction.atomic():
        list(User.objects.select_for_update().filter(pk=user.pk))  # two saves at once must both be counted
        found = of(user).filter(plain_name=name.casefold()).first()
        if found is None and of(user).count() >= MOST:
            raise TooMany
        if found and found.fields != fields:
            drafts.set_aside(user, found.fields)
        found = found or Preset(owner=user)
        found.name, found.plain_name, found.fields = name, name.casefold(), fields
        found.save()


def rename(preset: Preset, name: str) -> bool:
    """Give it another name (1-60 characters); False where another one of the same owner has it."""
    try:
        with transaction.atomic():
            Preset.objects.filter(pk=preset.pk).update(name=name, plain_name=name.casefold())
    except IntegrityError:
        return False
    return True


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PersonRequest) -> HttpResponse:
    """One's presets. A POST of the create page's form keeps it, under `preset_name` or what its prompt begins with."""
    if request.method != "POST":
        return render(request, "presets.html", {"presets": of(request.user), "most": MOST})
    posted = drafts.told(request.POST)
    if not drafts.is_written(posted):
        messages.error(request, _("There is nothing to keep yet. Write a prompt first."))
        return redirect("create")
    drafts.keep_posted(request.user, request.POST)
    begins = posted.get("prompt", "") or posted.get("lyrics", "")
    name = one_line(request.POST.get("preset_name", ""), LONGEST_NAME) or one_line(begins, LONGEST_NAME) or _("Preset")
    try:
        keep(request.user, name, posted)
    except TooMany:
        told = _("There are %(most)s presets already. Delete one first; what you typed is still here.")
        messages.error(request, told % {"most": MOST})
    else:
        messages.success(request, _("“%(name)s” is kept as a preset.") % {"name": name})
    return redirect("create")


@login_required
@require_POST
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Rename a preset."""
    preset, name = owned(request.user, pk), one_line(request.POST.get("name", ""), LONGEST_NAME)
    if not name:
        messages.error(request, _("A preset needs a name."))
    elif not rename(preset, name):
        messages.error(request, _("Another preset is called “%(name)s”.") % {"name": name})
    return redirect("presets")


@login_required
@require_POST
def delete(request: PersonRequest, pk: int) -> HttpResponse:
    """Delete a preset. What it held is set aside with the draft; songs made from it stay."""
    preset = owned(request.user, pk)
    drafts.set_aside(request.user, preset.fields)
    preset.delete()
    messages.success(request, _("“%(name)s” is deleted.") % {"name": preset.name})
    return redirect("presets")
