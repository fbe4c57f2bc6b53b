"""A page in headless Chromium, by its DevTools protocol: as much of it as looking and pressing keys takes."""

import json
import subprocess
import time
from itertools import count
from pathlib import Path

from websockets.sync.client import connect


class Chromium:
    """One page. `with Chromium(folder) as page:`"""

    def __init__(self, folder, width=1400, height=900):
        self.folder, self.numbers = Path(folder), count(1)
        # The sandbox needs privileges that containers do not have; the page is our own.
        self.process = subprocess.Popen(
            [
                "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--remote-debugging-port=0", f"--user-data-dir={self.folder}", f"--window-size={width},{height}", "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.socket = connect(self.target(), max_size=1 << 26)
        # As if somebody sat before it: keys and focus go to the page.
        self.command("Emulation.setFocusEmulationEnabled", enabled=True)

    def target(self):
        """The address of the page, once Chromium has written down that of itself."""
        port = self.folder / "DevToolsActivePort"
        within(30, lambda: port.exists() and len(port.read_text().splitlines()) == 2)
        number, browser = port.read_text().splitlines()
        with connect(f"ws://127.0.0.1:{number}{browser}") as socket:
            socket.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
            targets = json.loads(socket.recv())["result"]["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        return f"ws://127.0.0.1:{number}/devtools/page/{page['targetId']}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.process.terminate()
        self.process.wait()

    def command(self, method, **parameters):
        """The result of a command of the protocol; events in between are passed over."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (answer := json.loads(self.socket.recv(timeout=30))).get("id") != number:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def go(self, address):
        """Opens a page."""
        self.command("Page.navigate", url=address)

    def ask(self, expression):
        """The value of an expression on the page."""
        answer = self.command("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def press(self, key):
        """Presses a key and lets it go."""
        text = {"text": key} if len(key) == 1 else {}
        self.command("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
        self.command("Input.dispatchKeyEvent", type="keyUp", key=key)

    def picture(self):
        """What the window shows, as PNG in base64."""
        return self.command("Page.captureScreenshot")["data"]


def within(seconds, holds):
    """Waits until `holds()`; gives how long that took, or objects."""
    begun = time.monotonic()
    while not (found := holds()):
        if time.monotonic() - begun > seconds:
            raise AssertionError(f"not within {seconds} s")
        time.sleep(0.01)
    return time.monotonic() - begun, found
