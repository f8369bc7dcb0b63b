"""Programs from outside the Python world that tests ask: JSON in, JSON out."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tools import node

ROOT = Path(__file__).resolve().parents[1]


def environment(authority: Path | None = None) -> dict[str, str]:
    """Return the environment of such a program, which trusts the certificates of `authority` as well."""
    trusted = {} if authority is None else {"NODE_EXTRA_CA_CERTS": str(authority)}
    return node.environment() | trusted


def ask(script: str, *, authority: Path | None = None, **given: Any) -> dict[str, Any]:
    """Return what `script` makes of what it is given."""
    done = subprocess.run(
        node.command("node", script),
        cwd=ROOT,
        env=environment(authority),
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
