"""The JSON report: it is what its schema says, holds everything, and is the same every time."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from canned_reports import CILIUM, SCREENS, SEVERAL, thing
from test_report import hostile_report

from upgradecheck.model import OUTCOMES, PHASES, SEVERITIES, STAGES
from upgradecheck.report.json import render

SCHEMA = json.loads((Path(__file__).parent.parent / "docs" / "schema" / "report.json").read_text(encoding="utf-8"))


def valid(text: str) -> Any:
    document = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


def test_schema_is_a_schema_and_closed() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    closed = [each for each in [SCHEMA, *SCHEMA["$defs"].values()] if "properties" in each]
    assert all(each["additionalProperties"] is False for each in closed)
    assert all(sorted(each["required"]) == sorted(each["properties"]) for each in closed)


def test_schema_knows_the_words_of_the_model() -> None:
    finding, step = SCHEMA["$defs"]["finding"]["properties"], SCHEMA["$defs"]["step"]["properties"]
    assert tuple(finding["severity"]["enum"]) == SEVERITIES
    assert tuple(finding["outcome"]["enum"]) == OUTCOMES
    assert (tuple(step["phase"]["enum"]), tuple(step["stage"]["enum"])) == (PHASES, STAGES)


@pytest.mark.parametrize("name", SCREENS)
def test_reports_are_what_the_schema_says(name: str) -> None:
    assert valid(render(SCREENS[name]))["version"] == 1
    assert render(SCREENS[name]) == render(SCREENS[name])


def test_a_field_that_the_schema_does_not_know_is_refused() -> None:
    document = json.loads(render(CILIUM))
    document["findings"][0]["colour"] = "red"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(document)


def test_what_a_program_asks_for() -> None:
    document = valid(render(CILIUM))
    first = document["findings"][0]
    assert (document["exit_code"], document["verdict"]["go"], document["verdict"]["as_typed"]) == (1, False, "refused")
    assert document["upgrades"][0]["from"] == ["1.11.7"]
    assert first["rule"] == "cilium/preflight-nodes-missing"
    assert first["objects"][0] == {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "namespace": "kube-system",
        "name": "cilium-pre-flight-check",
        "origin": {"file": "objects.yaml", "member": None, "line": 9607},
    }
    assert first["evidence"][1] == {"text": "8/8", "origin": {"file": "objects.yaml", "member": None, "line": 9291}}
    assert first["remedy"][0]["phase"] == "before"
    assert [step["answers"] for step in document["plan"]] == [[1], [], [5], [2], [3], [], []]
    assert document["gaps"][0]["blocks"] is True
    assert valid(render(SEVERAL))["suppressed"][0]["reason"] == "agreed until the next window"


def test_every_object_is_there() -> None:
    objects = tuple(thing("v1", "Pod", "shop", f"pod-{number}", number + 1) for number in range(2_000))
    finding = dataclasses.replace(CILIUM.findings[0], objects=objects)
    document = valid(render(dataclasses.replace(CILIUM, findings=(finding,))))
    assert [each["name"] for each in document["findings"][0]["objects"]] == [f"pod-{n}" for n in range(2_000)]


def test_hostile_text_stays_harmless_and_the_text_ascii() -> None:
    text = render(hostile_report())
    text.encode("ascii")
    told = json.dumps(valid(text), ensure_ascii=False)
    assert not [c for c in told if c in "\x1b\x9b\x07\u202e\u2066\u200f\ud800"]
    assert "中文名字" in told


@pytest.mark.parametrize("age", [float("inf"), float("nan"), None])
def test_an_age_that_is_no_number_is_null(age: float | None) -> None:
    odd = dataclasses.replace(CILIUM, examined=dataclasses.replace(CILIUM.examined, age=age))
    assert valid(render(odd))["examined"]["age"] is None


def test_json_loads_no_text_renderer() -> None:
    script = (
        "import sys; from upgradecheck.model import Report, Verdict; from upgradecheck.report import FORMATS;"
        "FORMATS['json'].render(Report(Verdict(True, 'fine')));"
        "print([name for name in sys.modules if name.endswith(('report.text', 'report.plan', 'report.width'))])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
