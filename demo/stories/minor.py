"""A child travels alone: others speak for her, an aunt is no guardian, and at eighteen the word is hers."""

from datetime import timedelta
from typing import Any

from mpex_client.errors import ProblemError

from demo import documents as d
from demo.narrate import answered, asked, because, expect, step
from demo.nodes import Plan
from demo.stage import Stage, until
from demo.story import Story

_DAYS_TO_MAJORITY = 100
_ORIGIN = {"points": [{"type": "origin", "place": {"name": "Sampletown", "country": "XK"}}]}
_DECIDER = "Example Youth Welfare Office, case conference"
_OFFICE = {"organisation": "Example Youth Welfare Office, on-call service"}
_NAME = "Menor Ficticia Inventada"


def one_a_child_alone(stage: Stage) -> None:
    """C receives a child; the child protection authority speaks for her; an aunt asks at A."""
    with step(1, "A girl of seventeen arrives alone at node C; her aunt asks at node A"):
        born = stage.clock.now() - timedelta(days=18 * 365.25 - _DAYS_TO_MAJORITY)
        stage.ids["born"] = born.date().isoformat()
        grant = d.permit(["searchLiving", "childProtection"], ["summary", "identity"], d.HUMANITARIAN)
        authority = {"authority": "childProtection"}
        with stage["C"].client("registrar", "searchLiving") as client:
            given = d.directive(authority, "livingPerson", grant)
            directive = client.directives.create(given | {"givenAt": _now(stage)})["directiveId"]
            told = d.contribution("reception-c", directive, "self", _sections(stage))
            child = client.persons.create(
                d.person(
                    "foundAlive",
                    stage["C"].plan.name,
                    "XC",
                    told | {"assertedAt": _now(stage)},
                    directives=[directive],
                )
            )
        stage.ids |= {"child": child["recordId"], "directive": directive}
        answered("node C", "keeps what she tells under the directive of the child protection authority")
        stage.ids["sought"] = _aunt_asks(stage)
        asked("the aunt", "node A to look for her niece; she reports her missing and is not her guardian")
        (task,) = _tasks(stage, "childProtection")
        answered("node C", f"to its staff, due {task['dueAt']}: name the office that acts for her")
        with stage["C"].client("registrar", "searchLiving") as client:
            record = client.persons.get(stage.ids["child"])
            record["childProtectionContact"] = _OFFICE
            client.persons.replace(record)
        expect(not _tasks(stage, "childProtection"), "the record names the office (CHLD-001)")


def two_a_child_does_not_decide_alone(stage: Stage) -> None:
    """The silent hit is for the authority to decide, in the child's best interests."""
    with step(2, "Node A asks node C; what is told is decided in the child's best interests"):
        search = _ask(stage)
        expect(
            search["results"][0]["result"]["outcome"] == "noHit", "a living person is never a hit (SRCH-002)"
        )
        answered("node C", "no hit")
        (task,) = _tasks(stage, "silentHit")
        _refused(stage, {"mayTell": "contact", "decidedBy": "person", "task": task["taskId"]})
        because("SRCH-016: whoever may be a child is not asked to decide alone")
        _decide(stage, "aliveOnly", task["taskId"], "Contact only after the family was assessed.")
        asked("authority", "node C to tell that she is alive, and nothing else, until the family is assessed")
        stage.ids["search"] = search["partnerSearchId"]
        news = until("news at A", lambda: _news(stage))
        expect(news[-1]["choice"] == "aliveOnly" and "message" not in news[-1], "no more is told (CASE-004)")
        answered("node A", "to its case worker: alive; and it does not let him tell the aunt")
        _not_told(stage)
        because("CHLD-003: who reports a child missing is not by that its guardian")


def three_after_the_assessment(stage: Stage) -> None:
    """Weeks later the authority lets contact be made, through the two services."""
    with step(3, "After the assessment the authority decides anew"):
        stage.let_pass(days=21)
        _decide(
            stage, "contact", None, "The assessment found the aunt to be safe.", "Call the reception service."
        )
        asked("authority", "node C to let the aunt make contact through the two services")
        news = until("the second news", lambda: [n for n in _news(stage) if n["choice"] == "contact"])
        answered("node A", f"to its case worker: {news[-1]['message']}")
        because("SRCH-014: a decision for a child names its ground, who decided and why")
        decided = {"decider": _DECIDER, "reason": "The assessment found the aunt to be safe."}
        _contact(stage, bestInterests=decided)
        answered("node A", "that the aunt may be called now; who decided it, and why, is kept with the call")


def four_before_eighteen(stage: Stage) -> None:
    """Ninety days before she comes of age somebody has to ask her what she wants."""
    with step(4, "Three months before her eighteenth birthday node C has a task"):
        task = until("the task of majority", lambda: _tasks(stage, "majorityReview"))[0]
        answered("node C", f"to its staff, due {task['dueAt']}: she comes of age; ask her what she lays down")
        because("CONS-019: what others permitted for her ends with her childhood")


