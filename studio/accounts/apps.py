"""The accounts app."""

import importlib

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and how they come in."""

    name = "studio.accounts"

    def ready(self) -> None:
        """Put the site's own checks beside Django's."""
        importlib.import_module("studio.checks")
