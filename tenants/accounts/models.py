"""Rows of people who may sign in. Their profiles (Operator, Regulator, Manager, Learner) hang off them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from tenants import keys


def login_key(login: str) -> str:
    """Return the blind index under which a login (mobile number or user name) is kept; equal logins give equal keys."""
    return keys.index(login.strip().lower(), purpose="login")


class CredentialManager(BaseUserManager["Credential"]):
    """Finds and makes credentials by login."""

    def by_login(self, login: str) -> Credential | None:
        """Return the credential of a login in the current schema, or None."""
        return self.filter(login_key=login_key(login)).first()

    def create_credential(self, *, login: str, name: str, password: str | None = None) -> Credential:
        """Create a credential; without a password it can only be entered by code.

        :raises IntegrityError: the login is taken in this schema
        """
        credential = Credential(login_key=login_key(login), name=name)
        credential.set_password(password)
        credential.save(force_insert=True)
        return credential


class Credential(AbstractBaseUser):
    """One way in for one person within one schema. The login itself is kept only as a blind index."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    login_key = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[CredentialManager] = CredentialManager()
    USERNAME_FIELD = "login_key"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"
