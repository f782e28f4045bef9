"""A file in SharePoint: sharing links, drive items, and content behind a pre-authenticated address.

Enough for a plan that lives in a library. `cTag` moves with the content, `eTag` also with metadata.
Facts: graph-facts section 11 (2026-11-22).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid4, uuid5

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
    content_version: int = 1
    version: int = 1

    @property
    def item_id(self) -> str:
        """The drive item's id."""
        return "01" + uuid5(NAMESPACE_URL, self.url).hex.upper()

    @property
    def c_tag(self) -> str:
        """The tag of the content."""
        return f'"c:{{{uuid5(NAMESPACE_URL, self.url)}}},{self.content_version}"'

    @property
    def e_tag(self) -> str:
        """The tag of content and metadata."""
        return f'"{{{uuid5(NAMESPACE_URL, self.url)}}},{self.version}"'


class Files:
    """The files of one drive, by sharing link and by id."""

    DRIVE_ID = "b!sandbox-drive-of-the-course-plans"

    def __init__(self, clock: Clock) -> None:
        """Start with an empty drive."""
        self.clock = clock
        self.files: dict[str, DriveFile] = {}
        self._links: dict[str, tuple[DriveFile, datetime]] = {}

    def put(self, url: str, content: bytes, *, name: str | None = None, by: str = "HR") -> DriveFile:
        """Store `content` behind a sharing link; a second time changes the file."""
        now = self.clock.now()
        found = self.files.get(url)
        if found is None:
            name = name or url.rsplit("/", 1)[-1].split("?", maxsplit=1)[0]
            found = DriveFile(url=url, name=name, content=content, created=now, modified=now, modified_by=by)
            self.files[url] = found
            return found
        found.content, found.modified, found.modified_by = content, now, by
        found.content_version += 1
        found.version += 1
        return found

    def rename(self, url: str, name: str) -> None:
        """Rename a file: the eTag moves, the cTag does not."""
        found = self.files[url]
        found.name = name
        found.version += 1

    def by_share(self, share: str) -> DriveFile:
        """Return the file of a `u!...` id. Raises RefusedError 404."""
        text = share.removeprefix("u!")
        try:
            url = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        except ValueError:
            url = ""
        if not share.startswith("u!") or url not in self.files:
            raise RefusedError(
                404,
                "itemNotFound",
                "The sharing link no longer exists, or you do not have permission to access it.",
            )
        return self.files[url]

    def by_id(self, drive: str, item: str) -> DriveFile:
        """Return the file of a drive and item id. Raises RefusedError 404."""
        found = next((f for f in self.files.values() if f.item_id == item), None)
        if drive != self.DRIVE_ID or found is None:
            raise RefusedError(404, "itemNotFound", "The resource could not be found.")
        return found

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
