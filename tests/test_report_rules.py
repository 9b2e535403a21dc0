"""Rules as people read them: the listing, the explanation at a terminal, and the page of the docs."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from upgradecheck.model import Case, Edit, Rule, Step
from upgradecheck.report.explain import explain
from upgradecheck.report.listing import rules_json, rules_text
from upgradecheck.report.page import rule_page
from upgradecheck.report.rule_words import in_words, looks_for, range_words
from upgradecheck.report.width import columns
from upgradecheck.versions import Range


class Condition:
    """Stands for a compiled `where`, which knows its own sentence."""

    def sentence(self) -> str:
        return "spec.flagSafe is not true"


@dataclass(frozen=True)
class Beside:
    kind: str
    none: bool = False


@dataclass(frozen=True)
class Params:
    kind: str
    where: Any = None
    when: tuple[Beside, ...] = ()
    among: str = "running"
    facts: dict[str, str] = field(default_factory=dict)


RULE = Rule(
    id="kubeos/http-without-flagsafe",
    title="An http imageurl without flagSafe is refused by the nodes",
    severity="error",
    check="object",
    params=Params(
        "OS.upgrade.openeuler.org", Condition(), (Beside("Node", none=True),), facts={"url": "spec.imageurl"}
    ),
    message="OS {name}: imageurl uses http and flagSafe is not true, so {count} nodes will not download the image",
    why="The agent refuses `http://<host>` addresses.\n\nHow it shows:\n\n- the node stays *drained*\n",
    remedy=(
        Step("upgrade", edit=Edit(drop=("reuse-values",), add=("-f", "old.yaml"), set={"a.b": "{keep}"})),
        Step(
            "before",
            "kubectl patch os.upgrade.openeuler.org {name} -n {namespace} --type=merge -p {patch}",
            "Prefer https with a cacert.",
            payloads={"patch": {"spec": {"flagSafe": True, "imageurl": "{url}"}}},
        ),
        Step("after", "kubectl delete pod {pod}", each="pods", undo=False, tried=False),
    ),
    cases={"older": Case(message="proxies {from} leave the node drained", severity="warning")},
    covers=("K01", "K02"),
    references=("KubeOS usage guide: imageurl and flagSafe",),
    start=Range.parse("0.5.0..0.8.7 || <0.4.0"),
    to=Range.parse(">=1.0.0 <2.0.0"),
    outcome="breaks",
    says="accepted by the API server; no node will upgrade",
    fine_when="The OS is idle, or the address is https.",
)


def test_explain_reads_like_a_page() -> None:
    text = explain(RULE)
    headings = [line for line in text.splitlines() if line.isupper() and not line.startswith(" ")]
    assert headings == [
        "APPLIES",
        "WHAT IT MEANS",
        "HOW IT SHOWS",
        "WHAT TO DO",
        "WHEN IT IS NO PROBLEM",
        "WHAT IT LOOKS FOR",
        "SEVERITY",
        "REFERENCES",
        "COVERS",
    ]
    assert "  running 0.5.0 to 0.8.7, or before 0.4.0; upgrading to 1.0.0 and later, before\n    2.0.0.\n" in text
    assert "  OS <name>: imageurl uses http and flagSafe is not true, so <count> nodes will" in text
    assert "  As typed: accepted by the API server; no node will upgrade\n" in text
    assert "  where: spec.flagSafe is not true\n  when: kind Node, none yes\n" in text
    assert "among" not in text


def test_explain_gives_the_steps_in_the_order_of_typing() -> None:
    text = explain(RULE)
    order = [
        "  Before:",
        '--type=merge -p \'{"spec"',
        "  Upgrade:",
        "  After:",
        "(for every entry of pods; cannot be undone",
    ]
    assert sorted(order, key=text.index) == order
    assert "Type your own command without --reuse-values and with -f old.yaml and with" in text
    assert '{"spec":{"flagSafe":true,"imageurl":"<url>"}}' in text


@pytest.mark.parametrize("width", [40, 80, 120])
def test_explain_fits_and_colour_moves_nothing(width: int) -> None:
    text = explain(RULE, width=width)
    assert all(columns(line) <= width or len(line.removesuffix("\\").split()) <= 2 for line in text.splitlines())
    assert re.sub(r"\x1b\[[\d;]*m", "", explain(RULE, width=width, colour=True)) == text


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{node_count} nodes", "<node count> nodes"),
        ("{{.items}} of {name}", "{.items} of <name>"),
        ("{command}", "<your command>"),
        ("plain", "plain"),
    ],
)
def test_placeholders_become_words(template: str, told: str) -> None:
    assert in_words(template) == told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("0.9.0-rc0..0.9.4", "0.9.0-rc0 to 0.9.4"),
        (">=0.9.5", "0.9.5 and later"),
        ("<=1.2 || >2.0.0", "up to 1.2, or after 2.0.0"),
        ("1.2.0", "1.2.0"),
    ],
)
def test_ranges_in_words(written: str, told: str) -> None:
    assert range_words(Range.parse(written)) == told


def test_looks_for_leaves_out_what_is_not_said() -> None:
    assert [name for name, _ in looks_for(RULE)] == ["check", "kind", "where", "when"]
    assert looks_for(replace(RULE, params={"rows": ("a", "b")})) == [("check", "object"), ("rows", "a, b")]


def test_listing_is_grouped_by_pack_and_sorted() -> None:
    other = replace(RULE, id="cilium/reuse-values", severity="warning", title="升级" * 40, covers=())
    text = rules_text([RULE, other])
    assert [line for line in text.splitlines() if line and not line.startswith(" ")] == [
        "cilium  1 rule",
        "kubeos  1 rule",
    ]
    assert "  error    kubeos/http-without-flagsafe  " in text
    assert "[K01, K02]" in " ".join(text.split())
    assert all(columns(line) <= 80 for line in text.splitlines())
    assert re.sub(r"\x1b\[[\d;]*m", "", rules_text([RULE, other], colour=True)) == text
    assert rules_text([]) == "no rules\n"


def test_listing_for_programs() -> None:
    listed = json.loads(rules_json([RULE]))
    assert listed["version"] == 1
    assert listed["rules"][0]["rule"] == "kubeos/http-without-flagsafe"
    assert (listed["rules"][0]["from"], listed["rules"][0]["to"]) == ("0.5.0..0.8.7 || <0.4.0", ">=1.0.0 <2.0.0")


def test_page_says_where_it_comes_from_and_shows_the_example() -> None:
    page = rule_page(RULE, {"os.yaml": "kind: OS\n"}, "STOP kubeos\n", ["idle", "https"])
    first = page.splitlines()[0]
    assert first.startswith("<!-- Generated from rules/kubeos/http-without-flagsafe.yaml")
    assert "`os.yaml`\n\n```yaml\nkind: OS\n```\n\nWhat you see:\n\n```text\nSTOP kubeos\n```" in page
    assert "`https`, `idle`" in page
    assert "refuses `http://<host>` addresses" in page
    assert "stays \\*drained\\*" in page
    assert page.endswith("K01, K02\n")


def test_page_fence_cannot_be_closed_from_inside_and_long_files_are_cut() -> None:
    page = rule_page(RULE, {"x.yaml": "a: '```'\n" + "b: 1\n" * 100}, "", [])
    assert "````yaml\na: '```'\n" in page
    assert "# ... and 41 lines more\n````" in page
    assert "What you see" not in page
