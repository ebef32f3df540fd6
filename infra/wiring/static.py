"""Static files under hashed names, compressed; imports between our own ES modules are rewritten to the hashed names."""

from typing import Any

from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

_FOUND: dict[tuple[str, str], dict[str, Any]] = {}


class HashedStatic(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Without the module rewriting `import … from "./protocol.js"` would ask for a file that is not there."""

    support_js_module_import_aggregation = True


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Looks through the folder once for a process: every chain of middleware, such as each browser of a test has, would spend 10 ms on it."""

    def update_files_dictionary(self, root: str, prefix: str) -> None:
        """Know the files below ``root``."""
        found = _FOUND.get((root, prefix))
        if found is None:
            super().update_files_dictionary(root, prefix)
            _FOUND[root, prefix] = dict(self.files)
        else:
            self.files.update(found)
