"""What a live scan costs over listing the same kinds raw, page by page, with kubectl, on a real API server."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import requests
import yaml
from measuring import Bounds

PROJECT = Path(__file__).parents[1]
SCRIPT = PROJECT / "fixtures" / "clusters" / "controlplane"
BUILD = PROJECT / "tests" / "controlplane" / "build"
TO = {"cilium": "1.19.6", "spiderpool": "1.2.2", "osm-edge": "1.3.9", "kubeos": "2.0.0"}
SHARES = {"pods": 0.5, "configmaps": 0.25, "services": 0.15, "roles": 0.1}
"""Kinds that rules read: as in a cluster, half of it are Pods."""
SCAN = f"""
import json, resource, sys, time
from upgradecheck.sources.live import listing, reader
kept, lists = [], []
transport, all_of = reader.Transport, reader.list_all
def remember(*given, **more):
    kept.append(transport(*given, **more))
    return kept[-1]
def noted(way, path, query, **more):
    lists.append((path, dict(query)))
    return all_of(way, path, query, **more)
reader.Transport, reader.list_all = remember, noted
import upgradecheck, kubernetes.config, requests
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
report = upgradecheck.scan(live=True, kubeconfig=sys.argv[1], to={TO!r})
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({{
    "lists": lists, "requests": kept[0].requests, "bytes": kept[0].size, "peak": (used.ru_maxrss - base) * 1024,
    "cpu": used.ru_utime + used.ru_stime,
    "objects": sum(report.examined.kinds.values()), "refused": [gap.why for gap in report.gaps if "40" in gap.why],
}}))
"""


@contextmanager
def cluster() -> Iterator[Mapping[str, str]]:
    """The environment of a control plane of its own: KUBECONFIG, and the programs that it takes."""
    told = os.environ.get("KUBEBUILDER_ASSETS")
    assets = told or subprocess.run([BUILD], capture_output=True, text=True, check=True).stdout.strip()
    with tempfile.TemporaryDirectory() as above:
        folder = Path(above) / "c"
        environment = {**os.environ, "KUBEBUILDER_ASSETS": assets, "KUBECONFIG": str(folder / "kubeconfig")}
        subprocess.run([SCRIPT, "up", folder], env=environment, check=True)
        try:
            yield environment
        finally:
            subprocess.run([SCRIPT, "down", folder], env=environment, check=True)


def fill(kubeconfig: Path, count: int) -> None:
    """So many objects, in 20 namespaces. No Pod is scheduled: the controllers are to have nothing to do meanwhile."""
    config = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
    cluster = config["clusters"][0]["cluster"]
    session = requests.Session()
    session.trust_env = False
    session.verify = cluster["certificate-authority"]
    session.headers["Authorization"] = f"Bearer {config['users'][0]['user']['token']}"
    session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=16))

    def make(one: tuple[str, dict[str, Any]]) -> None:
        path, body = one
        session.post(cluster["server"] + path, json=body, timeout=60).raise_for_status()

    spaces = [f"team-{number:02}" for number in range(20)]
    for space in spaces:
        make(("/api/v1/namespaces", {"metadata": {"name": space}}))
        account = {"metadata": {"name": "default"}}
        session.post(f"{cluster['server']}/api/v1/namespaces/{space}/serviceaccounts", json=account, timeout=60)
    with ThreadPoolExecutor(16) as pool:
        for _ in pool.map(make, _objects(spaces, count)):
            pass


def _objects(spaces: list[str], count: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for plural, share in SHARES.items():
        group = "/apis/rbac.authorization.k8s.io/v1" if plural == "roles" else "/api/v1"
        for number in range(int(count * share)):
            space = spaces[number % len(spaces)]
            metadata = {"name": f"thing-{number:06}", "labels": {"app": f"app-{number % 300}", "team": space}}
            yield f"{group}/namespaces/{space}/{plural}", {"metadata": metadata, **_content(plural, number)}


def _content(plural: str, number: int) -> dict[str, Any]:
    """What an object of ordinary size holds."""
    if plural == "pods":
        probe = {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 10}
        env = [{"name": f"SETTING_{n}", "value": f"value-{n}"} for n in range(8)]
        limits = {"cpu": "100m", "memory": "128Mi"}
        container = {"image": "registry.example/shop/web:1.4.2", "env": env, "readinessProbe": probe}
        containers = [{"name": name, "resources": {"requests": limits}, **container} for name in ("web", "sidecar")]
        return {"spec": {"schedulerName": "nobody", "containers": containers}}
    if plural == "configmaps":
        return {"data": {f"key-{n}": f"line {number} of settings\n" * 8 for n in range(8)}}
    if plural == "services":
        return {"spec": {"clusterIP": "None", "selector": {"app": "web"}, "ports": [{"port": 80, "name": "http"}]}}
    return {"rules": [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get", "list"]}]}


def scanned(environment: Mapping[str, str]) -> tuple[float, dict[str, Any]]:
    """Seconds of a whole process that scans, and what it tells of itself."""
    started = time.perf_counter()
    command = [sys.executable, "-c", SCAN, environment["KUBECONFIG"]]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return time.perf_counter() - started, json.loads(done.stdout)


def listed(environment: Mapping[str, str], lists: list[tuple[str, dict[str, str]]]) -> tuple[float, int]:
    """Seconds of the same lists by `kubectl get --raw`, a process a page, and the bytes that came."""
    size, spent = 0, 0.0
    for path, query in lists:
        token = ""
        while True:
            asked = urlencode({**query, "limit": "500", **({"continue": token} if token else {})})
            started = time.perf_counter()
            page = subprocess.run(
                ["kubectl", "get", "--raw", f"{path}?{asked}"], env=environment, capture_output=True, check=True
            ).stdout
            spent += time.perf_counter() - started
            size += len(page)
            token = json.loads(page)["metadata"].get("continue", "")
            if not token:
                break
    return spent, size


ALONE = """
import json, sys, time
from upgradecheck.sources.live.access import Access
from upgradecheck.sources.live.configuration import configured
started = time.perf_counter()
target = configured(Access(kubeconfig=sys.argv[1]))
for path, query in json.loads(sys.argv[2]):
    token = ""
    while True:
        asked = {**query, "limit": "500", **({"continue": token} if token else {})}
        body = target.session.get(target.server + path, params=asked, headers=target.headers()).content
        token = json.loads(body)["metadata"].get("continue", "") if b'"continue":"' in body[:400] else ""
        if not token:
            break
