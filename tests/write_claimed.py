"""write_claimed FOLDER: write the module ``claimed`` with a routine for every global name, and compile its library."""

import subprocess
import sys
from pathlib import Path

from test_claimed_names import TRIED, answers_of, signature

import f2pypy


def main():
    folder = Path(sys.argv[1])
    source, library = folder / "answers.f90", folder / "libclaimed.so"
    source.write_text(answers_of(TRIED))
    command = ["gfortran", "-shared", "-fPIC", str(source), "-o", str(library)]
    subprocess.run(command, check=True, cwd=folder)
    (folder / "claimed.py").write_text(f2pypy.generate(signature(TRIED), strict=True))


if __name__ == "__main__":
    main()
