"""Signed heads of the enterprises' ledgers, kept where their owners cannot reach."""
