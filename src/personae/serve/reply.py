"""An answer in JSON."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import JSONResponse


class Reply(JSONResponse):
    """In UTF-8; half of a surrogate pair, which that can't hold, is a "?", so that every place stays where it is."""

    def render(self, content: Any) -> bytes:
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")
