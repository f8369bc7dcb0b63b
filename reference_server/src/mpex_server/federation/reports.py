"""The mark of conformance: of which report of the conformance suite it is, and on which node (annex B)."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

import orjson

from mpex_server.federation import mandate, marks
from mpex_server.federation.asking import Inquiry
from mpex_server.federation.chains import Chain, Resolver
from mpex_server.federation.faults import TrustError
from mpex_server.federation.findings import Findings
from mpex_server.federation.marks import Mark

Json = dict[str, Any]
_FORMAT = "https://mpex.example/conformance/results/1.0"


def attested(written: bytes) -> Json:
    """Return what a mark says of a report of a whole run that was passed; ValueError for any other file."""
    report = orjson.loads(written)
    try:
        verdict, suite, run, target = (report[name] for name in ("verdict", "suite", "run", "target"))
        if report["format"] != _FORMAT:
            raise ValueError("is a report of another form than this server reads")
        if verdict["conformant"] is not True or verdict["open"]:
            raise ValueError("is the report of a run that was not passed")
        return {
            "sha256": sha256(written).hexdigest(),
            "nodeId": target["nodeId"],
            "environment": target["environment"],
            "conformanceClass": run["conformanceClass"],
            "specVersion": suite["specVersion"],
            "suiteVersion": suite["version"],
            "finishedAt": run["finishedAt"],
        }
    except (KeyError, TypeError) as error:
        raise ValueError("is no report of the conformance suite") from error


def check(report: Any, entity: str, node_id: Any) -> None:
    """Raise TrustError, naming each wrong place, when what a mark says of a report is not in its form.

    And when it is on another node than that of the entity, `node_id`.
    """
    mandate.check_form("attested-report", report, entity)
    if report["nodeId"] != node_id:
        raise TrustError("wrongSubject", entity, "the report is on another node")


def shown(
    found: Findings, anchors: Mapping[str, Json], inquiry: Inquiry
) -> Iterator[tuple[str, Mark | TrustError]]:
    """Yield the mark of conformance of each partner that a look has found, or why none of it counts.

    No access rests on it (TRUST-032), so that nobody is asked for it but when somebody wants to know.
    """
    between = {said.issuer for chain in found.vouched.values() for said in chain.statements}
    for entity, jwks in anchors.items():
        inquiry.allow(1 / len(anchors))
        resolver = Resolver({entity: jwks}, inquiry.fetch, inquiry.now)
        resolver.superiors |= between
        for node_id, trusted in found.trusted.items():
            chain = found.vouched.get(trusted.entry["url"])
            if chain is not None and chain.anchor.subject == entity:
                yield node_id, _shown(chain, node_id, resolver, inquiry)


def _shown(chain: Chain, node_id: str, resolver: Resolver, inquiry: Inquiry) -> Mark | TrustError:
    try:
        mark = marks.find(chain, mandate.CONFORMANCE, resolver, inquiry.ask)
        check(mark.claims.get("report"), chain.entity, node_id)
    except TrustError as error:
        return error
    return mark
