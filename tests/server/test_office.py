"""The office of a node: published as it is configured, and refused at the start when it cannot be meant."""

import json
from pathlib import Path
from typing import Any

import pytest
from mpex_server import office
from mpex_server.app import create_app
from mpex_server.settings import Settings

from tests.server.world import World, new_settings, open_world

DAY = {"weekdays": [1, 2, 3, 4, 5], "opens": "08:00", "closes": "16:00"}
CALENDAR: dict[str, Any] = {"timeZone": "Africa/Tunis", "hours": [DAY], "holidays": ["2026-11-24"]}


def written(tmp_path: Path, document: Any) -> Path:
    path = tmp_path / "office.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_node_is_always_open_unless_it_says_otherwise(world: World) -> None:
    published = world.raw("GET", "/.well-known/mpex-node").json()["office"]["workingCalendar"]
    assert published["hours"] == [{"weekdays": list(range(1, 8)), "opens": "00:00", "closes": "24:00"}]


def test_the_calendar_is_published_and_counts(tmp_path: Path, database_url: str) -> None:
    file = written(tmp_path, {"workingCalendar": CALENDAR})
    settings = new_settings(tmp_path, database_url).model_copy(update={"office_file": file})
    world = open_world(settings)
    try:
        published = world.raw("GET", "/.well-known/mpex-node").json()
        assert published["office"]["workingCalendar"] == CALENDAR
        # Saturday; the office works on Monday, Wednesday and so on, eight hours a day.
        due = office.of(settings).due(world.clock.now(), 48)
        assert due.isoformat() == "2026-12-01T15:00:00+00:00"
    finally:
        world.close()


@pytest.mark.parametrize(
    "document",
    [
        {"workingCalendar": CALENDAR | {"timeZone": "Nowhere/Known"}},
        {"workingCalendar": CALENDAR | {"hours": [DAY, DAY]}},
        {"workingCalendar": CALENDAR | {"hours": []}},
        {"workingCalendar": CALENDAR | {"holidays": ["2026-02-30"]}},
        {"calendar": CALENDAR},
        [],
    ],
)
def test_what_cannot_be_meant_stops_the_start(settings: Settings, tmp_path: Path, document: Any) -> None:
    wrong = settings.model_copy(update={"office_file": written(tmp_path, document)})
    with pytest.raises(office.OfficeFileError, match="MPEX_OFFICE_FILE"):
        create_app(wrong)


def test_a_file_that_is_not_there_stops_the_start(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(office.OfficeFileError, match="MPEX_OFFICE_FILE"):
        create_app(settings.model_copy(update={"office_file": tmp_path / "none.json"}))
