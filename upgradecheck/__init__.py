"""Says what a Kubernetes upgrade will break, on what evidence, and what to type first.

    import upgradecheck

    report = upgradecheck.scan("dump/", command="helm upgrade cilium cilium/cilium --version 1.12.0 -n kube-system")
    for finding in report.findings:
        print(finding.severity, finding.rule, finding.message)

`scan` prints nothing, exits never, and leaves the process as it found it. docs/library.md has the whole of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .api import scan
    from .errors import InputError, RuleError, UpgradecheckError, UsageError
    from .model import Evidence, Finding, Gap, Object, Origin, Problem, Report, Typed, Verdict

_HOMES = {
    "scan": "api",
    **dict.fromkeys(("InputError", "RuleError", "UpgradecheckError", "UsageError"), "errors"),
    **dict.fromkeys(
        ("Evidence", "Finding", "Gap", "Object", "Origin", "Problem", "Report", "Typed", "Verdict"), "model"
    ),
}

__all__ = [
    "Evidence", "Finding", "Gap", "InputError", "Object", "Origin", "Problem", "Report", "RuleError", "Typed",
    "UpgradecheckError", "UsageError", "Verdict", "__version__", "scan",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Public names are imported when they are used: `upgradecheck --version` must not read YAML libraries."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
