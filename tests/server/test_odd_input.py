"""Input that is well formed and odd: it is refused or kept, and never makes the node fail."""

from typing import Any

import mpex_spec
import pytest
from mpex_server.kit import base64url, strict_json
from mpex_server.kit.ids import new_id

from tests.server.exchange.town import SECTIONS, permit, record, search
from tests.server.records import samples
from tests.server.world import World

CHECKPOINT = "/v1/log/checkpoint"


@pytest.mark.parametrize("subject", ["client\x00", "node:\x00", "", "x" * 129])
def test_a_client_id_that_no_database_takes_is_refused(world: World, subject: str) -> None:
    form = {"client_assertion": world.assertion(world.identities["one"], iss=subject, sub=subject)}
    refused = world.token_response("one", form)
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "path", ["/v1/persons/", "/v1/persons/{}/changes", "/v1//changes", "/v1" + "/" * 5000]
)
def test_an_address_that_no_operation_has_is_unknown(world: World, path: str) -> None:
    assert samples.refusal(world.raw("GET", path))[1] in {"notFound", "unauthorized"}


@pytest.mark.parametrize("kid", [[], {}, 5, None, "other"])
def test_a_token_with_an_odd_key_identifier_is_refused(world: World, kid: Any) -> None:
    _, claims, signature = world.token("auditor").split(".")
    header = strict_json.dumps({"typ": "at+jwt", "alg": "ES256", "kid": kid})
    token = f"{base64url.encode(header)}.{claims}.{signature}"
    proof = world.proof(world.identities["auditor"], "GET", CHECKPOINT, token)
    refused = world.raw("GET", CHECKPOINT, headers={"Authorization": f"DPoP {token}", "DPoP": proof})
    assert refused.status_code == 401


@pytest.mark.parametrize(
    "source", [{"system": "invented\x00file", "id": "1"}, {"system": "inventedFile", "id": "\x00"}]
)
def test_the_character_that_databases_refuse_is_refused_by_name(world: World, source: dict[str, str]) -> None:
    item = samples.incident(source=source)
    for path, body in (("/v1/incidents", item), ("/v1/incidents/import", {"incidents": [item]})):
        refused = world.call("registrar", "POST", path, body)
        assert samples.refusal(refused) == (400, "malformedJson")
        assert samples.pointers(refused)[0].endswith("/system" if "\x00" in source["system"] else "/id")


@pytest.mark.parametrize("moment", ["0000-01-01T00:00:00Z", "0999-12-31T00:00:00Z", "2016-12-31T23:59:60Z"])
def test_an_instant_that_cannot_be_computed_with_is_refused(world: World, moment: str) -> None:
    """One such instant in a directive would make every search fail that comes upon its record."""
    for body in (
        samples.directive(givenBy={"authority": "self", "validUntil": moment}),
        samples.directive(grants=[samples.directive()["grants"][0] | {"expires": moment}]),
    ):
        refused = world.call("registrar", "POST", "/v1/directives", body)
        assert samples.refusal(refused) == (422, "schemaViolation")


@pytest.mark.parametrize("moment", ["1000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_first_and_the_last_instant_can_be_computed_with(world: World, moment: str) -> None:
    permitted = permit(world, sets=["identity"], givenBy={"authority": "self", "validUntil": moment})
    record(world, permitted)
    found = world.call("one", "POST", "/v1/searches", search())
    assert found.json()["outcome"] == ("possibleHit" if moment.startswith("9") else "noHit")


@pytest.mark.parametrize("kind", sorted(mpex_spec.codelist("markKinds")))
def test_a_mark_of_every_kind_can_be_recorded_and_searched_for(world: World, kind: str) -> None:
    physical = {"marks": [{"kind": kind, "observed": True, "bodyLocation": "hand"}]}
    described = SECTIONS | {"physical": physical}
    record(world, permit(world, sets=["searchDetail"]), described)
    query = {name: described[name] for name in ("names", "birth", "physical")}
    found = world.call("one", "POST", "/v1/searches", search(query=query))
    assert found.json()["outcome"] == "possibleHit"


def test_a_body_that_is_wrong_in_very_many_places_has_some_of_them_named(world: World) -> None:
    unknown = [{"remains": new_id("remains"), "result": "supports"} for _ in range(150)]
    body = samples.reference_sample(new_id("person"), comparisons=unknown)
    refused = world.call("registrar", "POST", "/v1/reference-samples", body)
    assert samples.refusal(refused) == (422, "ruleViolation")
    assert len(samples.pointers(refused)) == 100
