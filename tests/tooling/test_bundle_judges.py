"""The judges of the API document accept a sound bundle and reject each kind of defect."""

import copy
import json
import subprocess
from pathlib import Path
from typing import Any

from tools import node

ROOT = Path(__file__).resolve().parents[2]
SOUND: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "A", "version": "1", "license": {"name": "L", "url": "https://example.org/licence"}},
    "servers": [{"url": "https://node.example"}],
    "security": [],
    "paths": {
        "/things": {
            "get": {
                "operationId": "listThings",
                "summary": "List things",
                "responses": {
                    "200": {
                        "description": "Things",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                    },
                    "400": {"description": "A problem"},
                },
            }
        }
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "x-mpex-category": "existence",
                "properties": {
                    "day": {"$ref": "#/components/schemas/Day"},
                    "hour": {"$ref": "#/components/schemas/Hour"},
                },
            },
            "Day": {"type": ["string", "null"], "format": "date"},
            "Hour": {"type": "string", "format": "time"},
        }
    },
}


def _judge(bundle: dict[str, Any], folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "bundle.json"
    file.write_text(json.dumps(bundle), encoding="utf-8")
    command = node.command("node", "tools/check_bundle.mjs", str(file))
    return subprocess.run(
        command, cwd=ROOT, env=node.environment(), capture_output=True, text=True, check=False, timeout=60
    )


def test_a_sound_bundle_is_accepted(tmp_path: Path) -> None:
    done = _judge(SOUND, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "3 schemas" in done.stdout


def test_each_kind_of_defect_is_reported_by_its_judge(tmp_path: Path) -> None:
    bundle = copy.deepcopy(SOUND)
    schemas = bundle["components"]["schemas"]
    del bundle["paths"]["/things"]["get"]["operationId"]
    schemas["Day"]["formatt"] = "date"
    schemas["Hour"]["format"] = "dait"
    done = _judge(bundle, tmp_path)
    assert done.returncode == 1
    assert "redocly:" in done.stderr
    assert "operation-operationId" in done.stderr
    assert 'ajv: components/schemas/Day: strict mode: unknown keyword: "formatt"' in done.stderr
    assert 'ajv: components/schemas/Hour: unknown format "dait"' in done.stderr
