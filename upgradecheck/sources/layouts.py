"""What the path of a file says in the layouts of the tools that write dumps: whose log it is, which namespace."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

DUMP_LISTS = frozenset(
    {"events", "replication-controllers", "services", "daemonsets", "deployments", "replicasets", "pods"}
)
"""The files that `kubectl cluster-info dump` writes for every namespace."""

_SYSDUMP = re.compile(r"logs-(?P<rest>.+?)-\d{8}-\d{6}(?P<prev>-prev)?\.log")
_MUST_GATHER = re.compile(r"(?P<run>current|previous)(?:\.insecure)?\.log")
_VERSION_COPY = re.compile(r"v\d+(?:(?:alpha|beta)\d+)?(?:-preferredversion)?")
_PREVIOUS = re.compile(r"[-_.](?:previous|prev)$")


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose log a file is."""

    namespace: str
    pod: str
    container: str
    previous: bool = False


@dataclass(frozen=True, slots=True)
class Pods:
    """The Pods that the objects of an input show, by name, for names that do not say everything."""

    spaces: Mapping[str, Collection[str]]
    """The namespaces of each Pod name."""

    def space(self, pod: str, near: str = "") -> str | None:
        """The one namespace where a Pod of this name is, or `near` where it is there too; None where unclear."""
        found = self.spaces.get(pod, ())
        if near in found:
            return near
        return next(iter(found)) if len(found) == 1 else None


def is_container_log(parts: tuple[str, ...]) -> bool:
    """True where the place alone says that it is the log of one container, whatever stands in it."""
    return parts[-1].endswith(".log") and _by_folder(parts) is not None


def why_skipped(parts: tuple[str, ...]) -> str:
    """Why a file is not looked at; empty where it is. A Velero backup holds each object once for every version that
    the server has, and the preferred one beside them."""
    match parts:
        case (*_, "resources", _, version, "cluster", _) | (*_, "resources", _, version, "namespaces", _, _):
            if _VERSION_COPY.fullmatch(version):
                return "a copy of an object at another version"
    return ""


def is_dump_log(parts: tuple[str, ...]) -> bool:
    """`NAMESPACE/POD/logs.txt`, as cluster-info dump writes it."""
    return len(parts) >= 3 and parts[-1] == "logs.txt"


def whose(parts: tuple[str, ...], pods: Pods) -> Whose | None:
    """Whose log a file is, where that is certain; None otherwise."""
    return _by_folder(parts) or _sysdump(parts[-1], pods) or _by_pods(parts, pods)


def _by_folder(parts: tuple[str, ...]) -> Whose | None:
    match parts:
        case (*_, "namespaces", space, "pods", pod, container, _, "logs", name) if found := _MUST_GATHER.fullmatch(
            name
        ):
            return Whose(space, pod, container, found["run"] == "previous")
        case (*_, "namespaces", space, "pods", pod, "log", name) if name.endswith(".log"):
            return Whose(unquote(space), unquote(pod), unquote(name.removesuffix(".log")))
        case (*_, "pods", "logs", space, pod, name) if name.endswith(".log"):
            container, previous = _stem(name)
            return Whose(space, pod, container, previous)
    return None


def _sysdump(name: str, pods: Pods) -> Whose | None:
    found = _SYSDUMP.fullmatch(name)
    if found is None:
        return None
    rest = found["rest"]
    fitting = [p for p in pods.spaces if rest.startswith(f"{p}-") and pods.space(p) is not None]
    if not fitting:
        return None
    pod = max(fitting, key=len)
    return Whose(pods.space(pod) or "", pod, rest[len(pod) + 1 :], found["prev"] is not None)


def _by_pods(parts: tuple[str, ...], pods: Pods) -> Whose | None:
    """`POD.log`, `POD_CONTAINER.log`, `NAMESPACE_POD_CONTAINER.log`, `POD/CONTAINER.log`, for Pods that are known."""
    stem, previous = _stem(parts[-1])
    folders = parts[:-1]
    near = folders[-1] if folders else ""
    words = stem.split("_")
    for at, pod in enumerate(words[:2]):
        space = pods.space(pod, words[0] if at else near)
        if space is not None and (at == 0 or words[0] == space):
            return Whose(space, pod, "_".join(words[at + 1 :]), previous)
    space = pods.space(near, folders[-2] if len(folders) > 1 else "")
    return Whose(space, near, stem, previous) if space is not None else None


def _stem(name: str) -> tuple[str, bool]:
    """A file's name without its suffix, and whether it is of the run before."""
    stem = name.rpartition(".")[0] or name
    plain = _PREVIOUS.sub("", stem)
    return plain, plain != stem


def scope(parts: tuple[str, ...], seen: Collection[tuple[str, ...]]) -> str | None:
    """The namespace that a file's list is limited to by the layout it stands in; None where it is not limited.

    `seen` are the paths of all files, since cluster-info dump is recognised by what stands beside a file.
    """
    if len(parts) < 2:
        return None
    stem, _, suffix = parts[-1].rpartition(".")
    match parts:
        case (*_, "namespaces", space, _, _) if suffix in ("yaml", "json"):
            return space
        case (*_, "cluster-resources", "custom-resources", _):
            return None
        case (*_, "cluster-resources", "custom-resources", _, _) | (*_, "cluster-resources", _, _):
            return stem
    folder = parts[:-1]
    beside = all((*folder, f"{name}.{suffix}") in seen for name in ("events", "pods", "replication-controllers"))
    return folder[-1] if beside and stem in DUMP_LISTS else None


def dump_everywhere(seen: Collection[tuple[str, ...]]) -> bool:
    """True where a cluster-info dump folder holds the four namespaces that every cluster has: it was made with -A."""
    roots: dict[tuple[str, ...], set[str]] = {}
    for parts in seen:
        if len(parts) >= 2 and parts[-1].startswith("replication-controllers."):
            roots.setdefault(parts[:-2], set()).add(parts[-2])
    standard = {"default", "kube-node-lease", "kube-public", "kube-system"}
    return any(standard <= spaces for spaces in roots.values())
