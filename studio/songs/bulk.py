"""Many songs at once: what is chosen in a list, and one deed done to all of it, which can be undone."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from studio.songs import catalogue, keeping, parcels, undo
from studio.songs import library as songs
from studio.songs.models import Generation, Visibility
from studio.songs.shelves import Playlist
from studio.songs.views import PersonRequest
from studio.songs.wanted import Wanted


@login_required
@require_POST
def bulk(request: PersonRequest) -> HttpResponse:
    """Do what the pressed button says: `do` is a word, and behind it what that deed still needs.

    To the songs in `songs`; with `all` to every song of the list whose address `list` is. A song's own menu names it
    in its buttons, right behind the word.
    """
    deed, _space, rest = request.POST.get("do", "").partition(" ")
    try:
        if "songs" in request.POST or "all" in request.POST:
            ids = chosen(request)
        else:
            one, _space, rest = rest.partition(" ")
            ids = _mine(request, [one])
        if deed == "download" and ids:
            return parcels.packed(request, ids)
        if deed in DEEDS and ids:
            DEEDS[deed](request, ids, rest)
        else:
            messages.error(request, _("No song was selected. Nothing has changed."))
    except keeping.RefusedError as refusal:
        messages.error(request, str(refusal))
    return back(request)


def chosen(request: PersonRequest) -> list[uuid.UUID]:
    """Ids of the songs that are meant, as the list shows them. Raises `RefusedError` where there are too many."""
    wanted = Wanted.of(QueryDict(request.POST.get("list", "").rpartition("?")[2]))
    if request.POST.get("all"):
        catalogue.freshen(request.user.pk)
        ids = list(songs.songs(request.user, wanted).values_list("pk", flat=True)[: keeping.MOST_AT_ONCE + 1])
    else:
        ids = _mine(request, request.POST.getlist("songs")[: keeping.MOST_AT_ONCE + 1])
    if len(ids) > keeping.MOST_AT_ONCE:
        most = keeping.MOST_AT_ONCE
        raise keeping.RefusedError(
            _("Up to %(most)s songs go at once. Narrow the list, or select fewer. Nothing has changed.")
            % {"most": most}
        )
    return ids


def _mine(request: PersonRequest, texts: list[str]) -> list[uuid.UUID]:
    ids = [pk for pk in map(as_id, texts) if pk]
    mine = set(Generation.objects.filter(owner=request.user, pk__in=ids).values_list("pk", flat=True))
    return [pk for pk in ids if pk in mine]


def back(request: PersonRequest) -> HttpResponse:
    """To the list that the songs were chosen in."""
    asked = request.POST.get("list", "")
    return redirect(asked if asked.startswith(("/library/", "/songs/")) else "library")


def as_id(text: str) -> uuid.UUID | None:
    """The id that this is, if it is one."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _say(request: PersonRequest, sentence: str, kind: str, **what: object) -> None:
    messages.success(request, sentence, extra_tags=undo.remember(request, kind, **what))


def _hexes(ids: list[uuid.UUID]) -> list[str]:
    return [pk.hex for pk in ids]


def _nothing_to_do(request: PersonRequest) -> None:
    messages.info(request, _("It was so already. Nothing has changed."))


def _trash(request: PersonRequest, ids: list[uuid.UUID], _rest: str) -> None:
    if gone := keeping.trash(request.user, ids):
        many = len(gone)
        said = ngettext("%(n)s song is in the trash.", "%(n)s songs are in the trash.", many) % {"n": many}
        _say(request, said, "trash", songs=_hexes(gone))
    else:
        _nothing_to_do(request)


def _restore(request: PersonRequest, ids: list[uuid.UUID], _rest: str) -> None:
    if brought := keeping.restore(request.user, ids):
        many = len(brought)
        said = ngettext("%(n)s song is in the library again.", "%(n)s songs are in the library again.", many)
        _say(request, said % {"n": many}, "restore", songs=_hexes(brought))
    else:
        _nothing_to_do(request)


def _tag(request: PersonRequest, ids: list[uuid.UUID], rest: str) -> None:
    name = rest or request.POST.get("tag", "")
    if not name.strip() and request.POST.get("name", "").strip():
        _add(request, ids, "")  # Enter in the field for a new playlist
        return
    if given := keeping.tag(request.user, ids, name):
        many = len(given)
        said = ngettext("%(n)s song has the tag “%(tag)s” now.", "%(n)s songs have the tag “%(tag)s” now.", many)
        _say(request, said % {"n": many, "tag": name.strip()}, "tag", songs=_hexes(given), tag=name)
    else:
        _nothing_to_do(request)


