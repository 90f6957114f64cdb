"""Write anew every checked-in file that f2pypy makes: ``make golden``. Read the diff before committing it."""

from __future__ import annotations

from pathlib import Path

import f2pypy
from f2pypy.command.manual import manual_page
from f2pypy.reading.templates import expand

TESTS = Path(__file__).parent
GOLDEN = TESTS / "golden"
MANUAL = TESTS.parent / "docs" / "f2pypy.1"
TEMPLATE = TESTS.parent / "examples" / "blas" / "blas.pyf.src"


def golden_files() -> dict[Path, Path]:
    """Return each signature file of the golden tests with the module that it becomes."""
    return {
        source: source.with_suffix(".py") for source in sorted(GOLDEN.glob("*.pyf"))
    }


def golden_text(source: Path) -> str:
    """Return the module for a golden signature file, with nothing in it but the wrappers."""
    return f2pypy.generate(source, runtime="import", native=False)


def expanded_blas() -> str:
    """Return the signature file of BLAS, made from its template."""
    return expand(TEMPLATE.read_text(encoding="utf-8"), TEMPLATE.name).text


def main() -> None:
    TEMPLATE.with_suffix("").write_text(expanded_blas(), encoding="utf-8")
    MANUAL.write_text(manual_page(), encoding="utf-8")
    for source, module in golden_files().items():
        module.write_text(golden_text(source), encoding="utf-8")


if __name__ == "__main__":
    main()
