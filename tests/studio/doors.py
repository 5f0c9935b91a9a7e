"""Every address of this site and every socket, and who may come in there. A new one without a row fails the tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.urls import URLResolver, get_resolver


class Who(StrEnum):
    """May come in."""

    ANYONE = "anyone"
    PERSON = "who is signed in"
    OWNER = "the song's owner"
    OPERATOR = "whoever runs the site"
    KEY = "a program with a key"
    HOLDER = "whoever holds the secret in the address"


DOORS = {
    "": Who.PERSON,
    "draft/": Who.PERSON,
    "draft/start-over/": Who.PERSON,
    "draft/back/": Who.PERSON,
    "lyrics/check/": Who.PERSON,
    "presets/": Who.PERSON,
    "presets/<int:pk>/rename/": Who.OWNER,
    "presets/<int:pk>/delete/": Who.OWNER,
    "library/": Who.PERSON,
    "library/bulk/": Who.PERSON,
    "library/parcels/<str:token>/": Who.PERSON,
    "library/undo/<str:token>/": Who.PERSON,
    "library/trash/empty/": Who.PERSON,
    "library/tags/": Who.PERSON,
    "library/playlists/new/": Who.PERSON,
    "library/playlists/<uuid:pk>/": Who.OWNER,
    "library/playlists/<uuid:pk>/delete/": Who.OWNER,
    "library/playlists/<uuid:pk>/share/": Who.OWNER,
    "p/<str:share_id>/": Who.HOLDER,
    "p/<str:share_id>/feed.xml": Who.HOLDER,
    "p/<str:share_id>/songs.m3u8": Who.HOLDER,
    "songs/<uuid:pk>/add/": Who.OWNER,
    "songs/<uuid:pk>/": Who.OWNER,
    "songs/<uuid:pk>/card/": Who.OWNER,
    "songs/<uuid:pk>/cancel/": Who.OWNER,
    "songs/<uuid:pk>/retry/": Who.OWNER,
    "songs/<uuid:pk>/again/": Who.OWNER,
    "songs/<uuid:pk>/rename/": Who.OWNER,
    "songs/<uuid:pk>/share/": Who.OWNER,
    "songs/<uuid:pk>/favourite/": Who.OWNER,
    "songs/<uuid:pk>/keep/": Who.OWNER,
    "songs/<uuid:pk>/notes/": Who.OWNER,
    "songs/<uuid:pk>/sharing/": Who.OWNER,
    "songs/<uuid:pk>/sharing/links/": Who.OWNER,
    "songs/<uuid:pk>/sharing/links/<int:number>/end/": Who.OWNER,
    "songs/<uuid:pk>/trash/": Who.OWNER,
    "songs/<uuid:pk>/restore/": Who.OWNER,
    "songs/<uuid:pk>/delete/": Who.OWNER,
    "songs/<uuid:pk>/cover/": Who.OWNER,
    "songs/<uuid:pk>/take-<int:number>.mp3": Who.OWNER,
    "songs/<uuid:pk>/take-<int:number>.mid": Who.OWNER,
    "songs/<uuid:pk>/everything.zip": Who.OWNER,
    "songs/<uuid:pk>/take-<int:number>.wav": Who.OWNER,
    "songs/<uuid:pk>/take-<int:number>.lrc": Who.OWNER,
    "songs/<uuid:pk>/take-<int:number>.vtt": Who.OWNER,
    "songs/<uuid:pk>/take-<int:number>.txt": Who.OWNER,
    "songs/<uuid:pk>/take-<int:number>/stems/": Who.OWNER,
    "songs/<uuid:pk>/take-<int:number>/use/": Who.OWNER,
    "songs/<uuid:pk>/take-<int:number>/stems/cancel/": Who.OWNER,
    "songs/<uuid:pk>/take-<int:number>/stems.zip": Who.OWNER,
    "stream/<str:key>.mp3": Who.HOLDER,
    "art/<uuid:pk>/<str:key>/": Who.HOLDER,
    "s/<str:share_id>/": Who.HOLDER,
    "s/<str:share_id>/cover/": Who.HOLDER,
    "s/<str:share_id>/take-<int:number>.mp3": Who.HOLDER,
    "s/<str:share_id>/take-<int:number>/played/": Who.HOLDER,
    "s/<str:share_id>/poster.jpg": Who.HOLDER,
    "s/<str:share_id>/embed/": Who.HOLDER,
    "s/<str:share_id>/report/": Who.HOLDER,
    "embed/<str:share_id>/": Who.HOLDER,
    "people/<slug:handle>/": Who.ANYONE,
    "people/<slug:handle>/feed.xml": Who.ANYONE,
    "people/<slug:handle>/songs.m3u8": Who.ANYONE,
    "oembed": Who.ANYONE,
    "people/<slug:handle>/picture.webp": Who.ANYONE,
    "account/picture.webp": Who.PERSON,
    "account/picture/": Who.PERSON,
    "account/profile/": Who.PERSON,
    "mail/off/<str:token>/": Who.HOLDER,
    "signin/<str:token>/": Who.HOLDER,
    "account/keys/": Who.PERSON,
    "account/keys/<int:pk>/revoke/": Who.OWNER,
    "account/engine/": Who.OPERATOR,
    "account/credits/": Who.PERSON,
    "account/mails/": Who.PERSON,
    "account/sessions/": Who.PERSON,
    "sounds/": Who.PERSON,
    "sounds/<uuid:pk>/": Who.OWNER,
    "sounds/card/": Who.PERSON,
    "sounds/<uuid:pk>/change/": Who.OWNER,
    "sounds/<uuid:pk>/cut/": Who.OWNER,
    "sounds/<uuid:pk>/delete/": Who.OWNER,
    "sounds/lent/<str:token>/": Who.HOLDER,
    "account/export/": Who.PERSON,
    "account/export/<int:number>.zip": Who.PERSON,
    "account/import/": Who.PERSON,
    "account/delete/": Who.PERSON,
    "account/security/": Who.PERSON,
    "account/security/authenticate/": Who.ANYONE,
    "account/security/reauthenticate/": Who.PERSON,
    "account/security/totp/activate/": Who.PERSON,
    "account/security/totp/deactivate/": Who.PERSON,
    "account/security/recovery-codes/": Who.PERSON,
    "account/security/recovery-codes/generate/": Who.PERSON,
    "account/security/recovery-codes/download/": Who.PERSON,
    "account/security/webauthn/": Who.PERSON,
    "account/security/webauthn/add/": Who.PERSON,
    "account/security/webauthn/reauthenticate/": Who.PERSON,
    "account/security/webauthn/keys/<int:pk>/remove/": Who.OWNER,
    "account/security/webauthn/keys/<int:pk>/edit/": Who.OWNER,
    "account/security/webauthn/login/": Who.ANYONE,
    "account/login/": Who.ANYONE,
    "account/logout/": Who.ANYONE,
    "account/inactive/": Who.ANYONE,
    "account/signup/": Who.ANYONE,
    "account/reauthenticate/": Who.PERSON,
    "account/email/": Who.PERSON,
    "account/confirm-email/": Who.ANYONE,
    "account/password/change/": Who.PERSON,
    "account/password/set/": Who.PERSON,
    "account/password/reset/": Who.ANYONE,
    "account/login/code/confirm/": Who.ANYONE,
    r"account/^confirm-email/(?P<key>[-:\w]+)/$": Who.ANYONE,
    "account/password/reset/key/done/": Who.ANYONE,
    r"account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": Who.ANYONE,
    "account/password/reset/done/": Who.ANYONE,
    "admin/": Who.OPERATOR,
    "admin/login/": Who.OPERATOR,
    "admin/logout/": Who.ANYONE,  # on to the site's own page, as the next one
    "admin/password_change/": Who.ANYONE,
    "admin/autocomplete/": Who.OPERATOR,
    "admin/jsi18n/": Who.OPERATOR,
    "admin/r/<path:content_type_id>/<path:object_id>/": Who.OPERATOR,
    r"admin/^(?P<app_label>accounts|songs)/$": Who.OPERATOR,
    r"admin/(?P<url>.*)$": Who.OPERATOR,
    "developers/": Who.ANYONE,
    "v6/openapi.json": Who.ANYONE,
    "v6/generate/song": Who.KEY,
    "v6/generate/song/sync": Who.KEY,
    "status/generation/<str:message_id>": Who.KEY,
    "status/generations/<str:message_id>": Who.KEY,
    "v5/status": Who.KEY,
    "healthz": Who.ANYONE,
    "readyz": Who.ANYONE,
}
OFFICE_TABLE = re.compile(r"admin/\w+/\w+/((add|<path:object_id>(/(history|delete|change))?)/)?")
"""What Django's admin gives each table that the operator sees: these need no rows of their own."""
SOCKETS = {"ws/generations/<uuid:pk>/": Who.OWNER}


