"""HTTP to Django, sockets to their consumer, and nobody in from a foreign origin."""

from __future__ import annotations

import os
from typing import Any, cast

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
django.setup(set_prefix=False)  # before the imports below: it loads the apps they need

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import OriginValidator  # noqa: E402
from channels.sessions import CookieMiddleware  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import path  # noqa: E402

from studio.handler import Handler  # noqa: E402
from studio.live.consumers import GenerationConsumer  # noqa: E402

watch: Any = GenerationConsumer.as_asgi()  # Django types `path` for views only
sockets = URLRouter([cast(Any, path("ws/generations/<uuid:pk>/", watch))])
application = ProtocolTypeRouter(
    {
        "http": Handler(),
        # Scheme and port count as well, which Channels' own check of allowed hosts leaves out.
        "websocket": OriginValidator(CookieMiddleware(sockets), settings.ORIGINS),
    }
)
