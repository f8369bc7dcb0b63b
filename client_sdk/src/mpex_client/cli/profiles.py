"""`mpex profiles`: what a profile offers, without its keys."""

import typer

from mpex_client.cli._failures import failures_explained
from mpex_client.cli._state import current

__all__ = ["profiles"]


def profiles(context: typer.Context) -> None:
    """Show the node and the identities of the profile."""
    state = current(context)
    with failures_explained(state.err, as_json=state.as_json):
        profile = state.profile()
        identities = {name: entry.get("client_id") for name, entry in profile.entries.items()}
        told = {
            "url": profile.url,
            "nodeId": profile.node_id,
            "environment": profile.environment,
            "default": profile.default,
            "identities": identities,
        }
        lines = [f"{profile.url}  {profile.node_id}  {profile.environment}"]
        for name, client_id in identities.items():
            lines.append(f"{'*' if name == profile.default else ' '} {name}  {client_id}")
        state.show(told, "\n".join(lines))
