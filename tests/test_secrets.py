"""A secret goes in by every door and comes out by none."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path

import pytest
from scanning import FIXTURES, upgradecheck

CANARY = "c4n4ry-hunter2"
OSM = ["osm", "mesh", "upgrade", "--mesh-name", "osm", "--osm-namespace", "osm-system"]


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    values = {"osm": {"vault": {"token": CANARY}, "deployPrometheus": True, "webhook": f"https://u:{CANARY}@h/"}}
    release = {
        "name": "osm", "namespace": "osm-system", "version": 1, "info": {"status": "deployed"}, "config": values,
        "chart": {"metadata": {"name": "osm-edge", "version": "1.2.3"}, "values": {}}, "manifest": "",
    }  # fmt: skip
    inner = base64.b64encode(gzip.compress(json.dumps(release).encode()))
    secret = {
        "apiVersion": "v1", "kind": "Secret", "type": "helm.sh/release.v1",
        "metadata": {
            "name": "sh.helm.release.v1.osm.v1", "namespace": "osm-system",
            "labels": {"owner": "helm", "name": "osm", "status": "deployed", "version": "1"},
        },
        "data": {"release": base64.b64encode(inner).decode()},
    }  # fmt: skip
    plain = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db", "namespace": "shop"}}
    plain["stringData"] = {"password": CANARY}
    objects = [secret, plain, *_pods()]
    (tmp_path / "objects.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
    return tmp_path


def _pods() -> list[dict[str, object]]:
    bad = FIXTURES / "rules" / "osm-edge" / "mesh-name-changed" / "bad" / "objects.yaml"
    from upgradecheck.yaml import load_all

    return [item for item in load_all(bad.read_bytes()) if item["kind"] != "Secret"]


@pytest.mark.parametrize("options", [[], ["-v"], ["-o", "json"], ["-q"]], ids=["text", "verbose", "json", "quiet"])
def test_no_secret_reaches_an_output(dump: Path, options: list[str]) -> None:
    sets = ["--set", f"osm.certmanager.password={CANARY}", "--set", f"osm.trustDomain=x,osm.apiToken={CANARY}"]
    ran = upgradecheck("scan", str(dump), "--tool", "osm=1.3.9", *options, "--", *OSM, *sets)
    assert "osm-edge/values-dropped" in ran.out
    assert CANARY not in ran.out + ran.err


def test_what_was_hidden_is_left_to_be_filled_in(dump: Path) -> None:
    ran = upgradecheck("scan", str(dump), "--tool", "osm=1.3.9", "-o", "json", "--", *OSM)
    upgrade = [step for step in ran.report["plan"] if step["phase"] == "upgrade"]
    assert "osm.vault.token=<token>" in upgrade[-1]["run"]
    assert upgrade[-1]["fill"] is True


def test_a_command_given_in_json_keeps_its_secret() -> None:
    from upgradecheck.model.redact import redact_words

    words = redact_words(
        ["helm", "upgrade", "a", "b", "--set-json", f'db={{"password":"{CANARY}"}}', "--password", CANARY]
    )
    assert CANARY not in " ".join(words)
