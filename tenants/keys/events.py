"""News of keys."""

from django.dispatch import Signal

key_changed = Signal()
"""Sent within the transaction, standing in the owner's place. Arguments: ``body`` (``{"event": "rotation_started" | "rotation_finished", "key": 2,
"algorithm": "SM4-GCM", …}``, no secrets), ``by`` (``operator:<id>`` or ``command``), ``at``."""
