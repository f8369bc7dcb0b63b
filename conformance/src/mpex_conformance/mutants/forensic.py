"""Mutants of the wire around remains and reference samples."""

from typing import Any

from mpex_conformance.mutants.exchange import Call, Request, Response

_PROFILE = "alleles"
_KINSHIP = ("supports", "doesNotSupport", "inconclusive")


async def mingling_unsaid(request: Request, call: Call) -> Response:
    """Take remains of several for commingled, whatever the record says."""
    if request.goes_to("POST", "/v1/remains") and isinstance(request.json, dict):
        return await call(request.with_json({"commingled": True, **request.json}))
    return await call(request)


async def origins_forgotten(request: Request, call: Call) -> Response:
    """Leave out whence a remains unit came and whither it went."""
    response = await call(request)
    if not request.path.startswith("/v1/remains/") or not isinstance(response.json, dict):
        return response
    return response.with_json(
        {k: v for k, v in response.json.items() if k not in ("splitFrom", "mergedInto")}
    )


async def profiles_dropped(request: Request, call: Call) -> Response:
    """Take what holds a genetic profile, and leave the profile out."""
    value = request.json
    return await call(request.with_json(_without(value, _PROFILE)) if isinstance(value, dict) else request)


async def kinship_reported(request: Request, call: Call) -> Response:
    """Take a kinship that nobody claimed for a result."""
    if not request.goes_to("POST", "/v1/reference-samples") or not isinstance(request.json, dict):
        return await call(request)
    body = request.json
    for entry in body.get("comparisons", ()):
        entry["result"] = entry["result"] if entry["result"] in _KINSHIP else "inconclusive"
    return await call(request.with_json(body))


class ComparisonsTold:
    """Remembers the comparisons that it hears of, and tells them to families."""

    def __init__(self) -> None:
        self._heard: list[str] = []

    async def __call__(self, request: Request, call: Call) -> Response:
        """Add the results to every access report."""
        if request.goes_to("POST", "/v1/reference-samples") and isinstance(request.json, dict):
            self._heard += [str(entry.get("result")) for entry in request.json.get("comparisons", ())]
        response = await call(request)
        if not request.goes_to("GET", "/access-report") or response.status != 200:
            return response
        return response.with_json({**response.json, "note": ", ".join(self._heard)})


def _without(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {key: _without(item, name) for key, item in value.items() if key != name}
    return [_without(item, name) for item in value] if isinstance(value, list) else value
