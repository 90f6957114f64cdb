"""The blocks of docs/program.md do what they say."""

import re
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/program.md"


def test_the_blocks_run(monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)  # fmt: skip
    assert len(blocks) == 2
    for number, block in enumerate(blocks):
        exec(compile(block, f"block {number}", "exec"), {})
