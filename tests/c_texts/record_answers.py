"""Build f2py's modules and write what their calls do to answers.json: ``python tests/c_texts/record_answers.py``."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import c_text_calls as c_texts


def build(folder):
    """Return f2py's modules by name, built in `folder`."""
    modules = {}
    for name in c_texts.TABLE:
        files = [f"{name}.pyf"]
        if (c_texts.SOURCES / f"{name}.f90").exists():
            files.append(f"{name}.f90")
        for file in files:
            shutil.copy(c_texts.SOURCES / file, folder)
        command = [sys.executable, "-m", "numpy.f2py", "-c", *files]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)
        (path,) = Path(folder).glob(f"{name}.*.so")
        modules[name] = c_texts.load(path, name)
    return modules


def record(modules):
    """Return the outcome of every call."""
    return {
        name: {
            c_texts.call_id(call): c_texts.outcome(modules[name], call)
            for call in calls
        }
        for name, calls in c_texts.TABLE.items()
    }


def main():
    with tempfile.TemporaryDirectory() as folder:
        found = record(build(Path(folder)))
    text = json.dumps(found, indent=0, sort_keys=True)
    c_texts.ANSWERS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
