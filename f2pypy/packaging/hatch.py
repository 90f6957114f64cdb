"""The build hook of hatchling: ``[tool.hatch.build.hooks.f2pypy]``."""

from __future__ import annotations

import os
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.plugin import hookimpl

from f2pypy.command.cli import run

# What a table of the hook may have, beside what hatchling's own options are.
KEYS = frozenset({"module", "sources", "flags"})
HATCHLINGS = frozenset(
    {"dependencies", "enable-by-default", "require-runtime-dependencies", "require-runtime-features"}
)  # fmt: skip
EDITABLE = "editable"
WHEEL = "wheel"


class F2pypyHook(BuildHookInterface):  # type: ignore[type-arg, misc, unused-ignore]
    """Compiles Fortran sources and puts the module and its library into the wheel."""

    PLUGIN_NAME = "f2pypy"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build every module that the configuration names; an sdist has the sources instead."""
        if self.target_name != WHEEL:
            return
        folder = tempfile.TemporaryDirectory(prefix="f2pypy-")
        self.folder = folder  # it is removed with the hook, when the wheel is written
        for module, sources, flags in tables(self.config):
            *package, name = module.split(".")
            in_wheel = Path(*package)
            target = Path(folder.name, in_wheel)
            if version == EDITABLE:
                target = package_folder(Path(self.root), in_wheel)
            target.mkdir(parents=True, exist_ok=True)
            files = list(found(Path(self.root), sources))
            words = ["-c", "-m", name, *flags, "-o", str(target / f"{name}.py"), *files]
            if run(words):
                raise RuntimeError(f"f2pypy couldn't build {module}; its messages stand above")  # fmt: skip
        made = (path for path in Path(folder.name).rglob("*") if path.is_file())
        for path in made:
            build_data["force_include"][str(path)] = str(path.relative_to(folder.name))
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform_tag()}"


def platform_tag() -> str:
    """Return the tag of this platform; every Python of it can import the module."""
    # PEP 425; auditwheel and delocate rename Linux's and macOS's
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")


def tables(config: Mapping[str, Any]) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield the module, the sources and the flags of each table; ValueError for what can't be one."""
    modules = config.get("modules", [config])
    own = {key: value for key, value in config.items() if key not in HATCHLINGS}
    if "modules" in own and len(own) > 1:
        raise ValueError(f"f2pypy: modules stands alone, {sorted(own)} were given")
    for table in modules:
        unknown = set(table) - KEYS - HATCHLINGS
        if unknown:
            raise ValueError(f"f2pypy: expected {sorted(KEYS)}, {sorted(unknown)} were given")  # fmt: skip
        for key, kind in (("module", str), ("sources", list)):
            if not isinstance(table.get(key), kind) or not table[key]:
                raise ValueError(f"f2pypy: {key} is a {kind.__name__}, {table.get(key)!r} was given")  # fmt: skip
        yield table["module"], table["sources"], list(table.get("flags", ()))


def found(root: Path, patterns: list[str]) -> Iterator[str]:
    """Yield the files that glob patterns mean, as seen from here; FileNotFoundError where a pattern means none."""
    for pattern in patterns:
        paths = sorted(root.glob(pattern))
        if not paths:
            raise FileNotFoundError(f"f2pypy: no source is {pattern} in {root}")
        yield from (os.path.relpath(path) for path in paths)


def package_folder(root: Path, package: Path) -> Path:
    """Return where a package lies in the source tree."""
    folders = (root / "src" / package, root / package)
    return next((folder for folder in folders if folder.is_dir()), folders[-1])


@hookimpl
def hatch_register_build_hook() -> type[F2pypyHook]:
    """Return the hook; hatchling asks plugins for it."""
    return F2pypyHook
