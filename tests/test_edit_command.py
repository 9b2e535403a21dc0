"""A person's command, changed as remedies ask, is still theirs, and can be pasted into a shell."""

from __future__ import annotations

import itertools
import shlex

import pytest

from upgradecheck.errors import UsageError
from upgradecheck.intent import edit_command, parse_command, values_given
from upgradecheck.model import Edit

SPIDERPOOL = "helm upgrade spiderpool spiderpool/spiderpool -n kube-system --version 0.9.5 --reuse-values"
OSM = "osm mesh upgrade --mesh-name prod --osm-namespace osm-system"

OLD_VALUES = Edit(drop=("reuse-values",), add=("-f", "old.yaml"))

EDITS: list[tuple[str, Edit, str]] = [
    (SPIDERPOOL, Edit(drop=("reuse-values",)), SPIDERPOOL.removesuffix(" --reuse-values")),
    (SPIDERPOOL, OLD_VALUES, SPIDERPOOL.replace("--reuse-values", "-f old.yaml")),
    ("helm upgrade r c", Edit(drop=("reuse-values",)), "helm upgrade r c"),
    ("helm upgrade r c --version 1 --wait", Edit(drop=("version",)), "helm upgrade r c --wait"),
    ("helm upgrade r c --version=1 -f a -f b", Edit(drop=("--values", "version")), "helm upgrade r c"),
    ("helm upgrade -if v.yaml r c", Edit(drop=("install",)), "helm upgrade -f v.yaml r c"),
    ("helm upgrade -if v.yaml r c", Edit(drop=("values",)), "helm upgrade -i r c"),
    ("helm upgrade r c --bogus x --wait", Edit(drop=("bogus",)), "helm upgrade r c --wait"),
    ("helm upgrade r c --version 1", Edit(add=("--version", "2")), "helm upgrade r c --version 2"),
    ("helm upgrade r c --version=2", Edit(add=("--version", "2")), "helm upgrade r c --version=2"),
    ("helm upgrade r c --wait", Edit(add=("--wait", "--timeout", "10m")), "helm upgrade r c --wait --timeout 10m"),
    ("helm upgrade r c -f a,old.yaml", Edit(add=("-f", "old.yaml")), "helm upgrade r c -f a,old.yaml"),
    ("helm upgrade r c -f mine.yaml", Edit(add=("-f", "old.yaml")), "helm upgrade r c -f old.yaml -f mine.yaml"),
    ("helm upgrade --wait -- r c", Edit(add=("--atomic",)), "helm upgrade --wait --atomic -- r c"),
    ("helm upgrade r c", Edit(set={"a.b": "1", "c": "x"}), "helm upgrade r c --set a.b=1 --set c=x"),
    ("helm upgrade r c --set a.b=1", Edit(set={"a.b": "1"}), "helm upgrade r c --set a.b=1"),
    ("helm upgrade r c --set z=0,a.b=2", Edit(set={"a.b": "1"}), "helm upgrade r c --set z=0,a.b=1"),
    ("helm upgrade r c --set a=1 --set a=2", Edit(set={"a": "3"}), "helm upgrade r c --set a=3"),
    ("helm upgrade r c --set-string a=1,b=2", Edit(set={"a": "3"}), "helm upgrade r c --set-string b=2 --set a=3"),
    ("helm upgrade r c --set-literal a=1,b", Edit(set={"a": "3"}), "helm upgrade r c --set a=3"),
    ("helm upgrade r c", Edit(set={"l": "{a,b}"}), "helm upgrade r c --set l={a,b}"),
    (OSM, Edit(set={"osm.meshName": "prod", "osm.x": "true"}), OSM + " --set osm.meshName=prod,osm.x=true"),
    (OSM + " --set a=1 --set b=2", Edit(set={"c": "3"}), OSM + " --set a=1,b=2,c=3"),
    (OSM + " --set a=1 --verbose --set b=2", Edit(set={"a": "9"}), OSM + " --set a=9,b=2 --verbose"),
    (OSM + " --timeout 5m", Edit(drop=("timeout",)), OSM),
    (OSM + " --osm-image-tag v1", Edit(("osm-image-tag",), set={"osm.tag": "v1"}), OSM + " --set osm.tag=v1"),
    ("cilium upgrade --helm-set a=1", Edit(set={"a": "2"}), "cilium upgrade --set a=2"),
    ("cilium upgrade --helm-set a=1", Edit(drop=("helm-set",)), "cilium upgrade"),
    ("kubectl apply -f a.yaml", Edit(add=("--server-side",)), "kubectl apply -f a.yaml --server-side"),
    ("sudo -E helm upgrade r c --reuse-values", Edit(drop=("reuse-values",)), "sudo -E helm upgrade r c"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "edit", "after"), EDITS, ids=[f"{b} | {e}"[-70:] for b, e, _ in EDITS])
