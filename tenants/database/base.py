"""The connection wrapper."""

import select
import time
from typing import Any, NamedTuple

import psycopg
from django.db.backends.postgresql.base import CursorDebugWrapper
from django.db.backends.utils import CursorWrapper
from django.db.utils import InterfaceError
from django_tenants.postgresql_backend import base
from psycopg.pq import TransactionStatus

from tenants import scope
from tenants.database.introspection import SchemaIntrospection
from tenants.database.roles import role_name

_CHOOSE = "SELECT set_config('search_path', %(path)s, false), set_config('role', %(role)s, false)"
_CHOOSE_PATH = "SELECT set_config('search_path', %(path)s, false)"
_TRUSTED_S = 60.0
"""How long after its last sign of life a connection whose socket is quiet is believed without asking."""


class Choice(NamedTuple):
    """A place (schema, role) and the statement that goes there."""

    place: tuple[str, str]
    sql: str
    params: dict[str, str]


class _KeepsItsPlace:
    """A cursor works only in the place it was opened in: the connection may have moved on, or not have moved yet."""

    def __init__(self, cursor: Any, db: "DatabaseWrapper") -> None:
        super().__init__(cursor, db)  # type: ignore[call-arg]
        self.place = db.schema_name

    def _execute_with_wrappers(self, sql: Any, params: Any, many: bool, executor: Any) -> Any:
        if self.db.schema_name != self.place:  # type: ignore[attr-defined]
            raise InterfaceError("this cursor belongs to another place: the query is refused")
        return super()._execute_with_wrappers(sql, params, many, executor)  # type: ignore[misc]


class _Cursor(_KeepsItsPlace, CursorWrapper):
    pass


class _DebugCursor(_KeepsItsPlace, CursorDebugWrapper):
    pass


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]
    """Reads the place from `tenants.scope`; compares before it sets; refuses to run where it could not set.

    The alias whose settings say ``OWNER`` keeps its login role and only follows the schema.
    """

    health_check_done: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._ready = False
        super().__init__(*args, **kwargs)
        self.introspection = SchemaIntrospection(self)
        self._ready = True
        self.is_owner: bool = bool(self.settings_dict.get("OWNER"))
        self.search_path_set_schemas: tuple[str, str] | None = None
        self._lived_at = 0.0

    # django-tenants speaks to these three; they are windows on the scope.
    @property
    def schema_name(self) -> str | None:
        """Schema of the current place; the owner stands on the platform by default."""
        here = scope.current()
        return here.schema if here else (scope.PUBLIC if self.is_owner else None)

    @schema_name.setter
    def schema_name(self, value: str | None) -> None:
        """Ignored: :meth:`set_tenant` moves."""

    @property
    def tenant(self) -> Any:
        """The enterprise of the current place, if any."""
        here = scope.current()
        return here.tenant if here else None

    @tenant.setter
    def tenant(self, value: Any) -> None:
        """Ignored: :meth:`set_tenant` moves."""

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Move for good, as django-tenants' own helpers expect. Our code uses `scope.enterprise_scope`."""
        if self._ready:
            is_platform = tenant.schema_name == scope.PUBLIC
            scope.replace(scope.PLATFORM if is_platform else scope.Scope(tenant.schema_name, tenant))

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        """Wrap a cursor that remembers where it was opened."""
        return _Cursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> CursorDebugWrapper:
        """Wrap a cursor that remembers where it was opened and logs."""
        return _DebugCursor(cursor, self)

    def set_settings_schema(self, schema_name: str) -> None:
        """Ignored: the settings dictionary is shared by threads."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open a connection, about which nothing is known yet."""
        self.search_path_set_schemas = None
        self._lived_at = time.monotonic()
        return super().get_new_connection(conn_params)

    def close_if_health_check_failed(self) -> None:
        """Before a request's first query: drop a connection that has died meanwhile, without a round trip for the question.

        Where the way to the current place is due, going there is the question. Else the socket is looked at, which can be read as
        soon as the server has ended the connection; now and then the server is asked.
        """
        if self.connection is None or not self.health_check_enabled or self.health_check_done:
            return
        if self.schema_name is None or self.in_atomic_block:
            super().close_if_health_check_failed()
            return
        self.health_check_done = True
        if not self._lives():
            self.close()

    def _lives(self) -> bool:
        choice = self.choice()
        if choice is None:
            return self._is_quiet() or self._answers()
        try:
            self._go(choice)
        except psycopg.Error:
            return False
        self._lived_at = time.monotonic()
        return True

    def _is_quiet(self) -> bool:
        if time.monotonic() - self._lived_at > _TRUSTED_S:
            return False
        try:
            poller = select.poll()
            poller.register(self.connection.fileno(), select.POLLIN)
            return not poller.poll(0)
        except (OSError, psycopg.Error):
            return False

    def _answers(self) -> bool:
        if not self.is_usable():
            return False
        self._lived_at = time.monotonic()
        return True

    def _go(self, choice: Choice) -> None:
        with self.connection.cursor() as raw:
            raw.execute(choice.sql, choice.params)
        self.search_path_set_schemas = choice.place

    def _handle_search_path(self, cursor: Any = None) -> None:
        choice = self.choice()
        if choice is None:
            return
        self.search_path_set_schemas = None
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return  # only ROLLBACK can run now, and it forgets the path anyway
        with self.wrap_database_errors:
            self._go(choice)

    def choice(self) -> Choice | None:
        """Return the statement that takes the connection to the current place, or None where it stands there already.

        For callers that send several statements in one trip: run it first, then tell :meth:`chose`.

        :raises InterfaceError: no place was chosen
        """
        schema = self.schema_name
        if schema is None:
            self.search_path_set_schemas = None
            raise InterfaceError("no enterprise and no platform chosen: the query is refused")
        role = "" if self.is_owner else role_name(self.settings_dict["NAME"], schema)
        place = (schema, role)
        if self.search_path_set_schemas == place:
            return None
        path = scope.PUBLIC if schema == scope.PUBLIC else f'"{schema}", {scope.PUBLIC}'
        return Choice(place, _CHOOSE, {"path": path, "role": role}) if role else Choice(place, _CHOOSE_PATH, {"path": path})

    def chose(self, choice: Choice | None) -> None:
        """Note where the connection stands after a trip; None: unknown, as after a rollback, which takes the choice back."""
        self.search_path_set_schemas = choice.place if choice else None
