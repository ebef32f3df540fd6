"""Fill the three offices of a new platform: system, security and audit administrator, each another person.

Prints for each account a link and a code; give them to the person by two ways. Once all three offices are filled, accounts are opened on the
desk by two administrators and this command refuses.
"""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators import activation
from public.operators import api as operators
from tenants.accounts.models import Credential
from tenants.scope import platform_scope


class Command(BaseCommand):
    """``manage.py administrators open ROLE LOGIN NAME``; the identity number is asked for, so that it stands in no history of the shell."""

    help = __doc__ or ""

    def add_arguments(self, parser: Any) -> None:
        """Add what is known about the person."""
        parser.add_argument("step", choices=("open", "list"))
        parser.add_argument("role", nargs="?", choices=(*operators.ADMINISTRATORS, *operators.BUSINESS))
        parser.add_argument("login", nargs="?")
        parser.add_argument("name", nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one step."""
        with platform_scope():
            if options["step"] == "open":
                self._open(options["role"], options["login"], options["name"])
            else:
                self._list()

    def _open(self, role: str | None, login: str | None, name: str | None) -> None:
        if not (role and login and name):
            raise CommandError("say: administrators open ROLE LOGIN NAME")
        number = input("identity number: ").strip() if role in operators.ADMINISTRATORS else ""
        try:
            with transaction.atomic():
                made = operators.open_operator(
                    login=login, name=name, password="", role=role, at=clock.now(), identity_number=number
                )
                row = Credential.objects.get(pk=made)
                row.set_unusable_password()
                row.save(update_fields=["password"])
        except (DomainError, ValueError) as error:
            raise CommandError(str(getattr(error, "message", error))) from error
        scheme = "https" if settings.SECURE_SSL_REDIRECT else "http"
        self.stdout.write(f"link (three days): {scheme}://{settings.PLATFORM_HOST}{activation.link(row)}")
        self.stdout.write(f"code, by another way: {activation.code(row)}")

    def _list(self) -> None:
        for role in operators.ADMINISTRATORS:
            people = operators.colleagues(role)
            self.stdout.write(f"{role}: {', '.join(one.name for one in people) or '-'}")
        self.stdout.write("set up" if operators.is_set_up() else "not set up: accounts may still be opened here")
