"""How the platform runs: real probes each minute, uptime by the month against the promise, incidents in words."""
