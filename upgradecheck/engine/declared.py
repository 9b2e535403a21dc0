"""What a report says of an upgrade that a manifest asks for: the same findings in words that fit, and edits of files in
place of commands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ..model import Component, Declared, Evidence, Finding, Typed, Upgrade, Values
from .manifest_edits import value_edit, version_edit

_COMMAND = re.compile(r"\b([Tt])he command\b")
_HELM = re.compile(r"\b[Hh]elm\b(?! ?[0-9])(?!['-])")
_NEEDLESS = ("repo update", "repo add")
"""What helm is told on one's own machine only."""
_OF_A_RELEASE = ("get", "history", "list", "status", "mapkubeapis", "uninstall", "rollback")
"""What finds nothing where there is no Helm release."""


def place_of(declared: Declared | None) -> str:
    """`HelmRelease kube-system/cilium, clusters/prod/cilium.yaml:14`; empty without one."""
    return f"{declared.title}, {declared.at('version')[1]}" if declared is not None else ""


def declared_facts(declared: Declared, component: Component) -> dict[str, Any]:
    """The facts for texts that differ where a manifest asks for the upgrade."""
    address = declared.repository
    chart: Any = component.chart or declared.chart
    if address.startswith("oci://"):
        chart = f"{address.rstrip('/')}/{declared.chart}"
    elif address.startswith("https://"):
        from ..commands.texts import Words

        chart = Words((declared.chart, "--repo", address))
    return {
        "chart": chart,
        "tool": declared.carrier,
        "doing": f"{declared.carrier}'s upgrade",
        "command": declared.title,
    }


def as_declared(finding: Finding, upgrade: Upgrade) -> Finding:
    """The finding as a reviewer reads it. It stands at the manifest too, where nothing else of it stands in the files
    that a change can touch."""
    declared = upgrade.declared
    if declared is None:
        return finding
    evidence = finding.evidence
    if not any(one.origin.file in declared.files for one in evidence):
        evidence = (*evidence, Evidence("asked for here", declared.at("version")[1]))
    # Whoever can show one place only shows the first: a line of the change, not of the base or of a dump.
    evidence = tuple(sorted(evidence, key=lambda one: one.origin.file not in declared.files))
    return replace(
        finding,
        title=worded(finding.title, declared),
        message=worded(finding.message, declared),
        says=worded(finding.says, declared),
        evidence=evidence,
        remedy=(*_bring_crds(finding, declared), *_remedy(finding, declared)),
        manifest=place_of(declared),
    )


def _remedy(finding: Finding, declared: Declared) -> Iterator[Typed]:
    for typed in finding.remedy:
        if not (_of_crds(finding, declared) and _applies_crds(typed)):
            yield from _step(typed, declared)


def _of_crds(finding: Finding, declared: Declared) -> bool:
    """CRDs of the chart, which its manifest could have brought along."""
    lacking = finding.subject.kind == "CustomResourceDefinition" and declared.crds != "replace"
    return lacking and declared.carrier != "Helm" and any("/crds/" in typed.run for typed in finding.remedy)


def _applies_crds(typed: Typed) -> bool:
    return typed.phase == "before" and any(word in typed.run for word in ("/crds/", "helm pull", "Established crd/"))


def _bring_crds(finding: Finding, declared: Declared) -> list[Typed]:
    """In place of pulling the chart and applying its CRDs by hand."""
    if not _of_crds(finding, declared):
        return []
    path, origin = declared.at("crds")
    if declared.carrier == "Flux":
        note = f"in {origin} set {path} to CreateReplace: Flux then brings up the CRDs of the chart before the rest"
    else:
        note = f"in {origin} take out {path}: Argo CD then applies the CRDs of the chart with the rest"
    return [Typed("upgrade", "", note, stage="values")]


def worded(text: str, declared: Declared) -> str:
    """Rules speak of the command that somebody types, and of helm, which Argo CD does not run."""
    text = text.replace("The command gives values, so helm forgets the", "The manifest leaves out the")
    text = _COMMAND.sub(lambda found: f"{found[1]}he change", text)
    return _HELM.sub("Argo CD", text) if declared.carrier == "Argo CD" else text


def _step(typed: Typed, declared: Declared) -> Iterator[Typed]:
    """A step without what does not help here, and with a file to edit in place of a command that Flux or Argo CD would
    undo."""
    if not typed.run.strip():
        yield replace(typed, note=worded(typed.note, declared))
        return
    lines, notes = [], []
    for line in _lines(typed.run):
        words = _split(line)
        verb = " ".join(words[1:3]) if words[:1] == ["helm"] else ""
        if verb.startswith("rollback"):
            notes.append(_way_back(declared))
        elif verb.startswith("upgrade") and words[2:3] == [declared.release]:
            notes += _by_hand(words, declared)
        elif not _idle(verb, typed, declared):
            lines.append(line)
    note = worded(typed.note, declared)
    if lines:
        yield replace(typed, run="\n".join(lines), note=note)
    for each in dict.fromkeys(notes):
        yield replace(typed, run="", note=f"{note.rstrip('.')}: {each}" if note and not lines else each, fill=False)


def _idle(verb: str, typed: Typed, declared: Declared) -> bool:
    """What helps nobody here: helm's own index, old values for a command, and releases that there are none of."""
    if verb in _NEEDLESS or (verb == "get values" and typed.stage == "values"):
        return True
    return declared.carrier == "Argo CD" and verb.partition(" ")[0] in _OF_A_RELEASE


def _lines(run: str) -> list[str]:
    """The commands of a step, one that is continued on the next line whole."""
    return run.replace("\\\n", " ").split("\n") if "<<" not in run else [run]


def _split(line: str) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError:
        return []


def _way_back(declared: Declared) -> str:
    told = f"revert the change of {declared.at('version')[1]} and merge that"
    if declared.carrier == "Helm":
        return told
    return f"{told}; {declared.carrier} goes back by itself, and would undo what is typed by hand"


def _by_hand(words: Sequence[str], declared: Declared) -> list[str]:
    """`helm upgrade` of this release, as edits of its manifest."""
    from ..intent import parse_command

    command = parse_command(words)
    version = command.last("version")
    told = [version_edit(version, declared)] if version and version != declared.version else []
    for kind in ("set", "set-string"):
        for text in command.all(kind):
            key, _, value = text.partition("=")
            told.append(value_edit(key, value, declared, Values()))
    if told:
        return [f"{', '.join(told)}, and merge that"]
    return [f"have {declared.carrier} bring up {declared.title} once more"]
