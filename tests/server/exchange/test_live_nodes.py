"""Three nodes as processes on loopback: the main job over HTTP, and a recall that outlives a kill."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.exchange.live import LiveNode, until
from tests.server.exchange.town import made, permit, record

_NAMES = {"alpha": "humanitarian", "beta": "forensic", "gamma": "humanitarian"}


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[dict[str, LiveNode]]:
    made_nodes = {name: LiveNode(tmp_path / name, name, kind) for name, kind in _NAMES.items()}
    for node in made_nodes.values():
        node.know([other for other in made_nodes.values() if other is not node])
    for node in made_nodes.values():
        node.start()
    yield made_nodes
    for node in made_nodes.values():
        node.close()


def test_the_main_job_between_three_processes(nodes: dict[str, LiveNode]) -> None:
    alpha, beta, gamma = nodes["alpha"], nodes["beta"], nodes["gamma"]
    person = record(alpha, permit(alpha, sets=["identity"]))
    betas = permit(beta, sets=["identity"])
    record(beta, betas)
    living = record(gamma, permit(gamma, sets=["identity"]), type="foundAlive")

    search = {
        "person": person,
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "caseReference": "case-1",
        "releaseSet": "identity",
        "partners": [beta.settings.node_id, gamma.settings.node_id],
    }
    found = made(alpha.call("caseWorker", "POST", "/v1/partner-searches", search))
    outcomes = {entry["partner"]: entry["result"]["outcome"] for entry in found["results"]}
    assert outcomes == {beta.settings.node_id: "possibleHit", gamma.settings.node_id: "noHit"}

    (task,) = made(gamma.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    choice = {"mayTell": "aliveOnly", "decidedBy": "person", "task": task["taskId"]}
    made(gamma.call("caseWorker", "POST", f"/v1/persons/{living}/choice", choice))

    asked = {
        "partnerSearch": found["partnerSearchId"],
        "partner": beta.settings.node_id,
        "hitReference": found["results"][0]["result"]["hits"][0]["reference"],
        "releaseSet": "identity",
        "reason": "The description fits.",
    }
    request = made(alpha.call("caseWorker", "POST", "/v1/partner-release-requests", asked))
    _decide_by_command(beta, request["status"]["releaseRequestId"])
    path = f"/v1/partner-release-requests/{request['partnerReleaseRequestId']}/collection"
    received = made(alpha.call("caseWorker", "POST", path))
    assert received["disclosures"]["names"]["values"]

    def told() -> bool:
        shown = made(alpha.call("caseWorker", "GET", f"/v1/partner-searches/{found['partnerSearchId']}"), 200)
        return [entry["choice"] for entry in shown["news"]] == ["aliveOnly"]

    until(told)

    # The asker is away when the consent goes; the holder dies before it could tell, and both come back.
    alpha.kill()
    made(beta.call("registrar", "POST", f"/v1/directives/{betas}/withdrawals", {}))
    beta.kill()
    alpha.start()
    beta.start()

    def acknowledged() -> bool:
        (recall,) = made(beta.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]
        return [entry["state"] for entry in recall["recipients"]] == ["acknowledged"]

    until(acknowledged)
    shown = made(
        alpha.call("caseWorker", "GET", f"/v1/received-releases/{received['receivedReleaseId']}"), 200
    )
    assert shown["state"] == "erased"
    assert "disclosures" not in shown


def _decide_by_command(node: LiveNode, request_id: str) -> None:
    assert request_id in node.command("release-requests", "list").decode()
    decide = ("release-requests", "decide", request_id, "--decision", "approve")
    case = json.loads(node.command(*decide))
    assert (case["state"], case["decidedBy"]) == ("approved", "operator")
    with pytest.raises(RuntimeError, match=r"(?s)ended with 1.*decided before"):
        node.command(*decide)
