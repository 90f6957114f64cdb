"""The commands of setuptools in a project with Fortran modules: ``build_fortran``, and those that must know of it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from setuptools import Command
from setuptools.errors import BaseError

from f2pypy.diagnostics import F2pypyError
from f2pypy.packaging.modules import Module, modules_of


class BuildFortran(Command):  # type: ignore[misc, unused-ignore]
    """Builds the modules of a project; one of the commands of which setuptools' ``build`` consists."""

    description = "build Fortran modules with f2pypy"
    user_options = [  # noqa: RUF012 - setuptools' form
        ("build-lib=", "b", "folder of the packages that are built"),
        ("inplace", "i", "write modules and libraries beside the packages' sources"),
    ]
    boolean_options = ["inplace"]  # noqa: RUF012
    modules: tuple[Module, ...] = ()
    editable_mode = False

    def initialize_options(self) -> None:
        """Set what no option has been read of."""
        self.build_lib: str | None = None
        self.inplace = False

    def finalize_options(self) -> None:
        """Take what isn't given from ``build``."""
        self.set_undefined_options("build", ("build_lib", "build_lib"))

    def run(self) -> None:
        """Build every module: in the source tree where the installation is editable."""
        in_place = self.inplace or self.editable_mode
        for module in self.modules:
            folder = self.source_folder(module) if in_place else self.folder(module)
            try:
                module.build(Path(), folder)
            except (OSError, RuntimeError) as error:
                raise BaseError(str(error)) from None

    def folder(self, module: Module) -> Path:
        """Return the folder of a module's package among what is built."""
        return Path(self.build_lib or "", module.package)

    def source_folder(self, module: Module) -> Path:
        """Return the folder of a module's package in the source tree."""
        build_py = self.get_finalized_command("build_py")
        return Path(build_py.get_package_dir(".".join(module.package.parts)))

    def get_source_files(self) -> list[str]:
        """Return the files of the project that the modules are made from, included ones too: what an sdist needs."""
        found: list[str] = []
        for module in self.modules:
            try:
                found += module.inputs(Path())
            except F2pypyError as error:
                self.announce(f"f2pypy can't tell what the sources include: {error}", 3)
                found += module.found(Path())
        return [path for path in dict.fromkeys(found) if is_inside(path)]

    def get_outputs(self) -> list[str]:
        """Return the paths of what is built, as they are without ``editable_mode``."""
        return list(self.get_output_mapping() or self._outputs())

    def get_output_mapping(self) -> dict[str, str]:
        """Return for each of the outputs the file in the source tree, where the installation is editable."""
        if not self.editable_mode:
            return {}
        return dict(zip(self._outputs(), self._outputs(in_place=True), strict=True))

    def _outputs(self, *, in_place: bool = False) -> list[str]:
        folder = self.source_folder if in_place else self.folder
        return [str(folder(m) / name) for m in self.modules for name in m.files]


def is_inside(path: str) -> bool:
    """Whether a file belongs to the project in the current folder."""
    return not os.path.relpath(path).startswith(os.pardir)


def commands(dist: Any, config: Mapping[str, Any], own: str) -> dict[str, type]:
    """Return the commands for a project, made from those that it has; `own` is the name of the one for Fortran.

    Raises ValueError for a faulty configuration.
    """
    modules = tuple(modules_of(config))
    build = dist.get_command_class("build")
    found = {
        own: type(own, (BuildFortran,), {"modules": modules}),
        "build": type("build", (build,), {"sub_commands": [*build.sub_commands, (own, None)]}),
        "build_py": without_built(dist.get_command_class("build_py"), modules),
    }  # fmt: skip
    # an old setuptools without the package wheel makes nothing but sdists
    with contextlib.suppress(BaseError):
        found["bdist_wheel"] = tagged(dist.get_command_class("bdist_wheel"))
    return found


def without_built(base: Any, modules: tuple[Module, ...]) -> type:
    """Return ``build_py`` that doesn't take a module for a source that an editable installation has built."""
    built = {module.module for module in modules}

    class build_py(base):  # type: ignore[misc] # noqa: N801 - setuptools shows the name
        def find_package_modules(self, package: str, package_dir: str) -> list[tuple[str, str, str]]:  # fmt: skip
            found = super().find_package_modules(package, package_dir)
            return [each for each in found if f"{package}.{each[1]}" not in built]

    return build_py


def tagged(base: Any) -> type:
    """Return ``bdist_wheel`` whose wheels serve every Python 3 of the platform."""

    class bdist_wheel(base):  # type: ignore[misc] # noqa: N801
        def get_tag(self) -> tuple[str, str, str]:
            python, abi, platform = super().get_tag()
            # an extension module in C beside Fortran's still needs its own Python
            if self.distribution.ext_modules:
                return python, abi, platform
            return "py3", "none", platform

    return bdist_wheel
