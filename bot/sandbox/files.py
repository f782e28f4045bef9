"""A file in SharePoint: sharing links, drive items, and content behind a pre-authenticated address.

Enough for a plan that lives in a library. `cTag` moves with the content, `eTag` also with metadata.

| a person | the link | the ids |
|---|---|---|
| renames it, moves it in its library | leads to it | lead to it |
| moves it to another library | 404 | 404: it has others there |
| ends the sharing | 404 | lead to it |
| deletes it | 404 | 404 |
| puts another in its place | leads to the new one | 404: the new one has its own |
| checks it out and holds it | 423 for the content | 423 for the content |
| takes the app's grant away | 403 | 403 |

Facts: graph-facts section 11 (2026-11-22).
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from bot.sandbox.clock import Clock
from bot.sandbox.wire import RefusedError

LINK_LIFE = timedelta(minutes=10)
DOWNLOAD_PATH = "/_download"


@dataclass(slots=True, kw_only=True)
class DriveFile:
    """One file; `content_version` and `version` are what the tags count."""

    url: str
    name: str
    content: bytes
    created: datetime
    modified: datetime
    modified_by: str
    email: str = ""
    folder: str = "Kurser"
    number: int = 1
    is_shared: bool = True
    is_locked: bool = False
    is_denied: bool = False
    content_version: int = 1
    version: int = 1

    @property
    def item_id(self) -> str:
        """The drive item's id."""
        return "01" + self._made_of.hex.upper()

    @property
    def web_url(self) -> str:
        """Where it is opened in the browser."""
        return f"https://kommune.sharepoint.example/sites/hr/{quote(self.folder)}/{quote(self.name)}"

    @property
    def c_tag(self) -> str:
        """The tag of the content."""
        return f'"c:{{{self._made_of}}},{self.content_version}"'

    @property
    def e_tag(self) -> str:
        """The tag of content and metadata."""
        return f'"{{{self._made_of}}},{self.version}"'

    @property
    def _made_of(self) -> UUID:
        return uuid5(NAMESPACE_URL, f"{self.url} {self.number}")


class Files:
    """The files of one drive, by sharing link and by id."""

    DRIVE_ID = "b!sandbox-drive-of-the-course-plans"

    def __init__(self, clock: Clock) -> None:
        """Start with an empty drive."""
        self.clock = clock
        self.files: dict[str, DriveFile] = {}
        self._numbers: dict[str, int] = {}
        self.on_change: Callable[[str], None] = lambda _drive: None
        self._links: dict[str, tuple[DriveFile, datetime]] = {}

    def put(
        self,
        url: str,
        content: bytes,
        *,
        name: str | None = None,
        by: str = "HR",
        email: str = "",
        at: datetime | None = None,
    ) -> DriveFile:
        """Store `content` behind a sharing link; a second time changes the file.

        `by` and `email` are of whoever saves it, `at` when.
        """
        now = at or self.clock.now()
        found = self.files.get(url)
        if found is None:
            name = name or url.rsplit("/", 1)[-1].split("?", maxsplit=1)[0]
            number = self._numbers[url] = self._numbers.get(url, 0) + 1
            found = DriveFile(
                url=url, name=name, content=content, created=now, modified=now, modified_by=by, email=email,
                number=number,
            )  # fmt: skip
            self.files[url] = found
        else:
            found.content, found.modified, found.modified_by, found.email = content, now, by, email
            found.content_version += 1
            found.version += 1
        self.on_change(self.DRIVE_ID)
        return found

    def rename(self, url: str, name: str) -> None:
        """Rename a file: the eTag moves, the cTag does not."""
        found = self.files[url]
        found.name = name
        found.version += 1
        self.on_change(self.DRIVE_ID)

    def move(self, url: str, folder: str) -> None:
        """Move a file to another folder of its library: link and ids stay."""
        found = self.files[url]
        found.folder = folder
        found.version += 1
        self.on_change(self.DRIVE_ID)

    def delete(self, url: str) -> None:
        """Delete a file, or move it to another library, where it has other ids: nothing leads to it."""
        del self.files[url]
        self.on_change(self.DRIVE_ID)

    def by_share(self, share: str) -> DriveFile:
        """Return the file of a `u!...` id. Raises RefusedError 404."""
        text = share.removeprefix("u!")
        try:
            url = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        except ValueError:
            url = ""
        found = self.files.get(url)
        if not share.startswith("u!") or found is None or not found.is_shared:
            raise RefusedError(
                404,
                "itemNotFound",
                "The sharing link no longer exists, or you do not have permission to access it.",
            )
        return _allowed(found)

    def by_id(self, drive: str, item: str) -> DriveFile:
        """Return the file of a drive and item id. Raises RefusedError 404."""
        found = next((f for f in self.files.values() if f.item_id == item), None)
        if drive != self.DRIVE_ID or found is None:
            raise RefusedError(404, "itemNotFound", "The resource could not be found.")
        return _allowed(found)

    def link(self, found: DriveFile) -> str:
        """Return the path of a pre-authenticated address, good for ten minutes."""
        token = uuid4().hex
        self._links[token] = (found, self.clock.now() + LINK_LIFE)
        return f"{DOWNLOAD_PATH}/{token}"

    def download(self, token: str) -> DriveFile:
        """Return the file of a pre-authenticated address. Raises RefusedError 401 when it is stale."""
        found = self._links.get(token)
        if found is None or found[1] < self.clock.now():
            raise RefusedError(401, "unauthenticated", "The link has expired.")
        return found[0]


def _allowed(found: DriveFile) -> DriveFile:
    if found.is_denied:
        raise RefusedError(403, "accessDenied", "The caller does not have permission to perform the action.")
    return found
