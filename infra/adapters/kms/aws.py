"""AWS KMS, or a service that speaks its protocol: the master key never leaves it.

The context goes along as encryption context: the service refuses to decrypt under another, and its own log tells for which enterprise (uuid)
a key was opened.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from infra.kit.ports import KeyRefused
from tenants.errors import Unavailable

log = logging.getLogger("anxue.kms")
TAG = b"AWS1"
_REFUSALS = {"InvalidCiphertextException", "IncorrectKeyException", "AccessDeniedException", "DisabledException"}


class AwsService:
    """Wraps by ``Encrypt`` and unwraps by ``Decrypt``. Gives up after seconds: a sign-up waits for it."""

    tag = TAG

    def __init__(self, *, key: str, region: str, access_key: str = "", secret_key: str = "", endpoint: str = "") -> None:
        self.name, self._key = f"aws:{region}:{key}"[-60:], key
        self._options = {"region_name": region, "endpoint_url": endpoint or None}
        if access_key:  # else the machine's own role
            self._options |= {"aws_access_key_id": access_key, "aws_secret_access_key": secret_key}

    def wrap(self, key: bytes, *, context: Mapping[str, str]) -> bytes:
        """See `KeyService`."""
        with _reaching():
            reply = self._client.encrypt(KeyId=self._key, Plaintext=key, EncryptionContext=dict(context))
        return self.tag + bytes(reply["CiphertextBlob"])

    def unwrap(self, wrapped: bytes, *, context: Mapping[str, str]) -> bytes:
        """See `KeyService`."""
        blob = wrapped.removeprefix(self.tag)
        if not blob:
            raise KeyRefused("not a wrapped key")
        with _reaching():
            reply = self._client.decrypt(KeyId=self._key, CiphertextBlob=blob, EncryptionContext=dict(context))
        return bytes(reply["Plaintext"])

    @cached_property
    def _client(self) -> Any:
        import boto3  # slow to import; most processes never need it
        from botocore.config import Config

        config = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})
        return boto3.client("kms", config=config, **self._options)


@contextmanager
def _reaching() -> Iterator[None]:
    """Turn the service's words into ours; the log says which, never with a key in it."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        log.error("key service refused: %s", code)
        if code in _REFUSALS:
            raise KeyRefused(code) from error
        raise Unavailable from error
    except BotoCoreError as error:
        log.error("key service lost: %s", type(error).__name__)
        raise Unavailable from error
