"""A page for everybody about one person who wants one: their public songs, with a feed and a list for players."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, models, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from generator.protocol.text import one_line
from studio.accounts.models import User
from studio.songs import addresses, links
from studio.songs.models import Generation, Version, Visibility
from studio.songs.preview import Preview
from studio.songs.views import PersonRequest

HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,28}[a-z0-9])", re.ASCII)
"""3 to 30 letters, digits and hyphens."""
TAKEN = frozenset(("admin", "api", "about", "help", "me", "new", "root", "support", "system"))
"""Names that would look like the site itself."""
LONGEST_ABOUT = 500


class Profile(models.Model):
    """What a person tells everybody about themselves. Without one, nobody can list their songs."""

    owner = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="profile")
    handle = models.CharField(max_length=30, unique=True)
    about = models.TextField(blank=True)
    picture_of = models.ForeignKey(Generation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    """The public song whose cover stands for the person."""

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(handle=Lower("handle")), name="handle_in_lower_case"),)

    def __str__(self) -> str:
        return self.handle


class ProfileForm(forms.Form):
    """Name, address, words and picture."""

    name = forms.CharField(max_length=80, required=False, label=gettext_lazy("Name"))
    handle = forms.CharField(max_length=30, required=False, label=gettext_lazy("Address of your page"))
    about = forms.CharField(
        max_length=LONGEST_ABOUT, required=False, label=gettext_lazy("About you"), widget=forms.Textarea
    )
    picture_of = forms.ModelChoiceField(Generation.objects.none(), required=False, label=gettext_lazy("Picture"))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        picture: Any = self.fields["picture_of"]
        picture.queryset = public_songs(user)

    def clean_name(self) -> str:
        """One line."""
        return one_line(self.cleaned_data["name"], 80)

    def clean_handle(self) -> str:
        """A name that is free; lower case; empty for no page at all."""
        handle = str(self.cleaned_data["handle"]).strip().lower()
        if not handle:
            return ""
        if not HANDLE.fullmatch(handle):
            raise ValidationError(_("Use 3 to 30 letters (a to z), digits and hyphens."))
        if handle in TAKEN or Profile.objects.exclude(owner=self._user).filter(handle=handle).exists():
            raise ValidationError(_("This one is taken. Choose another."))
        return handle

    def save(self) -> Profile | None:
        """Keep it all; None where there is no page. Raises `ValidationError` where somebody was faster."""
        data = self.cleaned_data
        with transaction.atomic():
            User.objects.filter(pk=self._user.pk).update(name=data["name"])
            if not data["handle"]:
                Profile.objects.filter(owner=self._user).delete()
                return None
            told = {"handle": data["handle"], "about": data["about"], "picture_of": data["picture_of"]}
            try:
                with transaction.atomic():
                    return Profile.objects.update_or_create(owner=self._user, defaults=told)[0]
            except IntegrityError:
                raise ValidationError(_("This one is taken. Choose another.")) from None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: PersonRequest) -> HttpResponse:
    """The form for one's own page."""
    profile = Profile.objects.filter(owner=request.user).first()
    initial: dict[str, Any] = {"name": request.user.name}
    if profile:
        initial |= {"handle": profile.handle, "about": profile.about, "picture_of": profile.picture_of_id}
    form = ProfileForm(request.user, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            form.save()
        except ValidationError as error:
            form.add_error("handle", error)
        else:
            messages.success(request, _("Saved."))
            return redirect("profile")
    context = {"form": form, "profile": profile, "people_url": addresses.whole("/people/"), "most": LONGEST_ABOUT}
    return render(request, "account/profile.html", context, status=422 if form.errors else 200)


@require_safe
def page(request: HttpRequest, handle: str) -> HttpResponse:
    """A person's public songs, newest first; the same for everybody."""
    profile = found(handle)
    shelf = Paginator(public_songs(profile.owner), settings.SONGS_PER_PAGE).get_page(request.GET.get("page"))
    songs = [Preview(links.Shared(row, str(row.share_id), row)) for row in shelf.object_list]
    context = {"profile": profile, "artist": profile.owner.name or profile.handle, "page": shelf, "songs": songs}
    context["picture"] = picture(profile)
    context["page_url"] = addresses.whole(request.path)
    response = render(request, "profile.html", context)
    response["Cache-Control"] = "no-cache"
    return response


def found(handle: str) -> Profile:
    """The page of this name, however it is written. Raises `Http404`."""
    profile = Profile.objects.select_related("owner", "picture_of").filter(handle=handle.lower()).first()
    if profile is None or not profile.owner.is_active:
        raise Http404("There is no such page.")
    return profile


def picture(profile: Profile) -> str:
    """Path of the picture that stands for the person: their own, or the cover that they chose.

    Empty where there is neither, or the song is public no longer.
    """
    if profile.owner.picture:
        return reverse("person_picture", args=[profile.handle])
    song = profile.picture_of
    if song is None or not song.is_shared or song.visibility != Visibility.PUBLIC:
        return ""
    return addresses.shared_cover(str(song.share_id))


def public_songs(user: User) -> QuerySet[Generation]:
    """What anybody may find of this person, newest first, with all that a page needs."""
    rows = Generation.objects.filter(owner=user, visibility=Visibility.PUBLIC, trashed_at=None, taken_down_at=None)
    rows = rows.filter(versions__state=Version.State.STORED).distinct()
    return rows.select_related("owner__profile").prefetch_related("versions__sections")
