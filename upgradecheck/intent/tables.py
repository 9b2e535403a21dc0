"""The flags of every command that is understood: what each takes, whatever the version of the tool.

Each table is the union of the versions in use, hidden flags included; tests hold the Helm and kubectl tables
to the programs' own help. `NAME/X` gives the flag its one-letter form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Takes = Literal["nothing", "value", "list", "perhaps"]
"""nothing: a switch (`--flag=false` allowed); value: the next word or after `=`; list: the same, several
separated by commas; perhaps: a value only after `=`."""


@dataclass(frozen=True, slots=True)
class Table:
    """The grammar of one command: flags by long name, and how many positionals it takes."""

    flags: Mapping[str, Takes]
    letters: Mapping[str, str]
    least: int = 0
    most: int | None = 0
    usage: str = ""
    spellings: Mapping[str, str] = field(default_factory=dict)
    underscores: bool = False

    def name(self, typed: str) -> str:
        """The one name of a flag that may be spelled several ways."""
        plain = typed.replace("_", "-") if self.underscores else typed
        return self.spellings.get(plain, plain)


def _flags(**words: str) -> tuple[dict[str, Takes], dict[str, str]]:
    flags: dict[str, Takes] = {}
    letters: dict[str, str] = {}
    takes: Mapping[str, Takes] = {"nothing": "nothing", "value": "value", "list": "list", "perhaps": "perhaps"}
    for kind, names in words.items():
        for word in names.split():
            name, _, letter = word.partition("/")
            flags[name] = takes[kind]
            if letter:
                letters[letter] = name
    return flags, letters


def _table(*parts: tuple[dict[str, Takes], dict[str, str]], least: int, most: int | None, usage: str) -> Table:
    flags = {name: takes for part in parts for name, takes in part[0].items()}
    letters = {letter: name for part in parts for letter, name in part[1].items()}
    return Table(flags, letters, least, most, usage)


_HELM_GLOBAL = _flags(
    nothing="debug kube-insecure-skip-tls-verify help/h",
    value="""namespace/n kubeconfig kube-context kube-token kube-apiserver kube-as-user kube-as-group kube-ca-file
        kube-tls-server-name registry-config repository-config repository-cache content-cache burst-limit qps
        color colour""",
)
_HELM_CHART = _flags(
    nothing="""create-namespace dependency-update devel disable-openapi-validation enable-dns hide-notes hide-secret
        insecure-skip-tls-verify no-hooks pass-credentials plain-http render-subchart-notes skip-crds
        skip-schema-validation take-ownership verify wait-for-jobs force force-replace force-conflicts atomic
        rollback-on-failure""",
    value="""version repo keyring username password cert-file key-file ca-file timeout description labels/l output/o
        post-renderer post-renderer-args set set-string set-file set-json set-literal""",
    list="values/f",
    perhaps="dry-run wait",
)
_HELM_UPGRADE = _flags(
    nothing="install/i reset-values reuse-values reset-then-reuse-values cleanup-on-fail recreate-pods",
    value="history-max server-side",
)
_HELM_INSTALL = _flags(nothing="replace generate-name/g server-side", value="name-template")
_HELM_ROLLBACK = _flags(
    nothing="cleanup-on-fail force force-replace force-conflicts no-hooks recreate-pods wait-for-jobs",
    value="history-max server-side timeout",
    perhaps="dry-run wait",
)

_OSM_GLOBAL = _flags(nothing="verbose help/h", value="osm-namespace")
_OSM_UPGRADE = _flags(value="mesh-name osm-chart-path set")
_OSM_INSTALL = _flags(nothing="enforce-single-mesh atomic", value="mesh-name osm-chart-path set timeout")

_CILIUM_GLOBAL = _flags(nothing="help/h", value="context namespace/n as as-group helm-release-name kubeconfig")
_CILIUM_CHART = _flags(
    nothing="list-versions nodes-without-cilium wait dry-run dry-run-helm-values",
    value="version datapath-mode chart-directory set set-string set-file wait-duration repository history-max",
    list="values/f",
)
_CILIUM_UPGRADE = _flags(nothing="reset-then-reuse-values reset-values reuse-values restart/r")

_KUBECTL_GLOBAL = _flags(
    nothing="""insecure-skip-tls-verify disable-compression match-server-version warnings-as-errors help/h
        add-dir-header alsologtostderr logtostderr one-output skip-headers skip-log-headers""",
    value="""namespace/n context cluster user kubeconfig server/s token as as-group as-uid as-user-extra cache-dir
        certificate-authority client-certificate client-key tls-server-name request-timeout username password
        profile profile-output v/v vmodule log-flush-frequency kuberc log-backtrace-at log-dir log-file
        log-file-max-size stderrthreshold""",
)
_KUBECTL_COMMON = _flags(
    nothing="allow-missing-template-keys show-managed-fields recursive/R record",
    value="kustomize/k output/o template field-manager",
    list="filename/f",
    perhaps="dry-run",
)
_KUBECTL_APPLY = _flags(
    nothing="all force force-conflicts openapi-patch overwrite prune server-side wait",
    value="selector/l grace-period timeout applyset subresource",
    list="prune-allowlist prune-whitelist",
    perhaps="cascade validate",
)
_KUBECTL_PATCH = _flags(nothing="local", value="patch/p patch-file type subresource")
_KUBECTL_SET_IMAGE = _flags(nothing="all local", value="selector/l")

_CILIUM_SPELLINGS = {
    "helm-set": "set",
    "helm-set-file": "set-file",
    "helm-set-string": "set-string",
    "helm-values": "values",
}


def _tables() -> dict[str, dict[str, Table]]:
    from dataclasses import replace

    helm, osm, cilium, kubectl = _HELM_GLOBAL, _OSM_GLOBAL, _CILIUM_GLOBAL, _KUBECTL_GLOBAL
    tables = {
        "helm": {
            "upgrade": _table(helm, _HELM_CHART, _HELM_UPGRADE, least=2, most=2, usage="RELEASE CHART"),
            "install": _table(helm, _HELM_CHART, _HELM_INSTALL, least=1, most=2, usage="NAME CHART"),
            "rollback": _table(helm, _HELM_ROLLBACK, least=1, most=2, usage="RELEASE [REVISION]"),
        },
        "osm": {
            "mesh upgrade": _table(osm, _OSM_UPGRADE, least=0, most=0, usage=""),
            "install": _table(osm, _OSM_INSTALL, least=0, most=0, usage=""),
        },
        "cilium": {
            "upgrade": _table(cilium, _CILIUM_CHART, _CILIUM_UPGRADE, least=0, most=0, usage="[--version VERSION]"),
            "install": _table(cilium, _CILIUM_CHART, least=0, most=0, usage="[--version VERSION]"),
        },
        "kubectl": {
            "apply": _table(kubectl, _KUBECTL_COMMON, _KUBECTL_APPLY, least=0, most=0, usage="-f FILE"),
            "patch": _table(kubectl, _KUBECTL_COMMON, _KUBECTL_PATCH, least=0, most=None, usage="TYPE NAME -p PATCH"),
            "set image": _table(
                kubectl,
                _KUBECTL_COMMON,
                _KUBECTL_SET_IMAGE,
                least=1,
                most=None,
                usage="TYPE NAME CONTAINER=IMAGE",
            ),
        },
    }
    for verb, table in tables["cilium"].items():
        tables["cilium"][verb] = replace(table, spellings=_CILIUM_SPELLINGS)
    for verb, table in tables["kubectl"].items():
        tables["kubectl"][verb] = replace(table, underscores=True)
    return tables


TABLES: Mapping[str, Mapping[str, Table]] = _tables()
"""Tool, then verb with its words joined by a space, to the grammar of that command."""
