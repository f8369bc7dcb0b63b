"""What a doctor looks at: whether a node answers, its clock and version, who is trusted, and for what."""

import email.utils
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2
from mpex_spec import SPEC_VERSION

from mpex_client._clock import utc_now
from mpex_client._errors import MpexError, TransportError, TrustError
from mpex_client._sync.discovery import fetched
from mpex_client._trust.flow import Ask, Flow, Got, strict_json
from mpex_client.cli._findings import Finding, Mender, of_distrust, of_silence, well
from mpex_client.discovery import NODE_PATH, Standing, self_description, standing, vouches

__all__ = ["Look", "purpose_served"]

_SKEW_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Look:
    """A look at one node: `own` is that of the profile, whose operator is at hand."""

    url: str
    own: bool
    anchors: Mapping[str, Mapping[str, Any]]
    transport: httpx2.BaseTransport | None = None

    def node(self) -> tuple[list[Finding], dict[str, Any] | None]:
        """Return whether the node answers, its clock and its version, and what it says of itself."""
        try:
            got = fetched(_one(self.url + NODE_PATH), transport=self.transport)
        except TransportError as error:
            return [of_silence(error, self.url, own=self.own)], None
        metadata = _object(got)
        if metadata is None and fetched(vouches(self.url, utc_now), transport=self.transport):
            text = f"{self.url} is an anchor or an intermediate, not a node."
            return [Finding("node", False, text, "noNode", "you", "Give the address of a node.")], None
        if metadata is None:
            text = f"something answers at {self.url} (HTTP {got.status}), and it is no node of the exchange."
            return [self._theirs("node", text, "noNode", "Check the address.")], None
        kind = (
            "for tests, with invented people only"
            if metadata.get("environment") == "sandbox"
            else "with real people"
        )
        answers = well("node", f"{metadata.get('name')} answers at {self.url}; a node {kind}")
        findings = [answers, _clock(got.fields.get("date"))]
        if (version := metadata.get("specVersion")) != SPEC_VERSION:
            text = f"the node follows version {version} of the standard, and this program {SPEC_VERSION}."
            findings.append(
                self._theirs("version", text, "otherVersion", "Let the older of both be renewed.")
            )
        return findings, metadata

    def trust(self, what: str) -> tuple[Finding, Standing | None]:
        """Return whether the anchors of the profile lead to the node, and what they let one believe of it."""
        if not self.anchors:
            return well(what, "not looked at, since the profile names no [anchors]"), None
        try:
            found = fetched(standing(self.url, self.anchors, utc_now), transport=self.transport)
        except TrustError as fault:
            return of_distrust(what, fault, self.url, own=self.own), None
        except MpexError as error:
            return self._theirs(what, f"{error}.", "unsoundAnswer", "Tell who publishes it."), None
        path = " < ".join(found.chain.path)
        return well(what, f"{path}, with both marks, until {found.until:%Y-%m-%d %H:%M} UTC"), found

    def keys(self, known: Standing | None) -> dict[str, Any]:
        """Return the keys of the node for which anchors vouch, else those that it shows.

        The latter are good for a look only, which uses nothing of the answer.
        """
        if known is not None:
            vouched: dict[str, Any] = known.node.get("jwks", {})
            return vouched
        return fetched(self_description(self.url, utc_now), transport=self.transport)[2]

    def _theirs(self, what: str, text: str, code: str, remedy: str) -> Finding:
        mend: Mender = "operator" if self.own else "partner"
        return Finding(what, False, text, code, mend, remedy)


def purpose_served(
    purpose: str, metadata: Mapping[str, Any], mine: Standing | None, theirs: Standing | None
) -> Finding:
    """Return whether a purpose is one of the node's and in the mandates of both."""
    if purpose not in metadata.get("purposes", ()):
        served = ", ".join(metadata.get("purposes", ())) or "none"
        remedy = f"Ask for one of those that it serves: {served}."
        return Finding(
            "purpose", False, f"the node does not serve {purpose}.", "purposeNotServed", "you", remedy
        )
    for known, whose in ((mine, "your"), (theirs, "its")):
        if known is not None and purpose not in known.said["purposes"]:
            text = f"{purpose} is not in {whose} mandate, which {known.mandate.issuer} gave."
            within = ", ".join(known.said["purposes"])
            remedy = f"Ask for a purpose of the mandate ({within}), or for a wider mandate."
            return Finding("purpose", False, text, "purposeOutsideMandate", "anchor", remedy)
    return well("purpose", f"{purpose} is served, and no mandate that was seen speaks against it")


def _one(url: str) -> Flow[Got]:
    return (yield Ask(url))


def _object(got: Got) -> dict[str, Any] | None:
    try:
        value = strict_json(got.body)
    except ValueError:
        return None
    return value if got.status == httpx2.codes.OK and isinstance(value, dict) and "nodeId" in value else None


def _clock(date: str | None) -> Finding:
    told = _instant(date)
    if told is None:
        return well("clock", "the node does not tell its time, so the clocks were not compared")
    skew = (utc_now() - told).total_seconds()
    if abs(skew) <= _SKEW_SECONDS:
        return well("clock", "this machine and the node agree on the time")
    direction = "ahead of" if skew > 0 else "behind"
    text = (
        f"this machine is {abs(skew):.0f} seconds {direction} the node; nodes tolerate {_SKEW_SECONDS:.0f},"
        " and may refuse whatever is dated beyond."
    )
    return Finding(
        "clock", False, text, "clockSkew", "you", "Set the clock (NTP); if yours is right, tell them."
    )


def _instant(date: str | None) -> datetime | None:
    try:
        told = email.utils.parsedate_to_datetime(date) if date else None
    except ValueError:
        return None
    return told if told and told.tzinfo else None  # "-0000" is the time of no place that one knows
