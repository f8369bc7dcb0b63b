"""A folder of commands for scripts: each is forked from one process that has imported all of them already.

Importing is most of what a command costs. A script finds in the folder what an installation puts beside
Python, under the same names; a command reads, writes, is signalled and ends as if the script had started it.
"""

import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

COMMANDS = ("mpex", "mpex-conformance", "mpex-server", "mpex-spec")
ROOT = Path(__file__).resolve().parents[1]
# What a command imports only when it is at work.
_LATER = (
    "httpcore2",
    "mpex_client.types",
    "mpex_server.app",
    "typer._adapters",
    "uvicorn.protocols.http.auto",
)
_MESSAGE = 1 << 17
# Stands for the command in the script: hands over its place, passes signals on, ends as the command does.
_STAND_IN = """#!{python} -IS
import json, os, signal, socket, sys
folder, name = os.path.split(os.path.abspath(__file__))
connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
connection.connect(os.path.join(folder, "socket"))
place = [name, *sys.argv[1:]], os.getcwd(), dict(os.environ)
socket.send_fds(connection, [json.dumps(place).encode()], [0, 1, 2])
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda number, _: connection.send(bytes([number])))
for standard in (0, 1, 2):
    os.close(standard)
os._exit(connection.recv(1)[0])
"""


@contextmanager
def commands() -> Iterator[Path]:
    """Yield the folder; a command whose script is gone is told to end."""
    with tempfile.TemporaryDirectory(prefix="mpex-commands-") as name:
        for command in COMMANDS:
            path = Path(name, command)
            path.write_text(_STAND_IN.format(python=sys.executable), encoding="utf-8")
            path.chmod(0o755)
        with subprocess.Popen(
            [sys.executable, "-m", __name__, name],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        ) as parent:  # fmt: skip
            try:
                if not (parent.stdout and parent.stdout.readline()):
                    raise RuntimeError("the process that imports the commands did not start")
                yield Path(name)
            finally:
                parent.terminate()


def _asked(listener: socket.socket) -> socket.socket:
    """Return, in a process forked for it, the connection of each stand-in."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listener.close()
            return connection
        connection.close()


def _take_place(connection: socket.socket) -> None:
    """Return in the process that is to run the command, in the place of its stand-in."""
    message, files, _, _ = socket.recv_fds(connection, _MESSAGE, 3)
    arguments, folder, environment = json.loads(message)
    child = os.fork()
    if child:
        for file in files:
            os.close(file)
        _watch(connection, child)
    connection.close()
    for standard, file in enumerate(files):
        os.dup2(file, standard)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = arguments


def _watch(connection: socket.socket, child: int) -> None:
    """Pass on what the stand-in says, tell it how the command ended, and end."""
    ended = os.pidfd_open(child)
    both = (connection.fileno(), ended)
    while ended not in select.select(both, (), ())[0]:
        told = connection.recv(1)
        os.kill(child, told[0] if told else signal.SIGTERM)
        if not told:
            break
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    # As a shell says it: 128 and the number of the signal.
    connection.send(bytes([code if code >= 0 else 128 - code]))
    os._exit(0)


def _main(folder: Path) -> None:
    found = entry_points(group="console_scripts")
    apps: dict[str, Callable[[], object]] = {name: found[name].load() for name in COMMANDS}
    for name in _LATER:
        import_module(name)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(str(folder / "socket"))
        listener.listen(64)
        # What a collector does not look at stays one page for all processes.
        gc.freeze()
        print("ready", flush=True)
        connection = _asked(listener)
    _take_place(connection)
    apps[sys.argv[0]]()


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
