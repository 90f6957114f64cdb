"""A module whose calls run in a process of their own, which may die of anything and is started anew.

Routines and objects of the module are stand-ins: a call travels through a `f2pypy.runtime.peers.Peer` to the worker,
which has the same module without stand-ins. Objects that a call returns stay in the worker.
"""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import weakref
from functools import update_wrapper
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Callable, Iterable

from f2pypy.runtime.peers import Announced, Peer, Reference, is_function

_WORKER = "F2PYPY_WORKER"
_START = """
import importlib, importlib.util, sys
name, file, verb, descriptor = sys.argv[1:]
if "." in name:
    module = importlib.import_module(name)
else:
    specification = importlib.util.spec_from_file_location(name, file)
    module = sys.modules[name] = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
getattr(module.__worker__, verb)(int(descriptor))
"""
_GONE = (EOFError, BrokenPipeError, ConnectionResetError)


class WorkerDied(RuntimeError):
    """The process that runs the calls has ended: `signal` says by which signal, None where it was none.

    `code` is its exit status, as `subprocess` has it: negative for a signal.
    """

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text, code)
        self.code, self.signal = code, signal.Signals(-code) if code < 0 else None

    def __str__(self) -> str:
        return str(self.args[0])


class Worker:
    """The process that runs the calls of the module with these globals; it starts with the first call.

    `names` are the routines and objects that users see; `died` is the exception for the end of the process. Raises
    ImportError where processes can't be started in this way.
    """

    def __init__(self, namespace: dict[str, Any], names: Iterable[str], died: Callable[[str, int], Exception]) -> None:
        self.namespace, self.name, self.died = namespace, namespace["__name__"], died
        self.lock = threading.RLock()
        self.process: subprocess.Popen[bytes] | None = None
        self.peer: Peer | None = None
        self.prefix = ""
        self.code = 0  # the exit status of the process that ended last
        self.originals: dict[str, Any] = {}  # what the stand-ins stand for, in this process
        if os.environ.get(_WORKER) == self.name:
            return
        if os.name != "posix":
            raise ImportError(f"{self.name}: --isolated needs a POSIX system")
        for name in names:
            found, reference = namespace[name], Reference((name,), home=True)
            if isinstance(found, (int, type)):
                continue  # an enumeration and its members
            self.originals[name] = found
            namespace[name] = self.function(reference) if is_function(found) else RemoteObject(self, reference)
        namespace.setdefault("restart", self.restart)
        atexit.register(self.restart)
        os.register_at_fork(after_in_child=self._leave_to_parent)

    def restart(self) -> None:
        """End the process: the next call starts one whose SAVEd and module variables have their first values."""
        with self.lock:
            if self.process is not None:
                self.process.kill()
                self.code = self.process.wait()
                remove_shared_memory(self.prefix)
            self._forget()

    def _leave_to_parent(self) -> None:
        self.lock = threading.RLock()  # another thread may have had it
        self._forget()

    def _forget(self) -> None:
        if self.peer is not None:
            self.peer.connection.close()
        self.process = self.peer = None

    def ask(self, verb: str, reference: Reference, *arguments: Any) -> Any:
        """Have the process do something with what a reference stands for; the exception `died` if it ends meanwhile."""
        with self.lock:
            peer = self.peer or self._start()
            try:
                answer = peer.exchange(verb, reference, *arguments)
            except OSError as failure:
                # A callback has ended the process, by a call of its own or by `restart`.
                is_over = self.peer is not peer
                if not is_over and not isinstance(failure, _GONE):
                    raise
                raise self._death(reference, is_over) from None
            except EOFError:
                raise self._death(reference) from None
            except (KeyboardInterrupt, SystemExit):
                self.restart()
                raise
            return peer.outcome(*answer)

    def _start(self) -> Peer:
        here, there = socket.socketpair()
        folders = os.pathsep.join(each or os.getcwd() for each in sys.path)
        environment = {**os.environ, _WORKER: self.name, "F2PYPY_TRACEBACK": "0", "PYTHONPATH": folders}
        # the method is named here, else a module without callbacks wouldn't carry it
        about = [self.name, self.namespace.get("__file__") or "", "serve", str(there.fileno())]
        command = [sys.executable, "-c", _START, *about]
        self.process = subprocess.Popen(command, env=environment, pass_fds=[there.fileno()])
        there.close()
        self.prefix = f"f2pypy_{os.getpid()}_{self.process.pid}"
        self.peer = Peer(Connection(here.detach()), self._stand_in, self.prefix)
        return self.peer

    def _stand_in(self, reference: Reference) -> Any:
        mine = Reference((), reference.number, home=True)
        if reference.about is None:
            return RemoteObject(self, mine)
        made = self.function(mine)
        made.__name__, made.__doc__, _ = reference.about
        return made

    def function(self, reference: Reference) -> Any:
        """Return what calls a function of the worker; one that the module has looks like the module's own."""

        def call(*arguments: Any, **keywords: Any) -> Any:
            if "fresh" in keywords and not has_fresh() and keywords.pop("fresh"):
                self.restart()
            return self.ask("call", reference, arguments, keywords)

        def has_fresh() -> bool:
            from inspect import signature  # slow to import

            return bool(reference.path) and "fresh" in signature(call).parameters

        if reference.path:
            update_wrapper(call, self.original(reference.path), updated=())
        call._reference = reference  # type: ignore[attr-defined]
        return call

    def original(self, path: tuple[str, ...]) -> Any:
        """Return what a path leads to in this process, which nobody calls here."""
        found = self.originals[path[0]]
        for name in path[1:]:
            found = getattr(found, name)
        return found

    def _death(self, reference: Reference, is_over: bool = False) -> Exception:
        if not is_over:
            assert self.process is not None
            self.code = self.process.wait()
            remove_shared_memory(self.prefix)
            self._forget()
        code = self.code
        why = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit status {code}"
        return self.died(
            f"{'.'.join((self.name, *reference.path))}: its process ended {why}; the next call starts another, in "
            "which module variables have their first values",
            code,
        )

    def serve(self, descriptor: int) -> None:
        """Answer, in the process that runs the calls, until the other side is gone."""
        from multiprocessing import resource_tracker

        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # The side that receives shared memory gives it back to the system.
        tracker: Any = resource_tracker
        tracker.register = tracker.unregister = lambda *_: None
        prefix = f"f2pypy_{os.getppid()}_{os.getpid()}_w"
        # Numbers that no other worker gives: what stands for an object of one that has ended must not find another.
        first = time.monotonic_ns()
        self.peer = peer = Peer(Connection(descriptor), self._callback, prefix, self._find, first)
        try:
            peer.serve()
        except _GONE:
            os._exit(0)

    def _find(self, path: tuple[str, ...]) -> Any:
        found: Any = self.namespace[path[0]]
        for name in path[1:]:
            found = getattr(found, name)
        return found

    def _callback(self, reference: Reference) -> Any:
        """Return what calls a function of the other side."""
        there = Reference((), reference.number, home=True)

        def call(*arguments: Any, **keywords: Any) -> Any:
            assert self.peer is not None
            return self.peer.ask("call", there, arguments, keywords)

        made: Any = call if reference.about is None else Announced(call, reference.about[2])
        made._reference = there
        if self.peer is not None:
            weakref.finalize(made, self.peer.dropped_later, reference.number)
        return made


