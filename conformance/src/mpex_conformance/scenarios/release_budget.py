"""How many release requests of one partner a day holds."""

from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import CheckFailedError, UntestableError
from mpex_conformance.registry import check
from mpex_conformance.wire.exchange import Answer

_MOST_REQUESTS = 1000
_AT_ONCE = 8


@check("rel-021", requirements=["REL-021"], needs=["partner.budget"])
def requests_are_counted(lab: Lab) -> None:
    """Release requests beyond the published number get 429 and a time to wait, those for nothing too."""
    limit = lab.limit("releaseRequestsPerDay")
    if not 0 < limit <= _MOST_REQUESTS:
        raise UntestableError(f"a sandbox must publish at most {_MOST_REQUESTS} release requests a day")
    actor, case = lab.partner("budget"), samples.case_reference()
    nobody = scenes.Hit(scenes.Known("", "", ""), "A" * 64, case, "budget")
    body = scenes.release_request(nobody)
    actor.token(scenes.PURPOSE, "releaseRequests:create")

    def ask(_: int) -> Answer:
        return actor.call("createReleaseRequest", body)

    numbers = iter(range(limit + 1))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while batch := list(islice(numbers, _AT_ONCE)):
            refused = [answer for answer in pool.map(ask, batch) if answer.status != 404]
            if refused:
                expect.problem(refused[0], 429, "quotaExceeded")
                expect.that(refused[0].headers.get("retry-after", "").isdigit(), "429 without Retry-After")
                return
    raise CheckFailedError("no release request was refused")
