"""Chromium without a window, spoken to through its DevTools protocol: JSON texts in two pipes, each ended by a NUL."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# The browser reads its commands from file 3 and writes to file 4.
START = 'exec "$@" 3<&{commands} 4>&{answers}'
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
    "--remote-debugging-pipe",
)  # fmt: skip


def find() -> str | None:
    """Return the program, None where there is no browser of this family."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class PageLeftError(RuntimeError):
    """The browser went to another page before it had an answer."""


class Browser:
    """One page of a browser; `events` are what it has said since it was last told to open an address."""

    def __init__(self, program: str) -> None:
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        for_browser, self._commands = os.pipe()
        self._answers, from_browser = os.pipe()
        start = START.format(commands=for_browser, answers=from_browser)
        words = [program, *FLAGS, f"--user-data-dir={self._profile.name}"]
        self._process = subprocess.Popen(
            ["bash", "-c", start, "browser", *words],
            pass_fds=(for_browser, from_browser),
            stderr=subprocess.DEVNULL,
        )
        os.close(for_browser)
        os.close(from_browser)
        self._numbers = itertools.count(1)
        self._session: str | None = None
        self._unread = b""
        self.events: list[dict[str, Any]] = []
        page = self.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=page, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def close(self) -> None:
        """End the browser."""
        self._process.terminate()
        self._process.wait(30)
        os.close(self._commands)
        os.close(self._answers)
        self._profile.cleanup()

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return the answer to a command; RuntimeError with what the browser says against it."""
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            command["sessionId"] = self._session
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        while (answer := self._read()).get("id") != number:
            self.events.append(answer)
        if "error" in answer:
            kind = (
                PageLeftError
                if "navigated" in answer["error"]["message"]
                else RuntimeError
            )
            raise kind(f"{method}: {answer['error']}")
        return answer["result"]

    def _read(self, seconds: float = 60) -> dict[str, Any]:
        while b"\0" not in self._unread:
            if not select.select([self._answers], [], [], seconds)[0]:
                raise TimeoutError(f"the browser has been silent for {seconds} s")
            read = os.read(self._answers, 1 << 20)
            if not read:
                raise RuntimeError("the browser has ended")
            self._unread += read
        text, _, self._unread = self._unread.partition(b"\0")
        return json.loads(text)

    def open(self, address: str) -> None:
        """Open a page and wait until all of it is loaded, its pictures and scripts too."""
        self.events.clear()
        failure = self.ask("Page.navigate", url=address).get("errorText")
        if failure:
            raise RuntimeError(f"{address}: {failure}")
        while not any(each["method"] == "Page.loadEventFired" for each in self.events):
            self.events.append(self._read())

    def value(self, expression: str) -> Any:
        """Return the value of an expression in JavaScript."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait_for(self, expression: str, is_enough: Callable[[Any], bool] = bool) -> Any:
        """Return the value of an expression as soon as it is enough; TimeoutError after half a minute."""
        end, value = time.monotonic() + 30, None
        while time.monotonic() < end:
            with contextlib.suppress(PageLeftError):
                value = self.value(expression)
                if is_enough(value):
                    return value
            time.sleep(0.05)
        raise TimeoutError(f"{expression} is {value!r}")

    def press(self, key: str, code: int, text: str = "") -> None:
        """Press a key and let it go."""
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, text=text,
                     windowsVirtualKeyCode=code)  # fmt: skip

    def type(self, text: str) -> None:
        """Write a text where the cursor is."""
        self.ask("Input.insertText", text=text)

    def resize(self, width: int, height: int) -> None:
        """Let the screen be so large, in pixels; a narrow one is that of a telephone."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                 mobile=width < 600)  # fmt: skip

    def photograph(self, file: Path) -> None:
        """Write a picture of what is on the screen."""
        data = self.ask("Page.captureScreenshot", format="png")["data"]
        file.write_bytes(b64decode(data))

    def complaints(self) -> list[str]:
        """Return the errors and warnings of the page that is open: of its scripts, and of what it loads."""
        return [text for event in self.events if (text := _complaint(event))]


def _complaint(event: dict[str, Any]) -> str:
    said = event.get("params", {})
    match event["method"]:
        case "Runtime.exceptionThrown":
            return f"exception: {said['exceptionDetails']}"
        case "Runtime.consoleAPICalled" if said["type"] in ("error", "warning", "assert"):  # fmt: skip
            return f"console: {[each.get('value') for each in said['args']]}"
        case "Log.entryAdded" if said["entry"]["level"] in ("error", "warning"):
            return f"log: {said['entry']['text']} {said['entry'].get('url', '')}"
        case "Network.loadingFailed" if not said.get("canceled"):
            return f"network: {said['errorText']}"
    return ""
