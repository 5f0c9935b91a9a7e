"""The live app."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """How a song comes about and is watched."""

    name = "studio.live"
