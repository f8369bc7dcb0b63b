"""Gate 4: every check meets each miniature, and none may pass or break."""

from dataclasses import replace

from mpex_conformance.config import Config
from mpex_conformance.lab import open_lab
from mpex_conformance.mutants.miniatures import MINIATURES, Fronted, profile
from mpex_conformance.outcomes import Outcome
from mpex_conformance.partner.asgi import Server
from mpex_conformance.plan import make
from mpex_conformance.runner import run_plan

QUICK = Config(level="SHOULD", timeout_seconds=0.5, event_seconds=0.2)
# Each check waits for the slow one as long as it may, so a few of them must do.
_FEW = ("wire-001", "rec-001", "auth-001", "purp-001", "srch-001", "log-002", "meta-001")


def trial(name: str) -> list[str]:
    """Return the checks that pass against the miniature ``name`` or break on it: there must be none."""
    app = Fronted(MINIATURES[name])
    server = Server(app, "http://127.0.0.1:0")
    app.base_url = f"http://127.0.0.1:{server.port}"
    config = replace(QUICK, only=_FEW) if name == "slow" else QUICK
    try:
        lab = open_lab(config, profile(app.base_url))
        try:
            results = run_plan(make(config), lab)
        finally:
            lab.close()
    finally:
        server.close()
    return [
        f"{name}: {item.check.id} {item.outcome.value} {item.message}".strip()
        for item in results
        if item.outcome in (Outcome.PASS, Outcome.ERROR)
    ]
