"""How passwords are kept: Argon2id, from the same library as all other cryptography of the product."""

import base64
from typing import Any

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.contrib.auth.hashers import BasePasswordHasher, mask_hash


class Argon2idPasswordHasher(BasePasswordHasher):
    """OWASP's first choice, one pass above its minimum: 19 MiB, 3 passes, about 50 ms a guess on one core.

    Django's PBKDF2 takes 320 ms on the same core and no memory, which suits the guesser's graphics card more than us.
    """

    algorithm = "argon2id"
    memory_kib, passes, lanes, length = 19_456, 3, 1, 32

    def encode(self, password: str, salt: str) -> str:
        """Return ``argon2id`` followed by the standard (PHC) string."""
        self._check_encode_args(password, salt)  # type: ignore[attr-defined]
        kdf = Argon2id(
            salt=salt.encode(), length=self.length, iterations=self.passes, lanes=self.lanes, memory_cost=self.memory_kib
        )
        return self.algorithm + kdf.derive_phc_encoded(password.encode())

    def verify(self, password: str, encoded: str) -> bool:
        """Say whether ``password`` is the one behind ``encoded``."""
        try:
            Argon2id.verify_phc_encoded(password.encode(), encoded.removeprefix(self.algorithm))
        except InvalidKey:
            return False
        return True

    def decode(self, encoded: str) -> dict[str, Any]:
        """Return the parts of ``encoded``: ``memory_kib``, ``passes``, ``lanes``, ``salt``, ``hash``."""
        _algorithm, _variety, _version, costs, salt, hashed = encoded.split("$")
        cost = {name: int(value) for name, value in (pair.split("=") for pair in costs.split(","))}
        return {
            "algorithm": self.algorithm,
            "memory_kib": cost["m"],
            "passes": cost["t"],
            "lanes": cost["p"],
            "salt": base64.b64decode(salt + "=" * (-len(salt) % 4)).decode(),
            "hash": hashed,
        }

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        """Return what may be shown of ``encoded``."""
        parts = self.decode(encoded)
        return {"algorithm": self.algorithm, "salt": mask_hash(parts["salt"]), "hash": mask_hash(parts["hash"])}

    def must_update(self, encoded: str) -> bool:
        """Say whether the next sign-in should keep the password anew, at today's cost."""
        parts = self.decode(encoded)
        return (parts["memory_kib"], parts["passes"], parts["lanes"]) != (self.memory_kib, self.passes, self.lanes)

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Do nothing: memory, not time, makes guessing dear."""
