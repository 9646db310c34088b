# SPDX-License-Identifier: GPL-2.0-or-later
"""What people have got wrong, and can put right: told in a line, without a trace."""

from patchlint.adapters.git import RepositoryError
from patchlint.adapters.inputs import InputError
from patchlint.lint.card import CardError
from patchlint.lint.options import OptionError
from patchlint.lint.settings import SettingsError

MISTAKES = (CardError, InputError, OptionError, RepositoryError, SettingsError)
