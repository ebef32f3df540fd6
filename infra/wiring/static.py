"""Static files under hashed names, compressed; imports between our own ES modules are rewritten to the hashed names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStatic(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Without the module rewriting `import … from "./protocol.js"` would ask for a file that is not there."""

    support_js_module_import_aggregation = True
