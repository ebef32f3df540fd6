"""How two platforms exchange records: suites of algorithms, signed requests, sealed fields, JSON and XML documents. Pure; no clock, no network.

Read first: `suites.py`, `stamps.py`, then `records.py` and `documents.py`.
"""
