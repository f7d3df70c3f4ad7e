"""English sentences of one part of the portal: requests that are refused, and the list of routes."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "app-host": "This is not an address of the portal.",
    "app-busy": "The portal is busy. What you sent was not saved; try again shortly. If it happens again, give the code {number} to who runs the portal.",
    "screen-error-foreign-title": "A request from another site was refused",
    "screen-error-foreign": "Forms are taken from the pages of this portal alone. Open the page from the menu and fill it in again.",
    "screen-error-large-title": "Too large",
    "screen-error-large": "Shorten what you wrote or make the file smaller, then try again.",
    "screen-error-slow-title": "It did not arrive",
    "screen-error-slow": "The line was too slow and what you sent was cut off. Nothing was saved; try again.",
    "screen-error-print": "This letter takes too long or is too large to print. Its number and its content are kept. Open it once more; if that does not help, tell the number below to whoever runs the portal.",
    "screen-error-print-reason": "The reason: {reason}.",
    "screen-error-print-title": "The letter cannot be printed yet",
    "screen-error-often-title": "Too often",
    "screen-error-often": "Wait a few minutes, then try again.",
    "screen-error-busy-title": "The portal is busy",
    "screen-error-busy": "What you just sent was not saved. Wait a moment, go back to the page before and try again.",
    "help-openapi": "write the portal's addresses, queries and forms as OpenAPI 3.1",
    "help-openapi-more": "Writes the addresses, queries and forms that the newest release serves as OpenAPI 3.1 (JSON), for test tools. It holds no data of residents.",
}
