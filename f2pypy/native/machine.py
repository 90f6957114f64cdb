"""Machine code in memory: LLVM's compiler."""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterable, Sequence
from typing import Any

import llvmlite.binding as llvm

from f2pypy.dataclass import dataclass


@dataclass(frozen=True)
class Written:
    """The LLVM IR of a function, its name there, and the Python objects that it mentions."""

    text: str
    name: str
    mentions: tuple[Any, ...]


class Machine:
    """A compiler for this processor. What it made is never freed: nobody knows who may still call it."""

    def __init__(self) -> None:
        with contextlib.suppress(RuntimeError):  # newer versions do it themselves
            llvm.initialize()
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        target = llvm.Target.from_default_triple()
        self._target = target.create_target_machine(opt=1)
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), self._target)
        immortal: list[Any] = [self._target, self._engine]
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(immortal))

    def compile(self, written: Written) -> int:
        """Return the address of the compiled function."""
        return self.compile_all(written.text, [written.name], written.mentions)[
            written.name
        ]

    def compile_all(
        self, text: str, names: Iterable[str], mentions: Sequence[Any]
    ) -> dict[str, int]:
        """Return the addresses of the functions `names` of LLVM IR that mentions Python objects."""
        module = llvm.parse_assembly(text)
        module.verify()
        self._optimize(module)
        self._engine.add_module(module)
        self._engine.finalize_object()
        ctypes.pythonapi.Py_IncRef(ctypes.py_object([module, mentions]))
        return {name: int(self._engine.get_function_address(name)) for name in names}

    def _optimize(self, module: Any) -> None:
        """Run the few passes that are worth their time: branches whose outcome is known by then go away."""
        if not hasattr(llvm, "create_new_module_pass_manager"):
            levels = llvm.create_pass_manager_builder()  # llvmlite before 0.44
            levels.opt_level = 1
            passes = llvm.create_module_pass_manager()
            levels.populate(passes)
            passes.run(module)
            return
        passes = llvm.create_new_module_pass_manager()
        passes.add_sroa_pass()
        passes.add_simplify_cfg_pass()
        passes.add_jump_threading_pass()
        passes.add_simplify_cfg_pass()
        options = llvm.create_pipeline_tuning_options()
        passes.run(module, llvm.create_pass_builder(self._target, options))
