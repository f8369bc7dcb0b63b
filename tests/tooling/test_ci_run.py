"""The command of the continuous integration refuses to pass where tests would be skipped for want of data."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("data", "allowed", "status"), [("absent", "", 1), ("absent", "1", 0), ("present", "", 0)]
)
def test_real_data_must_be_there_or_be_done_without_on_purpose(
    tmp_path: Path, data: str, allowed: str, status: int
) -> None:
    (tmp_path / "present").mkdir()
    make = tmp_path / "make"
    make.write_text("#!/bin/sh\n")
    make.chmod(0o755)
    given = {"MPEX_SHARED_DATA": str(tmp_path / data), "MPEX_ALLOW_NO_DATA": allowed}
    run = subprocess.run(
        [str(ROOT / ".ci" / "run")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **given, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )
    assert run.returncode == status
    assert ("== all passed" in run.stdout) is (status == 0)
    assert ("MPEX_ALLOW_NO_DATA" in run.stderr) is (status == 1)
