"""Standing nowhere, and standing with the wrong people."""

import pytest
from django.db import connection
from django.db.utils import InterfaceError, ProgrammingError

from tenants.accounts.models import Credential
from tenants.scope import enterprise_scope, platform_scope, using


def test_refuses_every_query_when_nothing_is_chosen(db):
    with using(None), pytest.raises(InterfaceError):
        Credential.objects.count()


def test_rows_of_one_enterprise_are_invisible_to_its_neighbour(db, jia, yi):
    with enterprise_scope(jia):
        Credential.objects.create_credential(login="13800000001", name="学员甲")
        assert Credential.objects.filter(name="学员甲").exists()
    with enterprise_scope(yi):
        assert not Credential.objects.filter(name="学员甲").exists()
    with platform_scope():
        assert not Credential.objects.filter(name="学员甲").exists()


@pytest.mark.req("R5.7")
def test_a_query_pointed_at_another_schema_is_denied(db, jia, yi):
    with enterprise_scope(jia), pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{yi.schema_name}".accounts_credential')


def test_an_enterprise_cannot_read_who_else_exists(db, jia):
    with enterprise_scope(jia), pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM public.tenants_enterprise")