@dataclass(frozen=True, slots=True)
class Door:
    """One address as the resolver knows it."""

    pattern: str
    is_exempt: bool
    """From the check that a form came from this site."""

    @property
    def who(self) -> Who | None:
        """Its row; None where there is none."""
        return Who.OPERATOR if OFFICE_TABLE.fullmatch(self.pattern) else DOORS.get(self.pattern)

    def path(self, **parts: object) -> str:
        """A real address, with `parts` for what varies; what is not given is made up."""
        made_up = {"number": 1, "url": "nowhere/", "app_label": "songs", "content_type_id": 1, "uidb36": "2"}
        known = {**made_up, **parts}
        found = re.sub(
            r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)", lambda m: str(known.get(m[1] or m[2], "1")), self.pattern
        )
        return "/" + found.replace("^", "").replace("$", "")


def doors(patterns: Any = None, prefix: str = "") -> Iterator[Door]:
    """Every address of the site, those of django-allauth and of the admin included."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        whole = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from doors(pattern.url_patterns, whole)
        else:
            yield Door(whole, bool(getattr(pattern.callback, "csrf_exempt", False)))


def sockets() -> list[str]:
    """Every address of a consumer."""
    from studio.asgi import application

    inner: Any = application.application_mapping["websocket"]
    while not hasattr(inner, "routes"):
        inner = getattr(inner, "application", None) or inner.inner
    return [str(route.pattern) for route in inner.routes]
