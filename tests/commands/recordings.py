"""The recordings in fixtures/, as they are kept: those at the top whole, every other as a JSON Patch (RFC 6902), in a
folder that is named after the whole one that it patches.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonpatch import apply_patch


def recordings(fixtures: Path) -> Iterator[tuple[str, Any]]:
    """Every recording, by name."""
    for whole in sorted(fixtures.glob("*.json")):
        recording = json.loads(whole.read_text())
        yield whole.stem, recording
        for patch in sorted(fixtures.glob(f"{whole.stem}/*.json")):
            yield patch.stem, apply_patch(recording, json.loads(patch.read_text()))
