"""What can go wrong before anything is judged. Every error here becomes one clear line and exit code 2.

UpgradecheckError
├── UsageError     the arguments do not fit together
├── InputError     something that a person named could not be read
└── RuleError      a rule file is wrong, with its file and line
"""

from __future__ import annotations


class UpgradecheckError(Exception):
    """The base of every error that this package raises on purpose."""


class UsageError(UpgradecheckError):
    """The arguments do not fit together. `hint` says what to type instead."""

    def __init__(self, text: str, hint: str = "") -> None:
        super().__init__(f"{text} ({hint})" if hint else text)
        self.text = text
        self.hint = hint


class InputError(UpgradecheckError):
    """An input could not be read: where, what was found, what was expected."""

    def __init__(self, where: str, text: str, expected: str = "") -> None:
        super().__init__(f"{where}: {text}" + (f"; expected {expected}" if expected else ""))
        self.where = where
        self.text = text
        self.expected = expected


class RuleError(UpgradecheckError):
    """A rule or component file is wrong. `where` is file and line."""

    def __init__(self, where: str, text: str) -> None:
        super().__init__(f"{where}: {text}")
        self.where = where
        self.text = text
