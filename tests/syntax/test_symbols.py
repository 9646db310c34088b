# SPDX-License-Identifier: GPL-2.0-or-later
"""Symbols and uses, read without a grammar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.model.symbol import SymbolKind as Kind
from patchlint.syntax.tree_files import read_file

RING = """\
#define RING_SIZE(r) \\
	ring_size(r)
typedef void (*ring_fn)(struct ring *ring);
typedef int ring_work_fn(struct ring *ring, int budget);
struct ring;
struct ring_ops {
	int (*open)(struct ring *ring);
};
extern int ring_open(struct ring *ring), ring_count;
extern struct ring *rings[4];
DECLARE_PER_CPU(struct ring *, ring_here);
static DEFINE_PER_CPU_ALIGNED(unsigned long [4], ring_counts);
static DEFINE_MUTEX(ring_lock);
static int __init __printf(1, 2) ring_log(const char *text, ...)
{
	return ring_print(text); /* not ring_comment() */
}
int (*ring_hook)(struct ring *ring) __read_mostly = ring_open;

#ifdef CONFIG_RING
SYSCALL_DEFINE2(ring_enter, int, ring, int, flags)
{
	struct ring *r = ring_of(ring);

	if (sizeof(r) && flags)
		on_each_cpu(ring_stop, r, 1);
	return this_cpu_read(ring_here) == this_cpu_read(ring_here);
}
#else
static struct ring_ops ops = {
	.open = ring_open,
	.tables = { ring_log, &ring_lock },
};
#endif

EXPORT_SYMBOL_GPL(ring_open);
late_initcall(ring_log);
"""


def table(text: str, path: str = "ring.c") -> list[tuple[str, Kind, int]]:
    return [(s.name, s.kind, s.line) for s in read_file(path, text).symbols]


def test_symbols_of_c_come_with_kind_and_line() -> None:
    assert table(RING) == [
        ("RING_SIZE", Kind.MACRO, 1),
        ("ring_fn", Kind.TYPE, 3),
        ("ring_work_fn", Kind.TYPE, 4),
        ("ring_ops", Kind.TYPE, 6),
        ("ring_open", Kind.PROTOTYPE, 9),
        ("rings", Kind.EXTERN, 10),
        ("ring_here", Kind.PERCPU_EXTERN, 11),
        ("ring_counts", Kind.PERCPU, 12),
        ("ring_lock", Kind.VARIABLE, 13),
        ("ring_log", Kind.FUNCTION, 14),
        ("ring_hook", Kind.VARIABLE, 18),
        ("ring_enter", Kind.FUNCTION, 21),
        ("ops", Kind.VARIABLE, 30),
        ("ring_open", Kind.EXPORT, 36),
    ]


def test_a_symbol_keeps_its_attributes_and_its_preprocessor_arm() -> None:
    by_name = {s.name: s for s in read_file("ring.c", RING).symbols}

    assert "__init" in by_name["ring_log"].text
    assert by_name["ring_enter"].arms == ("defined(CONFIG_RING)",)
    assert by_name["ops"].arms == ("!(defined(CONFIG_RING))",)


def test_uses_are_calls_names_handed_on_and_initialisers() -> None:
    uses = [(u.name, u.holder, u.role, u.line) for u in read_file("ring.c", RING).uses]

    assert uses == [
        ("ring_size", "RING_SIZE", "", 1),
        ("ring_print", "ring_log", "", 16),
        ("ring_open", "ring_hook", ".", 18),
        ("ring_of", "ring_enter", "", 23),
        ("on_each_cpu", "ring_enter", "", 26),
        ("ring_stop", "ring_enter", "on_each_cpu", 26),
        ("this_cpu_read", "ring_enter", "", 27),
        ("ring_here", "ring_enter", "this_cpu_read", 27),
        ("ring_open", "ops", ".open", 31),
        ("ring_log", "ops", ".tables", 32),
        ("ring_lock", "ops", ".", 32),
        ("ring_log", "late_initcall", "late_initcall", 37),
    ]


def test_assembly_gives_routines_exports_and_jumps() -> None:
    text = (
        "SYM_FUNC_START(stop)\n\tcall\tflush /* not call other */\n\tjmp *%rax\n"
        "SYM_FUNC_END(stop)\nEXPORT_SYMBOL(stop)\n"
    )
    facts = read_file("stop.S", text)

    assert [(s.name, s.kind, s.line) for s in facts.symbols] == [
        ("stop", Kind.ROUTINE, 1),
        ("stop", Kind.EXPORT, 5),
    ]
    assert [(u.name, u.holder) for u in facts.uses] == [("flush", "stop")]


def test_kconfig_gives_symbols_with_their_types() -> None:
    text = 'config RING\n\ttristate "Rings"\n\nmenuconfig RING_DEBUG\n\tdef_bool y\n'

    facts = read_file("drivers/ring/Kconfig", text)

    assert [(s.name, s.text) for s in facts.symbols] == [
        ("RING", "tristate"),
        ("RING_DEBUG", "bool"),
    ]


def test_makefiles_give_objects_with_their_conditions() -> None:
    text = "obj-$(CONFIG_RING) += ring.o\nring-y := core.o \\\n\tirq.o sub/\n"

    facts = read_file("drivers/ring/Makefile", text)

    assert [(s.name, s.text) for s in facts.symbols] == [
        ("ring.o", "obj-$(CONFIG_RING)"),
        ("core.o", "ring-y"),
        ("irq.o", "ring-y"),
        ("sub/", "ring-y"),
    ]


@pytest.mark.parametrize("path", ["README", "a.rst", "Kconfiguration.txt", "x.patch"])
def test_other_files_give_nothing(path: str) -> None:
    assert read_file(path, RING).symbols == ()


@given(st.text(alphabet="ab_(){};=,\n\t #\"'/*\\define.1", max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    lines = text.count("\n") + 1
    for path in ("a.c", "a.S", "Kconfig", "Makefile"):
        facts = read_file(path, text)
        assert all(1 <= s.line <= lines and s.name for s in facts.symbols)
        assert all(1 <= u.line <= lines for u in facts.uses)