def five_eighteen(stage: Stage) -> None:
    """On her birthday the authority's permits end; her own directive speaks from now on."""
    with step(5, "She is eighteen: nothing that others permitted holds any more"):
        stage.let_pass(days=_DAYS_TO_MAJORITY)
        before = len(_tasks(stage, "silentHit"))
        _ask(stage)
        expect(len(_tasks(stage, "silentHit")) == before, "permits of the authority have ended (CONS-017)")
        answered("node C", "no hit, and no task: nobody may be told anything of her until she says so")
        grant = d.permit(["searchLiving"], ["summary", "identity"], d.HUMANITARIAN)
        with stage["C"].client("registrar", "searchLiving") as client:
            own = d.directive({"authority": "self"}, "livingPerson", grant) | {"givenAt": _now(stage)}
            directive = client.directives.create(own)["directiveId"]
            record = client.persons.get(stage.ids["child"])
            record["directives"] = [*record["directives"], directive]
            client.persons.replace(record)
        asked("the woman", "node C, now in her own name, to let humanitarian services ask for her")
        _ask(stage)
        task = until("a task again", lambda: _tasks(stage, "silentHit")[before:])[0]
        with stage["C"].client("caseWorker", "searchLiving") as client:
            choice = {"mayTell": "contact", "decidedBy": "person", "task": task["taskId"]}
            client.persons.record_choice(stage.ids["child"], choice)
        answered("node C", "takes her own choice, which it would have refused a day earlier")


def _sections(stage: Stage) -> d.Document:
    return {
        "names": d.name(_NAME),
        "birth": {"date": stage.ids["born"]},
        "summary": {"sex": "female"},
        "journey": _ORIGIN,
    }


def _aunt_asks(stage: Stage) -> str:
    grant = d.permit(["searchLiving"], ["searchDetail"], d.HUMANITARIAN)
    with stage["A"].client("registrar", "searchLiving") as client:
        given_by = {"authority": "enquirer", "relationship": "aunt"}
        directive = client.directives.create(d.directive(given_by, "enquirer", grant))["directiveId"]
        told = d.contribution("enquirer-1", directive, "family", _sections(stage))
        record = client.persons.create(d.person("soughtPerson", stage["A"].plan.name, "XA", told))
        request = client.search_requests.create(d.search_request(record["recordId"], directive, "aunt"))
        stage.ids["request"] = request["requestId"]
        return str(record["recordId"])


def _ask(stage: Stage) -> Any:
    asked("node A", "node C whether it knows of her")
    with stage["A"].client("caseWorker", "searchLiving") as client:
        body = d.partner_search(
            stage.ids["sought"], "searchLiving", "CASE-A-7", "identity", stage["C"].node_id
        )
        return client.partner_searches.create(body)


def _tasks(stage: Stage, kind: str) -> list[Any]:
    with stage["C"].client("caseWorker", "searchLiving") as client:
        return [task for task in client.tasks.list() if task["kind"] == kind]


def _refused(stage: Stage, choice: d.Document) -> None:
    with stage["C"].client("caseWorker", "searchLiving") as client:
        try:
            client.persons.record_choice(stage.ids["child"], choice)
        except ProblemError as problem:
            answered("node C", f"{problem.status}: {problem.title}")
        else:
            expect(False, "a child does not decide alone (SRCH-016)")


def _not_told(stage: Stage) -> None:
    _contact(stage, asksOnly=True)
    try:
        _contact(stage)
    except ProblemError as problem:
        answered("node A", f"{problem.status}: {problem.title}; asking the aunt would be another thing")
    else:
        expect(False, "an aunt without authority is not told (CHLD-003)")


def _contact(stage: Stage, **members: Any) -> None:
    with stage["A"].client("caseWorker", "searchLiving") as client:
        client.search_requests.clear_contact(stage.ids["request"], {"channel": "phone", **members})


def _decide(stage: Stage, may_tell: str, task: str | None, reason: str, message: str | None = None) -> None:
    choice = {
        "mayTell": may_tell,
        "decidedBy": "bestInterests",
        "ground": "child",
        "decider": _DECIDER,
        "reason": reason,
    }
    choice |= ({"task": task} if task else {}) | ({"message": message} if message else {})
    with stage["C"].client("caseWorker", "searchLiving") as client:
        client.persons.record_choice(stage.ids["child"], choice)


def _news(stage: Stage) -> list[Any]:
    with stage["A"].client("caseWorker", "searchLiving") as client:
        return list(client.partner_searches.get(stage.ids["search"])["news"])


def _now(stage: Stage) -> str:
    return stage.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")


STORY = Story(
    "minor",
    "A child who travels alone",
    (
        Plan("A", "Example National Society", "humanitarian", "XA", ("searchLiving", "notifyFamily")),
        Plan("C", "Example Red Cross Reception Service", "humanitarian", "XC", ("searchLiving",)),
    ),
    (
        one_a_child_alone,
        two_a_child_does_not_decide_alone,
        three_after_the_assessment,
        four_before_eighteen,
        five_eighteen,
    ),
)
