"""Certificates of training: issued, renewed, revoked, printed."""
