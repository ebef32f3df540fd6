"""The environment, read once. `build/demo/env` (written by `make demo`) stands in where nothing is set."""

from pathlib import Path

from environs import Env

BASE_DIR = Path(__file__).resolve().parents[3]

env = Env()
if not env.str("DATABASE_URL", "") and (BASE_DIR / "build/demo/env").exists():
    env.read_env(str(BASE_DIR / "build/demo/env"), recurse=False)

MODES = ("development", "demo", "test", "production")
MODE: str = env.str("ANXUE_ENV", "production" if env.str("DATABASE_URL", "") else "development")
if MODE not in MODES:
    raise ValueError(f"ANXUE_ENV must be one of {', '.join(MODES)}, not {MODE!r}")
