# SPDX-License-Identifier: GPL-2.0-or-later
"""Faults of order: what must not happen between two calls, put between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from tests.mutants.c_places import (
    Function,
    Place,
    certain,
    function,
    places,
    statements,
    turns_back,
)
from tests.mutants.model import Code, Family, Planted, changed

_EVERYWHERE = ("kernel", "mm", "net", "fs", "block", "drivers", "arch/x86", "sound")
# Each of these is documented to sleep, or begins with might_sleep().
SLEEPING = (
    "msleep(20)", "usleep_range(100, 200)", "mutex_lock(&planted_lock)", "schedule()",
    "down_read(&planted_sem)", "down_write(&planted_sem)", "synchronize_rcu()",
    "wait_for_completion(&planted_done)", "planted = kmalloc(64, GFP_KERNEL)",
    "planted = kzalloc(sizeof(*planted), GFP_KERNEL)", "planted = vmalloc(4096)",
    "might_sleep()", "flush_work(&planted_work)", "cancel_work_sync(&planted_work)",
    "schedule_timeout_interruptible(1)", "ssleep(1)", "cond_resched()",
    "planted = kcalloc(4, 8, GFP_KERNEL)", "planted = kstrdup(name, GFP_KERNEL)",
    "mutex_lock_interruptible(&planted_lock)", "wait_event(planted_wait, planted_on)",
)  # fmt: skip
_QUIET = ("planted_count++", "planted = kmalloc(64, GFP_ATOMIC)", "udelay(2)")
_HIDDEN = re.compile(r"\b(?:guard|scoped_guard|__free)\s*\(")
_BUSY = re.compile(r"lock|disable|get_cpu|begin|atomic|irq|noinstr|__free")


@dataclass(frozen=True, slots=True)
class Section:
    """Calls that open a section, and what ends the certainty of being inside."""

    opens: str
    closes: str


SECTIONS = {
    "c/sleep-in-spinlock": Section(
        r"(?:raw_)?(?:spin|read|write)_lock(?:_bh|_irq|_irqsave)?\s*\(",
        r"\w*unlock\w*\s*\(",
    ),
    "c/sleep-in-rcu": Section(r"rcu_read_lock\s*\(\)", r"\w*rcu_read_unlock\w*\s*\("),
    "c/sleep-in-preempt-off": Section(
        r"preempt_disable\s*\(\)", r"\w*preempt_enable\w*\s*\(|\bpreempt_check"
    ),
    "c/sleep-in-irq-off": Section(
        r"local_irq_(?:disable|save)\s*\(",
        r"\w*local_irq_(?:enable|restore)\w*\s*\(",
    ),
    "x86/fpu-region-sleep": Section(
        r"kernel_fpu_begin(?:_mask)?\s*\(", r"\w*kernel_fpu_end\s*\("
    ),
}


def sleeper(rule: str, code: Code, rng: Random) -> Planted | None:
    """Put a sleeping call behind a real opener, and another far from any section."""
    section = SECTIONS[rule]
    made = function(code.own)
    if made is None or _HIDDEN.search(code.own) or turns_back(made):
        return None
    inside = list(_inside(made, section))
    if not inside:
        return None
    place = rng.choice(inside)
    call = rng.choice(SLEEPING)
    text = _put(code.own, place, call, rng)
    culprit = call.removeprefix("planted = ").partition("(")[0]
    called = len(re.findall(rf"\b{code.name}\b", code.text)) > 1
    near = code.tree(_near(made, section, rng, alone=not called))
    return Planted(code.tree(), code.tree(text), culprit, near)


def _inside(made: Function, section: Section) -> Iterator[Place]:
    """Yield the places that an opener dominates and no closing call can precede."""
    opens, closes = re.compile(section.opens), re.compile(section.closes)
    where = list(places(made))
    for node, block in statements(made, opens):
        start, end = made.end(node), made.end(block)
        stop = closes.search(made.text, start, end)
        if stop is None:
            continue
        for place in where:
            inside = start < place.at <= stop.start() and place.block <= end
            if inside and certain(made, start, place) and not _loops(made, place):
                yield place


def _loops(made: Function, place: Place) -> bool:
    """In a loop a place can also be reached past the closing call."""
    for loop in made.all("while_statement", "for_statement", "do_statement"):
        if made.begin(loop) < place.at < made.end(loop):
            return True
    return False


def _near(made: Function, section: Section, rng: Random, *, alone: bool) -> str:
    """Put a sleeping call before everything, or a quiet one inside.

    The first only if no caller in the file can hold a lock.
    """
    first = next(places(made))
    if alone and rng.random() < 0.7 and not _BUSY.search(made.text[: first.at]):
        return _put(made.text, first, rng.choice(SLEEPING), rng)
    inside = list(_inside(made, section))
    return _put(made.text, rng.choice(inside), rng.choice(_QUIET), rng)


def _put(text: str, place: Place, call: str, rng: Random) -> str:
    """Put a call in, as a statement or under a condition of its own."""
    indent = place.indent
    if rng.random() < 0.3:
        lines = f"{indent}if (planted_on)\n{indent}\t{call};\n"
    else:
        lines = f"{indent}{call};\n"
    return changed(text, place.at, place.at, lines)


PER_CPU = (
    "planted = this_cpu_read(planted_flag);", "this_cpu_inc(planted_count);",
    "planted = __this_cpu_read(planted_flag);", "planted = smp_processor_id();",
    "planted = *this_cpu_ptr(&planted_flag);", "raw_cpu_write(planted_flag, 1);",
    "planted = current->pid;", "planted = per_cpu(planted_flag, 0);",
)  # fmt: skip
CALLED = (
    "planted_notify();", "kexec_planted(1, 2);", "mutex_unlock(&planted_lock);",
    "planted_ops->leave(planted_ops);", 'pr_info("leaving\\n");', "memcpy(a, b, 4);",
)  # fmt: skip


def after_reset(offences: Sequence[str], code: Code, rng: Random) -> Planted | None:
    """Open with load_segments() in a real function, and put the offender behind it."""
    pair = _two_places(code, rng)
    if pair is None:
        return None
    first, second = pair
    call = rng.choice(offences)
    opened = f"{first.indent}load_segments();\n"
    before = changed(code.own, first.at, first.at, opened)
    shifted = Place(second.at + len(opened), second.indent, second.block)
    after = _put(before, shifted, call.rstrip(";"), rng)
    early = changed(before, first.at, first.at, f"{first.indent}{call}\n")
    culprit = (
        re.sub(r"^planted = \*?", "", call).partition("(")[0].partition("->pid")[0]
    )
    return Planted(code.tree(before), code.tree(after), culprit, code.tree(early))


def _two_places(code: Code, rng: Random) -> tuple[Place, Place] | None:
    """Return two places of which the first dominates the second, with no closer."""
    made = function(code.own)
    if made is None or turns_back(made) or "_32." in code.path:
        return None
    where = list(places(made))
    pairs = [
        (one, two)
        for one in where
        for two in where
        if one.at < two.at
        and two.block <= one.block
        and certain(made, one.at, two)
        and not _loops(made, two)
        and "relocate_kernel" not in made.text
    ]
    return rng.choice(pairs) if pairs else None


_PAIRS = (
    (
        "preempt_disable();",
        "planted = this_cpu_ptr(&planted_data);",
        "preempt_enable();",
    ),
    ("", "planted = get_cpu_ptr(&planted_data);", "put_cpu_ptr(&planted_data);"),
    ("get_cpu();", "planted = this_cpu_ptr(&planted_data);", "put_cpu();"),
    ("", "planted = &get_cpu_var(planted_data);", "put_cpu_var(planted_data);"),
)


def pointer(code: Code, rng: Random) -> Planted | None:
    """Use a per-CPU pointer after the CPU was let go, where nothing else holds it."""
    pair = _two_places(code, rng)
    if pair is None or _BUSY.search(code.own):
        return None
    first, second = pair
    begin, take, end = rng.choice(_PAIRS)
    lines = [line for line in (begin, take, "planted->seen = 1;", end) if line]
    use = rng.choice(("planted->count++;", "planted_seen(planted->count);"))
    head = "".join(f"{first.indent}{line}\n" for line in lines)
    before = changed(code.own, first.at, first.at, head)
    at = second.at + len(head)
    after = changed(before, at, at, f"{second.indent}{use}\n")
    inner = first.at + len(head) - len(f"{first.indent}{lines[-1]}\n")
    near = changed(before, inner, inner, f"{first.indent}{use}\n")
    trees = [code.tree(_declared(text)) for text in (before, after, near)]
    return Planted(trees[0], trees[1], "planted", trees[2])


def _declared(text: str) -> str:
    """Declare the pointer; the first brace at a line's beginning opens the body."""
    return text.replace("\n{\n", "\n{\n\tstruct planted *planted;\n", 1)


