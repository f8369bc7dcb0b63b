"""Short ways to pass a release along a street: beta holds, alpha asks, gamma and delta come after."""

from typing import Any

from mpex_server.partner_release_requests import service
from mpex_server.storage.documents import Documents
from mpex_server.storage.engine import transaction

from tests.server.exchange.town import (
    REQUESTS,
    Town,
    collected_on_hit,
    made,
    node_id,
    partner_search,
    permit,
    record,
)
from tests.server.records import samples

Body = dict[str, Any]


def received_by_alpha(town: Town, onward: str, **members: Any) -> tuple[Body, str]:
    """Let beta release to alpha with an onward condition; return what alpha received and beta's directive."""
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    person = record(alpha, permit(alpha, sets=["identity"]))
    grant = {
        "effect": "permit",
        "purposes": ["searchLiving"],
        "releaseSets": ["identity"],
        "recipientClasses": ["humanitarian"],
        "onward": onward,
    }
    directive = made(
        beta.call("registrar", "POST", "/v1/directives", samples.directive(grants=[grant], **members))
    )["directiveId"]
    record(beta, directive)
    found = partner_search(town, person)
    return collected_on_hit(alpha, beta, node_id(town, "beta"), found), directive


def pass_on(town: Town, name: str, received: Body, to: str, **members: Any) -> Any:
    """Let a node pass a received release on."""
    path = f"/v1/received-releases/{received['receivedReleaseId']}/onward"
    body = {"partner": node_id(town, to)} | members
    return town.nodes[name].call("releaseOfficer", "POST", path, body)


def offered(town: Town, name: str) -> list[str]:
    """Return the requests that a node may collect because they were offered."""
    town.work()
    tasks = made(town.nodes[name].call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    return [task["subject"] for task in tasks if task["kind"] == "releaseOffered"]


def collect(town: Town, name: str, request: str) -> Any:
    """Let a node collect."""
    return town.nodes[name].call("caseWorker", "POST", f"{REQUESTS}/{request}/collection")


def collected(town: Town, name: str) -> Body:
    """Let a node collect the one release that it was offered."""
    (request,) = offered(town, name)
    return made(collect(town, name, request))


def held(town: Town, name: str, received: Body) -> Body:
    """Return a received release after all events."""
    town.work()
    path = f"/v1/received-releases/{received['receivedReleaseId']}"
    return made(town.nodes[name].call("caseWorker", "GET", path), 200)


def collect_again(town: Town) -> Body:
    """Let alpha collect anew on its one request."""
    node = town.nodes["alpha"].node
    with transaction(node.engine, write=False) as conn:
        (asked,) = Documents(conn, node.keys, node.clock).listing(service.KIND, limit=9)
    return made(collect(town, "alpha", asked.id))
