"""The thin path on both databases: a token, a proof, an operation; nothing is accepted twice."""

from tests.server.world import World

PATH = "/v1/log/entries"


def test_an_auditor_reads_the_entries_of_the_log(world: World) -> None:
    response = world.call("auditor", "GET", PATH)
    assert response.status_code == 200, response.text
    assert response.json() == {"items": []}
    assert response.headers["cache-control"] == "no-store"


def test_simultaneous_use_of_one_proof_succeeds_once(world: World) -> None:
    headers = world.headers("auditor", "GET", PATH)
    responses = world.together([("GET", PATH, {"headers": headers})] * 6)
    assert sorted(response.status_code for response in responses) == [200, 401, 401, 401, 401, 401]


def test_a_proof_spent_on_a_refusal_is_spent(world: World) -> None:
    headers = world.headers("auditor", "GET", PATH, actions=["log:read"])
    assert [world.raw("GET", PATH, headers=headers).status_code for _ in range(2)] == [403, 401]


def test_an_assertion_is_accepted_once(world: World) -> None:
    form = {"client_assertion": world.assertion(world.identities["registrar"])}
    assert [world.token_response("registrar", form).status_code for _ in range(2)] == [200, 401]
