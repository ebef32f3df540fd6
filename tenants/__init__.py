"""Enterprises: who they are, where their schema is, how one is opened, migrated and suspended."""
