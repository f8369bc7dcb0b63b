"""A small disk, for tests of what happens when it is full."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Disk:
    """A file system in memory, of a size that the test decides."""

    path: Path

    def resize(self, size: int) -> None:
        """Give it so many bytes, or as many as it wants with 0."""
        run("mount", "-o", f"remount,size={size}", str(self.path))

    @property
    def used(self) -> int:
        """Bytes that are in use."""
        state = os.statvfs(self.path)
        return (state.f_blocks - state.f_bfree) * state.f_frsize


def run(*command: str) -> None:
    """Run a command that must succeed."""
    subprocess.run(command, check=True, capture_output=True)
