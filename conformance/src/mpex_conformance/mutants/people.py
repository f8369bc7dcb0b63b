"""Mutants of what stands between people and between nodes: enquirers, groups, messages."""

from dataclasses import replace

from mpex_conformance import samples
from mpex_conformance.mutants.exchange import Call, Request, Response


class OthersShown:
    """Show an enquirer how many search requests there are."""

    def __init__(self) -> None:
        self._requests = 0

    async def __call__(self, request: Request, call: Call) -> Response:
        """Count what is registered and add it to each view."""
        response = await call(request)
        self._requests += request.goes_to("POST", "/v1/search-requests")
        if request.goes_to("GET", "/view") and response.status == 200:
            return response.with_json({**response.json, "language": f"fr-x-{self._requests:04}"})
        return response


class MentionsFound:
    """Let partners find whoever was mentioned in a list."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    async def __call__(self, request: Request, call: Call) -> Response:
        """Remember the names of lists, and answer a search for one of them with a hit."""
        response = await call(request)
        if request.goes_to("POST", "/members") and isinstance(request.json, dict):
            mentions = [member.get("mention", {}) for member in request.json.get("members", ())]
            self._names |= {mention["name"]["text"] for mention in mentions if "name" in mention}
        if request.goes_to("POST", "/v1/searches") and response.status == 200:
            asked = request.json["query"].get("names", {}).get("names", [{}])[0].get("text")
            if asked in self._names:
                hit = {"reference": samples.identifier("hit"), "returnedSet": "existence"}
                return response.with_json({**response.json, "outcome": "possibleHit", "hits": [hit]})
        return response


async def searches_named(request: Request, call: Call) -> Response:
    """Give a search that has no name one that its asker does not know."""
    if request.goes_to("POST", "/v1/searches") and isinstance(request.json, dict):
        return await call(request.with_json({"searchId": samples.identifier("search")} | request.json))
    return await call(request)


async def sizes_stripped(request: Request, call: Call) -> Response:
    """Keep the size of a group without who told it."""
    response = await call(request)
    if not request.path.startswith("/v1/groups/") or not isinstance(response.json, dict):
        return response
    if "sizes" not in response.json:
        return response
    sizes = [{**size, "source": "other"} for size in response.json["sizes"]]
    return response.with_json({**response.json, "sizes": sizes})


async def lists_lost(request: Request, call: Call) -> Response:
    """Refuse a list in which one row is bad."""
    response = await call(request)
    if b'"rejected"' in response.body and request.goes_to("POST", "/members"):
        return replace(response, status=422)
    return response


async def erasures_swallowed(request: Request, call: Call) -> Response:
    """Say that a member was erased and keep it."""
    if request.goes_to("POST", "/erasure"):
        return Response(204, (), b"")
    return await call(request)


async def translations_unmarked(request: Request, call: Call) -> Response:
    """Show a translation as if a person had made it."""
    response = await call(request)
    if request.path.startswith("/v1/case-messages/") and b'"machine"' in response.body:
        return replace(response, body=response.body.replace(b'"machine"', b'"person"'))
    return response


async def signatures_lost(request: Request, call: Call) -> Response:
    """Keep a message without the event that its sender signed."""
    response = await call(request)
    if not request.path.startswith("/v1/case-messages/") or not isinstance(response.json, dict):
        return response
    return response.with_json({name: value for name, value in response.json.items() if name != "statement"})
