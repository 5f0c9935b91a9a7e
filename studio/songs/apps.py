"""The songs app."""

from django.apps import AppConfig


class SongsConfig(AppConfig):
    """What is made and kept."""

    name = "studio.songs"
