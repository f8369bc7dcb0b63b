"""What observers of two worlds try: every operation that is open to them, about each of the two people.

An operation is asked with the identifiers of what there is, or with one of nothing where nothing is of its
kind, and with the smallest published example, made to fit this world.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpex_spec
from mpex_server.oauth.access import PARTNER_ACTIONS, ROLE_ACTIONS

from tests.server import contract
from tests.server.contract import Described
from tests.server.exchange.two_worlds import (
    ANYBODY,
    OBSERVERS,
    PARTNERS,
    PARTS,
    PEOPLE,
    PURPOSE,
    Observed,
    Player,
)


def reads(player: Player, only: frozenset[str] | None = None) -> None:
    """Let every observer read whatever it may, of everything that there is, to the last page.

    `only` names the operations to read by; all of them by default.
    """
    kinds = player.known()
    for who in OBSERVERS:
        for operation in allowed(who):
            if operation.method == "GET" and (only is None or operation.name in only):
                query = _QUERIES[operation.name](kinds) if operation.name in _QUERIES else ""
                for path in _paths(operation, kinds):
                    _read(player, who, path + query)


def _read(player: Player, who: str, path: str) -> None:
    answer = player.ask(who, "GET", path)
    while "json" in answer.headers.get("content-type", "") and "nextCursor" in answer.json():
        answer = player.ask(who, "GET", f"{path}?cursor={answer.json()['nextCursor']}")


def searches(player: Player) -> None:
    """Let each partner and the desk search for both people, and let partners ask for what they find."""
    for name in PEOPLE.values():
        for who in ("registrar", *PARTNERS):
            player.hit(who, name, "searchLiving")
        for who in PARTNERS:
            player.release(who, name, PURPOSE)


def writes(player: Player) -> None:
    """Let every observer send each document of the examples, once about each person."""
    for who in OBSERVERS:
        # What is withdrawn can be reviewed no more.
        for operation in sorted(allowed(who), key=lambda one: one.name != "reviewDirective"):
            for person, remains in player.people.values():
                if operation.method == "PUT":
                    _put(player, who, operation, {"person": [person], "remains": [remains]})
                elif operation.name == "receiveEvent":
                    player.push(who, person)
                elif operation.method == "POST" and operation.name not in _SENT_ELSEWHERE:
                    _post(player, who, operation, {"person": person, "remains": remains})


def unasked(seen: Observed) -> set[str]:
    """Return who did not try what was open to it, and what nobody did with success though it can be done."""
    tried, done = set(), set()
    for label, status, *_ in seen.answers:
        who, method, path = label.split(" ")
        operation = contract.operation_of(method, path.partition("?")[0])
        assert operation is not None, label
        tried.add(f"{who} {operation}")
        done |= {operation.name} if status < 300 else set()
    every = {(who, operation.name) for who in OBSERVERS for operation in allowed(who)}
    undone = {name for _, name in every} - done - _NEVER_DONE.keys()
    return undone | ({f"{who} {name}" for who, name in every} - tried)


def allowed(who: str) -> list[Described]:
    """Return the operations that are open to an observer, but for tokens, which come before all else."""
    every = contract.of_role("node").values()
    if who == ANYBODY:
        return [operation for operation in every if operation.action is None and operation.method == "GET"]
    actions = PARTNER_ACTIONS if who in PARTNERS else ROLE_ACTIONS[who]
    return [operation for operation in every if operation.action in actions]


def _put(player: Player, who: str, operation: Described, about: dict[str, list[str]]) -> None:
    for path in _paths(operation, player.known() | about):
        for change in ({}, *_CHANGES.get(operation.name, ())):
            read = player.ask(who, "GET", path)
            tag = read.headers.get("etag")
            player.ask(who, "PUT", path, read.json() | change, match=tag)


def _post(player: Player, who: str, operation: Described, about: dict[str, str]) -> None:
    known = player.known()
    kinds = {kind: [name] for kind, name in about.items()}
    fitting = {kind: names[-1] for kind, names in known.items()} | about
    for path in _paths(operation, known | kinds)[:3]:
        schema = _body_schema(operation)
        body: Any = None if schema is None else _about(_example(schema), fitting)
        if operation.name == "splitRemainsUnit":
            body["units"] = [{"parts": PARTS[:1]}]
        if operation.name == "mergeRemainsUnits":
            body["units"] = [unit for _, unit in player.people.values() if unit not in path]
        if operation.name == "recoverSearchRequest":
            body["code"] = player.codes[-1]
        answer = player.ask(who, "POST", path, body)
        if operation.name == "issueRecoveryCode" and answer.is_success:
            player.codes.append(answer.json()["code"])


def _about(value: Any, about: dict[str, str]) -> Any:
    """Return an example with identifiers of this world in the place of its own."""
    if isinstance(value, dict):
        return {name: _about(member, about) for name, member in value.items()}
    if isinstance(value, list):
        return [_about(member, about) for member in value]
    kind, colon, _ = value.partition(":") if isinstance(value, str) else ("", "", "")
    return about.get(kind, value) if colon else value


def _paths(operation: Described, kinds: dict[str, list[str]]) -> list[str]:
    paths = [operation.path]
    for parameter in _parameters(operation):
        name, kind = parameter["name"], parameter["schema"]["$ref"].rpartition("/")[2]
        paths = [
            path.replace(f"{{{name}}}", identifier)
            for path in paths
            for identifier in kinds.get(kind, [f"{kind}:{'a' * 26}"])
        ]
    return paths


def _parameters(operation: Described) -> list[Any]:
    described = _described(operation).get("parameters", ())
    return [parameter for parameter in described if parameter.get("in") == "path"]


def _body_schema(operation: Described) -> str | None:
    content = _described(operation).get("requestBody", {}).get("content", {})
    found: str | None = content.get("application/json", {}).get("schema", {}).get("$ref")
    return None if found is None else Path(found).stem


def _described(operation: Described) -> Any:
    return mpex_spec.openapi()["paths"][operation.path][operation.method.lower()]


def _example(schema: str) -> Any:
    return json.loads((mpex_spec.root() / "examples" / f"{schema}.min.json").read_text(encoding="utf-8"))


_FATE = {"value": "deceased", "certaintyState": "confirmed", "assertedBy": "Invented Office"}
_CHANGES: dict[str, tuple[dict[str, Any], ...]] = {
    "replacePerson": ({"status": "closed"}, {"fate": _FATE}, {"status": "open"}),
    "replaceRemainsUnit": ({"status": "closed"}, {"commingled": False}, {"status": "open"}),
}
"""What else is written over a record than what was read, in turn."""
_QUERIES: dict[str, Callable[[dict[str, list[str]]], str]] = {
    "getInclusionProof": lambda kinds: f"?leaf={kinds['leaf'][0]}",
    "getConsistencyProof": lambda _: "?from=1&to=2",
}
_SENT_ELSEWHERE = frozenset({"createSearch", "createReleaseRequest"})
"""Operations whose requests `searches` makes."""
_NEVER_DONE = {
    "recordPersonChoice": "both people are sought, and only somebody found may choose",
    "completeTask": "the tasks that there are end by an act of their own",
    "collectCustodyRecord": "nobody hands over a record of which a death is not told yet (CUST-005)",
}
"""Operations that are tried and take nothing here, and why."""
