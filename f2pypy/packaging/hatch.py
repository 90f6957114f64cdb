"""The build hook of hatchling: ``[tool.hatch.build.hooks.f2pypy]``."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.plugin import hookimpl

from f2pypy.packaging.modules import modules_of, platform_tag

# Keys of the hook's table that hatchling reads.
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
        root = Path(self.root)
        for module in modules_of(self.config, HATCHLINGS):
            target = Path(folder.name, module.package)
            if version == EDITABLE:
                target = package_folder(root, module.package)
            module.build(root, target)
        made = (path for path in Path(folder.name).rglob("*") if path.is_file())
        for path in made:
            build_data["force_include"][str(path)] = str(path.relative_to(folder.name))
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform_tag()}"


def package_folder(root: Path, package: Path) -> Path:
    """Return where a package lies in the source tree."""
    folders = (root / "src" / package, root / package)
    return next((folder for folder in folders if folder.is_dir()), folders[-1])


@hookimpl
def hatch_register_build_hook() -> type[F2pypyHook]:
    """Return the hook; hatchling asks plugins for it."""
    return F2pypyHook
