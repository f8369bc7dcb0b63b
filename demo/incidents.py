"""Loads incidents into a node: the real Missing Migrants file where it is, a small fictional one else."""

import os
from pathlib import Path

from mpex_client.importers.mmp import import_mmp

from demo.narrate import answered, asked, because, expect, prologue
from demo.nodes import Node

ROOT = Path(__file__).resolve().parent.parent
FICTIONAL = Path(__file__).resolve().parent / "incidents.csv"
DIRECTIVE = {
    "legalBasis": "publicInterest",
    "dataSubject": "incident",
    "givenBy": {"authority": "institution"},
    "givenAt": "2026-01-01T00:00:00Z",
    "method": "institutional",
    "language": "en",
    "grants": [
        {"effect": "permit", "purposes": ["statistics", "identifyDeceased"], "categories": ["incident"]}
    ],
}


def load_incidents(node: Node) -> None:
    """Imports a file of incidents and says what became of its rows."""
    prologue()
    shared = Path(os.environ.get("MPEX_SHARED_DATA", ROOT.parent / "shared" / "data"))
    real = next(iter(sorted((shared / "mmp").glob("*.csv"))), None)
    with node.client("registrar", "statistics", "publicInterest") as client:
        directive = client.directives.create(DIRECTIVE)["directiveId"]
        asked(
            f"node {node.plan.letter}",
            "to take " + ("the Missing Migrants file" if real else "a fictional file"),
        )
        report = import_mmp(client, real or FICTIONAL, directive=directive)
    rows = {outcome: report["outcomes"][outcome] for outcome in ("accepted", "warned", "rejected")}
    answered(
        f"node {node.plan.letter}", ", ".join(f"{count} rows {outcome}" for outcome, count in rows.items())
    )
    because(
        "a case may name the shipwreck it belongs to, and never must; one bad row does not lose the others"
    )
    expect(rows["accepted"] + rows["warned"] > 0, "an import takes what can be taken (INC-001)")
