"""The thin path: a token, a proof, one operation that needs both."""

from tests.server.world import World


def test_an_auditor_reads_the_entries_of_the_log(world: World) -> None:
    response = world.call("auditor", "GET", "/v1/log/entries")
    assert response.status_code == 200, response.text
    assert response.json() == {"items": []}
    assert response.headers["cache-control"] == "no-store"
