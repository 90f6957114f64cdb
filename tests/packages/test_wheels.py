"""f2pypy doctor on wheels, and the hook for PyInstaller: quick tests, without the tools that make either."""

import importlib.metadata
import importlib.util
import py_compile
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from example_packages import run

HEAD = (
    '"""This module \'filters\' is auto-generated with f2pypy (version:0.1.0).\n"""\n'
)


def wheel(folder, tag, *names, pure="false", metadata=True):
    path = folder / f"smoothing-1.0-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, HEAD if name.endswith("filters.py") else "")
        if metadata:
            text = f"Wheel-Version: 1.0\nRoot-Is-Purelib: {pure}\nTag: {tag}\n"
            archive.writestr("smoothing-1.0.dist-info/WHEEL", text)
    return path


MODULE, LIBRARY = "smoothing/filters.py", "smoothing/libfilters.so"
EXTENSION = "smoothing/_c.cpython-312-x86_64-linux-gnu.so"
DLL, PYD = "smoothing/libfilters.dll", "smoothing/_c.cp312-win_amd64.pyd"


@pytest.mark.parametrize(
    ("tag", "names", "pure", "status", "told"),
    [
        ("py3-none-linux_x86_64", (MODULE, LIBRARY), "false", 0, [MODULE + ": " + LIBRARY, "auditwheel repair"]),
        ("py3-none-manylinux_2_34_x86_64", (MODULE, LIBRARY), "false", 0, []),
        ("py3-none-any", (MODULE, LIBRARY), "true", 1, [f"the tag py3-none-any lets pip install {LIBRARY}", "Purelib"]),
        ("py3-none-any", ("a/libx.so.3",), "false", 1, ["the tag py3-none-any"]),
        ("py3-none-any", ("a/x.dll",), "false", 1, ["the tag py3-none-any"]),
        ("py3-none-any", (MODULE,), "true", 0, [MODULE + ": no library beside it"]),
        ("py3-none-win_amd64", (MODULE, DLL), "true", 1, ["Root-Is-Purelib is true"]),
        ("cp312-cp312-win_amd64", (MODULE, DLL), "false", 0, ["py3-none-win_amd64 serves all"]),
        ("cp312-cp312-linux_x86_64", (MODULE, LIBRARY, EXTENSION), "false", 0, ["auditwheel"]),
        ("cp312-cp312-win_amd64", (MODULE, DLL, PYD), "false", 0, []),
        ("py3-none-any", ("a/x.pyd",), "false", 1, ["the tag py3-none-any lets pip install a/x.pyd"]),
    ],
)  # fmt: skip
def test_the_doctor_reads_wheels(tmp_path, tag, names, pure, status, told):
    path = wheel(tmp_path, tag, *names, pure=pure)
    shown = run(sys.executable, "-m", "f2pypy", "doctor", path, status=status)
    first, *rest = shown.splitlines()
    assert first == f"{path}: {tag}"
    assert [part for part in told if part not in shown] == []
    assert ("serves all" in shown) == any("serves all" in each for each in told)
    assert len(rest) == len(told) + (MODULE in names and not any(MODULE in t for t in told))  # fmt: skip


def test_the_doctor_reads_what_is_no_wheel(tmp_path):
    path = wheel(tmp_path, "py3-none-any", MODULE, metadata=False)
    shown = run(sys.executable, "-m", "f2pypy", "doctor", path, status=1)
    assert "it has no .dist-info/WHEEL, so it isn't a wheel" in shown
    path.write_text("nothing")
    shown = run(sys.executable, "-m", "f2pypy", "doctor", path, status=1)
    assert "not a zip file" in shown


def hook():
    found = importlib.metadata.entry_points(group="pyinstaller40")
    (entry,) = (each for each in found if "f2pypy" in each.value)
    (folder,) = entry.load()()
    spec = importlib.util.spec_from_file_location("hook", Path(folder, "hook-ctypes.py"))  # fmt: skip
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_frozen_programs_get_the_libraries(tmp_path):
    """Of generated modules, in packages and out of them; of no others."""
    for name, text in {
        "filters.py": HEAD,
        "libfilters.so": "",
        "pkg/inner/filters.py": HEAD,
        "pkg/inner/libfilters.so": "",
        "other.py": "",
        "libother.so": "",
        "alone.py": HEAD.replace("filters", "alone"),
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    py_compile.compile(tmp_path / "filters.py", tmp_path / "compiled.pyc")
    tmp_path.joinpath("libcompiled.so").touch()
    names = ("filters", "pkg.inner.filters", "other", "alone")
    nodes = [SimpleNamespace(identifier=n, filename=f"{tmp_path}/{n.replace('.', '/')}.py") for n in names]  # fmt: skip
    nodes += [SimpleNamespace(identifier="compiled", filename=f"{tmp_path}/compiled.pyc")]  # fmt: skip
    nodes += [SimpleNamespace(identifier="sys", filename=None), SimpleNamespace(identifier="missing")]  # fmt: skip
    added = []
    graph = SimpleNamespace(nodes=lambda: iter(nodes))
    hook().hook(SimpleNamespace(graph=graph, add_binaries=added.extend))
    assert added == [
        (f"{tmp_path}/libfilters.so", "."),
        (f"{tmp_path}/pkg/inner/libfilters.so", "pkg/inner"),
        (f"{tmp_path}/libcompiled.so", "."),
    ]
