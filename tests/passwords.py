"""The product's own way of keeping passwords, at the least cost."""

from tenants.accounts.hashers import Argon2idPasswordHasher


class CheapPasswordHasher(Argon2idPasswordHasher):
    """A millisecond a guess."""

    time_cost = 1
    memory_cost = 64
