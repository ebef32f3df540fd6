"""A real S3 service beside a test: SeaweedFS from its wheel, on loopback ports of its own, with keys, gone at the end."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

KEY, SECRET = "trial-key", "trial-secret-of-tests"
BUCKET = "anxue"
_MEMORY = "256MiB"
_PORTS = ("master.port", "volume.port", "filer.port", "s3.port")


@dataclass
class S3:
    """A running service; ``url`` is what `STORAGE_URL` would be."""

    folder: Path
    ports: dict[str, int]
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.ports['s3.port']}"

    @property
    def url(self) -> str:
        return f"s3://{KEY}:{SECRET}@127.0.0.1:{self.ports['s3.port']}/{BUCKET}?scheme=http&region=us-east-1"

    def client(self, *, key: str = KEY, secret: str = SECRET) -> Any:
        """A plain boto3 client, for looking at what our code did."""
        settings = Config(signature_version="s3v4", connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 1})
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            region_name="us-east-1",
            config=settings,
        )

    def start(self) -> None:
        """Start it on what its folder holds and wait until it takes files.

        :raises RuntimeError: not within half a minute
        """
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(self._command(), env=self._environment(), stdout=log, stderr=log)
        for _ in range(300):
            with suppress(BotoCoreError, ClientError):
                self.client().put_object(Bucket=BUCKET, Key="platform/ready", Body=b"1")
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"SeaweedFS did not come up: {(self.folder / 'server.log').read_text()[-2000:]}")

    def stop(self) -> None:
        """End it in order, which takes it ten seconds while somebody is connected; its files stay."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def kill(self) -> None:
        """End it at once: nobody needs its files any more."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _command(self) -> list[str]:
        here, data = "127.0.0.1", str(self.folder / "data")
        options = {
            "dir": data,
            "ip": here,
            "ip.bind": here,
            **self.ports,
            **{f"{name}.grpc": port + 10_000 for name, port in self.ports.items()},
            "s3.port.iceberg": 0,
            "s3.localSocket": f"{self.folder}/s3.sock",
            "filer.localSocket": f"{self.folder}/filer.sock",
            "webdav": "false",
            "admin.ui": "false",
            "master.telemetry": "false",
            "bucket": BUCKET,
        }
        weed = str(Path(sys.executable).with_name("weed"))
        return [weed, "-logtostderr=true", "mini", *(f"-{name}={value}" for name, value in options.items())]

    def _environment(self) -> dict[str, str]:
        own = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "GOMEMLIMIT": _MEMORY, "TMPDIR": str(self.folder)}
        return {**os.environ, **own}


@contextmanager
def s3_service() -> Iterator[S3]:
    """Run an empty service until the block ends; then nothing of it is left."""
    # Sockets have short names: not in pytest's deep folders.
    with tempfile.TemporaryDirectory(prefix="anxue-s3-") as name:
        folder = Path(name)
        (folder / "data").mkdir()
        service = S3(folder, _free_ports())
        service.start()
        try:
            yield service
        finally:
            service.kill()


def _free_ports() -> dict[str, int]:
    """Ports that are free together with their twins 10,000 above (gRPC); below the range of outgoing connections."""
    found: dict[str, int] = {}
    while len(found) < len(_PORTS):
        port = random.randrange(12_000, 22_000)
        if port not in found.values() and _is_free(port) and _is_free(port + 10_000):
            found[_PORTS[len(found)]] = port
    return found


def _is_free(port: int) -> bool:
    if any(Path("/tmp").glob(f"seaweedfs-*-{port}.sock")):  # noqa: S108 - where the service puts it, and somebody else's stays
        return False
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
