"""What a commit holds, read through the git program. The work tree is never touched, and nothing is fetched."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import UsageError
from ...model import Origin
from .tree import COUNT, LIMIT

_CALM = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
_DIRECTING = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_NAMESPACE", "GIT_PREFIX")
"""What a git hook sets, which would turn every question to the repository of the hook."""


def toplevel(path: Path) -> Path | None:
    """The root of the work tree that a path lies in, None where it lies in none. Raises UsageError without git."""
    folder = path if path.is_dir() else path.parent
    if not folder.is_dir():
        return None
    answer = _git(folder, "rev-parse", "--show-toplevel")
    if answer.returncode:
        told = answer.stderr.decode("utf-8", "replace")
        if "dubious ownership" in told:
            raise UsageError(f"git refuses the repository of {path}: {_first(told)}", "see git's safe.directory")
        return None
    return Path(os.fsdecode(answer.stdout.rstrip(b"\n")))


def commit_of(root: Path, ref: str) -> str:
    """The commit to compare with: where this branch left `ref`, or `ref` itself where the history does not tell.

    Raises UsageError for a ref that the repository does not have.
    """
    found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if found.returncode or not ref:
        hint = "a folder, a branch, a tag or a commit; a shallow clone has few: git fetch origin BRANCH first"
        raise UsageError(f"--base {ref}: no such folder, and the repository of {root} has no such ref", hint)
    tip = found.stdout.decode().strip()
    forked = _git(root, "merge-base", tip, "HEAD")
    return forked.stdout.decode().split("\n")[0].strip() if forked.returncode == 0 and forked.stdout.strip() else tip


@dataclass(slots=True)
class CommitTree:
    """The files of one commit; a link or a submodule is none. `ref` is the word that the person used."""

    root: Path
    commit: str
    ref: str
    _listed: dict[str, str] | None = None
    _held: dict[str, bytes] = field(default_factory=dict)

    def names(self, below: str) -> Sequence[str]:
        every = self._files()
        found = [n for n in every if below in ("", ".", n) or n.startswith(f"{below}/")]
        shown = [n for n in found if not any(part.startswith(".") for part in n[len(below) :].split("/"))]
        self._hold([n for n in shown if n.endswith((".yaml", ".yml", ".json", ".lock")) and n not in self._held])
        return shown[:COUNT]

    def read(self, name: str) -> bytes | None:
        if name not in self._files():
            return None
        self._hold([name] if name not in self._held else [])
        return self._held.get(name)

    def origin(self, name: str) -> Origin:
        return Origin(f"{self.ref}:{name}")

    def _files(self) -> dict[str, str]:
        """Every file with the name of its content."""
        if self._listed is None:
            answer = _git(self.root, "ls-tree", "-r", "-z", "--full-tree", self.commit)
            if answer.returncode:
                raise UsageError(f"--base {self.ref}: git cannot list it: {_first(answer.stderr.decode())}")
            entries = (entry.partition(b"\t") for entry in answer.stdout.split(b"\0") if entry)
            self._listed = {
                os.fsdecode(name): about.split()[2].decode()
                for about, _, name in entries
                if about.startswith((b"100644", b"100755"))
            }
        return self._listed

    def _hold(self, names: Sequence[str]) -> None:
        """Reads many files in one run of git."""
        if not names:
            return
        files = self._files()
        asked = "".join(f"{files[name]}\n" for name in names).encode()
        rest = _git(self.root, "cat-file", "--batch", given=asked).stdout
        for name in names:
            head, _, rest = rest.partition(b"\n")
            words = head.split()
            if len(words) != 3:
                continue
            size = int(words[2])
            if size <= LIMIT:
                self._held[name] = rest[:size]
            rest = rest[size + 1 :]


def _git(folder: Path, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    surroundings = {name: value for name, value in os.environ.items() if name not in _DIRECTING}
    try:
        return subprocess.run(  # noqa: S603  words, never a line of a shell
            ["git", "-C", str(folder), *words],  # noqa: S607  whatever git the person uses
            input=given,
            capture_output=True,
            env={**surroundings, **_CALM},
            check=False,
        )
    except FileNotFoundError:
        raise UsageError(
            "--base: the git program is not installed", "give a folder with the files as they were"
        ) from None
    except (OSError, ValueError) as error:
        raise UsageError(f"--base: git cannot be run: {error}") from None


def _first(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "no reason given")
