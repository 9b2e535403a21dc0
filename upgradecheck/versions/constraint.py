"""Helm's version constraints (a chart's kubeVersion), exactly as Masterminds/semver judges them.

No Python library agrees with it, so this follows its constraints.go clause by clause.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_TAIL = r"(-(?:[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(\+(?:[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
_PARTIAL = r"v?([0-9|xX*]+)(\.[0-9|xX*]+)?(\.[0-9|xX*]+)?" + _TAIL
_ANONYMOUS = re.sub(r"\((?!\?)", "(?:", _PARTIAL)
_SIGNS = r"=>|=<|~>|>=|<=|!=|=|>|<|~|\^|"
_VERSION = re.compile(r"v?([0-9]+)(\.[0-9]+)?(\.[0-9]+)?" + _TAIL, re.ASCII)
_MEMBER = re.compile(rf"\s*({_SIGNS})\s*({_PARTIAL})\s*", re.ASCII)
_MEMBERS = re.compile(rf"(?:{_SIGNS})\s*(?:{_ANONYMOUS})", re.ASCII)
_GROUP = re.compile(
    rf"(?:\s*(?:{_SIGNS})\s*(?:{_ANONYMOUS})\s*)(?:(?:\s+|,\s*)(?:{_SIGNS})\s*(?:{_ANONYMOUS})\s*)*", re.ASCII
)
_HYPHEN = re.compile(rf"\s*({_ANONYMOUS})\s+-\s+({_ANONYMOUS})\s*", re.ASCII)
_GENERIC = re.compile(r"\s*v?([0-9]+(?:\.[0-9]+)+)", re.ASCII)
_LONGEST = 256

_Numbers = tuple[int, int, int]
_Rank = tuple[bool, tuple[tuple[int, int, str], ...]]


@dataclass(frozen=True, slots=True)
class _Semver:
    numbers: _Numbers
    pre: str

    @property
    def key(self) -> tuple[_Numbers, _Rank]:
        parts = self.pre.split(".") if self.pre else []
        return self.numbers, (not self.pre, tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in parts))


@dataclass(frozen=True, slots=True)
class _Member:
    """One comparison. `minor_open` and `patch_open`: that number was left out or written x."""

    sign: str
    than: _Semver
    open: bool
    minor_open: bool
    patch_open: bool

    def holds(self, version: _Semver) -> bool:
        shut_out = version.pre and not self.than.pre
        if shut_out and (self.sign != "!=" or self.open):
            return False
        return _JUDGES[self.sign](version, self)


def helm_constraint_holds(constraint: str, version: str, *, normalise: bool) -> bool:
    """Whether Helm accepts a version (of Kubernetes, for a chart's kubeVersion) under a constraint.

    `normalise` true is Helm 3.19 and later, 4 included: the version is reduced to its numbers first, so
    that `v1.27.3-gke.100` is no pre-release. No constraint holds for everything, since Helm then does not
    ask; what Helm cannot read holds for nothing.
    """
    if not constraint:
        return True
    if len(constraint) > _LONGEST:
        return False
    if normalise:
        found = _GENERIC.match(version)
        version = found[1] if found else version
    try:
        judged = _semver(version)
        spaced = re.sub(r"\s+", " ", constraint, flags=re.ASCII)
        groups = [_group(part) for part in _spell_hyphens(spaced).split("||")]
    except ValueError:
        return False
    return any(all(member.holds(judged) for member in group) for group in groups)


def _semver(text: str) -> _Semver:
    found = _VERSION.fullmatch(text)
    if found is None:
        raise ValueError(text)
    pre = (found[4] or "")[1:]
    if any(part.isdigit() and part != "0" and part[0] == "0" for part in pre.split(".")):
        raise ValueError(text)
    major, minor, patch = (int((found[n] or "0").lstrip(".")) for n in (1, 2, 3))
    return _Semver((major, minor, patch), pre)


def _spell_hyphens(constraint: str) -> str:
    return _HYPHEN.sub(lambda found: f">= {found[1]}, <= {found[2]} ", constraint)


def _group(text: str) -> list[_Member]:
    if not _GROUP.fullmatch(text):
        raise ValueError(text)
    return [_member(part) for part in _MEMBERS.findall(text)]


def _member(text: str) -> _Member:
    found = _MEMBER.fullmatch(text)
    if found is None:
        raise ValueError(text)
    sign, written, tail = found[1], found[2], found[6] or ""
    major, minor, patch = ((found[n] or "").lstrip(".") for n in (3, 4, 5))
    if _is_open(major):
        return _Member(sign, _semver(f"0.0.0{tail}"), True, False, False)
    if _is_open(minor):
        return _Member(sign, _semver(f"{major}.0.0{tail}"), True, True, False)
    if _is_open(patch):
        return _Member(sign, _semver(f"{major}.{minor}.0{tail}"), True, False, True)
    return _Member(sign, _semver(written), False, False, False)


def _is_open(number: str) -> bool:
    return number in ("", "x", "X", "*")


def _unequal(version: _Semver, member: _Member) -> bool:
    if not member.open:
        return version.key != member.than.key
    (major, minor, patch), (than_major, than_minor, than_patch) = version.numbers, member.than.numbers
    if major != than_major:
        return True
    if member.minor_open:
        return False
    if minor != than_minor:
        return True
    if member.patch_open:
        return version.pre != member.than.pre
    return patch != than_patch or version.key != member.than.key


def _above(version: _Semver, member: _Member) -> bool:
    if not member.open or version.numbers[0] != member.than.numbers[0]:
        return version.key > member.than.key
    if member.minor_open:
        return False
    if member.patch_open:
        return version.numbers[1] > member.than.numbers[1]
    return version.key > member.than.key


def _at_most(version: _Semver, member: _Member) -> bool:
    if not member.open:
        return version.key <= member.than.key
    (major, minor, _), (than_major, than_minor, _) = version.numbers, member.than.numbers
    return not (major > than_major or (major == than_major and minor > than_minor and not member.minor_open))


def _tilde(version: _Semver, member: _Member) -> bool:
    if version.key < member.than.key:
        return False
    if member.than.numbers == (0, 0, 0) and not member.minor_open and not member.patch_open:
        return True
    same_minor = version.numbers[1] == member.than.numbers[1] or member.minor_open
    return version.numbers[0] == member.than.numbers[0] and same_minor


def _caret(version: _Semver, member: _Member) -> bool:
    (major, minor, patch), (than_major, than_minor, than_patch) = version.numbers, member.than.numbers
    if version.key < member.than.key or major != than_major:
        return False
    if than_major > 0 or member.minor_open:
        return True
    if minor != than_minor:
        return False
    return than_minor > 0 or member.patch_open or patch == than_patch


def _same(version: _Semver, member: _Member) -> bool:
    return _tilde(version, member) if member.open else version.key == member.than.key


_JUDGES: dict[str, Callable[[_Semver, _Member], bool]] = {
    "": _same,
    "=": _same,
    "!=": _unequal,
    ">": _above,
    "<": lambda version, member: version.key < member.than.key,
    ">=": lambda version, member: version.key >= member.than.key,
    "=>": lambda version, member: version.key >= member.than.key,
    "<=": _at_most,
    "=<": _at_most,
    "~": _tilde,
    "~>": _tilde,
    "^": _caret,
}
