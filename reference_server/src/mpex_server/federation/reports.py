"""The mark of conformance: of which report of the conformance suite it is (annex B)."""

from hashlib import sha256
from typing import Any

import orjson

from mpex_server.federation import mandate

Json = dict[str, Any]


def attested(written: bytes) -> Json:
    """Return what a mark says of a report of a whole run that was passed; ValueError for any other file."""
    report = orjson.loads(written)
    try:
        if report["verdict"]["conformant"] is not True:
            raise ValueError("is the report of a run that was not passed")
        suite, run = report["suite"], report["run"]
        return {
            "sha256": sha256(written).hexdigest(),
            "conformanceClass": run["conformanceClass"],
            "specVersion": suite["specVersion"],
            "suiteVersion": suite["version"],
            "finishedAt": run["finishedAt"],
        }
    except (KeyError, TypeError) as error:
        raise ValueError("is no report of the conformance suite") from error


def check(report: Any, entity: str) -> None:
    """Raise TrustError, naming each wrong place, when what a mark says of a report is not in its form."""
    mandate.check_form("attested-report", report, entity)
