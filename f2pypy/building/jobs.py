"""Commands that run beside this program, as many at a time as there are processors, and end with it."""

from __future__ import annotations

import contextlib
import graphlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from f2pypy.building.messages import failure
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import F2pypyError

# Messages are read, so they must be in English; file names in them are in UTF-8.
ENGLISH = {"LC_ALL": "C.UTF-8", "LANGUAGE": "C"}
_HAS_SESSIONS = os.name == "posix"


@dataclass(frozen=True)
class Answer:
    """How a command ended and its output."""

    status: int
    output: str
    errors: str


class Runner:
    """Runs commands in several threads; `stop` ends all that run, with what they have started themselves."""

    def __init__(
        self,
        environment: Mapping[str, str],
        told: Callable[[Sequence[str], str], None] | None = None,
    ) -> None:
        self._environment = {**environment, **ENGLISH}
        self._told = told
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self.is_stopped = False

    def run(self, command: Sequence[str]) -> Answer:
        """Run a command to its end. Raises F2pypyError where it can't be started, InterruptedError after `stop`."""
        if threading.current_thread() is not threading.main_thread():
            return self._run(command)
        # Signals raise in the main thread only, also in the middle of Popen, when nothing knows the new process yet.
        with ThreadPoolExecutor(max_workers=1) as aside:
            try:
                return aside.submit(self._run, command).result()
            except (F2pypyError, InterruptedError):
                raise
            except BaseException:  # a signal's
                self.stop()
                raise

    def _run(self, command: Sequence[str]) -> Answer:
        with self._lock:
            if self.is_stopped:
                raise InterruptedError
            process = self._start(command)
            self._running.add(process)
        try:
            output, errors = process.communicate()
        finally:
            with self._lock:
                self._running.discard(process)
        if self.is_stopped:
            raise InterruptedError
        if self._told is not None:
            with self._lock:
                self._told(command, errors)
        return Answer(process.returncode, output, errors)

    def _start(self, command: Sequence[str]) -> subprocess.Popen[str]:
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                env=self._environment,
                # a compiler is a driver with children of its own: a session lets all of them be ended
                start_new_session=_HAS_SESSIONS,
            )
        except OSError as error:
            raise failure(f"{command[0]} can't be run: {error.strerror}") from None

    def stop(self) -> None:
        """End every command that runs; none is started any more."""
        with self._lock:
            self.is_stopped = True
            for process in self._running:
                _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """End a process with its children; nothing happens where it has ended."""
    with contextlib.suppress(OSError):
        if _HAS_SESSIONS:
            os.killpg(process.pid, signal.SIGTERM)
        else:
            process.terminate()


class Jobs:
    """Numbered jobs, each begun in a thread when those it waits for are done; after a failure no other is begun."""

    def __init__(
        self, waits_for: Mapping[int, Iterable[int]], work: Callable[[int], None]
    ) -> None:
        self._order: graphlib.TopologicalSorter[int] = graphlib.TopologicalSorter(
            waits_for
        )
        self._order.prepare()
        self._ready = list(self._order.get_ready())
        self._work = work
        self._changed = threading.Condition()
        self.failures: dict[int, BaseException] = {}
        count = min(os.cpu_count() or 1, len(waits_for))
        self._threads = [
            threading.Thread(target=self._serve, daemon=True) for _ in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def _serve(self) -> None:
        while (number := self._next()) is not None:
            failure: BaseException | None = None
            try:
                self._work(number)
            except BaseException as error:  # raised again by `wait`
                failure = error
            with self._changed:
                if failure is None:
                    self._order.done(number)
                    # in the order of the command line where that is free
                    self._ready = sorted([*self._ready, *self._order.get_ready()])
                else:
                    self.failures[number] = failure
                self._changed.notify_all()

    def _next(self) -> int | None:
        with self._changed:
            while True:
                if self.failures or not self._order.is_active():
                    return None
                if self._ready:
                    return self._ready.pop(0)
                self._changed.wait()

    def wait(self) -> None:
        """Wait for the end of every job that was begun."""
        for thread in self._threads:
            thread.join()

    def raise_failures(self) -> None:
        """Raise the compilers' messages about all jobs; any other error is raised first."""
        failures = [self.failures[number] for number in sorted(self.failures)]
        for error in failures:
            if not isinstance(error, F2pypyError):
                raise error
        found = [d for e in failures if isinstance(e, F2pypyError) for d in e.diagnostics]  # fmt: skip
        if found:
            raise F2pypyError(tuple(dict.fromkeys(found)))
