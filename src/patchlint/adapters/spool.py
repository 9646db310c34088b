# SPDX-License-Identifier: GPL-2.0-or-later
"""Mails of one posting that come one by one, kept until the last one is there.

They are kept in the user's cache, not in the repository: that may be a stranger's, with
links where one would write.
"""

from __future__ import annotations

import shutil
import time
from hashlib import sha256
from itertools import islice

from patchlint.adapters.folders import cache_folder, replace_file

_DAY = 24 * 3600
_LOOKED_AT = 200


class Spool:
    """A folder of mails, named by their numbers in the posting."""

    def __init__(self, kind: str, *key: object) -> None:
        """``key`` is what is the same for all mails of one posting, and no other."""
        name = sha256("\0".join(map(str, key)).encode("utf-8", "replace")).hexdigest()
        self._top = cache_folder() / "spool" / kind
        self.folder = self._top / name[:32]

    def begin(self) -> None:
        """Forget what an earlier posting left, and what others left a day ago."""
        self.end()
        try:
            found = list(islice(self._top.iterdir(), _LOOKED_AT))
            for other in found:
                if time.time() - other.stat().st_mtime > _DAY:
                    shutil.rmtree(other, ignore_errors=True)
        except OSError:
            return

    def put(self, number: int, mail: bytes) -> None:
        """Keep a mail; one that came before under its number is forgotten."""
        replace_file(self.folder / f"{number:05}.patch", mail)

    def numbers(self) -> tuple[int, ...]:
        """Return the numbers of the mails that are there, in order."""
        return tuple(sorted(int(path.stem) for path in self.folder.glob("*.patch")))

    def end(self) -> None:
        """Forget all."""
        shutil.rmtree(self.folder, ignore_errors=True)
