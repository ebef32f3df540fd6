"""Database backend: the current scope becomes search path and role before each statement, or nothing runs.

Why not django-tenants' own: it swallows a failed `SET search_path` and then runs the query on the previous
enterprise's path (58 cross-tenant reads in 61,221 with cancelled statements); see ADR 0003.
"""
