"""Five nodes in a chain: a recall that finds two away for days and outlives the kill of others."""

import base64
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from mpex_server.disclosures import repository as disclosed
from mpex_server.domain.merkle import leaf_hash, verify_inclusion
from mpex_server.keys import FileKeys
from mpex_server.kit import base64url, strict_json
from mpex_server.kit.clock import ShiftedClock
from mpex_server.peers import signatures
from mpex_server.storage.engine import make_engine, transaction

from tests.server.exchange.live import LiveNode, until
from tests.server.exchange.town import REQUESTS, collected_on_hit, made, permit, record
from tests.server.records import samples

Body = dict[str, Any]
Chain = dict[str, LiveNode]
NAMES = ("origin", "first", "second", "third", "last")
STATES = {
    "withdrawal": ("erased", "erased"),
    "trustLost": ("erased", "erased"),
    "erasure": ("erased", "erased"),
    "correction": ("restricted", "restricted"),
    "resolution": ("restricted", "restricted"),
    "missedReview": ("restricted", "restricted"),
    "dispute": ("active", "marked"),
}
"""Cause -> state of what a recipient holds, and the outcome in its receipt."""


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file by which all processes and this one move in time."""
    file = tmp_path / "clock"
    file.write_text("0", "ascii")
    monkeypatch.setenv("MPEX_CLOCK_FILE", str(file))
    return file


@pytest.fixture
def chain(tmp_path: Path, clock: Path) -> Iterator[Chain]:
    """Five running nodes that know one another."""
    nodes = {name: LiveNode(tmp_path / name, name, "humanitarian") for name in NAMES}
    for node in nodes.values():
        node.clock = ShiftedClock(clock)  # type: ignore[assignment]  # the world's clock is manual elsewhere
        node.know([other for other in nodes.values() if other is not node])
        node.launch()
    for node in nodes.values():
        node.wait()
    yield nodes
    for node in nodes.values():
        node.close()


def test_a_withdrawal_reaches_everybody_in_a_chain_of_five(chain: Chain, clock: Path) -> None:
    _recall_reaches_everybody(chain, clock, "withdrawal")


@pytest.mark.deep
@pytest.mark.parametrize("cause", [cause for cause in STATES if cause != "withdrawal"])
def test_every_cause_has_its_effect_in_a_chain_of_five(chain: Chain, clock: Path, cause: str) -> None:
    _recall_reaches_everybody(chain, clock, cause)


def _recall_reaches_everybody(chain: Chain, clock: Path, cause: str) -> None:
    origin, first, second, third, last = chain.values()
    received, directive = _released(origin, first)
    held = {"first": received}
    for before, after in (("first", "second"), ("second", "third"), ("third", "last")):
        held[after] = _passed(chain[before], chain[after], held[before])
    until(lambda: len(_recipients(origin, held["first"]["record"])) == len(held))

    # Two are away for days. The origin dies once it has recorded the recall, and one on the way too.
    second.stop()
    third.stop()
    if cause == "erasure":
        _erased(origin, received["record"], clock)
    else:
        _cause(origin, first, received["record"], directive, cause)
    origin.kill()
    last.kill()
    for node in (origin, last):
        node.start()
    _pass(clock, days=3)
    if cause != "trustLost":
        until(lambda: len(_overdue(origin)) == 1)
    second.start()
    third.start()

    state, outcome = STATES[cause]
    wanted = (state, state == "active", cause == "dispute")
    for name, release in held.items():
        until(partial(_is_held, chain[name], release, wanted))
    _receipts_verify(chain, origin, outcome, everybody=cause != "trustLost")


def _released(holder: LiveNode, asker: LiveNode) -> tuple[Body, str]:
    """Let the holder release a record that may go on; return what the asker received and the directive."""
    person = record(asker, permit(asker, sets=["identity"]))
    directive = permit(holder, sets=["identity"], onward="samePurpose")
    record(holder, directive)
    search = {
        "person": person,
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "caseReference": "case-1",
        "releaseSet": "identity",
        "partners": [holder.settings.node_id],
    }
    found = made(asker.call("caseWorker", "POST", "/v1/partner-searches", search))
    return collected_on_hit(asker, holder, holder.settings.node_id, found), directive


def _passed(before: LiveNode, after: LiveNode, received: Body) -> Body:
    path = f"/v1/received-releases/{received['receivedReleaseId']}/onward"
    made(before.call("releaseOfficer", "POST", path, {"partner": after.settings.node_id}))
    until(lambda: bool(_offers(after)))
    (request,) = _offers(after)
    return made(after.call("caseWorker", "POST", f"{REQUESTS}/{request}/collection"))


def _offers(node: LiveNode) -> list[str]:
    tasks = made(node.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    return [task["subject"] for task in tasks if task["kind"] == "releaseOffered"]


def _recipients(origin: LiveNode, record: str) -> set[str]:

    engine = make_engine(origin.settings.database_url, origin.settings.node_id)
    with transaction(engine, write=False) as conn:
        found = {entry.partner for entry in disclosed.of_records(conn, [record])}
    engine.dispose()
    return found


def _cause(origin: LiveNode, first: LiveNode, record: str, directive: str, cause: str) -> None:
    if cause == "withdrawal":
        made(origin.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    elif cause == "trustLost":
        origin.command("partners", "suspend", first.settings.node_id)
    elif cause == "correction":
        path = f"/v1/persons/{record}"
        shown = origin.call("registrar", "GET", path)
        body = made(shown, 200)
        body["contributions"][0]["sections"]["names"] = {"names": [{"text": "Fictia Opravená"}]}
        made(origin.call("registrar", "PUT", path, body, headers={"If-Match": shown.headers["etag"]}), 200)
    else:
        made(origin.call("releaseOfficer", "POST", "/v1/recalls", {"record": record, "cause": cause}))


def _erased(origin: LiveNode, record: str, clock: Path) -> None:
    """Ask for the erasure of a record, and let a second person confirm it after the waiting period."""
    asked = made(origin.call("registrar", "POST", "/v1/erasure-requests", samples.erasure(record)))
    _pass(clock, days=15)
    path = f"/v1/erasure-requests/{asked['erasureId']}/confirmation"
    check = {"coercionCheck": samples.coercion_check("noSign")}
    made(origin.call("supervisor", "POST", path, check), 200)


def _pass(clock: Path, days: int) -> None:
    clock.write_text(str(int(clock.read_text("ascii")) + days * 86_400), "ascii")


def _overdue(origin: LiveNode) -> list[Body]:
    return list(made(origin.call("caseWorker", "GET", "/v1/recalls?state=overdue"), 200)["items"])


def _is_held(node: LiveNode, release: Body, wanted: tuple[str, bool, bool]) -> bool:
    """Tell whether state, sight of the data and mark of a dispute are those that are wanted."""
    path = f"/v1/received-releases/{release['receivedReleaseId']}"
    shown = made(node.call("caseWorker", "GET", path), 200)
    return (shown["state"], "disclosures" in shown, bool(shown.get("disputed"))) == wanted


def _receipts_verify(chain: Chain, origin: LiveNode, outcome: str, *, everybody: bool) -> None:
    """Each receipt bears the recipient's signature, and its act stands in the recipient's log."""
    until(lambda: bool(_complete(origin)))
    (recall,) = _complete(origin)
    by_node = {node.settings.node_id: node for node in chain.values()}
    told = {entry["partner"]: entry for entry in recall["recipients"]}
    assert len(told) == (len(chain) - 1 if everybody else 1)
    for node_id, entry in told.items():
        node = by_node[node_id]
        assert entry["outcome"] == outcome
        jwks = FileKeys(node.settings.key_dir).public_jwks()
        claims = signatures.verified(entry["receipt"], jwks, typ="secevent+jwt")
        receipt = claims["events"]["urn:mpex:event:receipt"]
        assert (claims["iss"], receipt["recallId"]) == (node_id, recall["recallId"])
        _stands_in_log(node, receipt["leafHash"])


def _complete(origin: LiveNode) -> list[Body]:
    return list(made(origin.call("caseWorker", "GET", "/v1/recalls?state=complete"), 200)["items"])


def _stands_in_log(node: LiveNode, wanted: str) -> None:
    """The act has its place in the tree within seconds, and a proof under the signed checkpoint."""
    until(lambda: bool(_entries(node, wanted)))
    (entry,) = _entries(node, wanted)
    _, size, root, *_ = node.call("auditor", "GET", "/v1/log/checkpoint").text.splitlines()
    path = f"/v1/log/inclusion?leaf={entry['leaf']}&size={size}"
    proof = made(node.call("auditor", "GET", path), 200)
    hashes = [base64.b64decode(each) for each in proof["hashes"]]
    assert verify_inclusion(_hash(entry), proof["index"], int(size), hashes, base64.b64decode(root))


def _entries(node: LiveNode, wanted: str) -> list[Body]:
    found: list[Body] = []
    query = "?limit=100"
    while query:
        page = made(node.call("auditor", "GET", f"/v1/log/entries{query}"), 200)
        found += [each for each in page["items"] if base64url.encode(_hash(each)) == wanted]
        query = f"?limit=100&cursor={page['nextCursor']}" if "nextCursor" in page else ""
    return found


def _hash(entry: Body) -> bytes:
    return leaf_hash(strict_json.canonical(entry))
