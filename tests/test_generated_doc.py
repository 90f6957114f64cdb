"""The walk through a generated module shows what the golden module of that name has, in its order."""

import re
from pathlib import Path

import regenerate

DOCUMENT = Path(__file__).parents[1] / "docs" / "generated.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def test_what_it_shows_is_what_f2pypy_writes():
    blocks = BLOCK.findall(DOCUMENT.read_text(encoding="utf-8"))
    signature = (regenerate.GOLDEN / "check.pyf").read_text(encoding="utf-8")
    assert [text for kind, text in blocks if kind == "fortran"] == [signature]
    module = (regenerate.GOLDEN / "check.py").read_text(encoding="utf-8")
    shown = [text for kind, text in blocks if kind == "python"]
    places = [module.find(text) for text in shown]
    assert -1 not in places, shown[places.index(-1)]
    assert places == sorted(places)
    # what follows the docstring is shown to the last line
    code = "".join(shown[2:])
    told = module[module.index("    x = array(") :].splitlines()
    missing = [line for line in told if line and line not in code]
    assert all(line.startswith("#") for line in missing)


def test_golden_modules_are_short():
    lines = {
        path.name: path.read_text(encoding="utf-8").count("\n")
        for path in regenerate.golden_files().values()
    }
    assert {name: count for name, count in lines.items() if count >= 80} == {}
