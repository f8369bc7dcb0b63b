"""Search: hit or no hit, silence about the living, refusals that look like nothing, time grid and budget."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import UntestableError
from mpex_conformance.registry import check
from mpex_conformance.wire import jose
from mpex_conformance.wire.actor import Actor
from mpex_conformance.wire.exchange import Answer

_MOST_SEARCHES = 3000
_MOST_OF_A_CASE = 100
_AT_ONCE = 32
_HIT_MEMBERS = {"reference", "returnedSet", "band", "evidence", "summary"}
_UNIQUE_HEADERS = {"date", "content-length", "content-digest", "signature", "signature-input"}


@check("srch-001", requirements=["SRCH-001"], needs=["partner.one"])
def references_only(lab: Lab) -> None:
    """A partner gets noHit without hits, or hits that say nothing about who it is."""
    known = scenes.known(lab)
    found = scenes.search(lab, known.name, release_set="searchDetail")
    expect.that(found.at("outcome") == "possibleHit" and found.at("hits"), "a permitted record was not found")
    for hit in found.at("hits"):
        expect.that(
            hit.get("reference") and set(hit) <= _HIT_MEMBERS, "a hit carries more than a reference may"
        )
    birth = samples.sections(known.name)["birth"]["date"]
    values = [known.name, *known.name.split(), birth, known.record, known.record.partition(":")[2]]
    expect.absent(found, values, "an identifying value of the record")
    none = scenes.search(lab, scenes.fictitious_name())
    expect.that(none.at("outcome") == "noHit" and none.at("hits") == [], "somebody unknown was found")


def _living(lab: Lab, kind: str) -> scenes.Known:
    open_to_all = [samples.grant([scenes.PURPOSE])]
    return scenes.known(lab, open_to_all, kind=kind, authority="self", dataSubject="livingPerson")


@check("srch-002", requirements=["SRCH-002"], needs=["partner.one"])
def silence_about_the_living(lab: Lab) -> None:
    """A record of a living person answers noHit, even where its directive permits everything."""
    for kind in ("foundAlive", "unidentifiedLiving"):
        known = _living(lab, kind)
        answer = scenes.search(lab, known.name)
        expect.that(answer.at("outcome") == "noHit" and not answer.at("hits"), f"a partner learns of {kind}")


@check("srch-003", requirements=["SRCH-003"], needs=["partner.one"])
def task_for_the_holder(lab: Lab) -> None:
    """A silent hit opens a task that names the record, the partner and the purpose."""
    known = _living(lab, "foundAlive")
    scenes.search(lab, known.name)
    task = expect.eventually(
        lambda: next((item for item in scenes.tasks(lab) if item["subject"] == known.record), None),
        within=lab.config.event_seconds,
        what="a task for a silent hit",
    )
    expect.that(task["kind"] == "silentHit" and task["state"] == "open", "the task is not an open silent hit")
    expect.that(
        task.get("partner") == lab.partner("one").identity.node_id, "the task does not name the partner"
    )
    expect.that(task.get("purpose") == scenes.PURPOSE, "the task does not name the purpose")


@check("srch-004", requirements=["SRCH-004"], needs=["partner.one"])
def refusal_looks_like_nothing(lab: Lab) -> None:
    """A record that the partner may not know of answers exactly as no record does."""
    hidden = {
        "denied": scenes.known(lab, [{"effect": "deny", "purposes": [scenes.PURPOSE]}]).name,
        "not granted": scenes.known(lab, []).name,
        "living": _living(lab, "foundAlive").name,
    }
    nothing = scenes.search(lab, scenes.fictitious_name())
    for why, name in hidden.items():
        answer = scenes.search(lab, name)
        expect.that(answer.at("outcome") == "noHit", f"a {why} record is told")
        expect.that(_headers(answer) == _headers(nothing), f"the headers tell a {why} record from none")
        expect.that(len(answer.body) == len(nothing.body), f"the size tells a {why} record from none")
        expect.that(expect.equal_form(answer.json, nothing.json), f"the form tells a {why} record from none")


def _headers(answer: Answer) -> dict[str, str | int]:
    """Return the headers that may not differ; of those unique to a request, only their length."""
    unique = _UNIQUE_HEADERS | {name for name in answer.headers if "request-id" in name}
    return {name: len(value) if name in unique else value for name, value in answer.headers.items()}


@check("srch-005", requirements=["SRCH-005"], needs=["partner.one"])
def grid_and_padding(lab: Lab) -> None:
    """Partner searches and every 404 leave on the time grid, padded and not compressed."""
    grid, unit = lab.limit("timeGridMs") / 1000, lab.limit("paddingBytes")
    expect.that(grid > 0 and unit > 0, "the metadata publish no time grid or no padding unit")
    known = scenes.known(lab)
    missing = samples.identifier("person")
    samplings: list[tuple[str, str, Callable[[], Answer]]] = [
        ("searches", "searches of a partner", lambda: scenes.search(lab, known.name)),
        ("no hits", "searches without a hit", lambda: scenes.search(lab, scenes.fictitious_name())),
        ("404", "answers 404", lambda: expect.problem(lab.staff("getPerson", recordId=missing), 404)),
    ]
    for name, what, send in samplings:
        send()
        answers = [send() for _ in range(3)]
        late = [answer.seconds % grid for answer in answers]
        expect.that(
            min(answer.seconds for answer in answers) >= grid * 0.95, f"{what} leave before the first tick"
        )
        expect.that(sorted(late)[1] < grid * 0.6, f"{what} do not leave on the time grid")
        expect.that(
            all(len(answer.body) % unit == 0 for answer in answers), f"{what} are not padded ({name})"
        )
        expect.that(
            all("content-encoding" not in answer.headers for answer in answers),
            f"{what} are compressed ({name})",
        )


@check("srch-006", requirements=["SRCH-006"], needs=["partner.one", "partner.two"])
def references_are_bound(lab: Lab) -> None:
    """A hit reference serves its requester, its case and its purpose, and nobody else."""
    found = scenes.hit(lab)
    others = [purpose for purpose in lab.entry("one")["purposes"] if purpose != scenes.PURPOSE]
    expect.that(others, "partner one has only one purpose")
    other = scenes.release_request(found, caseReference=samples.case_reference())
    purpose = scenes.release_request(found, purpose=str(others[0]))
    one, two = lab.partner("one"), lab.partner("two")
    expect.problem(one.call("createReleaseRequest", other), 404, why="another case")
    expect.problem(
        one.call("createReleaseRequest", purpose, purpose=str(others[0])), 404, why="another purpose"
    )
    expect.problem(
        two.call("createReleaseRequest", scenes.release_request(found)), 404, why="another requester"
    )
    expect.status(one.call("createReleaseRequest", scenes.release_request(found)), 202, why="the right one")


@check("srch-007", requirements=["SRCH-007"], needs=["partner.one"])
def existence_only(lab: Lab) -> None:
    """A hit of the set `existence` carries neither band nor evidence."""
    answer = scenes.search(lab, scenes.known(lab).name, release_set="existence")
    expect.that(answer.at("outcome") == "possibleHit", "a permitted record was not found")
    for hit in answer.at("hits"):
        expect.that(hit["returnedSet"] == "existence", "a hit returns another set than was asked")
        expect.that(not {"band", "evidence", "summary"} & set(hit), "a hit of the set existence says more")


@check("srch-008", requirements=["SRCH-008"], needs=["partner.budget"])
def daily_budget(lab: Lab) -> None:
    """Searches beyond the published daily budget get 429 and a time to wait."""
    budget = lab.limit("partnerSearchesPerDay")
    if not 0 < budget <= _MOST_SEARCHES:
        raise UntestableError(f"a sandbox must publish a budget of at most {_MOST_SEARCHES} searches a day")
    body = samples.search(samples.query(scenes.fictitious_name()), scenes.PURPOSE)
    _spend(lab.partner("budget"), budget, lambda: {**body, "caseReference": samples.case_reference()})


@check("srch-037", requirements=["SRCH-037"], needs=["partner.two"])
def daily_budget_of_a_case(lab: Lab) -> None:
    """Searches beyond the published budget of one case get 429, and those of another case an answer."""
    budget, actor = lab.limit("caseSearchesPerDay"), lab.partner("two")
    if not 0 < budget <= _MOST_OF_A_CASE:
        raise UntestableError(f"a sandbox must publish a budget of at most {_MOST_OF_A_CASE} for a case")
    body = samples.search(samples.query(scenes.fictitious_name()), scenes.PURPOSE)
    _spend(actor, budget, lambda: body)
    another = {**body, "caseReference": samples.case_reference()}
    expect.status(actor.call("createSearch", another), 200, why="another case")


def _spend(actor: Actor, budget: int, made: Callable[[], dict[str, Any]]) -> None:
    """Search until one search is refused, which must be the one beyond the budget at the latest."""
    actor.token(scenes.PURPOSE, "searches:create")

    def ask(_: object) -> Answer:
        return actor.call("createSearch", {**made(), "searchId": samples.identifier("search")})

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answered = 0
        for batch in _batches(budget + 1, _AT_ONCE):
            answers = list(pool.map(ask, batch))
            answered += sum(answer.status == 200 for answer in answers)
            refused = next((answer for answer in answers if answer.status != 200), None)
            if refused is not None:
                break
    expect.that(answered <= budget, "more searches were answered than the budget allows")
    expect.that(refused is not None, "no search was refused")
    if refused is not None:
        expect.problem(refused, 429, "quotaExceeded")
        expect.that(refused.headers.get("retry-after", "").isdigit(), "429 without Retry-After")


def _batches(count: int, size: int) -> Any:
    numbers = iter(range(count))
    return iter(lambda: list(islice(numbers, size)), [])


@check("srch-009", requirements=["SRCH-009"], needs=["partner.one"])
def signed_outcome(lab: Lab) -> None:
    """Each answer carries a statement by the node's key over its outcome and the size of its log."""
    for name, outcome in ((scenes.known(lab).name, "possibleHit"), (scenes.fictitious_name(), "noHit")):
        answer = scenes.search(lab, name)
        statement = str(answer.at("statement"))
        claims = jose.verified(statement, lab.jwks)
        expect.that(claims is not None, "the statement is not signed by a published key")
        expect.that(jose.header(statement).get("typ") == "mpex-search+jwt", "the statement has another type")
        stated = claims or {}
        expect.that(stated.get("searchId") == answer.at("searchId"), "the statement is on another search")
        expect.that(stated.get("aud") == lab.partner("one").identity.node_id, "the statement is for another")
        expect.that(
            stated.get("outcome") == outcome == answer.at("outcome"), "the statement has another outcome"
        )
        expect.that(stated.get("iss") == lab.node_id, "the statement is not of the node")
        expect.that(isinstance(stated.get("treeSize"), int), "the statement does not say the size of the log")


@check("srch-010", requirements=["SRCH-010"], needs=["partner.one"])
def found_by_what_may_be_known(lab: Lab) -> None:
    """A name or a date of birth that is withheld neither finds a record nor keeps one from being found."""
    summary = scenes.known(lab, [samples.grant([scenes.PURPOSE], releaseSets=["summary"])])
    expect.that(not scenes.finds(lab, summary.name), "a record was found by a name that may not be told")
    named = samples.grant([scenes.PURPOSE], releaseSets=[], categories=["existence", "names"])
    for right in (True, False):
        known = scenes.known(lab, [named])
        names = {"names": samples.sections(known.name)["names"]}
        birth = samples.sections(known.name)["birth"] if right else {"date": "1901-01-01"}
        bodies = [samples.search(names | other, scenes.PURPOSE) for other in ({}, {"birth": birth})]
        answers = [lab.partner("one").call("createSearch", body) for body in bodies]
        found = [expect.status(answer, 200).at("outcome") for answer in answers]
        expect.that(found == ["possibleHit"] * 2, "a date of birth that may not be told decided on a hit")
