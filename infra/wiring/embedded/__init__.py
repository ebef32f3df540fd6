"""PostgreSQL and Valkey out of wheels, for every place where no outside service is named.

`services.ensure_all(folder)` starts what is missing and answers the settings that point at it;
`services.stop_all(folder)` ends it again. `python -m infra.wiring.embedded --help` does both around a command.
"""
