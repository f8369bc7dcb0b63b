"""Trust vectors: what entities publish, what follows from it at one moment, and what goes wrong.

Each case states by hand what is wrong, and where; generating fails where the reference node disagrees.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from mpex_server.federation import directory, mandate
from mpex_server.federation.chains import Chain, Resolver
from mpex_server.federation.faults import TrustError
from mpex_server.kit.clock import instant

from tools.generators import _trust_chains, _trust_marks
from tools.generators._trust_changes import Case
from tools.generators._trust_ground import NOW, Federation, Json, found, told

FOLDER = "spec/vectors/trust"
NOTE = (
    "`published` is the text at each address, `statuses` what the issuer of a mark answers of it, "
    "`anchors` whom the reader has chosen, `now` its clock. "
    "A case changes some of it: null for an address with status 404, "
    "`silent` for entities that do not answer. Each case names the requirement that it shows. "
    "`fault` has a code of the codelist trustFaults and the entity at which it lies. "
    "Keys of vectors protect nothing."
)


def generate() -> dict[str, str]:
    """Return the vectors by path; ValueError where the reference node disagrees with a case."""
    return {
        f"{FOLDER}/chains.json": _text("Chains of trust. ", _trust_chains.cases(), "chain"),
        f"{FOLDER}/marks.json": _text(
            "Marks, and the partner entry they make. ", _trust_marks.cases(), "partner"
        ),
    }


def read(case: Mapping[str, Any], what: str) -> Json:
    """Return what the reference node makes of a case: a `chain` or a `partner`, or the `fault`."""
    by = _Reader(case)
    try:
        chain = by.resolver.resolve(case["entity"])
        return by.chain(chain) if what == "chain" else by.partner(chain)
    except TrustError as error:
        return {"fault": _fault(error)}


class _Reader:
    """The node that reads: it knows the superiors from their lists, and nothing but what is published."""

    def __init__(self, case: Mapping[str, Any]) -> None:
        self._now = datetime.fromisoformat(case["now"])
        self._case, self._silent = case, set(case["silent"])
        self.resolver = Resolver(case["anchors"], self._fetch, lambda: self._now)
        directory.read(self.resolver, self._fetch)

    def chain(self, chain: Chain) -> Json:
        """Return what a chain proves."""
        superiors = [statement.issuer for statement in chain.statements]
        return {
            "chain": {"superiors": superiors, "keys": sorted(chain.keys), "until": instant(chain.expires)}
        }

    def partner(self, chain: Chain) -> Json:
        """Return the partner that chain and marks make."""
        trusted = mandate.read(chain, self.resolver, self._ask)
        made: Json = {"partner": trusted.entry, "until": instant(trusted.until)}
        return made | ({"withoutAccess": _fault(trusted.unmarked)} if trusted.unmarked else {})

    def _fetch(self, url: str) -> str:
        return found(self._case["published"], self._silent, url)

    def _ask(self, url: str, mark: str) -> str:
        return told(self._case["statuses"], self._silent, url, mark)


def whole(document: Mapping[str, Any]) -> Iterator[Json]:
    """Yield the cases of a file with everything that is published in each."""
    for case in document["cases"]:
        base = {"now": document["now"], "entity": document["entity"], "silent": []} | case
        for name in ("published", "statuses"):
            texts = document[name] | case.get(name, {})
            base[name] = {place: text for place, text in texts.items() if text is not None}
        yield base | {"anchors": case.get("anchors", document["anchors"])}


def _text(title: str, listed: Iterable[Case], what: str) -> str:
    plain = Federation(marked=what == "partner")
    base: Json = {"published": plain.published(), "statuses": plain.statuses(), "anchors": plain.chosen}
    document: Json = {
        "description": title + NOTE,
        "now": instant(NOW),
        "entity": plain.node.name,
        **base,
        "cases": [_row(case, base, Federation(marked=what == "partner")) for case in listed],
    }
    for row, case in zip(document["cases"], whole(document), strict=True):
        result = read(case, what)
        if row.pop("stated") != _stated(result):
            raise ValueError(f"{row['name']}: {_stated(result)}")
        row |= result
    lines = [_compact(row) for row in document.pop("cases")]
    return _compact(document).removesuffix("}") + ',\n"cases":[\n' + ",\n".join(lines) + "\n]}\n"


def _row(case: Case, base: Json, federation: Federation) -> Json:
    """Return what a case changes, and what it states: no fault, or its code and place."""
    case.spoil(federation)
    row: Json = {"name": case.name, "shows": case.shows}
    for name, texts in (("published", federation.published()), ("statuses", federation.statuses())):
        gone = dict.fromkeys(base[name].keys() - texts.keys())
        if changed := gone | {place: text for place, text in texts.items() if base[name].get(place) != text}:
            row[name] = dict(sorted(changed.items()))
    if federation.chosen != base["anchors"]:
        row["anchors"] = federation.chosen
    if federation.silent:
        row["silent"] = sorted(federation.silent)
    at = case.at if case.at.startswith("https:") else f"https://{case.at}.example"
    row["stated"] = None if case.fault is None else {"code": case.fault, "at": at}
    return row


def _stated(result: Json) -> Json | None:
    fault: Json | None = result.get("fault", result.get("withoutAccess"))
    return fault


def _fault(error: TrustError) -> Json:
    return {"code": error.reason, "at": error.entity}


def _compact(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
