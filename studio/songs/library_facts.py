"""library.json read again: what stood around songs that come in, none of it believed before it is looked at."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from generator.protocol.text import one_line
from studio.accounts.models import User
from studio.songs import drafts, generations, keeping, origins, presets
from studio.songs.forms import LONGEST_NOTES
from studio.songs.models import OPENS, Generation, Visibility
from studio.songs.shelves import LONGEST_DESCRIPTION, LONGEST_NAME, Playlist

MOST_TAGS, MOST_LISTS, MOST_IN_LIST, MOST_PRESETS, MOST_RECORDINGS = 50, 500, 10_000, 50, 50
MOST_UNDERSTOOD = 20


@dataclass(slots=True)
class Facts:
    """What could be read. `songs`: by the id they had elsewhere."""

    songs: dict[str, dict[str, Any]] = field(default_factory=dict)
    playlists: list[dict[str, Any]] = field(default_factory=list)
    presets: list[dict[str, Any]] = field(default_factory=list)
    recordings: list[dict[str, Any]] = field(default_factory=list)


def read(told: dict[str, Any]) -> Facts:
    """Whatever of `told` has the right shape; the rest counts as not told."""
    songs = told.get("songs")
    songs = songs if isinstance(songs, dict) else {}
    return Facts(
        songs={key: value for key, value in songs.items() if isinstance(value, dict)},
        playlists=_dicts(told.get("playlists"), MOST_LISTS),
        presets=_dicts(told.get("presets"), MOST_PRESETS),
        recordings=_dicts(told.get("recordings"), MOST_RECORDINGS),
    )


def put(user: User, facts: Facts, ids: dict[str, uuid.UUID]) -> int:
    """Playlists with the songs that are here now, and presets of names that are free. How many playlists are new.

    `ids`: what songs are called here, by their ids elsewhere. A playlist that came before gets what it lacks.
    """
    new = 0
    for told in facts.playlists:
        pk, name = as_id(told.get("id")), one_line(told.get("name"), LONGEST_NAME)
        listed = told.get("songs")
        if pk is None or not name or not isinstance(listed, list):
            continue
        wanted = [ids.get(str(song)) or as_id(song) for song in listed[:MOST_IN_LIST]]
        mine = set(Generation.objects.filter(owner=user).values_list("pk", flat=True))
        songs = [song for song in wanted if song in mine]
        here = Playlist.objects.filter(owner=user, pk__in=(pk, own(user, pk))).first()
        if here is None and not songs and listed:
            continue  # its songs are in another part
        if here is None:
            is_free = not Playlist.objects.filter(pk=pk).exists()
            here = Playlist.objects.create(
                pk=pk if is_free else own(user, pk),
                owner=user,
                name=name,
                description=one_line(told.get("description"), LONGEST_DESCRIPTION),
            )
            new += 1
        there = set(here.entries.values_list("generation_id", flat=True))
        with suppress(keeping.RefusedError):  # it holds as many as a playlist may
            keeping.add(here, [song for song in songs if song not in there])
    taken = set(presets.of(user).values_list("plain_name", flat=True))
    for told in facts.presets:
        name, fields = one_line(told.get("name"), presets.LONGEST_NAME), told.get("fields")
        if not name or name.casefold() in taken or not isinstance(fields, dict):
            continue
        try:
            presets.keep(user, name, drafts.told({str(key): str(value) for key, value in fields.items()}))
        except presets.TooMany:
            break
    return new


def put_beside(row: Generation, told: dict[str, Any], *, keeps_visibility: bool) -> None:
    """What its owner had put beside a song: heart, notes, tags, and where that is wanted, who may hear it."""
    Generation.objects.filter(pk=row.pk).update(
        is_favourite=told.get("favourite") is True,
        notes=text(told.get("notes"), LONGEST_NOTES),
        given=origins.read(told.get("given")),
    )
    tags = told.get("tags")
    for tag in tags[:MOST_TAGS] if isinstance(tags, list) else ():
        try:
            keeping.tag(row.owner, [row.pk], str(tag))
        except keeping.RefusedError:
            continue
    wanted = told.get("visibility")
    if keeps_visibility and wanted in (Visibility.UNLISTED, Visibility.PUBLIC):
        generations.share(row, Visibility(wanted), **{name: told.get(name) is True for name in OPENS})
    if told.get("in_trash") is True:
        generations.trash(row)


def text(told: object, limit: int) -> str:
    """Several lines of at most `limit` characters, without what no database takes."""
    if not isinstance(told, str):
        return ""
    plain = told.encode("utf-8", "replace").decode().replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return plain[:limit].strip()


def plain(told: dict[Any, Any]) -> dict[str, Any]:
    """What a take was understood to be: short words and numbers by short names."""
    found: dict[str, Any] = {}
    for name, value in list(told.items())[:MOST_UNDERSTOOD]:
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31:
            found[one_line(name, 40)] = value
        elif isinstance(value, str):
            found[one_line(name, 40)] = one_line(value, 200)
    return found


def as_id(told: object) -> uuid.UUID | None:
    """A song's or a playlist's id, if that is one."""
    try:
        return uuid.UUID(str(told))
    except ValueError:
        return None


def own(user: User, pk: uuid.UUID) -> uuid.UUID:
    """The id that something of theirs has here, where its own is somebody else's."""
    return uuid.uuid5(pk, str(user.pk))


def _dicts(told: object, most: int) -> list[dict[str, Any]]:
    return [each for each in told[:most] if isinstance(each, dict)] if isinstance(told, list) else []
