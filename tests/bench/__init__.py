"""Benches: `manage.py bench <name>` runs `run(options)` of the module of that name beside services of its own."""
