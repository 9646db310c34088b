# SPDX-License-Identifier: GPL-2.0-or-later
"""Rows as Parquet, and back: the one door to pyarrow, which takes 0.2 s to import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct, structs

from patchlint.adapters.scan.rows import Rows

_WORD = pa.dictionary(pa.int32(), pa.string())
_WORDS = pa.list_(_WORD)
_NUMBER = pa.int32()
_COMMON = [("list", _WORD), ("accepted", pa.bool_())]
_MAIL = [
    ("message_id", pa.string()), ("head", pa.string()), ("position", _NUMBER),
]  # fmt: skip
SCHEMAS = {
    "mails": pa.schema([
        *_COMMON, ("date", pa.int64()), *_MAIL, ("total", _NUMBER),
        ("version", _NUMBER), ("sender", pa.string()), ("title", pa.string()),
        ("change_id", pa.string()), ("patch_id", pa.string()), ("languages", _WORDS),
        ("not_checked", _WORDS),
    ]),
    "findings": pa.schema([
        *_COMMON, *_MAIL, ("rule", _WORD), ("severity", _WORD), ("confidence", _WORD),
        ("evidence", _WORD), ("message", pa.string()), ("quote", pa.string()),
        ("line", _NUMBER), ("path", pa.string()), ("fingerprint", pa.string()),
    ]),
    "counts": pa.schema([
        *_COMMON, ("rule", _WORD), ("looked", _NUMBER), ("fired", _NUMBER),
        ("findings", _NUMBER), ("not_checked", _NUMBER), ("crashes", _NUMBER),
    ]),
}  # fmt: skip


def encoded(rows: Rows, name: str) -> tuple[tuple[str, bytes], ...]:
    """Return the files of a unit: ``TABLE/month=YYYY-MM/NAME.parquet``."""
    tables: dict[str, list[Any]] = {
        "mails": rows.mails,
        "findings": rows.findings,
        "counts": rows.counts,
    }
    return tuple(
        (f"{table}/month={month}/{name}.parquet", _parquet(table, found))
        for table, all_rows in tables.items()
        for month, found in _by_month(all_rows)
    )


def _by_month(rows: Iterable[Any]) -> Iterator[tuple[str, list[Any]]]:
    months: dict[str, list[Any]] = {}
    for row in rows:
        months.setdefault(row.month, []).append(row)
    yield from sorted(months.items())


def _parquet(table: str, rows: Sequence[Struct]) -> bytes:
    schema = SCHEMAS[table]
    plain = [structs.asdict(row) for row in rows]
    columns = [
        pa.array([row[each.name] for row in plain], each.type) for each in schema
    ]
    sink = pa.BufferOutputStream()
    pq.write_table(
        pa.Table.from_arrays(columns, schema=schema), sink, compression="zstd"
    )
    return bytes(sink.getvalue().to_pybytes())


def rows_of(paths: Iterable[Path], columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the rows of files, one after the other, with the columns asked for."""
    for path in paths:
        table = pq.read_table(path, columns=list(columns), partitioning=None)
        yield from table.to_pylist()
