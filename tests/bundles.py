"""Looks into bundles of `upgradecheck collect`, and changes them."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scanning import Ran

from upgradecheck.sources.limits import Limits
from upgradecheck.sources.records import decode

TOP = "bundle/"
WHERE = frozenset({"origin", "inputs", "source"})
"""What says where something was read, and nothing else."""


def less_origins(told: Any) -> Any:
    """A report, or a part of it, as text without where things were read."""
    return json.dumps(_less(told.report if isinstance(told, Ran) else told), indent=1)


def _less(told: Any) -> Any:
    if isinstance(told, dict):
        return {key: _less(value) for key, value in told.items() if key not in WHERE}
    return [_less(value) for value in told] if isinstance(told, list) else told


def files_of(bundle: Path) -> dict[str, str]:
    """Every file by its path below the top folder."""
    with tarfile.open(bundle) as tar:
        return {m.name.removeprefix(TOP): tar.extractfile(m).read().decode() for m in tar.getmembers()}  # type: ignore[union-attr]


def helm_records(bundle: Path) -> Iterator[dict[str, Any]]:
    """Every Helm record, decoded."""
    for path, text in files_of(bundle).items():
        if path.endswith(("/secrets.json", "/configmaps.json")):
            for item in json.loads(text)["items"]:
                encoded = (item.get("data") or {}).get("release", "")
                if item["metadata"]["name"].startswith("sh.helm.release.v1.") and len(encoded) > 100:
                    yield decode(encoded, twice=item["kind"] == "Secret", limits=Limits())


def rewritten(bundle: Path, *, drop: str = "", manifest: Mapping[str, Any] | None = None) -> None:
    """The bundle anew, without a file, or with another manifest."""
    files = files_of(bundle)
    files.pop(drop, None)
    files["manifest.json"] = json.dumps({**json.loads(files["manifest.json"]), **(manifest or {})})
    with tarfile.open(bundle, "w:gz") as tar:
        for path, text in files.items():
            info = tarfile.TarInfo(TOP + path)
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
