"""Retries, idempotency, errors, pages and documents of the client."""

import logging

import httpx2
import pytest
from mpex_client import Client, Document, MpexError, RetryPolicy, errors
from mpex_client._answers import retry_after
from mpex_client._generated.problems import BY_CODE
from mpex_client.testing import FakeNode
from mpex_spec import codelist

from tests.client.conftest import PLANTED

INCIDENT = {"type": "incident", "counts": {"dead": 1}}
BROKEN = httpx2.ReadError("broke off")


def _sent(node: FakeNode, operation: str) -> int:
    return sum(seen.operation == operation for seen in node.requests)


@pytest.mark.parametrize("failure", [502, 503, 504, 429, BROKEN, httpx2.ReadTimeout("late")])
def test_a_read_is_tried_again_after_a_cause_that_passes(
    node: FakeNode, client: Client, failure: int | httpx2.RequestError
) -> None:
    node.fail(failure)
    assert list(client.persons.list()) == []


@pytest.mark.parametrize("failure", [400, 403, 404, 409, 422, 500])
def test_a_final_answer_is_not_asked_for_again(node: FakeNode, client: Client, failure: int) -> None:
    node.fail(failure)
    with pytest.raises(errors.ProblemError):
        list(client.persons.list())
    assert _sent(node, "listPersons") == 1


def test_a_creation_is_tried_again_with_the_key_it_began_with(node: FakeNode, client: Client) -> None:
    node.fail(503, BROKEN)
    client.incidents.create(INCIDENT)
    keys = [seen.headers["Idempotency-Key"] for seen in node.requests if seen.operation == "createIncident"]
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert len(node.documents.held) == 1


def test_two_creations_have_two_keys(node: FakeNode, client: Client) -> None:
    client.incidents.create(INCIDENT)
    client.incidents.create(INCIDENT)
    assert len(node.documents.held) == 2


def test_a_key_given_twice_has_one_effect(client: Client) -> None:
    made = [client.incidents.create(INCIDENT, idempotency_key="k" * 16) for _ in range(2)]
    assert made[0] == made[1]
    with pytest.raises(errors.IdempotencyKeyReused):
        client.incidents.create({"type": "mixed", "counts": {}}, idempotency_key="k" * 16)


def test_what_was_sent_and_may_not_arrive_twice_is_not_sent_again() -> None:
    policy = RetryPolicy()
    assert policy.pause(0, errors.TransportError("", sent=True), repeatable=False) is None
    assert policy.pause(0, errors.TransportError("", sent=False), repeatable=False) is not None


def test_pauses_grow_and_never_exceed_the_longest() -> None:
    policy = RetryPolicy(retries=10, first_pause=1.0, longest_pause=4.0)
    pauses = [policy.pause(attempt, errors.TransportError(""), repeatable=True) for attempt in range(11)]
    taken = [pause for pause in pauses if pause is not None]
    assert pauses[-1] is None
    assert len(taken) == 10
    assert all(low <= pause <= high for pause, low, high in zip(taken, (0.5, 1, 2), (1, 2, 4), strict=False))
    assert max(taken) <= 4.0


def test_retry_after_is_obeyed_and_too_long_a_wait_is_handed_to_the_caller() -> None:
    policy = RetryPolicy(longest_retry_after=60)
    soon = errors.Unavailable(503, {}, retry_after=7.0)
    assert policy.pause(0, soon, repeatable=True) == 7.0
    assert policy.pause(0, errors.QuotaExceeded(429, {}, retry_after=3600.0), repeatable=True) is None


@pytest.mark.parametrize(("value", "seconds"), [("7", 7.0), ("", None), ("soon", None)])
def test_retry_after_is_read(value: str, seconds: float | None) -> None:
    assert retry_after(httpx2.Headers({"Retry-After": value})) == seconds


def test_a_date_in_retry_after_that_has_passed_means_now() -> None:
    assert retry_after(httpx2.Headers({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})) == 0.0


