"""Mutants of the exchange with partners: what a careless node tells, keeps back or does in between.

A mutant that must know what was registered is an object that listens to the requests passing by.
"""

from dataclasses import replace
from typing import Any

from mpex_conformance.mutants.exchange import Call, Request, Response


class Listener:
    """Remembers the bodies of records, decisions and searches that pass."""

    def __init__(self) -> None:
        self.persons: list[dict[str, Any]] = []
        self.cases: dict[str, str] = {}
        self.causes: dict[str, str] = {}

    def hear(self, request: Request) -> None:
        """Note what a request tells."""
        body = request.json
        if request.goes_to("POST", "/v1/persons") and isinstance(body, dict):
            self.persons.append(body)
        if request.goes_to("POST", "/decision") and isinstance(body, dict):
            self.causes[request.path.split("/")[-2]] = str(body.get("cause"))

    def names(self) -> list[str]:
        """Return every name heard."""
        return [name for body in self.persons for name in names_in(body)]


def names_in(body: dict[str, Any]) -> list[str]:
    """Return the names in the contributions of a record."""
    entries = body.get("contributions", [])
    groups = [entry.get("sections", {}).get("names", {}).get("names", []) for entry in entries]
    return [item["text"] for group in groups for item in group if "text" in item]


class NamesInHits(Listener):
    """Puts a name into each hit."""

    async def __call__(self, request: Request, call: Call) -> Response:
        """Answer a search with more than a reference."""
        self.hear(request)
        response = await call(request)
        if not request.goes_to("POST", "/v1/searches") or response.status != 200:
            return response
        hits = [{**hit, "name": self.names()[-1]} for hit in response.json["hits"]]
        return response.with_json({**response.json, "hits": hits})


class RefusalsTold(Listener):
    """Answers otherwise when the name is known but may not be told."""

    async def __call__(self, request: Request, call: Call) -> Response:
        """Mark the answer to a search for a known name."""
        self.hear(request)
        response = await call(request)
        known = any(name.encode() in request.body for name in self.names())
        if known and request.goes_to("POST", "/v1/searches") and b'"noHit"' in response.body:
            return response.with_header("x-records-withheld", "1")
        return response


class NamesInLog(Listener):
    """Writes names into log entries."""

    async def __call__(self, request: Request, call: Call) -> Response:
        """Give the last log entry a reason that names somebody."""
        self.hear(request)
        response = await call(request)
        if not request.path.endswith("/log/entries") or response.status != 200 or not self.persons:
            return response
        body = response.json
        body["items"][-1]["reason"] = self.names()[-1][:80]
        return response.with_json(body)


class CausesTold(Listener):
    """Tells the partner why a release was refused."""

    async def __call__(self, request: Request, call: Call) -> Response:
        """Add the cause to the status of a refused request."""
        self.hear(request)
        response = await call(request)
        cause = self.causes.get(request.path.rpartition("/")[2])
        if cause is None or request.method != "GET" or response.status != 200:
            return response
        return response.with_json({**response.json, "cause": cause})


class CaseForgotten(Listener):
    """Takes a hit reference for whatever case."""

    async def __call__(self, request: Request, call: Call) -> Response:
        """Put the case of the search into every release request."""
        body = request.json
        if request.goes_to("POST", "/v1/release-requests") and isinstance(body, dict):
            case = self.cases.get(body["hitReference"], body["caseReference"])
            return await call(request.with_json({**body, "caseReference": case}))
        response = await call(request)
        if request.goes_to("POST", "/v1/searches") and response.status == 200:
            self.cases.update((hit["reference"], body["caseReference"]) for hit in response.json["hits"])
        return response


async def unpadded(request: Request, call: Call) -> Response:
    """Send answers in their own length."""
    response = await call(request)
    return replace(response, body=response.body.rstrip(b" "))


async def bands_for_existence(request: Request, call: Call) -> Response:
    """Give every hit a band."""
    response = await call(request)
    if not request.goes_to("POST", "/v1/searches") or response.status != 200:
        return response
    hits = [{**hit, "band": "strong"} for hit in response.json["hits"]]
    return response.with_json({**response.json, "hits": hits})


async def statements_forged(request: Request, call: Call) -> Response:
    """Sign nothing that can be verified."""
    response = await call(request)
    if not request.goes_to("POST", "/v1/searches") or response.status != 200:
        return response
    head, payload, signature = response.json["statement"].split(".")
    return response.with_json({**response.json, "statement": f"{head}.{payload}.{signature[::-1]}"})


async def reduction_ignored(request: Request, call: Call) -> Response:
    """Approve everything when a part was approved."""
    body = request.json
    if (
        request.goes_to("POST", "/decision")
        and isinstance(body, dict)
        and body["decision"] == "approveReduced"
    ):
        return await call(request.with_json({"decision": "approve"}))
    return await call(request)


