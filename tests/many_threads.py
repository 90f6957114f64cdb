"""What tests do in many threads at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

PATIENCE = 60  # seconds, far beyond what any of this takes


def run_together(work: Callable[[int], Any], count: int) -> list[Any]:
    """Return what `work` returns or raises in each of so many threads, which start at the same moment."""
    answers: list[Any] = [None] * count
    start = threading.Barrier(count)

    def run(number: int) -> None:
        start.wait(PATIENCE)
        try:
            answers[number] = work(number)
        except Exception as failure:
            answers[number] = failure

    threads = [
        threading.Thread(target=run, args=(number,), daemon=True)
        for number in range(count)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "threads wait for ever"
    return answers


def answers_of(work: Callable[[int], Any], count: int) -> list[Any]:
    """Return what `work` returns in each of so many threads; raise what it raises in one."""
    answers = run_together(work, count)
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return answers