def test_every_problem_type_of_the_standard_has_its_class() -> None:
    assert BY_CODE.keys() == codelist("problemTypes").keys()
    assert all(issubclass(each, errors.ProblemError) for each in BY_CODE.values())


def test_a_problem_of_an_unknown_type_is_still_a_problem(node: FakeNode, client: Client) -> None:
    node.fail(418)
    with pytest.raises(errors.ProblemError) as caught:
        list(client.persons.list())
    assert type(caught.value) is errors.ProblemError


def test_a_problem_names_the_place_and_says_what_to_do(client: Client) -> None:
    with pytest.raises(errors.SchemaViolation) as caught:
        client.incidents.create({"type": "incident", "counts": {"dead": "many"}})
    assert [place.pointer for place in caught.value.errors] == ["/counts/dead"]
    assert caught.value.remedy


def test_a_node_that_cannot_be_reached_is_a_transport_error(node: FakeNode) -> None:
    def unreachable(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("no route", request=request)

    options = {"purpose": "searchLiving", "legal_basis": "consent"}
    transport = httpx2.MockTransport(unreachable)
    with (
        node.client(**options, transport=transport) as client,
        pytest.raises(errors.TransportError) as caught,
    ):
        list(client.persons.list())
    assert not caught.value.sent
    assert "node.example" not in str(caught.value)


def test_a_listing_goes_through_every_page_once(node: FakeNode, client: Client) -> None:
    for count in range(7):
        client.incidents.create({"type": "incident", "counts": {"dead": count}})
    listed = [document["counts"]["dead"] for document in client.incidents.list(limit=3)]
    assert listed == list(range(7))
    assert _sent(node, "listIncidents") == 3


def test_a_replacement_names_the_version_it_builds_on(client: Client) -> None:
    first = client.incidents.create(INCIDENT)
    second = client.incidents.replace({**first, "counts": {"dead": 2}}, if_match=first.etag)
    assert second["version"] == 2
    with pytest.raises(errors.PreconditionFailed):
        client.incidents.replace(first)


def test_a_document_never_read_is_not_replaced_blindly(client: Client) -> None:
    with pytest.raises(errors.ConfigurationError, match="entity tag"):
        client.incidents.replace({"incidentId": "incident:x", **INCIDENT})


def test_unknown_members_survive_a_round_trip_and_absent_ones_stay_absent(client: Client) -> None:
    made = client.incidents.create({**INCIDENT, "futureMember": {"a": [1]}})
    read = client.incidents.get(made["incidentId"])
    assert read["futureMember"] == {"a": [1]}
    assert "date" not in read
    assert read.typed.to_wire() == read
    assert read.typed.date is None


def test_a_typed_view_can_be_sent(client: Client) -> None:
    from mpex_client.types import Incident

    made = client.incidents.create(Incident.from_wire(INCIDENT))
    assert made.typed.counts.dead == 1


def test_no_personal_value_shows_in_representations_errors_or_logs(
    client: Client, person: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made = client.persons.create(person)
    shown = [
        repr(made),
        str(made),
        repr(made.typed),
        str(made.typed),
        repr(client),
        repr(made.typed.contributions),
    ]
    with pytest.raises(MpexError) as refused:
        client.persons.create({**person, "type": PLANTED})
    with pytest.raises(MpexError) as invalid:
        _ = Document({**made, "status": PLANTED}, schema="person-record").typed
    shown += [str(refused.value), repr(refused.value), str(invalid.value), repr(invalid.value), caplog.text]
    assert not [text for text in shown if PLANTED in text or "Fictia" in text]


def test_identifiers_in_a_path_cannot_leave_it(node: FakeNode, client: Client) -> None:
    with pytest.raises(errors.NotFound):
        client.persons.get("../log/entries")
    assert node.requests[-1].path == "/v1/persons/..%2Flog%2Fentries"
