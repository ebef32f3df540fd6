"""Complaints across tenants: filed by anybody, answered in a promised time, followed by number and code (clauses 六.(一).5, 六.(一).6)."""
