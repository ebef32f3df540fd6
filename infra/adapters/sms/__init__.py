"""Plugs for text messages. Vendors come later; until then there is the outbox of development and demo."""
