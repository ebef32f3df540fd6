"""Background tasks name their place. A task sent from nowhere is refused, and so is one that arrives without a place.

tenant-schemas-celery silently runs such a task in `public`; ours never begins.
"""

from typing import Any

from celery import Task
from celery.exceptions import Reject

from infra.kit import origin
from tenants.api import site_by_schema
from tenants.headers import HEADER, TRACE
from tenants.scope import PLATFORM, PUBLIC, NoScope, Scope, require, using


class ScopedTask(Task[Any, Any]):
    """Base class of every task: carries the sender's place and stands in it while it runs."""

    abstract = True

    def apply_async(  # type: ignore[override]
        self, args: Any = None, kwargs: Any = None, **options: Any
    ) -> Any:
        """Send the task from the current place.

        :raises NoScope: the sender stands nowhere
        """
        headers = dict(options.pop("headers", None) or {})
        if HEADER not in headers:
            headers[HEADER] = require().schema
        if TRACE not in headers and (trace := origin.trace()):
            headers[TRACE] = trace
        return super().apply_async(args, kwargs, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run in the place that the message names, under its sender's trace."""
        if self.request.called_directly:
            return self._here(*args, **kwargs)
        with origin.coming_from(str((self.request.headers or {}).get(TRACE) or self.request.get(TRACE) or "")):
            return self._here(*args, **kwargs)

    def _here(self, *args: Any, **kwargs: Any) -> Any:
        with using(self._place()):
            return super().__call__(*args, **kwargs)

    def _place(self) -> Scope:
        if self.request.called_directly:
            return require()
        schema = (self.request.headers or {}).get(HEADER) or self.request.get(HEADER)
        if not schema:
            raise Reject(NoScope(f"{self.name}: a task must name its enterprise or the platform"), requeue=False)
        if schema == PUBLIC:
            return PLATFORM
        site = site_by_schema(schema)
        if site is None:
            raise Reject(NoScope(f"{self.name}: there is no enterprise {schema}"), requeue=False)
        return Scope(schema, site)