def test_an_edit_gives_the_command_that_is_meant_and_once_more_changes_nothing(
    before: str, edit: Edit, after: str
) -> None:
    edited = edit_command(parse_command(before.split()), edit)
    assert " ".join(edited.words) == after
    assert edit_command(edited, edit) == edited
    assert edited == parse_command(after.split())


def test_edits_of_several_findings_give_each_flag_once_in_any_order() -> None:
    edits = [
        OLD_VALUES,
        Edit(drop=("reuse-values",), add=("-f", "old.yaml"), set={"ipam.enableSpiderSubnet": "false"}),
        Edit(add=("--version", "0.9.8"), set={"a": "1"}),
        Edit(drop=("reuse-values",), set={"a": "1"}),
    ]
    for order in itertools.permutations(edits):
        command = parse_command(SPIDERPOOL.split())
        for edit in order:
            command = edit_command(command, edit)
        given = {"-f old.yaml", "--version 0.9.8", "-n kube-system", "--set a=1", "--set ipam.enableSpiderSubnet=false"}
        assert {" ".join(flag.typed) for flag in command.flags} == given
        assert len(command.flags) == len(given)


def test_what_is_set_is_what_helm_will_read() -> None:
    wanted = {"a": "x,y=z", "b": "back\\slash", "c": "{", "d": "plain", r"e.k8s\.io/x": "1"}
    command = edit_command(parse_command(["helm upgrade r c --set-string c=other,d=other,z=1"]), Edit(set=wanted))
    assert values_given(command)[0].tree == {
        "z": "1", "a": "x,y=z", "b": "back\\slash", "c": "{", "d": "plain", "e": {"k8s.io/x": 1},
    }  # fmt: skip


def test_a_tool_without_set_refuses_it_plainly() -> None:
    with pytest.raises(UsageError, match="kubectl apply has no --set"):
        edit_command(parse_command(["kubectl", "apply", "-f", "a"]), Edit(set={"a": "b"}))


def test_edits_of_several_findings_make_one_command() -> None:
    edit = Edit(drop=("reuse-values",), add=("-f", "old.yaml"), set={"ipam.enableSpiderSubnet": "false"})
    words = edit_command(edit_command(parse_command(SPIDERPOOL.split()), edit), edit).words
    assert shlex.join(words) == (
        "helm upgrade spiderpool spiderpool/spiderpool -n kube-system --version 0.9.5 "
        "-f old.yaml --set ipam.enableSpiderSubnet=false"
    )


def test_a_positional_is_swapped_by_its_place_and_no_other_that_is_spelled_alike() -> None:
    command = parse_command(["helm upgrade osm osm --version 1.2.3"])
    assert edit_command(command, Edit(swap={"1": "osm-edge"})).words[2:4] == ("osm", "osm-edge")


def test_a_positional_is_swapped_by_its_word() -> None:
    command = parse_command(["kubectl set image deployment/jaeger jaeger=a:1"])
    assert edit_command(command, Edit(swap={"deployment/jaeger": "deployment/osm-jaeger"})).words[3:] == (
        "deployment/osm-jaeger",
        "jaeger=a:1",
    )