_INSTRUMENTED = (
    'pr_warn("planted\\n");', "planted_helper(1);", 'printk("planted\\n");',
    "schedule();", "mutex_lock(&planted_lock);",
)  # fmt: skip


def noinstr(code: Code, rng: Random) -> Planted | None:
    """Call an instrumentable function in one that must not be instrumented."""
    made = function(code.own)
    head = code.own.partition("{")[0]
    if made is None or not re.search(r"\bnoinstr\b", head):
        return None
    where = [
        place
        for place in places(made)
        if "instrumentation_begin" not in made.text[: place.at]
    ]
    if not where or "#" in made.text:
        return None
    helper = (
        "static noinline void planted_helper(int level)\n"
        "{\n\tplanted_level = level;\n}\n\n"
    )
    call = rng.choice(_INSTRUMENTED)
    place = rng.choice(where)
    after = changed(code.own, place.at, place.at, f"{place.indent}{call}\n")
    begin = f"{place.indent}instrumentation_begin();\n{place.indent}{call}\n"
    near = f"{begin}{place.indent}instrumentation_end();\n"
    return Planted(
        code.tree(helper + code.own),
        code.tree(helper + after),
        call.partition("(")[0],
        code.tree(helper + changed(code.own, place.at, place.at, near)),
    )


def _sleep(rule: str) -> Family:
    def plant(code: Code, rng: Random) -> Planted | None:
        return sleeper(rule, code, rng)

    folders = ("arch/x86", "drivers/gpu") if rule.startswith("x86/") else _EVERYWHERE
    return Family(
        rule.partition("/")[2],
        (rule,),
        "c",
        SECTIONS[rule].opens,
        folders,
        plant,
        inside=True,
    )


def _reset(rule: str, offences: Sequence[str]) -> Family:
    def plant(code: Code, rng: Random) -> Planted | None:
        return after_reset(offences, code, rng)

    return Family(
        rule.partition("/")[2],
        (rule,),
        "c",
        "",
        ("arch/x86/kernel", "arch/x86/mm"),
        plant,
    )


FAMILIES = (
    *(_sleep(rule) for rule in SECTIONS),
    _reset("x86/percpu-after-gs-reset", PER_CPU),
    _reset("x86/call-after-gs-reset", CALLED),
    Family(
        "percpu-ptr-after-enable", ("c/percpu-ptr-after-enable",), "c", "",
        ("kernel", "mm", "net/core", "fs"), pointer,
    ),
    Family(
        "noinstr-call", ("x86/noinstr-call",), "c", r"\bnoinstr\b", ("arch/x86",),
        noinstr, inside=True,
    ),
)  # fmt: skip
