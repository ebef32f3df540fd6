"""Corrections: proposed by one person, decided by another, and then an entry of their own (clause 四.2)."""
