"""The one list of what is sealed: nothing that looks sealed is missing, and its purposes are those of the code."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from apps.community.threads import pictures
from apps.openapi import repeating
from apps.openapi.hooks import addressing
from apps.people import sealing
from apps.people.identity import vault
from apps.people.joining import ldap, sso
from apps.people.notify import choosing, delivering
from apps.people.organisation import qualifications
from apps.people.privacy import correcting
from apps.people.privacy import files as privacy_files
from apps.plans.certificates import batches
from apps.plans.classes import files
from apps.plans.inspection import packages
from apps.plans.signing import services as signing
from apps.records.archives import packages as archive_packages
from apps.records.correcting import evidence
from apps.records.retention import keys as retention_keys
from public.regulators.exchange import partners
from tenants.keys.registry import columns

NOT_SEALED = {
    "learning.StudySession.key": "signs the beats of one sitting; worthless when it is closed",
    "tenants.DataKey.wrapped": "wrapped by the key service",
    "seals.LogKey.public_key": "public",
    "operators.Passkey.public_key": "public",
}
"""Binary columns that may look like secrets, and why they are not sealed."""
PURPOSES = {
    "people.Learner.id_sealed": sealing.ID,
    "people.Learner.mobile_sealed": sealing.MOBILE,
    "people.Application.id_sealed": sealing.ID,
    "people.Application.mobile_sealed": sealing.MOBILE,
    "people.PhoneChange.mobile_sealed": sealing.MOBILE,
    "people.SsoSetup.secret_sealed": sso.SECRET,
    "people.LdapSetup.secret_sealed": ldap.SECRET,
    "people.NoticeChoice.mail_sealed": choosing.MAIL,
    "people.NoticeChoice.mobile_sealed": choosing.MOBILE,
    "people.Robot.token_sealed": delivering.ROBOT_TOKEN,
    "people.Robot.secret_sealed": delivering.ROBOT_SECRET,
    "people.Qualification.number_sealed": qualifications.NUMBER,
    "people.Identity.key_sealed": vault.KEY,
    "people.ImportJob.storage_key": sealing.ROSTER,
    "people.ImportJob.table_key": sealing.ROSTER,
    "people.PrivacyRequest.wanted_sealed": correcting.PURPOSE,
    "people.PrivacyRequest.storage_key": privacy_files.PURPOSE,
    "plans.CertificateBatch.storage_key": batches.PURPOSE,
    "records.ArchivePackage.storage_key": archive_packages.PURPOSE,
    "records.Correction.evidence_key": evidence.PURPOSE,
    "plans.ClassFile.storage_key": files._PURPOSE,
    "plans.SignOff.picture": signing.PICTURE,
    "plans.InspectionPackage.storage_key": packages.PURPOSE,
    "community.Thread.picture": pictures._PURPOSE,
    "community.Post.picture": pictures._PURPOSE,
    "openapi.Hook.secret_sealed": addressing.PURPOSE,
    "openapi.Hook.former_sealed": addressing.PURPOSE,
    "openapi.RepeatedCall.body_sealed": repeating.PURPOSE,
    "retention.Package.key_sealed": retention_keys.PURPOSE,
    "retention.Order.key_sealed": retention_keys.PURPOSE,
    "operators.SecondFactor.sealed": "totp/{credential_id}",
    "seals.LogKey.private_key": "log key",
    "regulators.Partner.own_private": partners.KEY,
    "regulators.Partner.next_private": partners.KEY,
    "regulators.Partner.secret": partners.SECRET,
    "regulators.Partner.former_secret": partners.SECRET,
    "catalogue.MediaAsset.keys_sealed": "media/{uuid}",
    "complaints.Complaint.contact_sealed": "complaint/{uuid}",
    "helpdesk.Ticket.contact_sealed": "help-ticket/{uuid}",
}


def everything() -> dict[str, str]:
    return {column.title: column.purpose for of_platform in (False, True) for column in columns(of_platform=of_platform)}


def by_person() -> set[str]:
    return {f"{model._meta.label}.{name}" for model in apps.get_models() for name in getattr(model, "sealed_by_person", ())}


@pytest.mark.req("R5.1")
def test_every_sealed_column_is_in_the_list():
    binary = {
        f"{model._meta.label}.{field.name}" for model in apps.get_models() for field in model._meta.fields if _is_binary(field)
    }
    looks_sealed = {name for name in binary if "sealed" in name.rsplit(".", 1)[1] or "key" in name.rsplit(".", 1)[1]}
    assert looks_sealed - set(everything()) - by_person() == set(NOT_SEALED) & looks_sealed


def _is_binary(field: models.Field) -> bool:
    return isinstance(field, models.BinaryField)


def test_the_list_names_the_purposes_of_the_code():
    known = everything()
    assert {title: known.get(title) for title in PURPOSES} == PURPOSES


def test_every_column_can_be_walked_in_order_of_its_row():
    for of_platform in (False, True):
        for column in columns(of_platform=of_platform):
            column.model._meta.get_field(column.field)
            assert isinstance(column.model._meta.pk, models.BigAutoField), column.title
            assert all(column.model._meta.get_field(part.removesuffix("_id")) for part in column.parts)
            assert column.is_file or not getattr(column.model, "append_only", False), f"{column.title} could not be sealed anew"


def test_what_both_the_platform_and_enterprises_have_is_sealed_by_neither():
    shared = set(settings.SHARED_APPS) & set(settings.TENANT_APPS)
    configs = {config.label for config in apps.get_app_configs() if config.name in shared}
    assert not {title for title in everything() if title.split(".", maxsplit=1)[0] in configs}
