"""The site's own files: which are collected, and their hashed names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage

from studio import bundles

BUNDLED = {"css/all.css": bundles.styles, "js/app.js": bundles.script}
"""The files that pages name, and how each is put together from the others of its folder."""


class AssetsConfig(StaticFilesConfig):
    """Django's app, without django-htmx's scripts: ours stand in static/, and one of theirs names a missing file."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx"]  # noqa: RUF012  Django declares it so


class HashedAssets(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise carries no types
    """WhiteNoise's storage, told to rewrite `import … from "./x.js"` to the hashed name as well."""

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Put together what pages name, then hash and compress everything."""
        for name, bundle in BUNDLED.items():
            if name in paths and not dry_run:
                folder, _, file = name.rpartition("/")

                def read(other: str, folder: str = folder) -> str:
                    storage, path = paths[f"{folder}/{other}"]
                    with storage.open(path) as source:
                        return str(source.read().decode("utf-8"))

                Path(self.path(name)).write_text(bundle(file, read), "utf-8")
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)
