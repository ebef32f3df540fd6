"""The tree over an enterprise's ledger: sealing, proofs, verification."""
