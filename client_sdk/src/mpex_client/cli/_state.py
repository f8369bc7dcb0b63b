"""What every command shares: whose profile, in which role, for which purpose, and how to print."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer
from rich.console import Console

from mpex_client._errors import ConfigurationError
from mpex_client._messages import is_partner
from mpex_client._sync.client import Client
from mpex_client.cli._failures import failures_explained
from mpex_client.profile import Identity, Profile

__all__ = ["Purpose", "State", "current", "options"]


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why a command asks, when neither the user nor the profile says."""

    purpose: str = "searchLiving"
    legal_basis: str = "consent"


@dataclass(frozen=True, slots=True)
class State:
    """The options before the command."""

    profile_path: Path
    role: str | None
    purpose: str | None
    legal_basis: str | None
    as_json: bool
    transport: httpx2.BaseTransport | None = None

    @property
    def out(self) -> Console:
        """Where answers go."""
        return Console(soft_wrap=True, highlight=False, markup=False)

    @property
    def err(self) -> Console:
        """Where errors and progress go."""
        return Console(stderr=True, soft_wrap=True, highlight=False, markup=False)

    def profile(self) -> Profile:
        """Read the profile."""
        return Profile.load(self.profile_path)

    def identity(self, *usual: str) -> Identity:
        """Return the identity chosen with --as, or the first of the usual ones that the profile has."""
        profile = self.profile()
        fitting = next((role for role in usual if role in profile.entries), None)
        return profile.identity(self.role or fitting)

    @contextmanager
    def client(
        self, *usual: str, default: Purpose | None = None, actions: frozenset[str] = frozenset()
    ) -> Iterator[Client]:
        """Open a client; errors end the command with an explanation and the exit code that fits.

        `actions` are asked for beside that of each call.
        """
        with failures_explained(self.err, as_json=self.as_json):
            identity = self.identity(*usual)
            asked = self.asked(identity, default)
            with Client(
                identity,
                purpose=asked.purpose,
                legal_basis=asked.legal_basis,
                actions=actions,
                keys=self._keys(identity),
                transport=self.transport,
            ) as client:
                yield client

    def _keys(self, identity: Identity) -> Mapping[str, Any] | None:
        """Return the keys of the node for which the anchors of the profile vouch; staff need none."""
        anchors = self.profile().anchors
        if not anchors or not is_partner(identity.client_id):
            return None
        return Client.discover(identity.url, anchors, transport=self.transport).jwks

    def asked(self, identity: Identity, default: Purpose | None = None) -> Purpose:
        """Return why is asked: as the user says, or the profile, or the command."""
        default = default or Purpose()
        return Purpose(
            self.purpose or identity.purpose or default.purpose,
            self.legal_basis or identity.legal_basis or default.legal_basis,
        )

    def show(self, value: Any, text: str) -> None:
        """Print an answer: the whole of it with --json, a sentence without."""
        self.out.print(json.dumps(value, ensure_ascii=False, indent=2) if self.as_json else text)


def options(
    context: typer.Context,
    profile: Annotated[Path, typer.Option(envvar="MPEX_PROFILE", help="Profile of the node (TOML).")] = Path(
        "profile.toml"
    ),
    role: Annotated[
        str | None, typer.Option("--as", metavar="ROLE", help="Identity of the profile to act as.")
    ] = None,
    purpose: Annotated[str | None, typer.Option(help="Why you ask; a code of the list `purposes`.")] = None,
    legal_basis: Annotated[
        str | None, typer.Option(help="What in law allows it; a code of the list `legalBases`.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print whole answers as JSON.")] = False,
) -> None:
    """Work with a node of the Missing Persons Exchange.

    Exit codes: 0 done; 1 refused, or the answer is negative; 2 wrong use; 3 an import with rejected rows;
    4 the node was not reached.
    """
    if bool(purpose) != bool(legal_basis):
        raise typer.BadParameter("give --purpose and --legal-basis together")
    transport = context.obj if isinstance(context.obj, httpx2.BaseTransport) else None
    context.obj = State(profile, role, purpose, legal_basis, as_json, transport)


def current(context: typer.Context) -> State:
    """Return the state of a command."""
    if not isinstance(context.obj, State):
        raise ConfigurationError("the command was called without its options")
    return context.obj
