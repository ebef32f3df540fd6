"""The enterprise's own banks of questions (clause R2.8): written, imported, searched, exported; never deleted."""
