"""Which nodes a resource is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..cluster import Coverage
from ..conditions import Where
from ..model import Object
from .given import Given, Unseen


@dataclass(frozen=True, slots=True)
class Pool:
    """Where `if` holds of the resource, it is about the nodes for which `where` holds; `$` is the resource."""

    if_: Where | None = None
    where: Where | None = None


def chosen(pools: tuple[Pool, ...], resource: Object, given: Given) -> tuple[Object, ...]:
    """The nodes that a resource is about, node-2 before node-10."""
    refs = {**given.refs, "$": resource.data}
    pool = next((one for one in pools if one.if_ is None or one.if_.judge(resource.data, refs).truth), Pool())
    nodes = given.cluster.of("Node")
    where = pool.where
    held = (node for node in nodes if where is None or where.judge(node.data, refs).truth)
    return tuple(sorted(held, key=lambda node: _natural(node.name)))


def nodes_unseen(given: Given) -> Iterator[Unseen]:
    """The gap where nothing is known of nodes."""
    if not given.cluster.of("Node") and given.cluster.coverage("Node") is not Coverage.COMPLETE:
        yield Unseen("Node", given.cluster.why("Node"), "kubectl get nodes -o yaml")


def _natural(name: str) -> tuple[str, int, str]:
    head = name.rstrip("0123456789")
    return (head, int(name[len(head) :][:18] or -1), name)