def _untag(request: PersonRequest, ids: list[uuid.UUID], rest: str) -> None:
    name = rest or request.POST.get("tag", "")
    if lost := keeping.untag(request.user, ids, name):
        many = len(lost)
        said = ngettext("%(n)s song has lost the tag “%(tag)s”.", "%(n)s songs have lost the tag “%(tag)s”.", many)
        _say(request, said % {"n": many, "tag": name}, "untag", songs=_hexes(lost), tag=name)
    else:
        _nothing_to_do(request)


def _add(request: PersonRequest, ids: list[uuid.UUID], rest: str) -> None:
    name = request.POST.get("name", "")
    playlist = _playlist(request, rest) if rest else keeping.make_playlist(request.user, name)
    if playlist is None:
        messages.error(request, _("This playlist is gone. Nothing has changed."))
    elif new := keeping.add(playlist, ids):
        many = len(new)
        said = ngettext("%(n)s song is in “%(name)s” now.", "%(n)s songs are in “%(name)s” now.", many)
        told = {"n": many, "name": playlist.name}
        _say(request, said % told, "add", songs=_hexes(new), playlist=playlist.pk.hex)
    else:
        _nothing_to_do(request)


def _remove(request: PersonRequest, ids: list[uuid.UUID], rest: str) -> None:
    playlist = _playlist(request, rest)
    if playlist and (places := keeping.remove(playlist, ids)):
        many = len(places)
        said = ngettext("%(n)s song is out of “%(name)s”.", "%(n)s songs are out of “%(name)s”.", many)
        told = {"n": many, "name": playlist.name}
        _say(request, said % told, "remove", places=[(pk.hex, at) for pk, at in places], playlist=playlist.pk.hex)
    else:
        _nothing_to_do(request)


def _move(request: PersonRequest, ids: list[uuid.UUID], rest: str) -> None:
    """ "PLAYLIST up", "PLAYLIST down", "PLAYLIST before SONG" or "PLAYLIST after SONG"."""
    playlist_id, _space, where = rest.partition(" ")
    way, _space, other = where.partition(" ")
    playlist, near = _playlist(request, playlist_id), as_id(other)
    if playlist is None:
        return
    if way in ("up", "down"):
        keeping.step(playlist, ids[0], -1 if way == "up" else 1)
    elif near:
        keeping.move(playlist, ids[0], before=near if way == "before" else None, after=near if way == "after" else None)


def _favour(request: PersonRequest, ids: list[uuid.UUID], rest: str) -> None:
    is_favourite = rest != "off"
    if changed := keeping.favour(request.user, ids, is_favourite=is_favourite):
        many = len(changed)
        said = (
            ngettext("%(n)s song is a favourite now.", "%(n)s songs are favourites now.", many)
            if is_favourite
            else ngettext("%(n)s song is no favourite any more.", "%(n)s songs are no favourites any more.", many)
        )
        _say(request, said % {"n": many}, "favour", songs=_hexes(changed), is_favourite=is_favourite)
    else:
        _nothing_to_do(request)


def _share(request: PersonRequest, ids: list[uuid.UUID], rest: str) -> None:
    if rest not in Visibility.values:
        return
    if before := keeping.share(request.user, ids, Visibility(rest)):
        many = len(before)
        said = {
            Visibility.PRIVATE: ngettext(
                "Only you hear %(n)s song now. Its link has stopped working.",
                "Only you hear %(n)s songs now. Their links have stopped working.",
                many,
            ),
            Visibility.UNLISTED: ngettext(
                "Anyone with its link hears %(n)s song now.", "Anyone with their links hears %(n)s songs now.", many
            ),
            Visibility.PUBLIC: ngettext(
                "Everyone may find %(n)s song now.", "Everyone may find %(n)s songs now.", many
            ),
        }[Visibility(rest)]
        _say(request, said % {"n": many}, "share", before=[(pk.hex, *then) for pk, *then in before])
    else:
        _nothing_to_do(request)


def _playlist(request: PersonRequest, text: str) -> Playlist | None:
    pk = as_id(text)
    return Playlist.objects.filter(owner=request.user, pk=pk).first() if pk else None


DEEDS: dict[str, Callable[[PersonRequest, list[uuid.UUID], str], None]] = {
    "trash": _trash,
    "restore": _restore,
    "tag": _tag,
    "untag": _untag,
    "add": _add,
    "remove": _remove,
    "move": _move,
    "favour": _favour,
    "share": _share,
}
