"""What a browser says about a page that a person would not see: errors, broken files, forbidden styles."""

from playwright.sync_api import ConsoleMessage, Page, Response

ABOUT_A_STATUS = "Failed to load resource"
"""Chromium says this of every refusal; `_hear_response` tells which of them are none."""


class Complaints:
    def __init__(self) -> None:
        self.sentences: list[str] = []

    def listen(self, page: Page) -> None:
        page.on("console", self._hear_console)
        page.on("pageerror", lambda error: self.sentences.append(f"{page.url}: {error}"))
        page.on("response", self._hear_response)

    def _hear_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(ABOUT_A_STATUS):
            self.sentences.append(f"{message.location.get('url')}: {message.text}")

    def _hear_response(self, response: Response) -> None:
        """A page may refuse (422 with the form, 403, 404); a file that a page needs may not, and nothing may break."""
        refused = response.status >= 400 and response.request.resource_type != "document"
        if refused or response.status >= 500:
            self.sentences.append(f"{response.url}: {response.status}")
