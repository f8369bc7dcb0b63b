"""Messages between nodes: what a partner has not signed as it came is refused, and answers are signed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from mpex_server.http import runner
from mpex_server.kit import strict_json
from mpex_server.kit.ids import new_id
from mpex_server.peers import messages
from mpex_server.peers.wire import Answer
from mpex_spec.message_signatures import Response, SignatureRefusedError, content_digest

from tests.server import signing
from tests.server.exchange.town import Town, partner_search, search, sought
from tests.server.world import World, partner_entry

PATH = "/v1/searches"
UNKNOWN = "/v1/release-requests/releaseRequest:" + "a" * 26
Body = dict[str, Any]


@dataclass
class Sent:
    """A search that partner `one` has signed, to be altered before it is sent."""

    world: World
    method: str = "POST"
    path: str = PATH
    body: Body | None = field(default_factory=search)
    key: Key | None = None
    age: int = 0

    def __post_init__(self) -> None:
        self.content = b"" if self.body is None else strict_json.dumps(self.body)
        self.headers = self.world.headers("one", self.method, self.path)
        if self.body is not None:
            self.headers |= {"Content-Type": "application/json", "Idempotency-Key": new_id("key")[-26:]}
        self.sign()

    def sign(self, *, method: str | None = None, path: str | None = None) -> None:
        """Sign what stands here, or what would stand at another address."""
        url = self.world.url + (path or self.path)
        request = httpx2.Request(method or self.method, url, headers=self.headers, content=self.content)
        signing.sign_as(request, self.key or self.world.identities["one"].key, self.world.now() - self.age)
        names = ("content-digest", "signature", "signature-input")
        self.headers |= {name: request.headers[name] for name in names if name in request.headers}

    def send(self) -> httpx2.Response:
        """Send it as it stands."""
        options = {"headers": self.headers, "content": self.content, "extensions": signing.AS_IS}
        return self.world.raw(self.method, self.path, **options)


def test_a_signed_search_is_answered(world: World) -> None:
    assert Sent(world).send().status_code == 200


def _unsigned(sent: Sent) -> None:
    del sent.headers["signature"], sent.headers["signature-input"]


def _another_body(sent: Sent) -> None:
    sent.content = sent.content.replace(b"case-1", b"case-2")


def _another_body_and_digest(sent: Sent) -> None:
    _another_body(sent)
    sent.headers["content-digest"] = str(content_digest(sent.content))


def _another_address(sent: Sent) -> None:
    sent.sign(path="/v1/release-requests")


def _a_query_added(sent: Sent) -> None:
    sent.path += "?limit=1"


def _another_method(sent: Sent) -> None:
    sent.sign(method="PUT")


def _another_proof(sent: Sent) -> None:
    sent.headers["DPoP"] = sent.world.headers("one", "POST", PATH)["DPoP"]


def _another_token(sent: Sent) -> None:
    other = sent.world.token("one", actions=["searches:create", "log:read"])
    sent.headers |= sent.world.headers("one", "POST", PATH, token=other)


def _the_tag_of_an_answer(sent: Sent) -> None:
    given = sent.headers["signature-input"]
    sent.headers["signature-input"] = given.replace("fapi-2-request", "fapi-2-response")


def _an_uncovered_body(sent: Sent) -> None:
    covered, sent.content = sent.content, b""
    request = httpx2.Request("POST", sent.world.url + PATH, headers=sent.headers)
    del request.headers["content-digest"]
    signing.sign_as(request, sent.world.identities["one"].key, sent.world.now())
    sent.headers |= {name: request.headers[name] for name in ("signature", "signature-input")}
    sent.content = covered


def _another_partners_key(sent: Sent) -> None:
    sent.key = sent.world.identities["two"].key
    sent.sign()


def _stale(sent: Sent) -> None:
    sent.age = 61
    sent.sign()


def _early(sent: Sent) -> None:
    sent.age = -11
    sent.sign()


REFUSED: dict[Callable[[Sent], None], str] = {
    _unsigned: "signatureMissing",
    _another_body: "contentDigestWrong",
    _another_body_and_digest: "signatureInvalid",
    _another_address: "signatureInvalid",
    _a_query_added: "signatureInvalid",
    _another_method: "signatureInvalid",
    _another_proof: "signatureInvalid",
    _another_token: "signatureInvalid",
    _the_tag_of_an_answer: "signatureUnsuitable",
    _an_uncovered_body: "signatureUnsuitable",
    _another_partners_key: "signatureInvalid",
    _stale: "signatureStale",
    _early: "signatureStale",
}


@pytest.mark.parametrize("alter", REFUSED, ids=lambda alter: alter.__name__.strip("_").replace("_", " "))
def test_what_a_partner_has_not_signed_is_refused_unsigned_and_logged(
    world: World, alter: Callable[[Sent], None]
) -> None:
    sent = Sent(world)
    alter(sent)
    refused = sent.send()
    assert (refused.status_code, refused.json()["type"]) == (401, f"urn:mpex:problem:{REFUSED[alter]}")
    assert refused.headers["www-authenticate"].startswith("DPoP ")
    assert "signature" not in refused.headers
    leaf = world.leaves()[-1]
    assert (leaf["event"], leaf["outcome"], leaf["reason"]) == ("refusal", "refused", REFUSED[alter])
    assert leaf["actor"] == world.identities["one"].client_id


@pytest.mark.parametrize("age", [60, -10])
def test_clocks_may_differ_by_as_much_as_is_tolerated(world: World, age: int) -> None:
    sent = Sent(world, age=age)
    assert sent.send().status_code == 200


def test_a_signed_request_is_good_once(world: World) -> None:
    sent = Sent(world)
    assert [sent.send().status_code for _ in range(2)] == [200, 401]


def test_a_partner_signs_with_any_key_that_the_registry_names(world: World) -> None:
    first = world.identities["one"].key
    others: list[Key] = [
        OKPKey.generate_key("Ed25519", auto_kid=True),
        RSAKey.generate_key(2048, auto_kid=True),
        ECKey.generate_key("P-256", auto_kid=True),
    ]
    keys = [key.as_dict(private=False) for key in (first, *others)]
    world.register(partner_entry(world.identities["one"], jwks={"keys": keys}))
    assert [Sent(world, key=key).send().status_code for key in others] == [200] * 3


def test_a_key_that_left_the_registry_signs_nothing_more(world: World) -> None:
    sent, newer = Sent(world), ECKey.generate_key("P-256", {"alg": "ES256"}, auto_kid=True)
    world.register(partner_entry(world.identities["one"], jwks={"keys": [newer.as_dict(private=False)]}))
    assert sent.send().json()["type"] == "urn:mpex:problem:signatureInvalid"


def test_staff_do_not_sign_and_get_no_signature(world: World) -> None:
    answer = world.call("caseWorker", "POST", PATH, search())
    assert answer.status_code == 200
    assert "signature" not in answer.headers


@pytest.mark.parametrize(
    ("status", "members"),
    [(200, {}), (404, {"method": "GET", "path": UNKNOWN, "body": None}), (422, {"body": {}})],
)
def test_every_answer_to_a_partner_is_signed_and_bound_to_its_request(
    world: World, status: int, members: Body
) -> None:
    sent = Sent(world, **members)
    answer = sent.send()
    assert answer.status_code == status
    judge(sent, answer)
    with pytest.raises(SignatureRefusedError):
        judge(Sent(world), answer)


def test_an_answer_is_dated_at_the_arrival_of_its_request(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, performed = Sent(world), runner.perform

    def slowly(*given: Any) -> Any:
        world.advance(seconds=3)
        return performed(*given)

    monkeypatch.setattr(runner, "perform", slowly)
    arrival = world.now()
    answer = sent.send()
    assert world.now() == arrival + 3
    assert f";created={arrival};" in answer.headers["signature-input"]


def judge(sent: Sent, answer: httpx2.Response) -> None:
    """Refuse an answer that is not signed by the node as one to what was sent."""
    request = httpx2.Request(
        sent.method, sent.world.url + sent.path, headers=sent.headers, content=sent.content
    )
    response = Response(answer.status_code, answer.headers, answer.content, signing.message(request))
    messages.check(response, sent.world.node.keys.public_jwks(), sent.world.now())


def test_what_was_not_read_whole_is_refused_unsigned(world: World) -> None:
    sent = Sent(world)
    sent.content = b" " * 2_000_000
    answer = sent.send()
    assert answer.status_code == 413
    assert "signature" not in answer.headers


class _Network:
    """Brings requests to the partner, and alters its answers on their way back."""

    def __init__(self, wire: Any, alter: Callable[[Answer], Answer]) -> None:
        self.wire, self.alter = wire, alter

    def send(self, method: str, url: str, **options: Any) -> Answer:
        """Carry one exchange; only what is asked with a token is altered."""
        answer = self.wire.send(method, url, **options)
        return self.alter(answer) if "authorization" in options["headers"] else answer

    def close(self) -> None:
        """Nothing to release."""


def _taken_off(answer: Answer) -> Answer:
    return Answer(answer.status, answer.body)


def _said_otherwise(answer: Answer) -> Answer:
    body = json.loads(answer.body) | {"outcome": "noHit", "hits": []}
    return Answer(answer.status, json.dumps(body).encode(), answer.fields)


def _of_another_status(answer: Answer) -> Answer:
    return Answer(202, answer.body, answer.fields)


@pytest.mark.parametrize("alter", [_taken_off, _said_otherwise, _of_another_status])
def test_an_answer_that_the_partner_has_not_signed_is_not_used(
    town: Town, alter: Callable[[Answer], Answer]
) -> None:
    alpha = town.nodes["alpha"]
    person, _ = sought(town)
    alpha.node.peers._wire = _Network(alpha.node.peers._wire, alter)
    assert partner_search(town, person)["results"][0]["state"] != "answered"


def test_the_answer_to_another_request_is_not_used(town: Town) -> None:
    alpha = town.nodes["alpha"]
    person, _ = sought(town)
    kept: list[Answer] = []

    def first(answer: Answer) -> Answer:
        kept.append(answer)
        return kept[0]

    alpha.node.peers._wire = _Network(alpha.node.peers._wire, first)
    states = [partner_search(town, person)["results"][0]["state"] for _ in range(2)]
    assert states[0] == "answered"
    assert states[1] != "answered"


def test_keys_that_cannot_sign_answer_nothing_in_the_nodes_name(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = Sent(world)

    def away(*_: Any) -> Any:
        raise OSError("the vault is away")

    monkeypatch.setattr(messages, "signed", away)
    answer = sent.send()
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:mpex:problem:internalError")
    assert "signature" not in answer.headers
