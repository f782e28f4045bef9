"""Workbooks by way of LibreOffice, which takes longer to begin than to save any of them: so as many as there are go in one go."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def saved_by_office(soffice: str, folder: Path, files: Mapping[str, bytes], *how: str, kind: str = "xlsx") -> dict[str, bytes]:
    """What it makes of each file, by the file's name; `how` it is told to read them."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    command = [soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless", *how, "--convert-to", kind]
    subprocess.run([*command, "--outdir", f"{folder}/saved", *files], check=True, cwd=folder, capture_output=True)
    return {name: (folder / "saved" / name).with_suffix(f".{kind}").read_bytes() for name in files}
