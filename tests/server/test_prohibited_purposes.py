"""A prohibited purpose is refused at the token, at the request, and by the database, each alone.

Staff and a partner ask; the partner's mandate names the prohibited purposes, as no issuer's may. Each refusal
is in the log with its reason (PURP-001, PURP-002, PURP-003, PURP-013, STOR-003).
"""

from typing import Any

import httpx2
import pytest
from mpex_server.domain.purposes import PROHIBITED

from tests.server.exchange.town import permit, record, search
from tests.server.levels import LEVELS, switch_off
from tests.server.records import samples
from tests.server.world import World, partner_entry

PURPOSES = sorted(PROHIBITED)
WAYS = {"registrar": "persons:read", "one": "searches:create"}


@pytest.fixture
def held(world: World) -> str:
    """Return a record that the partner may find for any other purpose."""
    entry = partner_entry(world.identities["one"])
    world.register(entry | {"purposes": [*entry["purposes"], *PURPOSES]})
    return record(world, permit(world, sets=["identity"]))


def asked(world: World, who: str, held: str, purpose: str, body: str | None = None) -> httpx2.Response:
    """Let staff read the record, or the partner search for it; `body` is a purpose that the body names."""
    if who == "registrar":
        return world.call(who, "GET", f"/v1/persons/{held}", purpose=purpose)
    return world.call(who, "POST", "/v1/searches", search(purpose=body or purpose), purpose=purpose)


def logged(world: World) -> dict[str, Any]:
    """Return what the last entry of the log says of a refusal."""
    entry = world.leaves()[-1]
    return {name: entry.get(name) for name in ("event", "outcome", "actor", "purpose", "reason")}


@pytest.mark.parametrize("who", WAYS)
def test_the_token_endpoint_refuses_alone(
    world: World, held: str, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_off(monkeypatch, "request", "decision")
    assert held
    for purpose in PURPOSES:
        refused = world.token_response(who, purpose=purpose, actions=[WAYS[who]])
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_authorization_details")
        assert logged(world) == refusal(world, who, purpose, event="token")


@pytest.mark.parametrize("who", WAYS)
def test_the_request_is_refused_alone(
    world: World, held: str, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_off(monkeypatch, "token", "decision")
    for purpose in PURPOSES:
        assert samples.refusal(asked(world, who, held, purpose)) == (403, "prohibitedPurpose")
        assert logged(world) == refusal(world, who, purpose)


def test_what_a_request_says_is_refused_alone(
    world: World, held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_off(monkeypatch, "token", "decision")
    for purpose in PURPOSES:
        refused = asked(world, "one", held, "searchLiving", body=purpose)
        assert samples.refusal(refused) == (403, "prohibitedPurpose")
        assert logged(world) == refusal(world, "one", "searchLiving")


@pytest.mark.parametrize("who", WAYS)
def test_the_database_refuses_alone(
    world: World, held: str, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL hides the record, and the log says why; SQLite has no such floor."""
    switch_off(monkeypatch, *LEVELS)
    floor = world.node.engine.dialect.name == "postgresql"
    for purpose in PURPOSES:
        answer = asked(world, who, held, purpose)
        assert found(answer) is not floor, "the other levels are not switched off, or the floor does not hold"
        if floor:
            read = {"event": "search", "outcome": "noHit"} if who == "one" else {}
            assert logged(world) == refusal(world, who, purpose) | read


def found(answer: httpx2.Response) -> bool:
    """Tell whether an answer shows the record."""
    return answer.status_code == 200 and bool(answer.json().get("hits", answer.json()))


def refusal(world: World, who: str, purpose: str, event: str = "refusal") -> dict[str, Any]:
    """Return what the log has to say."""
    actor = world.identities[who].client_id
    outcome, reason = "refused", "prohibitedPurpose"
    return {"event": event, "outcome": outcome, "actor": actor, "purpose": purpose, "reason": reason}
