"""Tasks: whatever waits for a person is listed, due first, until it is done."""

from typing import Any

from mpex_conformance import expect, handovers, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check


@check("task-001", requirements=["TASK-001"], needs=["partner.one"])
def what_waits_is_listed(lab: Lab) -> None:
    """What waits for a person is listed with its due time, due first, and goes when it is decided."""
    first, second = scenes.requested(lab), scenes.requested(lab)
    _, _, silent = scenes.silent_hit(lab)
    waiting = scenes.tasks(lab)
    subjects = [task["subject"] for task in waiting if task["kind"] == "releaseRequest"]
    expect.that({first.id, second.id} <= set(subjects), "a release request waits and is not listed")
    expect.that(silent in [task["taskId"] for task in waiting], "a silent hit waits and is not listed")
    due = [task["dueAt"] for task in waiting]
    expect.that(due == sorted(due), "the tasks are not listed due first")
    scenes.decide(lab, first, decision="refuse", cause="notNecessary")
    left = [task["subject"] for task in scenes.tasks(lab)]
    expect.that(first.id not in left and second.id in left, "the list is not of what waits")


@check("task-005", requirements=["TASK-005"], needs=["partner.one", "mock"])
def questions_hidden(lab: Lab) -> None:
    """What a partner asks or offers is a task of those who may know of deaths, and of nobody else."""
    waiting = {"releaseRequest": scenes.requested(lab).id, "custodyOffer": handovers.waiting(lab).transfer}
    expect.that(set(waiting.values()) <= _subjects(scenes.tasks(lab)), "what a partner asks is not listed")
    others = lab.staff_without("identifications:read", "tasks:read")
    for kind, subject in waiting.items():
        query = {"kind": kind, "limit": "100"}
        shown = expect.status(others.call("listTasks", query=query), 200).at("items")
        told = subject in _subjects(shown)
        expect.that(not told, "whoever may not know of deaths reads what a partner asks")


def _subjects(tasks: list[dict[str, Any]]) -> set[str]:
    return {task["subject"] for task in tasks}
