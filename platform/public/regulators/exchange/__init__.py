"""The exchange with authorities' own systems: push, pull, receipts, reconciliation (clauses 七.1, 七.2, 七.4)."""
