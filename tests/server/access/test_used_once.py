"""Two processes of one node: what one of them has seen the other takes no more, nor either after a restart.

Access that ends, ends at both at once, though each remembers the tokens that it has verified (AUTH-015).
"""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from mpex_server.kit.ids import new_id

from tests.server.exchange.live import LiveNode
from tests.server.world import Identity, World, partner_entry
from tools import forked

PATH, TOKEN = "/v1/log/entries", "/oauth/token"


class Beside(httpx2.HTTPTransport):
    """The way to a port that the address of a request does not name."""

    def __init__(self, port: int) -> None:
        super().__init__(trust_env=False)
        self._port = port

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.url = request.url.copy_with(port=self._port)
        return super().handle_request(request)


class Twin(LiveNode):
    """A second process of a node, on a port of its own behind the same public address."""

    def __init__(self, first: LiveNode) -> None:
        super().__init__(first.folder, "twin", "humanitarian", url=first.url)
        self._http.close()
        self._http = self.client(transport=Beside(self.port))
        self.identities = first.identities

    def launch(self) -> None:
        self.process = forked.start(["serve", "--port", str(self.port), "--dir", str(self.folder)])


@pytest.fixture
def twins(tmp_path: Path, database_url: str) -> Iterator[list[LiveNode]]:
    """Two processes of one node, with a partner `one`."""
    first = LiveNode(tmp_path / "node", "first", "humanitarian", database_url=database_url)
    first.identities["one"] = Identity(new_id("node"))
    first.enter(partner_entry(first.identities["one"]))
    both = [first, Twin(first)]
    for process in both:
        process.start()
    yield both
    for process in both:
        process.close()


def test_what_one_process_saw_the_other_takes_no_more_nor_either_after_a_restart(
    twins: list[LiveNode],
) -> None:
    first, second = twins
    auditor = first.identities["auditor"]
    assertion, proof = first.assertion(auditor), first.proof(auditor, "POST", TOKEN)
    granted = first.token_response("auditor", {"client_assertion": assertion}, proof=proof)
    token = granted.json()["access_token"]
    used = {"Authorization": f"DPoP {token}", "DPoP": first.proof(auditor, "GET", PATH, token)}
    assert first.raw("GET", PATH, headers=used).status_code == 200
    _refuses(second, assertion, proof, used)
    first.stop()
    first.start()
    _refuses(first, assertion, proof, used)


def test_access_that_ends_ends_at_every_process_that_remembers_its_tokens(twins: list[LiveNode]) -> None:
    tokens = {name: twins[0].token(name) for name in ("auditor", "one")}

    def answered(name: str) -> list[int]:
        tried = (process.call(name, "GET", PATH, token=tokens[name]) for process in twins)
        return [response.status_code for response in tried]

    allowed = {"auditor": [200, 200], "one": [403, 403]}
    assert {name: answered(name) for name in tokens} == allowed
    twins[0].command("clients", "end", twins[0].identities["auditor"].client_id)
    assert answered("auditor") == [401, 401]
    assert answered("one") == allowed["one"]
    twins[0].command("partners", "suspend", twins[0].identities["one"].client_id)
    assert answered("one") == [401, 401]
    twins[0].enter(partner_entry(twins[0].identities["one"]))
    before, tokens["one"] = tokens["one"], twins[1].token("one")
    assert answered("one") == allowed["one"]
    twins[0].stop()
    twins[0].start()
    assert answered("one") == allowed["one"]
    tokens["one"] = before
    assert answered("one") == [401, 401], "it is from before the access ended (AUTH-019)"


def _refuses(process: World, assertion: str, proof: str, used: dict[str, str]) -> None:
    again = process.token_response("auditor", {"client_assertion": assertion})
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")
    again = process.token_response("auditor", proof=proof)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_dpop_proof")
    assert process.raw("GET", PATH, headers=used).status_code == 401
