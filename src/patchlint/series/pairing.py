# SPDX-License-Identifier: GPL-2.0-or-later
"""Which patch of an older version became which of a newer one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from patchlint.model.series import Patch, Series
from patchlint.model.versions import By, Change, Pair, Pairing
from patchlint.series.assign import assign
from patchlint.series.likeness import bag, gains, title
from patchlint.series.patch_id import change_id, patch_id

Key = Callable[[Patch], str]


def pair_up(older: Series, newer: Series) -> Pairing:
    """Pair the patches of two versions: the order they are in makes no difference.

    First those with the same patch id, then with the same lines that come and go, then
    with the same subject; those that are left as git range-diff does, so that as little
    as possible differs.
    """
    olds = sorted(older.patches, key=_order)
    news = sorted(newer.patches, key=_order)
    pairs: list[Pair] = []
    steps: tuple[tuple[Key, By], ...] = (
        (_by_id, By.PATCH_ID),
        (_by_change, By.PATCH_ID),
        (_by_title, By.SUBJECT),
    )
    for key, by in steps:
        same = tuple(_same(olds, news, key))
        pairs += [_pair(old, new, by) for old, new in same]
        done = {id(patch) for both in same for patch in both}
        olds = [patch for patch in olds if id(patch) not in done]
        news = [patch for patch in news if id(patch) not in done]
    worth = gains([bag(patch) for patch in olds], [bag(patch) for patch in news])
    links = assign(worth)
    pairs += [_pair(olds[old], news[new], By.LIKENESS) for old, new in links]
    used_old, used_new = {old for old, _ in links}, {new for _, new in links}
    return Pairing(
        pairs=tuple(sorted(pairs, key=lambda pair: (pair.new, pair.old))),
        dropped=_left(olds, used_old),
        added=_left(news, used_new),
    )


def _order(patch: Patch) -> tuple[int, str]:
    return patch.position, patch.message.message_id


def _left(patches: Sequence[Patch], used: set[int]) -> tuple[int, ...]:
    return tuple(p.position for at, p in enumerate(patches) if at not in used)


def _same(
    olds: Sequence[Patch], news: Sequence[Patch], key: Key
) -> Iterator[tuple[Patch, Patch]]:
    """Yield the patches that alone of their version have a key, on both sides.

    Of several that have it, those with the same title go together first; then, if they
    are as many on both sides, in their order.
    """
    before, after = _by_key(olds, key), _by_key(news, key)
    for value, ones in before.items():
        others = after.get(value, [])
        if len(ones) == len(others):
            yield from zip(ones, others, strict=True)
        elif key is not _by_title and others:
            yield from _same(ones, others, _by_title)


def _by_key(patches: Sequence[Patch], key: Key) -> dict[str, list[Patch]]:
    found: dict[str, list[Patch]] = {}
    for patch in patches:
        if value := key(patch):
            found.setdefault(value, []).append(patch)
    return found


def _by_id(patch: Patch) -> str:
    """Return the patch id, "" of a diff that was not read whole."""
    return "" if _is_broken(patch) else patch_id(patch.changes)


def _by_change(patch: Patch) -> str:
    return "" if _is_broken(patch) else change_id(patch.changes)


def _is_broken(patch: Patch) -> bool:
    return any(change.incomplete for change in patch.changes)


def _by_title(patch: Patch) -> str:
    return title(patch.message.subject.text)


def _pair(old: Patch, new: Patch, by: By) -> Pair:
    return Pair(old.position, new.position, by, _change(old, new))


def _change(old: Patch, new: Patch) -> Change:
    if change_id(old.changes) != change_id(new.changes):
        return Change.DIFF
    if patch_id(old.changes) != patch_id(new.changes):
        return Change.CONTEXT
    return Change.NOTHING if told(old) == told(new) else Change.MESSAGE


def told(patch: Patch) -> tuple[str, ...]:
    """Return what the message of a patch says: subject, log and trailers."""
    message, parts = patch.message, patch.parts
    log = [" ".join(message.line(number).split()) for number in parts.log]
    while log and not log[-1]:
        log.pop()
    trailers = (f"{t.token}: {t.value}" for t in parts.trailers)
    return (message.subject.text, *log, *trailers)
