"""A real Kubernetes control plane on loopback for the tests that need one: API server, etcd, scheduler, controllers,
and kwok in place of the kubelets."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from scanning import FIXTURES, PROJECT

BUILD = PROJECT / "tests" / "controlplane" / "build"
SCRIPT = FIXTURES / "clusters" / "controlplane"
PROGRAMS = ("kube-apiserver", "kube-scheduler", "kube-controller-manager", "etcd", "kwok")


@dataclass(frozen=True)
class ControlPlane:
    """One that runs. `environment` has its KUBECONFIG, and kubectl and helm on the PATH."""

    kubeconfig: Path
    environment: dict[str, str] = field(repr=False)

    def run(self, *words: str, text: str = "", folder: Path | None = None) -> str:
        """What a program answers; raises CalledProcessError where it fails."""
        done = subprocess.run(
            words, input=text, capture_output=True, text=True, check=False, env=self.environment, cwd=folder
        )
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, words, done.stdout, done.stderr)
        return done.stdout

    def kubectl(self, *words: str, text: str = "") -> str:
        return self.run("kubectl", *words, text=text)


Starting = Callable[..., ControlPlane]


def cached(version: str = "") -> Path:
    """Where the programs of a version are kept once they are built."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "upgradecheck" / f"controlplane-{version or pinned()}"


def pinned() -> str:
    """The version of Kubernetes that tests/controlplane/go.mod pins."""
    lines = (BUILD.parent / "go.mod").read_text(encoding="utf-8").splitlines()
    return next(line.split()[1].removeprefix("v") for line in lines if line.split()[:1] == ["k8s.io/kubernetes"])


def complete(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in PROGRAMS)


@pytest.fixture(scope="session")
def control_plane_programs() -> Path:
    """The folder of the programs: $KUBEBUILDER_ASSETS, or built once into the user's cache, 5 to 12 minutes."""
    told = os.environ.get("KUBEBUILDER_ASSETS", "")
    folder = Path(told) if told else cached(os.environ.get("KUBERNETES", ""))
    if complete(folder):
        return folder
    if told:
        pytest.skip(f"KUBEBUILDER_ASSETS lacks one of {', '.join(PROGRAMS)}")
    if shutil.which("go") is None:
        pytest.skip("needs Go to build a control plane, or KUBEBUILDER_ASSETS")
    done = subprocess.run([BUILD, folder], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"tests/controlplane/build: {done.stderr.strip()[-400:]}", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def start_control_plane(
    control_plane_programs: Path, real_programs: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Starting]:
    """Starts control planes, `start(NODES="3", KWOK_CONFIG=…)`, and ends every one of them after the last test."""
    path = os.pathsep.join([str(real_programs / "helm"), str(real_programs / "kubectl"), os.environ["PATH"]])
    started: list[Path] = []

    def start(**options: str) -> ControlPlane:
        folder = tmp_path_factory.mktemp("controlplane") / "c"
        home = {f"HELM_{name}_HOME": str(folder.parent / "helm") for name in ("CACHE", "CONFIG", "DATA")}
        assets = {"KUBEBUILDER_ASSETS": str(control_plane_programs)}
        environment = {**os.environ, **assets, **home, "PATH": path, **options}
        started.append(folder)
        done = subprocess.run([SCRIPT, "up", folder], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.fail(f"the control plane did not start: {done.stderr.strip()[-400:]}", pytrace=False)
        return ControlPlane(folder / "kubeconfig", {**environment, "KUBECONFIG": str(folder / "kubeconfig")})

    yield start
    there = [folder for folder in started if (folder / "kubeconfig").is_file()]
    ending = [subprocess.Popen([SCRIPT, "down", folder], stderr=subprocess.DEVNULL) for folder in there]
    for one in ending:
        one.wait()


@pytest.fixture(scope="session")
def control_plane(start_control_plane: Starting) -> ControlPlane:
    """One that the tests of a session share: three nodes, nothing in it. Each test uses namespaces of its own."""
    return start_control_plane(NODES="3")
