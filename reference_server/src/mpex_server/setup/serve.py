"""Server processes: one, or several on one port; SIGTERM and SIGINT end them cleanly with status 0."""

import os
import signal
import socket
import sys
import tempfile
from functools import partial
from ipaddress import ip_address
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

from mpex_server.http.connection import BoundedConnection
from mpex_server.keys import KeysError, PinRefusedError, open_keys
from mpex_server.observation import listener, traces
from mpex_server.observation.metrics import FILES
from mpex_server.settings import Settings
from mpex_server.setup import folder
from mpex_server.storage import capacity

_GRACE_SECONDS = 10
_BACKLOG = 2048
_IDLE_SECONDS = 10
"""How long a connection may be idle: longer than HTTP libraries keep one, or they meet one just closed."""
_REFUSED = 78
"""Status that tells a service manager that no restart helps (`EX_CONFIG`)."""
_UNSERVABLE = (
    capacity.TooFewConnectionsError,
    listener.PortTakenError,
    traces.MissingExtraError,
    KeysError,
)


class OpenAddressError(OSError):
    """Others than this machine could reach an address at which nothing is encrypted."""


def bind(host: str, port: int, *, anywhere: bool = False) -> socket.socket:
    """Return a listening address of this machine alone, or of `anywhere`; port 0 takes a free one.

    It listens from here on: who comes before the node is ready waits and is not refused. Raises
    OpenAddressError.
    """
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, port))
    if not (anywhere or ip_address(sock.getsockname()[0]).is_loopback):
        sock.close()
        raise OpenAddressError(
            "Others could reach --host, where nothing is encrypted: listen on 127.0.0.1, behind a proxy that"
            " ends TLS, or say --tls-in-front, when that is elsewhere and nobody else can reach this address."
        )
    sock.listen(_BACKLOG)
    sock.set_inheritable(True)
    return sock


def run(settings: Settings, sock: socket.socket, *, workers: int = 1) -> None:
    """Serve until told to stop; ends at once, with the reason, when what it needs is not there."""
    _check(settings, workers)
    bounded: Any = partial(
        BoundedConnection, connections=settings.connections, request_seconds=settings.request_seconds
    )
    os.environ.update(folder.environment(settings))
    config = uvicorn.Config(
        "mpex_server.app:from_environment",
        factory=True,
        workers=workers,
        http=bounded,
        ws="none",
        log_config=None,
        access_log=False,
        # Who calls is told by token and proof, never by an address.
        proxy_headers=False,
        server_header=False,
        date_header=True,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = uvicorn.Server(config)
    if workers > 1:
        with tempfile.TemporaryDirectory(prefix="mpex-metrics-") as files:
            os.environ[FILES] = files
            Multiprocess(config, sockets=[sock]).run()
        return
    # uvicorn hands the signal on to the handler before it once it has shut down; ours makes that a success.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stopped)
    server.run(sockets=[sock])


def _check(settings: Settings, workers: int) -> None:
    # A process that cannot start says no more than the kind of its failure, and is started again for ever.
    try:
        capacity.check(settings.database_url, workers=workers, threads=settings.threads)
        listener.check(settings.metrics_port)
        open_keys(settings)
        if settings.traces:
            traces.extra()
    except PinRefusedError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(_REFUSED) from None
    except _UNSERVABLE as error:
        raise SystemExit(str(error)) from None


def _stopped(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
