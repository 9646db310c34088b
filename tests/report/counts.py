# SPDX-License-Identifier: GPL-2.0-or-later
"""How many findings an answer holds, read as a program would that knows the format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from xml.etree import ElementTree as ET


def _text(answer: str) -> int:
    found = re.search(r"^(\d+) finding", answer, re.MULTILINE)
    return int(found[1]) if found else 0


def _sarif(answer: str) -> int:
    """Count what is there: not what was, nor what somebody has said."""
    (run,) = json.loads(answer)["runs"]
    return sum(
        result.get("baselineState") != "absent" and "suppressions" not in result
        for result in run["results"]
    )


def _github(answer: str) -> int:
    return len(
        re.findall(r"^(?:::)?(?:error|warning|notice)[: ]", answer, re.MULTILINE)
    )


def _junit(answer: str) -> int:
    root = ET.fromstring(answer)  # noqa: S314 - we have written it
    assert len(root.findall(".//failure")) == sum(
        int(suite.attrib["failures"]) for suite in root
    )
    return len(root.findall(".//failure"))


COUNTS: Mapping[str, Callable[[str], int]] = {
    "text": _text,
    "terse": lambda answer: len(answer.splitlines()),
    "json": lambda answer: len(json.loads(answer)["findings"]),
    "sarif": _sarif,
    "rdjson": lambda answer: len(json.loads(answer)["diagnostics"]),
    "github": _github,
    "gitlab": lambda answer: len(json.loads(answer)),
    "junit": _junit,
}
