"""Every option that a configuration file and the environment may give, described once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Kind = Literal["text", "texts", "pairs", "flag", "choice", "outputs"]
"""text: one text; texts: a list of them, or one; pairs: names with their versions; flag: true or false; choice: one
of some words; outputs: texts such as `text` or `sarif=report.sarif`."""


@dataclass(frozen=True, slots=True)
class Key:
    """One option. `name` is that of the flag without its dashes, `argument` that of `upgradecheck.scan`, empty where
    it has none. `path` says what of it is a path, which is taken from the folder of the configuration file: the
    whole, what stands behind the first `=`, or perhaps the whole, where there is such a file. `why` says why a
    configuration file may not hold it."""

    name: str
    kind: Kind
    about: str
    argument: str = ""
    path: Literal["", "whole", "behind", "perhaps"] = ""
    choices: tuple[str, ...] = ()
    why: str = ""

    @property
    def variable(self) -> str:
        """The environment variable that gives it."""
        return "UPGRADECHECK_" + self.name.upper().replace("-", "_")


_KEYS = (
    Key("to", "pairs", "The versions to go to, by component.", "to"),
    Key("target-version", "text", "The same where one component is there.", "target_version"),
    Key("from", "pairs", "The versions that run, if not as found, by component.", "start"),
    Key("tool", "pairs", "The versions of the CLIs that will be used, by name.", "tools"),
    Key("values", "texts", "Values files that will be given, as helm -f.", "values", "whole"),
    Key("set", "texts", "Values that will be given, as helm --set.", "set"),
    Key("target-chart", "text", "The chart to go to, as files.", "target_chart", "whole"),
    Key("current-values", "texts", "[RELEASE=]FILE: the output of helm get values.", "current_values", "behind"),
    Key("apply", "texts", "Manifests about to be applied.", "apply", "whole"),
    Key("base", "text", "What the manifests were before: a folder, or a git ref.", "base", "perhaps"),
    Key("collected", "texts", "Kinds that the dump holds whole, or all.", "collected"),
    Key("select", "texts", "Only these rules: ids, beginnings, globs.", "select"),
    Key("ignore", "texts", "Not these rules.", "ignore"),
    Key("rules", "texts", "Folders with packs of your own.", "rules", "whole"),
    Key("output", "outputs", "Formats to write: FORMAT, or FORMAT=FILE.", "", "behind"),
    Key(
        "fail-on", "choice", "What is found and makes exit code 1.", "fail_on",
        choices=("error", "warning", "info", "never"),
    ),
    Key("exit-zero", "flag", "Exit 0 whatever is found."),
    Key("allow-gaps", "flag", "Exit 0 although an error rule could not look.", "allow_gaps"),
    Key("now", "text", "Judge age and expiry at this time (RFC 3339)."),
    Key("context", "text", "The live cluster of this context of the kubeconfig."),
    Key(
        "kubeconfig", "text", "Another kubeconfig than kubectl would take.", path="whole",
        why="not in a file, since a kubeconfig may name programs to run; use --kubeconfig or the environment",
    ),
    Key("namespace", "texts", "Only these namespaces of the live cluster."),
    Key("all-namespaces", "flag", "Every namespace of the live cluster."),
    Key("as", "text", "Read the live cluster as this user."),
    Key("as-group", "texts", "And of these groups."),
    Key("request-timeout", "text", "The most that one request may take, such as 60s."),
    Key("selector", "text", "Only objects of the live cluster with these labels."),
    Key("explain-access", "flag", "Print what a live scan would ask for, and the role that it needs."),
    Key("quiet", "flag", "The verdict and the findings, a line each."),
    Key("verbose", "flag", "Reasons, every object, and what was examined."),
    Key("baseline", "text", "A file of findings that were accepted.", "baseline", "whole"),
)  # fmt: skip

KEYS: Mapping[str, Key] = MappingProxyType({key.name: key for key in _KEYS})
SUPPRESS = "suppress"
"""The key that holds a list of entries; no flag has it."""
