"""Commands are read by the real grammars of helm, osm, cilium and kubectl."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from upgradecheck.errors import InputError, UsageError
from upgradecheck.intent import (
    applied_images,
    applied_patch,
    applied_paths,
    flags_of,
    helm_facts,
    nearest_flag,
    parse_command,
    values_given,
)
from upgradecheck.intent.tables import TABLES
from upgradecheck.model import Command


def flags(command: Command) -> dict[str, Any]:
    return {flag.name: flag.value for flag in command.flags}


def typed(text: str) -> Command:
    return parse_command(text.split())


def refused(text: str) -> str:
    with pytest.raises(UsageError) as error:
        parse_command(text.split())
    assert "\n" not in str(error.value)
    return str(error.value)


UPGRADE = "helm upgrade spiderpool spiderpool/spiderpool"
NS = "helm upgrade r c -n x"

READ: list[tuple[str, dict[str, Any]]] = [
    ("helm upgrade r c --version 1.2", {"version": "1.2"}),
    ("helm upgrade r c --version=1.2", {"version": "1.2"}),
    ("helm upgrade --version 1.2 r c", {"version": "1.2"}),
    ("helm -n x upgrade r --version 1.2 c --debug", {"namespace": "x", "version": "1.2", "debug": None}),
    ("helm upgrade -nx r c", {"namespace": "x"}),
    ("helm upgrade -n=x r c", {"namespace": "x"}),
    ("helm upgrade -if v.yaml r c", {"install": None, "values": "v.yaml"}),
    ("helm upgrade -ifv.yaml r c", {"install": None, "values": "v.yaml"}),
    ("helm upgrade -i=false r c", {"install": "false"}),
    ("helm upgrade r c --wait --dry-run", {"wait": None, "dry-run": None}),
    ("helm upgrade r c --wait=legacy --dry-run=server", {"wait": "legacy", "dry-run": "server"}),
    ("helm upgrade --wait r c", {"wait": None}),
    ("helm upgrade r c --atomic --force --recreate-pods", {"atomic": None, "force": None, "recreate-pods": None}),
    ("helm upgrade r c --rollback-on-failure --server-side auto", {"rollback-on-failure": None, "server-side": "auto"}),
    ("helm upgrade r c --version --reuse-values", {"version": "--reuse-values"}),
    ("helm upgrade r c --set a=b=c", {"set": "a=b=c"}),
    ("helm upgrade r c --set=", {"set": ""}),
    ("helm upgrade --install -- r c", {"install": None}),
    ("helm install c --generate-name --server-side", {"generate-name": None, "server-side": None}),
    ("helm rollback r 3 --wait=watcher", {"wait": "watcher"}),
    (
        "osm mesh upgrade --mesh-name m --osm-namespace n --set a=b",
        {"mesh-name": "m", "osm-namespace": "n", "set": "a=b"},
    ),
    ("osm --osm-namespace n mesh upgrade", {"osm-namespace": "n"}),
    ("cilium upgrade --version v1.16.0 --helm-set a=b", {"version": "v1.16.0", "set": "a=b"}),
    ("cilium upgrade -f a.yaml --wait -r", {"values": "a.yaml", "wait": None, "restart": None}),
    ("kubectl -n x apply -Rf a.yaml", {"namespace": "x", "recursive": None, "filename": "a.yaml"}),
    (
        "kubectl apply -f- --server-side --force_conflicts",
        {"filename": "-", "server-side": None, "force-conflicts": None},
    ),
    ("kubectl apply --validate=false --filename=a", {"validate": "false", "filename": "a"}),
    ("kubectl patch os x -v=6 --type merge -p {}", {"v": "6", "type": "merge", "patch": "{}"}),
    ("kubectl set image ds/a b=c:1 --dry-run=server", {"dry-run": "server"}),
]


@pytest.mark.parametrize(("text", "wanted"), READ, ids=[text for text, _ in READ])
def test_flags_are_read_as_the_tool_reads_them(text: str, wanted: dict[str, Any]) -> None:
    command = parse_command(text.split())
    assert flags(command) == wanted
    assert command.unknown == ()
    assert command.words == tuple(text.split())


def test_a_repeated_flag_keeps_every_value_in_order() -> None:
    command = typed("helm upgrade r c -f a --set x=1 --values=b,c --set x=2")
    assert command.all("values") == ("a", "b,c")
    assert command.last("set") == "x=2"


def test_positionals_are_what_is_left() -> None:
    assert typed("helm -n x upgrade --wait r --version 1 c").positionals == ("r", "c")
    assert typed("helm upgrade -- r c").positionals == ("r", "c")
    assert typed("kubectl set image ds/a b=c d=e").positionals == ("ds/a", "b=c", "d=e")
    assert typed("osm mesh upgrade").verb == "mesh upgrade"


@pytest.mark.parametrize(
    "head",
    [
        "helm", "/usr/local/bin/helm", "helm3", "helm.exe", "C:\\bin\\helm.exe", "sudo helm", "sudo -E -u root helm",
        "env A=b helm", "env -u A B=c helm", "A=b C=d helm", "time helm", "sudo A=b /opt/helm", "timeout 10m helm",
        "microk8s helm3", "nice -n 5 helm",
    ],
)  # fmt: skip
def test_what_stands_before_the_tool_is_seen_through(head: str) -> None:
    command = parse_command(f"{head} upgrade r c --version 1.2".split(" "))
    assert (command.tool, command.verb, command.positionals) == ("helm", "upgrade", ("r", "c"))
    assert " ".join(command.words) == f"{head} upgrade r c --version 1.2"


def test_one_quoted_text_is_split_as_a_shell_does() -> None:
    command = parse_command(["helm upgrade r c \\\n  --set 'a=b c'"])
    assert command.last("set") == "a=b c"


def test_the_namespace_of_the_prefix_counts_and_that_of_our_own_environment_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HELM_NAMESPACE", "ours")
    assert helm_facts(typed("helm upgrade r c")).namespace == ""
    assert helm_facts(typed("env HELM_NAMESPACE=x helm upgrade r c")).namespace == "x"
    assert helm_facts(typed("HELM_NAMESPACE=x helm upgrade r c -n y")).namespace == "y"
    assert helm_facts(typed("CILIUM_NAMESPACE=x cilium upgrade")).namespace == "x"


UNKNOWN: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    ("helm upgrade r c --reuse-value", ("--reuse-value",), ("r", "c")),
    ("helm upgrade --bogus r c", ("--bogus",), ("r", "c")),
    ("helm upgrade --bogus x r c", ("--bogus",), ("r", "c")),
    ("helm upgrade r --bogus=x c -Z", ("--bogus", "-Z"), ("r", "c")),
    ("helm upgrade r c --bogus --version 1", ("--bogus",), ("r", "c")),
    ("helm --bogus x upgrade r c", ("--bogus",), ("r", "c")),
    ("helm rollback r --version 3", ("--version",), ("r",)),
    ("osm mesh upgrade --timeout 5m --container-registry reg/x", ("--timeout", "--container-registry"), ()),
    ("osm mesh upgrade -n x -f v.yaml", ("-n", "-f"), ()),
    ("osm mesh upgrade --enable-egress=true", ("--enable-egress",), ()),
    ("cilium upgrade --set-json a=1 --agent-image x", ("--set-json", "--agent-image"), ()),
]


@pytest.mark.parametrize(("text", "unknown", "positionals"), UNKNOWN, ids=[case[0] for case in UNKNOWN])
def test_an_unknown_flag_is_told_and_the_rest_is_still_read(
    text: str, unknown: tuple[str, ...], positionals: tuple[str, ...]
) -> None:
    command = parse_command(text.split())
    assert command.unknown == unknown
    assert command.positionals == positionals


def test_the_value_of_an_unknown_flag_is_kept_for_the_repair() -> None:
    command = typed("osm mesh upgrade --container-registry reg/x -n=y --osm-image-tag=v1")
    assert flags(command) == {"container-registry": "reg/x", "n": "y", "osm-image-tag": "v1"}


def test_a_set_flag_that_the_tool_does_not_have_sets_nothing() -> None:
    assert values_given(typed("cilium upgrade --set-json a=1 --set b=2"))[0].tree == {"b": 2}
    assert values_given(typed("osm mesh upgrade -f nowhere.yaml --set b=2"))[0].tree == {"b": 2}


def test_the_nearest_flag_is_named() -> None:
    command = typed(f"{UPGRADE} --reuse-value --xyzzy")
    assert nearest_flag(command, "--reuse-value") == "--reuse-values"
    assert nearest_flag(command, "--xyzzy") == ""
    assert "reset-then-reuse-values" in flags_of(command)


REFUSED: list[tuple[str, str]] = [
    ("terraform apply", "terraform: not a command that upgradecheck understands"),
    ("hlem upgrade r c", "did you mean helm?"),
    ("helm upgrad r c", "did you mean helm upgrade?"),
    ("helm template r c", "known are helm upgrade, helm install, helm rollback"),
    ("helm secrets upgrade r c", "a plugin"),
    ("helm", "no command was given"),
    ("helm upgrade r", "needs RELEASE CHART, got r"),
    ("helm upgrade", "needs RELEASE CHART, got none"),
    ("helm upgrade r c d", "takes RELEASE CHART, got r c d"),
    ("helm upgrade r c --wait true", "takes RELEASE CHART, got r c true"),
    ("helm upgrade r c --version", "flag needs an argument: --version"),
    ("helm upgrade r c -f", "flag needs an argument: -f"),
    ("helm upgrade r c --install=maybe", "'maybe' is neither true nor false"),
    ("helm upgrade r c ---x", "bad flag syntax: ---x"),
    ("helm install c", "needs NAME CHART, got c"),
    ("helm install a c -g", "takes NAME CHART, got a c"),
    ("helm repo update && helm upgrade r c", "helm repo"),
    ("helm upgrade r c && echo done", "&& starts another command"),
    ("osm mesh upgrade m", "takes no words beside flags, got m"),
    ("osm upgrade", "did you mean osm mesh upgrade?"),
    ("cilium upgrade 1.16.0", "takes [--version VERSION], got 1.16.0"),
    ("kubectl apply", "needs -f FILE"),
    ("kubectl apply view-last-applied deploy/x", "takes -f FILE"),
    ("kubectl delete pod x", "kubectl delete"),
    ("kubectl patch -p {}", "needs TYPE NAME or -f FILE"),
    ("kubectl patch deploy -p {}", "deploy names a kind and no object"),
    ("kubectl set image ds/a", "needs CONTAINER=IMAGE"),
    ("kubectl set image a=b", "needs TYPE NAME"),
    ("kubectl set image a=b ds/x", "ds/x stands after an image"),
    ("kubectl set image ds/a b c=d", "is not TYPE/NAME"),
    ("sudo -E", "no command was given"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED, ids=[text for text, _ in REFUSED])
def test_what_the_tool_would_refuse_is_one_plain_line(text: str, words: str) -> None:
    assert words in refused(text)


def test_nothing_at_all_is_refused_too() -> None:
    with pytest.raises(UsageError, match="no command was given"):
        parse_command([])
    with pytest.raises(UsageError, match="cannot be split"):
        parse_command(["helm upgrade 'r c"])


FACTS: list[tuple[str, dict[str, Any]]] = [
    (
        f"{UPGRADE} -n kube-system --version 0.9.5 --reuse-values",
        {"release": "spiderpool", "namespace": "kube-system", "chart": "spiderpool/spiderpool",
         "chart_name": "spiderpool", "version": "0.9.5", "reuse": "reuse", "install": False, "dry_run": False},
    ),
    ("helm upgrade r oci://h:5000/x/chart --version ^1", {"chart_name": "chart", "version": "^1"}),
    ("helm upgrade r oci://h:5000/x/chart:1.2.3@sha256:0", {"chart_name": "chart", "version": "1.2.3"}),
    ("helm upgrade r ./cilium-1.16.0-rc.1.tgz --version 9", {"chart_name": "cilium", "version": "1.16.0-rc.1"}),
    ("helm upgrade r https://h/osm-edge-1.3.9.tgz", {"chart_name": "osm-edge", "version": "1.3.9"}),
    ("helm upgrade r ./charts/mine/", {"chart_name": "mine", "version": ""}),
    ("helm upgrade r .", {"chart_name": "", "chart": "."}),
    ("helm upgrade r c -i --dry-run", {"install": True, "dry_run": True}),
    ("helm upgrade r c --dry-run=none", {"dry_run": False}),
    ("helm upgrade r c --install=false", {"install": False}),
    ("helm install c --name-template n", {"release": "n", "install": True, "reuse": "reset"}),
    ("helm rollback r 3 -n x", {"release": "r", "revision": 3, "namespace": "x", "chart": ""}),
    ("helm rollback r", {"revision": 0}),
    ("osm mesh upgrade", {"release": "osm", "namespace": "osm-system", "version": "", "reuse": "reset"}),
    ("osm mesh upgrade --mesh-name m --osm-namespace n", {"release": "m", "namespace": "n"}),
    ("cilium upgrade", {"release": "cilium", "namespace": "kube-system", "reuse": "reset-then-reuse"}),
    ("cilium upgrade --version v1.16.1 -n x --helm-release-name y", {"version": "v1.16.1", "release": "y"}),
    ("kubectl apply -f a -n x", {"release": "", "namespace": "x"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), FACTS, ids=[text for text, _ in FACTS])
def test_facts_of_the_release(text: str, wanted: dict[str, Any]) -> None:
    facts = helm_facts(parse_command(text.split()))
    assert {name: getattr(facts, name) for name in wanted} == wanted


def test_kubectl_apply_tells_its_files_and_refuses_a_kustomization() -> None:
    assert applied_paths(typed("kubectl apply -f a.yaml,b -Rf - -f https://h/x")) == (
        "a.yaml", "b", "-", "https://h/x",
    )  # fmt: skip
    with pytest.raises(UsageError, match=r"kubectl kustomize d > built\.yaml"):
        applied_paths(typed("kubectl apply -k d"))


def test_kubectl_patch_tells_what_it_changes(tmp_path: Path) -> None:
    words = ["kubectl", "patch", "os", "sample", "-n", "x", "--type=merge", "-p", '{"spec": {"a": null}}']
    patch = applied_patch(parse_command(words))
    assert (patch.targets, patch.namespace, patch.type) == ((("os", "sample"),), "x", "merge")
    assert patch.body == {"spec": {"a": None}}
    assert applied_patch(parse_command(["kubectl", "patch", "ds/a", "ds/b", "-p", "spec:\n  a: 1"])).body == {
        "spec": {"a": 1}
    }
    (tmp_path / "p.yaml").write_text("- {op: remove, path: /spec}\n")
    from_file = parse_command(
        ["kubectl", "patch", "ds", "a", "--type", "json", "--patch-file", str(tmp_path / "p.yaml")]
    )
    assert applied_patch(from_file).body == [{"op": "remove", "path": "/spec"}]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ds/a"], "no patch is given"),
        (["ds/a", "-p", "[]"], "is a map"),
        (["ds/a", "-p", "{}", "--type=json"], "is a list of operations"),
        (["ds/a", "-p", "{}", "--type=merg"], "one of strategic, merge, json"),
        (["ds/a", "-p", "{a: b: c"], "neither JSON nor YAML"),
    ],
)
def test_a_patch_that_kubectl_would_refuse(words: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        applied_patch(parse_command(["kubectl", "patch", *words]))


def test_a_patch_file_that_is_not_there() -> None:
    with pytest.raises(InputError, match=r"nowhere: cannot be read: No such file"):
        applied_patch(typed("kubectl patch ds a --patch-file nowhere"))


def test_kubectl_set_image_tells_what_it_changes() -> None:
    images = applied_images(typed("kubectl set image ds cilium agent=q/c:1 *=x -n kube-system"))
    assert (images.targets, images.namespace) == ((("ds", "cilium"),), "kube-system")
    assert images.images == {"agent": "q/c:1", "*": "x"}
    assert applied_images(typed("kubectl set image ds,deploy a=b --all")).everything


HELM_VERBS = ["upgrade", "install", "rollback"]
KUBECTL_VERBS = ["apply", "patch", "set image"]


def told(program: Path, *words: str) -> str:
    done = subprocess.run([program, *words], capture_output=True, text=True, env={"HOME": "/nonexistent"})
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("verb", HELM_VERBS)
def test_every_flag_of_the_real_helm_is_known_and_takes_what_it_takes(real_helm: Path, verb: str) -> None:
    shown = re.findall(r"^ +(?:-(\w), )?--([\w-]+)(?: (\w+))?(\[=)?", told(real_helm, verb, "--help"), re.MULTILINE)
    assert len(shown) > 20
    table = TABLES["helm"][verb]
    for letter, name, kind, optional in shown:
        takes = "perhaps" if optional else "list" if kind == "strings" else "value" if kind else "nothing"
        assert table.flags.get(name) == takes, name
        assert not letter or table.letters[letter] == name


@pytest.mark.parametrize("verb", HELM_VERBS)
def test_flags_that_the_real_helm_hides_are_real_or_of_helm_3(real_helm: Path, verb: str) -> None:
    """What our table has beyond the help is accepted by Helm 4, or stands in this list of what Helm 3 took."""
    helm_3 = {"recreate-pods"}
    shown = set(re.findall(r"--([\w-]+)", told(real_helm, verb, "--help")))
    for name in sorted(set(TABLES["helm"][verb].flags) - shown - helm_3):
        words = [str(real_helm), verb, f"--{name}", "--help"]
        done = subprocess.run(words, capture_output=True, text=True, env={"HOME": "/nonexistent"})
        assert done.returncode == 0, f"helm {verb} --{name}: {done.stderr}"


@pytest.mark.parametrize("verb", KUBECTL_VERBS)
def test_every_flag_of_the_real_kubectl_is_known_and_takes_what_it_takes(real_kubectl: Path, verb: str) -> None:
    help_text = told(real_kubectl, *verb.split(), "--help") + told(real_kubectl, "options")
    shown = re.findall(r"^ +(?:-(\w), )?--([\w-]+)=(.*):$", help_text, re.MULTILINE)
    assert len(shown) > 30
    table = TABLES["kubectl"][verb]
    for letter, name, default in shown:
        assert name in table.flags, name
        assert (table.flags[name] == "nothing") == (default in ("true", "false")), name
        assert not letter or table.letters[letter] == name


ARITY = {
    "upgrade r --wait c x": False,
    "upgrade r --dry-run c x": False,
    "upgrade r --version 1": False,
    "upgrade r -in c": False,
    "upgrade --wait": False,
    "upgrade r --install true": True,
    "upgrade r --wait c": True,
    "upgrade r c -in x": True,
    "upgrade --server-side auto r c": True,
}


@pytest.mark.parametrize(("text", "fits"), ARITY.items(), ids=list(ARITY))
def test_arity_agrees_with_the_real_helm(real_helm: Path, text: str, fits: bool) -> None:
    """A word after a flag is its value, or a positional, exactly where Helm takes it so. No cluster is known, so
    a command that fits fails later and otherwise."""
    environment = {"HOME": "/nonexistent", "KUBECONFIG": "/nonexistent"}
    done = subprocess.run([real_helm, *text.split()], capture_output=True, text=True, env=environment)
    assert ("requires 2 arguments" not in done.stderr) == fits, done.stderr
    if fits:
        typed(f"helm {text}")
    else:
        refused(f"helm {text}")
