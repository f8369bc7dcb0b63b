"""Search: like queries and like records are looked at by people; who guesses at a record is told no more."""

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check
from mpex_conformance.wire.exchange import Answer

_PARTS = (("names", "birth"), ("names", "birth", "summary"), ("names", "birth", "identity"))


def _ask(lab: Lab, known: scenes.Known, part: int, partner: str = "one") -> Answer:
    whole = samples.query(known.name)
    query = {category: whole[category] for category in _PARTS[part]}
    answer = lab.partner(partner).call("createSearch", samples.search(query, scenes.PURPOSE, "identity"))
    return expect.status(answer, 200)


def _task(lab: Lab, known: scenes.Known, kind: str) -> str:
    def found() -> str | None:
        fitting = (
            item for item in scenes.tasks(lab) if (item["kind"], item["subject"]) == (kind, known.record)
        )
        return next((str(item["taskId"]) for item in fitting), None)

    return str(expect.eventually(found, within=lab.config.event_seconds, what=f"a task of kind {kind}"))


@check("srch-017", requirements=["SRCH-017"], needs=["partner.one"])
def three_queries_freeze(lab: Lab) -> None:
    """Three distinct queries in three cases freeze a record; one query three times does not."""
    probed, asked = scenes.known(lab), scenes.known(lab)
    for number in range(3):
        _ask(lab, probed, number)
        expect.that(_ask(lab, asked, 0).at("outcome") == "possibleHit", "a repeated query freezes a record")
    _task(lab, probed, "frozenRecord")


@check("srch-018", requirements=["SRCH-018"], needs=["partner.one"])
def nothing_of_what_is_frozen(lab: Lab) -> None:
    """A frozen record is not there for the partner that guessed, and is found again after the review."""
    known, nobody = scenes.known(lab), scenes.known(lab, [])
    found = scenes.hit(lab, known)
    answer = _frozen(lab, known)
    expect.that(answer.at("outcome") == "noHit", "the query that freezes a record is told of it")
    frozen, nothing = (_ask(lab, one, 0) for one in (known, nobody))
    expect.that(frozen.at("outcome") == "noHit", "a frozen record is told")
    expect.that(len(frozen.body) == len(nothing.body), "the size tells a frozen record from none")
    expect.that(expect.equal_form(frozen.json, nothing.json), "the form tells a frozen record from none")
    request = lab.partner("one").call("createReleaseRequest", scenes.release_request(found))
    expect.problem(request, 404, why="a release request on a frozen record")
    task = _task(lab, known, "frozenRecord")
    expect.status(_looked_at(lab, task), 200)
    expect.that(_ask(lab, known, 0).at("outcome") == "possibleHit", "a record stays frozen after its review")


def _frozen(lab: Lab, known: scenes.Known) -> Answer:
    """Let partner one send as many queries as freeze a record; return the last answer."""
    *_, last = [_ask(lab, known, number) for number in range(len(_PARTS))]
    return last


def _looked_at(lab: Lab, task: str) -> Answer:
    """Close a task as whichever member of staff it is the work of."""
    staff = [actor for actor in lab.actors.values() if actor.may("searchLiving", "tasks:write")]
    answers = (actor.call("completeTask", {}, taskId=task) for actor in staff)
    return next((answer for answer in answers if answer.status not in (403, 404)), lab.staff("listTasks"))


@check("srch-033", requirements=["SRCH-033"], needs=["partner.one", "partner.two"])
def frozen_for_the_prober_only(lab: Lab) -> None:
    """What one partner guessed at is answered to another as before, searches and release requests alike."""
    known = scenes.known(lab)
    _frozen(lab, known)
    found = scenes.finds(lab, known.name, partner="two", release_set="identity")
    expect.that(found, "a partner hides a record from another by guessing at it")
    scenes.requested(lab, scenes.hit(lab, known, partner="two"))


@check("srch-034", requirements=["SRCH-034"], needs=["partner.one"])
def approved_before_the_freeze(lab: Lab) -> None:
    """What a person approved before a freeze is collected as if there were none."""
    known = scenes.known(lab)
    request = scenes.requested(lab, scenes.hit(lab, known))
    scenes.decide(lab, request)
    _frozen(lab, known)
    expect.status(scenes.collect(lab, request), 200, why="the release was approved before the freeze")


@check("srch-019", requirements=["SRCH-019"], needs=["partner.one", "partner.two"])
def several_partners_reported(lab: Lab) -> None:
    """Two partners with two distinct queries each are reported to the staff, and answered as before."""
    known = scenes.known(lab)
    answers = [_ask(lab, known, part, partner) for part in (0, 1) for partner in ("one", "two")]
    expect.that(
        all(answer.at("outcome") == "possibleHit" for answer in answers), "the queries are answered otherwise"
    )
    _task(lab, known, "probedRecord")


@check("srch-020", requirements=["SRCH-020"], needs=[])
def duplicates_are_a_task(lab: Lab) -> None:
    """Whoever is registered twice is a task of the staff; both registrations are answered alike."""
    first = scenes.known(lab)
    content = samples.sections(first.name)
    other = samples.person([samples.contribution(content, scenes.directive(lab, []))])
    answer = expect.status(lab.staff("createPerson", other), 201)
    expect.that(first.record not in answer.body.decode(), "a registration tells of another record")
    _task(lab, scenes.Known(first.name, str(answer.at("recordId")), ""), "possibleDuplicate")