async def withdrawal_narrowed(request: Request, call: Call) -> Response:
    """Withdraw for one purpose when everything was withdrawn."""
    if request.goes_to("POST", "/withdrawals"):
        return await call(request.with_json({"purposes": ["statistics"]}))
    return await call(request)


async def events_swallowed(request: Request, call: Call) -> Response:
    """Thank for events and do nothing."""
    if request.goes_to("POST", "/v1/events"):
        return Response(202, (("cache-control", "no-store"),), b"")
    return await call(request)


async def decision_forgotten(request: Request, call: Call) -> Response:
    """Keep a decided pair as an open possibility."""
    body = request.json
    if request.goes_to("POST", "/v1/matches") and isinstance(body, dict):
        return await call(request.with_json({**body, "decision": "possible"}))
    return await call(request)


async def embargo_lifted(request: Request, call: Call) -> Response:
    """Treat a death as news as soon as it is identified."""
    response = await call(request)
    if not request.goes_to("POST", "/v1/identifications") or response.status != 201:
        return response
    return response.with_json({**response.json, "embargoed": False})


class DeathsHideRecords:
    """Let nothing be found by a partner any more once a death has been identified."""

    def __init__(self) -> None:
        self._dead = False

    async def __call__(self, request: Request, call: Call) -> Response:
        """Pass a request on, and empty the answer to a search after the first identification of a death."""
        response = await call(request)
        if request.goes_to("POST", "/v1/identifications") and response.status == 201:
            self._dead = True
        if self._dead and request.goes_to("POST", "/v1/searches") and response.status == 200:
            return response.with_json({**response.json, "outcome": "noHit", "hits": []})
        return response


class BoundBeforeTold:
    """Let no unit be divided or put together once a death has been identified."""

    def __init__(self) -> None:
        self._dead = False

    async def __call__(self, request: Request, call: Call) -> Response:
        """Refuse what moves units after the first identification of a death."""
        if self._dead and request.goes_to("POST", "/splits", "/merges"):
            return Response(409, (("content-type", "application/problem+json"),), b"{}")
        response = await call(request)
        self._dead |= request.goes_to("POST", "/v1/identifications") and response.status == 201
        return response


async def doubts_forgotten(request: Request, call: Call) -> Response:
    """Keep no answer to a report of a wrong identity."""
    response = await call(request)
    if "/v1/identity-errors/" in request.path and request.method == "GET" and response.status == 200:
        return response.with_json({k: v for k, v in response.json.items() if k != "answer"})
    return response


async def lifts_unreasoned(request: Request, call: Call) -> Response:
    """Lift an embargo for no reason."""
    body = request.json
    if request.goes_to("POST", "/embargo-lift") and isinstance(body, dict):
        return await call(request.with_json({"officer": "nobody", "reason": "none", **body}))
    return await call(request)


async def told_from_afar(request: Request, call: Call) -> Response:
    """Take a telephone call for a visit."""
    body = request.json
    if request.goes_to("POST", "/notification") and isinstance(body, dict):
        return await call(request.with_json({**body, "inPerson": True}))
    return await call(request)


async def recipients_hidden(request: Request, call: Call) -> Response:
    """Leave the last recipient out of a family's report."""
    response = await call(request)
    if not request.goes_to("GET", "/access-report") or response.status != 200:
        return response
    return response.with_json({**response.json, "entries": response.json["entries"][:-1]})


async def messages_always_told(request: Request, call: Call) -> Response:
    """Pass a message on although the person wishes only to be known alive."""
    body = request.json
    if request.goes_to("POST", "/choice") and isinstance(body, dict) and body["mayTell"] == "aliveOnly":
        return await call(request.with_json({**body, "mayTell": "messageOnly"}))
    return await call(request)


async def revocations_late(request: Request, call: Call) -> Response:
    """Publish that access lasts for a day after a mark was taken back."""
    response = await call(request)
    if not request.path.endswith("/mpex-node"):
        return response
    limits = {**response.json["limits"], "trustSeconds": 86_400}
    return response.with_json({**response.json, "limits": limits})


async def fault_untold(request: Request, call: Call) -> Response:
    """Refuse a token without a word on why."""
    return await _with_fault(request, call, {})


async def fault_mistaken(request: Request, call: Call) -> Response:
    """Refuse a token, and say that it is for want of an anchor."""
    return await _with_fault(request, call, {"trust_fault": "noAnchor"})


async def _with_fault(request: Request, call: Call, fault: dict[str, str]) -> Response:
    response = await call(request)
    if response.status < 400 or request.path != "/oauth/token" or "trust_fault" not in response.json:
        return response
    return response.with_json({"error": response.json["error"], **fault})
