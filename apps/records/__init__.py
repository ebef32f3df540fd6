"""The append-only ledger, learner archive and certificates."""
