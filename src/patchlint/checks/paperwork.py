# SPDX-License-Identifier: GPL-2.0-or-later
"""What a change owes to other files: MAINTAINERS, bindings, parameters, help."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import translate

from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.change import FileChange, Kind, Line
from patchlint.model.finding import Edit, Match, NotChecked, Severity, Step
from patchlint.model.location import InFile, InMessage, Side, Span
from patchlint.model.series import Series

Seen = Match | NotChecked

_FIELD = re.compile(r"([A-Z]):(\s*)(.*)")
_COMPATIBLE = re.compile(r"(?:^|[\s.])compatible\s*=\s*(?=\")")
_STRING = re.compile(r"\"([a-zA-Z0-9,.+_-]+)\"")
_SETUP = re.compile(r"\b__setup\(\"([^\"=]+)=?\"")
_ENTRY = re.compile(r"[ \t]*(?:config|menuconfig|choice)\b")
_PROMPT = re.compile(r"[ \t]*(?:bool|tristate|prompt)\s*[\"']")
_HELP = re.compile(r"[ \t]*(?:---)?help(?:---)?\s*")
_NEXT = re.compile(
    r"\s*(?:config|menuconfig|choice|endchoice|if|endif|menu|endmenu|source)\b"
)
_MOST = 20
_CODE = (".c", ".h", ".S")


def _place(change: FileChange, line: Line, begin: int, end: int) -> InFile:
    return InFile(
        change.path, Side.NEW, Span(line.new or 1, begin + 1, line.new or 1, end + 1)
    )


def _added(context: MessageContext) -> Iterator[tuple[FileChange, Line]]:
    for change in context.patch.changes if context.patch else ():
        for line in change.lines:
            if line.kind is Kind.ADDED:
                yield change, line


def unmaintained_file(context: MessageContext, options: Options) -> Iterator[Seen]:  # noqa: ARG001
    """A new file, or one that moves, belongs to an entry of MAINTAINERS."""
    patch = context.patch
    if patch is None or _touches(context, "MAINTAINERS"):
        return
    new = [c for c in patch.changes if c.new_path and c.old_path != c.new_path]
    if not new:
        return
    text = context.history.file(context.series.base_commit or "HEAD", "MAINTAINERS")
    if text is None:
        yield NotChecked("MAINTAINERS, for whether it covers the new file")
        return
    patterns = _patterns(text)
    for change in new:
        if not any(pattern.match(change.path) for pattern in patterns):
            said = f"No entry of MAINTAINERS covers {change.path}."
            yield Match(InMessage(Span(change.mail)), said, key=change.path)


def _touches(context: MessageContext, path: str) -> bool:
    return any(
        change.path == path
        for patch in context.series.patches
        for change in patch.changes
    )


def _patterns(text: str) -> Sequence[re.Pattern[str]]:
    """Return the file patterns of MAINTAINERS but for those that fit everything."""
    found = []
    for line in text.split("\n"):
        kind, _, value = line.partition(":")
        name = value.strip()
        if kind == "F" and name not in ("*", "*/"):
            found.append(re.compile(_as_regex(name)))
        elif kind == "N" and name:
            try:
                found.append(re.compile(f".*?(?:{name})"))
            except re.error:
                continue
    return found


def _as_regex(name: str) -> str:
    """A pattern that ends with / stands for all below; one without, for a file too."""
    if name.endswith("/"):
        return re.escape(name) if "*" not in name else translate(name + "*")
    return translate(name)[:-2] + r"(?:/.*)?\Z"


def maintainers_form(context: MessageContext, options: Options) -> Iterator[Match]:
    """An entry of MAINTAINERS has one tab behind its letter, and the usual order."""
    order = options.text("order", "")
    for change in context.patch.changes if context.patch else ():
        if change.path != "MAINTAINERS":
            continue
        for hunk in change.hunks:
            last: re.Match[str] | None = None
            for line in (ln for ln in hunk.lines if ln.kind is not Kind.REMOVED):
                hit = _FIELD.match(line.text)
                if hit and line.kind is Kind.ADDED:
                    yield from _field(change, line, hit, last, order)
                last = hit


def _field(
    change: FileChange,
    line: Line,
    hit: re.Match[str],
    last: re.Match[str] | None,
    order: str,
) -> Iterator[Match]:
    where = _place(change, line, 0, len(line.text))
    if hit[2] != "\t":
        said = f"One tab behind {hit[1]}:"
        edit = Edit(Span(line.mail, 4, line.mail, 4 + len(hit[2])), "\t")
        yield Match(where, said, key=line.text, edits=(edit,))
    if hit[1] not in order:
        yield Match(where, f"MAINTAINERS knows no {hit[1]}:", key=f"kind {line.text}")
    elif last and last[1] in order and order.index(hit[1]) < order.index(last[1]):
        said = f"{hit[1]}: stands in front of {last[1]}: in an entry."
        yield Match(where, said, key=f"order {line.text}")
    elif last and last[1] == hit[1] and hit[1] in "FX" and last[3] > hit[3]:
        said = "The patterns of an entry are in the order of the alphabet."
        yield Match(where, said, key=f"sort {line.text}")


def binding_split(context: MessageContext, options: Options) -> Iterator[Match]:
    """A binding is a patch of its own: it goes through other hands."""
    patch = context.patch
    if patch is None:
        return
    folders = tuple(options.words("bindings"))
    free = options.words("free")
    is_binding = [c for c in patch.changes if c.path.startswith(folders)]
    others = [
        c
        for c in patch.changes
        if not c.path.startswith(folders) and c.path not in free
    ]
    if is_binding and others:
        where = InMessage(Span(is_binding[0].mail))
        far = InMessage(Span(others[0].mail))
        step = Step(far, context.message.line(others[0].mail), "no binding")
        said = "Bindings and their headers are a patch of their own, before the driver."
        yield Match(where, said, trace=(step,), key="split")


def binding_schema(context: MessageContext, options: Options) -> Iterator[Match]:
    """A new binding is a schema, which tools can check."""
    for change in context.patch.changes if context.patch else ():
        is_text = change.path.endswith(".txt")
        is_binding = change.path.startswith(tuple(options.words("bindings")))
        if change.old_path is None and is_text and is_binding:
            said = "New bindings are written as a schema, in YAML."
            yield Match(InMessage(Span(change.mail)), said, key=change.path)


def undocumented_compatible(
    context: MessageContext, options: Options
) -> Iterator[Seen]:
    """Each string a driver or a device tree is compatible with is in a binding."""
    folders = options.words("bindings")
    found = list(_compatibles(context, tuple(options.words("ends"))))
    documented = _series_text(context, folders) if found else ""
    asked: dict[str, bool | None] = {}
    for where, name in found:
        if name in documented or (name not in asked and len(asked) >= _MOST):
            continue
        if name not in asked:
            asked[name] = context.history.mentions(folders[0].rstrip("/"), name)
        if asked[name] is None:
            yield NotChecked("the bindings of the tree, for compatible strings")
            return
        if not asked[name]:
            said = f'"{name}" is in no binding, neither here nor in the tree.'
            yield Match(where, said, key=name)


def _compatibles(
    context: MessageContext, ends: tuple[str, ...]
) -> Iterator[tuple[InFile, str]]:
    """Yield the strings of added compatible properties, each with its place."""
    for change, line in _added(context):
        begin = _COMPATIBLE.search(line.text) if change.path.endswith(ends) else None
        for hit in _STRING.finditer(line.text, begin.end()) if begin else ():
            yield _place(change, line, hit.start(1), hit.end(1)), hit[1]


def _series_text(context: MessageContext, folders: tuple[str, ...]) -> str:
    """Return what all patches of the series add or show below some folders."""
    shown = context.facts.of_one(_shown, context.series)
    return "\n".join(text for path, text in shown if path.startswith(folders))


def _shown(series: Series) -> tuple[tuple[str, str], ...]:
    """Return what is added or shown of each file that is no code, with its path."""
    return tuple(
        (
            change.path,
            "\n".join(ln.text for ln in change.lines if ln.kind is not Kind.REMOVED),
        )
        for patch in series.patches
        for change in patch.changes
        if not change.path.endswith(_CODE)
    )


def undocumented_parameter(context: MessageContext, options: Options) -> Iterator[Seen]:
    """A parameter of the command line is told of where users look for it."""
    path = options.words("document")[0]
    for change, line in _added(context):
        hit = _SETUP.search(line.text)
        if hit is None or not change.path.endswith((".c", ".h")):
            continue
        name = hit[1].removesuffix("=")
        text = context.history.file(context.series.base_commit or "HEAD", path)
        shown = _series_text(context, (path,))
        if re.search(rf"\b{re.escape(name)}\b", shown):
            continue
        if text is None:
            yield NotChecked(f"{path}, for {name}=")
        elif not re.search(rf"(?m)^\s*{re.escape(name)}(?:=|\s|$)", text):
            where = _place(change, line, hit.start(1), hit.end(1))
            yield Match(where, f"{name} is not in {path}.", key=name)


def config_help(context: MessageContext, options: Options) -> Iterator[Match]:
    """An option that users are asked about says what it is."""
    limit = options.number("lines")
    for change in context.patch.changes if context.patch else ():
        if "Kconfig" not in change.path:
            continue
        for hunk in change.hunks:
            lines = [line for line in hunk.lines if line.kind is not Kind.REMOVED]
            for at, line in enumerate(lines):
                if line.kind is not Kind.ADDED or not _ENTRY.match(line.text):
                    continue
                size, is_asked = _help(lines[at + 1 :])
                if is_asked and size < limit:
                    noun = "line" if size == 1 else "lines"
                    has = f"Only {size} {noun} of" if size else "No"
                    said = (
                        f"{has} help: a user who is asked has to know what this "
                        "does, and whether to say yes."
                    )
                    where = _place(change, line, 0, len(line.text))
                    louder = Severity.NIT if size else None
                    yield Match(where, said, key=line.text.strip(), severity=louder)


def _help(lines: Sequence[Line]) -> tuple[int, bool]:
    """Return how many lines of help an entry has, and whether it asks the user."""
    size, is_asked, in_help = 0, False, False
    for line in lines:
        text = line.text
        if _NEXT.match(text) and not (in_help and text[:2].isspace()):
            break
        if line.kind is Kind.ADDED and _PROMPT.match(text) and not in_help:
            is_asked = True
        elif line.kind is Kind.ADDED and _HELP.fullmatch(text):
            in_help = True
        elif in_help and text.strip():
            size += 1
    return size, is_asked
