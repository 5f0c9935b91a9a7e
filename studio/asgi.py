"""HTTP to Django, sockets to their consumer, and nobody in from a foreign origin."""

from __future__ import annotations

import os
from typing import Any, cast

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
django.setup(set_prefix=False)  # before the imports below: it loads the apps they need

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import WebsocketDenier  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import path  # noqa: E402

from studio.handler import Handler  # noqa: E402
from studio.live.consumers import GenerationConsumer  # noqa: E402


class FromOurPages:
    """Sockets opened by this site's own pages; everybody else is answered 403.

    Scheme and port count. The header is compared as browsers write it: Channels' own check takes it apart first, and
    breaks on `http://localhost:1.evil.example`.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Let the socket through, or refuse it."""
        said = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
        allowed = len(said) == 1 and said[0] in settings.ORIGINS
        await (self.application if allowed else WebsocketDenier())(scope, receive, send)


watch: Any = GenerationConsumer.as_asgi()  # Django types `path` for views only
sockets = URLRouter([cast(Any, path("ws/generations/<uuid:pk>/", watch))])
application = ProtocolTypeRouter(
    {
        "http": Handler(),
        "websocket": FromOurPages(sockets),
    }
)
