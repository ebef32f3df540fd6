"""Several connections at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

from tenants.scope import enterprise_scope
from tenants.sites import Site


def together(site: Site, work: Callable[[], Any], times: int = 4) -> list[Any]:
    """Do ``work`` in an enterprise on ``times`` connections at once; return what each gave or raised."""
    results: list[Any] = []

    def run() -> None:
        try:
            with enterprise_scope(site):
                results.append(work())
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
