"""Going through a folder of the object store with all below it."""

from collections.abc import Iterator

from django.core.files.storage import default_storage


def everything_below(folder: str) -> Iterator[str]:
    """Yield the full names of all files below ``folder``, in order; none where there is no such folder.

    :raises ForeignFile: it belongs to another place
    :raises Unavailable: the object store does not answer
    """
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in sorted(filter(None, files)))
    for name in sorted(filter(None, folders)):
        yield from everything_below(f"{folder}/{name}")