print(time.perf_counter() - started)
"""
"""The least that the same pages can take in Python: one connection, nothing built but what leads on."""


def fetched(environment: Mapping[str, str], lists: list[tuple[str, dict[str, str]]]) -> float:
    """Seconds of the same lists by one process over one connection, its start not counted."""
    command = [sys.executable, "-c", ALONE, environment["KUBECONFIG"], json.dumps(lists)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    with cluster() as environment:
        fill(Path(environment["KUBECONFIG"]), given.objects)
        told = scanned(environment)[1]
        scans, raws, bare = [], [], []
        for _ in range(given.times):
            raws.append(listed(environment, told["lists"]))
            scans.append(scanned(environment))
            bare.append(fetched(environment, told["lists"]))
    scan, raw = median(seconds for seconds, _ in scans), median(seconds for seconds, _ in raws)
    told = scans[-1][1]
    assert not told["refused"], told["refused"]
    print(f"{told['objects']} objects; scan {scan:.1f} s ({told['cpu']:.1f} s of CPU), kubectl {raw:.1f} s")
    print(f"one connection, hardly parsed: {median(bare):.1f} s, of which the scan is {scan / median(bare):.2f} times")
    print(f"{told['requests']} requests, {told['bytes'] / 1e6:.1f} MB; kubectl {raws[-1][1] / 1e6:.1f} MB")
    bounds = Bounds()
    bounds.at_most("live scan, over the same lists by kubectl get --raw", scan / raw, 1.3)
    bounds.at_most("peak memory, over the bytes received", told["peak"] / told["bytes"], 6)
    return bounds.close()


if __name__ == "__main__":
    sys.exit(main())
