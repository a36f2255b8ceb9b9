"""One page of a browser, driven the same way in Chromium, in Firefox and in WebKit, the engine of every iPhone.

Chromium is driven by Playwright as everywhere in the tests. Playwright's own Firefox and WebKit are patched and no
distribution has them; those of Debian speak WebDriver: Firefox its BiDi (https://w3c.github.io/webdriver-bidi/)
through a WebSocket, WebKit the classic one (https://www.w3.org/TR/webdriver2/) through HTTP.
"""

import asyncio
import base64
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Error as PlaywrightError
from tornado.websocket import WebSocketClientConnection, websocket_connect

# Conditions are waited for, however slow the machine is; a minute means that they never come.
PATIENCE = 60.0
# https://www.w3.org/TR/webdriver2/#keyboard-actions
KEYS = {"Tab": "\ue004", "Enter": "\ue006", "Escape": "\ue00c", "End": "\ue010"}
Result = TypeVar("Result")

# Where a finger meets the first line of an element, once that has been painted and nothing else lies above it.
POINT = """async selector => {
    const element = document.querySelector(selector);
    element?.scrollIntoView({block: "center", behavior: "instant"});
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const line = element?.getClientRects()[0];
    if (!line) return null;
    const [x, y] = [Math.round(line.x + line.width / 2), Math.round(line.y + line.height / 2)];
    return element.contains(document.elementFromPoint(x, y)) ? [x, y] : null;
}"""


def eventually(attempt: Callable[[], Result | None], what: str) -> Result:
    """What an attempt comes to, repeated until it comes to something."""
    limit = time.monotonic() + PATIENCE
    while not (found := attempt()):
        assert time.monotonic() < limit, f"not within {PATIENCE:.0f} seconds: {what}"
        threading.Event().wait(0.05)
    return found


class EngineError(Exception):
    """What a browser answered instead of doing what it was asked to."""


class Engine(ABC):
    """A browser with one page."""

    @abstractmethod
    def goto(self, url: str) -> None:
        """Opens a page and waits until it is loaded."""

    @abstractmethod
    def settled(self, expression: str) -> Any:
        """The string that a promise in JavaScript comes to. EngineError where it throws or its page goes."""

    @abstractmethod
    def press_at(self, x: int, y: int) -> None:
        """Presses and releases the main button of the mouse at a point of the viewport, in CSS pixels."""

    @abstractmethod
    def type(self, *keys: str) -> None:
        """Presses keys one after the other: letters, or the names in KEYS."""

    @abstractmethod
    def size(self, width: int, height: int) -> None:
        """Gives the viewport a size in CSS pixels."""

    @abstractmethod
    def screenshot(self) -> bytes:
        """What the viewport shows, as PNG."""

    @abstractmethod
    def print(self) -> bytes:
        """The page on paper, as PDF."""

    @abstractmethod
    def close(self) -> None:
        """Ends the browser and every process of it."""

    def evaluate(self, function: str, *arguments: object) -> Any:
        """What a function in JavaScript returns for arguments that JSON can hold, and its promise comes to."""
        call = f"({function})(...{json.dumps(arguments)})"
        return json.loads(self.settled(f"(async () => JSON.stringify(await {call} ?? null))()"))

    def until(self, condition: str, *arguments: object) -> None:
        """Waits until a function in JavaScript returns what is true, on this page or on the next one."""
        eventually(lambda: self.holds(condition, *arguments), f"{condition} {arguments or ''}")

    def holds(self, condition: str, *arguments: object) -> bool:
        """Whether a function in JavaScript returns what is true; nothing does on a page that goes meanwhile."""
        with contextlib.suppress(EngineError):
            return bool(self.evaluate(f"async (...given) => Boolean(await ({condition})(...given))", *arguments))
        return False

    def click(self, selector: str) -> None:
        """Clicks in the middle of an element's first line as soon as it is to be seen there."""
        self.until(POINT, selector)
        self.press_at(*self.evaluate(POINT, selector))

    def text(self, selector: str) -> str:
        """The words of an element as they are seen."""
        return str(self.evaluate("selector => document.querySelector(selector).innerText", selector))


