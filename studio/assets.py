"""The site's own files: which are collected, and their hashed names."""

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class AssetsConfig(StaticFilesConfig):
    """Django's app, without django-htmx's scripts: ours stand in static/, and one of theirs names a missing file."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx"]  # noqa: RUF012  Django declares it so


class HashedAssets(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise carries no types
    """WhiteNoise's storage, told to rewrite `import … from "./x.js"` to the hashed name as well."""

    support_js_module_import_aggregation = True
