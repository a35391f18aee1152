"""Firefox for Selenium without geckodriver: WebDriver's commands over Marionette, which Firefox speaks itself."""

import json
import socket
from typing import Any

from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.remote_connection import RemoteConnection

NAMES = {
    Command.NEW_SESSION: "WebDriver:NewSession",
    Command.SET_TIMEOUTS: "WebDriver:SetTimeouts",
    Command.GET: "WebDriver:Navigate",
    Command.GET_CURRENT_URL: "WebDriver:GetCurrentURL",
    Command.FIND_ELEMENT: "WebDriver:FindElement",
    Command.FIND_ELEMENTS: "WebDriver:FindElements",
    Command.CLICK_ELEMENT: "WebDriver:ElementClick",
    Command.SEND_KEYS_TO_ELEMENT: "WebDriver:ElementSendKeys",
    Command.GET_ELEMENT_TEXT: "WebDriver:GetElementText",
    Command.GET_ELEMENT_RECT: "WebDriver:GetElementRect",
    Command.IS_ELEMENT_ENABLED: "WebDriver:IsElementEnabled",
    Command.W3C_EXECUTE_SCRIPT: "WebDriver:ExecuteScript",
    Command.W3C_EXECUTE_SCRIPT_ASYNC: "WebDriver:ExecuteAsyncScript",
    Command.W3C_ACTIONS: "WebDriver:PerformActions",
    Command.SCREENSHOT: "WebDriver:TakeScreenshot",
    Command.SET_WINDOW_RECT: "WebDriver:SetWindowRect",
}


class MarionetteConnection(RemoteConnection):
    """One connection to a Firefox that was started with --marionette; a message is its length, a colon and JSON."""

    def __init__(self, port: int, seconds: float) -> None:
        super().__init__(client_config=ClientConfig(remote_server_addr=f"http://127.0.0.1:{port}"))
        self.wire = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        self.count = 0
        self._read()  # how it greets

    def execute(self, command: str, params: dict[str, Any]) -> dict[str, Any]:
        """The answer in the shape of WebDriver over HTTP, an error as its status 500."""
        self.count += 1
        words = {name: value for name, value in params.items() if name != "sessionId"}
        message = json.dumps([0, self.count, NAMES[command], words]).encode()
        self.wire.sendall(str(len(message)).encode() + b":" + message)
        _, _, fault, result = self._read()
        if fault:
            return {"status": 500, "value": json.dumps({"value": fault})}
        is_wrapped = isinstance(result, dict) and set(result) == {"value"}
        return result if is_wrapped else {"value": result}

    def close(self) -> None:
        self.wire.close()

    def _read(self) -> Any:
        size = b""
        while (digit := self._take(1)) != b":":
            size += digit
        return json.loads(self._take(int(size)))

    def _take(self, count: int) -> bytes:
        taken = b""
        while len(taken) < count:
            piece = self.wire.recv(count - len(taken))
            if not piece:
                raise ConnectionError("Firefox closed the connection")
            taken += piece
        return taken
