"""A client that is a node signs what it asks, and believes no answer that the other node has not signed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mpex_client import Client, Profile, errors
from mpex_client.ids import new_id
from mpex_client.testing import FakeNode
from mpex_spec.message_signatures import content_digest

Change = Callable[[httpx2.Response], httpx2.Response]
QUERY = {"names": {"names": [{"text": "Nusquam Ignotová", "script": "Latn"}]}}
"""Nobody whom another test registers at the node that all share."""


def partner(node: FakeNode, **options: Any) -> Client:
    """Return the client of a node."""
    return node.partner(purpose="searchLiving", legal_basis="consent", **options)


def changed(node: FakeNode, change: Change) -> Client:
    """Return a partner's client behind a network that changes the answers to what bears a token."""

    def carried(request: httpx2.Request) -> httpx2.Response:
        response = node.transport.handle_request(request)
        response.read()
        return change(response) if "authorization" in request.headers else response

    return partner(node, transport=httpx2.MockTransport(carried))


def test_a_partner_signs_what_it_asks(node: FakeNode, person: dict[str, object]) -> None:
    with partner(node) as client:
        client.persons.create(person)
    sent = node.requests[-1].headers
    assert sent["signature-input"].startswith(
        'mpex=("@method" "@target-uri" "authorization" "dpop" "content-digest" "idempotency-key");created='
    )


def test_staff_sign_nothing(node: FakeNode, client: Client, person: dict[str, object]) -> None:
    client.persons.create(person)
    assert "signature" not in node.requests[-1].headers


def staff_behind(node: FakeNode, cut: Callable[[bytes], bytes]) -> Client:
    """Return a client of staff behind a network that changes what is answered below a digest of the whole."""

    def carried(request: httpx2.Request) -> httpx2.Response:
        response = node.transport.handle_request(request)
        whole = response.read()
        if "authorization" not in request.headers:
            return response
        kept = {name: value for name, value in response.headers.items() if name != "content-length"}
        headers = kept | {"content-digest": str(content_digest(whole))}
        return httpx2.Response(response.status_code, headers=headers, content=cut(whole))

    network = httpx2.MockTransport(carried)
    return node.client(purpose="searchLiving", legal_basis="consent", transport=network)


def test_staff_take_an_answer_that_is_whole(node: FakeNode, person: dict[str, object]) -> None:
    with staff_behind(node, lambda whole: whole) as client:
        assert client.persons.create(person)["recordId"]


@pytest.mark.parametrize("cut", [lambda whole: whole[:-1] + b" ", lambda _: b""], ids=["damaged", "empty"])
def test_staff_do_not_take_an_answer_that_was_damaged_on_its_way(
    node: FakeNode, person: dict[str, object], cut: Callable[[bytes], bytes]
) -> None:
    with staff_behind(node, cut) as client, pytest.raises(errors.ProtocolError, match="as the node sent it"):
        client.persons.create(person)


def test_an_answer_without_a_signature_is_not_believed(node: FakeNode, person: dict[str, object]) -> None:
    def unsigned(response: httpx2.Response) -> httpx2.Response:
        del response.headers["signature"]
        return response

    with changed(node, unsigned) as client, pytest.raises(errors.ProtocolError, match="not signed"):
        client.persons.create(person)


def test_an_altered_answer_is_not_believed(node: FakeNode, person: dict[str, object]) -> None:
    def altered(response: httpx2.Response) -> httpx2.Response:
        return httpx2.Response(
            response.status_code, headers=response.headers, content=response.content + b" "
        )

    with changed(node, altered) as client, pytest.raises(errors.ProtocolError, match="Content-Digest"):
        client.persons.create(person)


def test_an_answer_with_another_status_is_not_believed(node: FakeNode, person: dict[str, object]) -> None:
    def altered(response: httpx2.Response) -> httpx2.Response:
        return httpx2.Response(202, headers=response.headers, content=response.content)

    with changed(node, altered) as client, pytest.raises(errors.ProtocolError, match="fits no key"):
        client.persons.create(person)


def test_the_answer_to_another_request_is_not_believed(node: FakeNode, person: dict[str, object]) -> None:
    answers: list[httpx2.Response] = []

    def first(response: httpx2.Response) -> httpx2.Response:
        answers.append(response)
        return answers[0]

    with changed(node, first) as client:
        client.persons.create(person)
        with pytest.raises(errors.ProtocolError, match="fits no key"):
            client.persons.create(person)


def test_a_new_key_of_the_node_is_found_with_the_next_request(
    node: FakeNode, person: dict[str, object]
) -> None:
    with partner(node) as client:
        client.persons.create(person)
        node.tokens.revoke_all()
        with pytest.raises(errors.ProtocolError, match="fits no key"):
            client.persons.create(person)
        client.persons.create(person)


def test_a_partner_searches_at_a_real_node(sandbox: Path) -> None:
    identity = Profile.load(sandbox).identity("partner.one")
    search = {
        "searchId": new_id("search"),
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "caseReference": "case-1",
        "releaseSet": "summary",
        "query": QUERY,
    }
    with Client(identity, purpose="searchLiving", legal_basis="consent") as client:
        assert client.searches.create(search)["outcome"] == "noHit"
