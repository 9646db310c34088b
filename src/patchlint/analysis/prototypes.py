# SPDX-License-Identifier: GPL-2.0-or-later
"""What C says about a function's parameters: prototypes, definitions, typedefs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from patchlint.lint.context import Program
from patchlint.model.location import InFile, Span


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; ``name`` is "" where the prototype gives none."""

    name: str
    type: str
    span: Span


@dataclass(frozen=True, slots=True)
class Prototype:
    """A function's parameters as one declaration gives them.

    ``where`` is the declarator. ``arms`` are the preprocessor conditions it stands
    under, outermost first, e.g. ``("defined(CONFIG_X86_32)", "!(...)")``.
    """

    name: str
    parameters: tuple[Parameter, ...]
    where: InFile
    arms: tuple[str, ...]


def prototypes(program: Program) -> Mapping[str, tuple[Prototype, ...]]:
    """Return every declaration and definition in the program, by function name.

    ``extern T f;`` with a function typedef ``T`` declares ``f`` with the parameters
    of ``T``; typedefs are listed under their own name too.
    """
    raise NotImplementedError


def prototype_of(program: Program, name: str, path: str) -> Prototype | None:
    """Return the one prototype of ``name`` that holds for the file ``path``.

    Of several under different ``#if`` arms, the one whose arm fits the ``_32`` or
    ``_64`` of the path; None where that leaves none or more than one spelling.
    """
    raise NotImplementedError
