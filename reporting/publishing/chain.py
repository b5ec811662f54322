"""What binds a publication: a SHA-256 over its head, its parts and its files, chained to the one before.

The head is what the document says of itself. Parts are named texts. Whoever has the texts and this page can take
the sum again with any tool: it is over plain JSON, keys sorted, no spaces, UTF-8.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from reporting.models import Publication

HEAD = (
    "code",
    "kind",
    "period",
    "version",
    "provisional",
    "correction",
    "meeting",
    "approved_stands",
    "since_approval",
    "contact",
    "position",
    "published_as",
    "engine",
    "seal",
)
DAYS = ("answer_by", "approved_on", "announced_from", "announced_until")


def canonical(data: Any) -> str:
    """One text for one content."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def head(publication: Publication) -> dict[str, Any]:
    """What the document says of itself; days as 2024-04-10, the moment in UTC."""
    files = {"signed_page": publication.signed_page, "workbook": publication.workbook}
    return {
        **{name: getattr(publication, name) for name in HEAD},
        **{name: day.isoformat() if (day := getattr(publication, name)) else None for name in DAYS},
        "scheme": publication.scheme.code,
        "published_at": _moment(publication.published_at),
        **{name: stored.sha256 if stored else None for name, stored in files.items()},
    }


def _moment(moment: datetime | None) -> str | None:
    """One text for one moment, whatever zone it was written or read in."""
    return moment.astimezone(UTC).isoformat() if moment else None


def bound(publication: Publication, parts: Mapping[str, str]) -> str:
    """The publication's SHA-256. `parts`: name → that part's own SHA-256."""
    manifest = {"previous": publication.previous, "head": head(publication), "parts": dict(parts)}
    return digest(canonical(manifest))