class RemoteObject:
    """An object of the worker: a Fortran module, a common block, an object of derived type.

    Numbers and arrays that it has are copies, which can't be written to; assigning stores into the worker's object.
    """

    def __init__(self, worker: Worker, reference: Reference) -> None:
        self.__dict__.update(_worker=worker, _reference=reference, _functions={})

    def _ask(self, verb: str, *arguments: Any) -> Any:
        return self._worker.ask(verb, self._reference, *arguments)

    def __reduce_ex__(self, _protocol: Any) -> Any:
        from pkgutil import resolve_name  # slow

        if not self._reference.path:
            raise TypeError(f"{self!r} can't be pickled or copied: it stays in the process that runs the calls")
        return resolve_name, (f"{self._worker.name}:{'.'.join(self._reference.path)}",)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self._functions:
            return self._functions[name]
        found = self._ask("get", name)
        if not self._reference.path or getattr(found, "_reference", None) is None:
            return found
        # What a module has can be found in the next process, too.
        reference = Reference((*self._reference.path, name), home=True)
        if isinstance(found, RemoteObject):
            return RemoteObject(self._worker, reference)
        function = self._functions[name] = self._worker.function(reference)
        return function

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask("set", name, value)

    def __delattr__(self, name: str) -> None:
        self._ask("delete", name)

    def __getitem__(self, place: Any) -> Any:
        return self._ask("item", place)

    def __setitem__(self, place: Any, value: Any) -> None:
        self._ask("store", place, value)

    def __len__(self) -> int:
        return int(self._ask("length"))

    def __eq__(self, other: object) -> bool:
        return self is other or bool(self._ask("equal", other))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return str(self._ask("text"))

    def __dir__(self) -> list[str]:
        return list(self._ask("names"))

    def __del__(self) -> None:
        worker, reference = self._worker, self._reference
        if reference.number and worker.peer is not None:
            worker.peer.dropped_later(reference.number)


def remove_shared_memory(prefix: str) -> None:
    """Give back to the system the shared memory that an ended process has left."""
    for file in Path("/dev/shm").glob(f"{prefix}*"):
        file.unlink(missing_ok=True)