class Chromium(Engine):
    """The Chromium that all tests share."""

    def __init__(self, browser: Browser) -> None:
        self.page = browser.new_page(reduced_motion="reduce")
        self.page.set_default_timeout(PATIENCE * 1000)

    def goto(self, url: str) -> None:
        self.page.goto(url)

    def settled(self, expression: str) -> Any:
        try:
            return self.page.evaluate(expression)
        except PlaywrightError as error:
            raise EngineError(error.message) from error

    def press_at(self, x: int, y: int) -> None:
        self.page.mouse.click(x, y)

    def type(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def size(self, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    def screenshot(self) -> bytes:
        return self.page.screenshot()

    def print(self) -> bytes:
        return self.page.pdf()

    def close(self) -> None:
        self.page.context.close()


class Driven(Engine):
    """A browser in processes of its own that takes commands of WebDriver; the programs it needs and who has them."""

    programs: ClassVar[list[str]]
    packages: ClassVar[str]

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="engine-"))
        self.running: list[subprocess.Popen[bytes]] = []
        try:
            self.open()
        except BaseException:
            self.close()
            raise

    @abstractmethod
    def open(self) -> None:
        """Starts the browser and connects to it."""

    @abstractmethod
    def act(self, actions: list[dict[str, Any]]) -> None:
        """Performs actions, which have the same form in both protocols."""

    def start(self, *words: str, **environment: str) -> None:
        """Starts a program with a home of its own, in a group of processes that ends with it; it prints to a file."""
        surroundings = {**os.environ, "HOME": str(self.folder), "NO_AT_BRIDGE": "1", **environment}
        with (self.folder / "output").open("ab") as output:
            made = subprocess.Popen(words, stdout=output, stderr=output, env=surroundings, start_new_session=True)
        self.running.append(made)

    def printed(self, pattern: str) -> str:
        """The first group of a pattern that a program prints once it is ready."""

        def look() -> re.Match[str] | None:
            output = (self.folder / "output").read_text(encoding="utf-8", errors="replace")
            assert all(made.poll() is None for made in self.running), output
            return re.search(pattern, output)

        return eventually(look, pattern)[1]

    def press_at(self, x: int, y: int) -> None:
        steps: list[dict[str, Any]] = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self.act([{"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps}])

    def type(self, *keys: str) -> None:
        codes = [KEYS.get(key, key) for key in keys]
        steps = [{"type": step, "value": code} for code in codes for step in ("keyDown", "keyUp")]
        self.act([{"type": "key", "id": "keyboard", "actions": steps}])

    def close(self) -> None:
        for made in reversed(self.running):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(made.pid, signal.SIGKILL)
            made.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Firefox(Driven):
    """Firefox with a fresh profile and without a window."""

    programs, packages = ["firefox-esr"], "firefox-esr"
    socket: WebSocketClientConnection | None = None
    asked = 0

    def open(self) -> None:
        (self.folder / "user.js").write_text('user_pref("ui.prefersReducedMotion", 1);', encoding="utf-8")
        self.start("firefox-esr", "--headless", "--remote-debugging-port=0", "--profile", str(self.folder))
        address = self.printed(r"WebDriver BiDi listening on (ws://\S+)")
        # Playwright's own loop runs in this thread.
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.socket = self.wait(connected(f"{address}/session"))
        self.command("session.new", capabilities={})
        self.page = self.command("browsingContext.getTree")["contexts"][0]["context"]

    def wait(self, coming: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coming, self.loop).result(PATIENCE)

    def command(self, method: str, **parameters: Any) -> Any:
        self.asked += 1
        return self.wait(self.answer({"id": self.asked, "method": method, "params": parameters}))

    async def answer(self, command: dict[str, Any]) -> Any:
        assert self.socket
        await self.socket.write_message(json.dumps(command))
        while True:
            message = await self.socket.read_message()
            if message is None:
                raise EngineError("the browser is gone")
            answer = json.loads(message)
            if answer.get("id") == command["id"]:
                break
        if answer["type"] == "error":
            raise EngineError(answer["message"])
        return answer["result"]

    def goto(self, url: str) -> None:
        self.command("browsingContext.navigate", context=self.page, url=url, wait="complete")

    def settled(self, expression: str) -> Any:
        place = {"context": self.page}
        result = self.command("script.evaluate", expression=expression, target=place, awaitPromise=True)
        if result["type"] == "exception":
            raise EngineError(result["exceptionDetails"]["text"])
        return result["result"]["value"]

    def act(self, actions: list[dict[str, Any]]) -> None:
        self.command("input.performActions", context=self.page, actions=actions)

    def size(self, width: int, height: int) -> None:
        self.command("browsingContext.setViewport", context=self.page, viewport={"width": width, "height": height})

    def screenshot(self) -> bytes:
        return base64.b64decode(self.command("browsingContext.captureScreenshot", context=self.page)["data"])

    def print(self) -> bytes:
        return base64.b64decode(self.command("browsingContext.print", context=self.page)["data"])

    def close(self) -> None:
        if self.socket:
            self.loop.call_soon_threadsafe(self.socket.close)
        super().close()
        if hasattr(self, "thread"):
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join()
            self.loop.close()


async def connected(address: str) -> WebSocketClientConnection:
    """A connection over which pictures of pages come as well."""
    return await websocket_connect(address, max_message_size=1 << 28)


class WebKit(Driven):
    """WebKitGTK's MiniBrowser on a display of its own."""

    programs, packages = ["WebKitWebDriver", "Xvfb"], "webkit2gtk-driver xvfb"
    session = ""

    def open(self) -> None:
        # The window has nothing but the page in it, and may be as narrow as a telephone.
        looks = self.folder / "gtk-3.0"
        looks.mkdir()
        (looks / "gtk.css").write_text("* { min-width: 0; padding: 0 }", encoding="utf-8")
        (looks / "settings.ini").write_text("[Settings]\ngtk-enable-animations=0\n", encoding="utf-8")
        self.start("Xvfb", "-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "2000x2000x24")
        display = ":" + self.printed(r"(?m)^(\d+)$")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.start("WebKitWebDriver", f"--port={port}", DISPLAY=display, XDG_CONFIG_HOME=str(self.folder))
        self.driver = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        browser = max(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
        options = {"binary": str(browser), "args": ["--automation", "--full-screen"]}
        capabilities = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        eventually(self.reached, "WebKitWebDriver answers")
        self.session = "/" + self.command("POST", "", capabilities=capabilities)["sessionId"]

    def reached(self) -> bool:
        with contextlib.suppress(ConnectionRefusedError):
            self.driver.connect()
            return True
        return False

    def command(self, method: str, path: str, **body: Any) -> Any:
        self.driver.request(method, f"/session{self.session}{path}", json.dumps(body) if method == "POST" else None)
        response = self.driver.getresponse()
        value = json.loads(response.read())["value"]
        if response.status != HTTPStatus.OK:
            raise EngineError(value["message"])
        return value

    def goto(self, url: str) -> None:
        self.command("POST", "/url", url=url)

    def settled(self, expression: str) -> Any:
        return self.command("POST", "/execute/sync", script=f"return {expression}", args=[])

    def act(self, actions: list[dict[str, Any]]) -> None:
        self.command("POST", "/actions", actions=actions)

    def size(self, width: int, height: int) -> None:
        self.command("POST", "/window/rect", width=width, height=height)
        self.until("(...size) => innerWidth === size[0] && innerHeight === size[1]", width, height)

    def screenshot(self) -> bytes:
        return base64.b64decode(self.command("GET", "/screenshot"))

    def print(self) -> bytes:
        pytest.skip("WebKitWebDriver has no command that prints")

    def close(self) -> None:
        # Its children are in groups of their own: the driver ends them.
        if self.session:
            with contextlib.suppress(EngineError, OSError, HTTPException):
                self.command("DELETE", "")
        if hasattr(self, "driver"):
            self.driver.close()
        super().close()
