"""The accounts app."""

import importlib

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and how they come in."""

    name = "studio.accounts"

    def ready(self) -> None:
        """Put the site's own checks beside Django's, and write down who comes and goes."""
        importlib.import_module("studio.checks")
        importlib.import_module("studio.accounts.security_log")
