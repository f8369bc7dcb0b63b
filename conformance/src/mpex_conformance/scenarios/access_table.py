"""The table of access: what it does not open is closed, and what is another's does not exist."""

from collections.abc import Iterator

from mpex_spec import access
from mpex_spec.access_table import PARTNER, PARTNERS

from mpex_conformance import expect, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import UntestableError
from mpex_conformance.registry import check
from mpex_conformance.wire.actor import Actor
from mpex_conformance.wire.exchange import Answer

_ABSENT = "releaseRequest:" + 26 * "a"
_VARYING = frozenset({"date", "x-request-id", "content-digest", "signature", "signature-input"})


def _for(lab: Lab, purpose: str) -> None:
    if purpose not in lab.metadata["purposes"]:
        raise UntestableError(f"the target does not serve the purpose {purpose}")


def _closed(lab: Lab, name: str) -> Iterator[tuple[str, str]]:
    """Yield purpose and action that a partner's mandate holds and the table does not open to it."""
    entry = lab.entry(name)
    rows = [row for row in access() if row.caller == PARTNER]
    for purpose in set(entry["purposes"]) & set(lab.metadata["purposes"]):
        opened = {row.action for row in rows if row.serves(purpose, entry["recipientClass"])}
        yield from ((purpose, action) for action in {row.action for row in rows} - opened)


def _refused(actor: Actor, purpose: str, action: str) -> None:
    answer, _ = actor.ask_token(purpose, [action])
    # ACC-001 to ACC-003 name the same refusal.
    expect.refused(answer, "ACC-001", why=f"{action} for {purpose}, to {actor.identity.name}")


@check("acc-001", requirements=["ACC-001"], needs=["partner.one"])
def nothing_but_what_a_row_opens(lab: Lab) -> None:
    """Partners get no token for what the table opens to other classes or for other purposes only."""
    tried = [(lab.partner(name), *pair) for name in lab.ordinary for pair in sorted(_closed(lab, name))]
    if not tried:
        raise UntestableError("the table opens everything to the partners of the profile")
    for actor, purpose, action in tried:
        expect.that(actor.may(scenes.PURPOSE, action), f"control: {action} for {scenes.PURPOSE}")
        _refused(actor, purpose, action)


@check("acc-002", requirements=["ACC-002"])
def nobody_is_read_to_count(lab: Lab) -> None:
    """Staff who count read incidents, and no file of a person."""
    _for(lab, "statistics")
    lab.staff_for("incidents:read", "statistics")
    staff = [row for row in access() if row.caller not in PARTNERS]
    for action in sorted({row.action for row in staff if "statistics" not in row.purposes}):
        for actor in lab.actors.values():
            _refused(actor, "statistics", action)


@check("acc-003", requirements=["ACC-003"], needs=["partner.one"])
def emergencies_hand_nothing_over(lab: Lab) -> None:
    """No record is handed over for an emergency, by whoever may hand over otherwise."""
    _for(lab, "protectLife")
    _refused(lab.staff_for("custody:write"), "protectLife", "custody:write")
    for name in lab.ordinary:
        _refused(lab.partner(name), "protectLife", "custody:collect")


@check("acc-004", requirements=["ACC-004"], needs=["partner.one", "partner.two"])
def what_is_anothers_is_not_there(lab: Lab) -> None:
    """A request of another partner and one that never was are answered alike."""
    request = scenes.requested(lab)
    own = lab.partner("one").call("getReleaseRequest", releaseRequestId=request.id)
    expect.status(own, 200, why="control")
    for operation_id in ("getReleaseRequest", "collectRelease"):
        theirs, nobodys = (
            lab.partner("two").call(operation_id, releaseRequestId=name) for name in (request.id, _ABSENT)
        )
        expect.problem(theirs, 404, "notFound", why="request of another partner")
        expect.that(_seen(theirs) == _seen(nobodys), "another's request is told from one that never was")


def _seen(answer: Answer) -> tuple[object, ...]:
    """Return what a partner sees of an answer, but for what names this answer."""
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in _VARYING}
    body = {name: value for name, value in answer.json.items() if name != "instance"}
    return answer.status, headers, body, len(answer.body)
