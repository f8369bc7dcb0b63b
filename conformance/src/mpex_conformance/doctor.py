"""The doctor: is the target reachable, is its clock right, do the identities of the profile work?"""

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from mpex_conformance import clock
from mpex_conformance.config import Config
from mpex_conformance.lab import Lab, open_lab
from mpex_conformance.outcomes import CheckFailedError
from mpex_conformance.profile import Profile
from mpex_conformance.wire.actor import Actor
from mpex_conformance.wire.anonymous import get_public

_SKEW_SECONDS = 10
# Any action will do to see whether a client can authenticate at all.
_ACTIONS = ("persons:read", "releaseCases:read", "log:read", "partners:read", "tasks:read", "searches:create")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``remedy`` says what to do when it is not well."""

    well: bool
    text: str
    remedy: str = ""


def examine(config: Config, profile: Profile) -> Iterator[Finding]:
    """Yield what was found, most fundamental first; stops where nothing further can be looked at."""
    try:
        lab = open_lab(config, profile)
    except CheckFailedError as error:
        yield Finding(False, str(error), "Is the node running, and is [node] url its public address?")
        return
    try:
        yield Finding(True, "the target answers and describes itself")
        yield _environment(config, profile, lab)
        yield _clock(lab)
        for name, actor in [*lab.actors.items(), *lab.partners.items()]:
            yield _identity(name, actor)
    finally:
        lab.close()


def _environment(config: Config, profile: Profile, lab: Lab) -> Finding:
    declared = lab.metadata.get("environment")
    well = declared == config.environment == profile.environment == "sandbox"
    return Finding(
        well,
        f"environment: target {declared}, profile {profile.environment}, configuration {config.environment}",
        "" if well else "The suite writes only where all three say sandbox.",
    )


def _clock(lab: Lab) -> Finding:
    answer = get_public(lab.wire, "getLiveness")
    date = answer.headers.get("date")
    if date is None:
        return Finding(True, "the target sends no Date header; its clock was not compared")
    skew = abs(parsedate_to_datetime(date).timestamp() - clock.seconds())
    return Finding(
        skew <= _SKEW_SECONDS, f"the clocks differ by {skew:.0f} seconds", "Set both clocks by NTP."
    )


def _identity(name: str, actor: Actor) -> Finding:
    last = ""
    for action in _ACTIONS:
        answer, _ = actor.ask_token(actions=[action])
        if answer.status == 200:
            return Finding(True, f"{name} gets a token")
        last = str(answer.at("error"))
    return Finding(
        name == "unmarked",
        f"{name} gets no token: {last}",
        "Is its key registered and its purpose in its mandate?",
    )
