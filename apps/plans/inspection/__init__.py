"""Being inspected: a read-only link for the authority, and one package of everything."""
