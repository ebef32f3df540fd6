"""How passwords are kept: Argon2id, by Django's own hasher."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idPasswordHasher(Argon2PasswordHasher):
    """OWASP's first choice, one pass above its minimum: 19 MiB, 3 passes, one lane, about 50 ms a guess on one core.

    Django's own costs (100 MiB, 8 lanes) suit a sign-in now and then, not a workshop at the start of its shift.
    """

    algorithm = "argon2id"  # names the hashes that are kept since the first release
    time_cost = 3
    memory_cost = 19_456
    parallelism = 1
