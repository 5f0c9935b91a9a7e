"""Hashed names for the site's own files, imports between ES modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedAssets(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, told to rewrite `import … from "./x.js"` to the hashed name as well."""

    support_js_module_import_aggregation = True
