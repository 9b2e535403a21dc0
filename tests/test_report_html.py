"""The page in a real browser: it filters, copies, prints and is used by keyboard, and nothing hostile runs in it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from canned_reports import CALM, CILIUM, SCREENS, SEVERAL, SPIDERPOOL, seen
from scanning import FIXTURES, scan_case

from upgradecheck.model import (
    Examined,
    Finding,
    Gap,
    Hop,
    Notice,
    Object,
    Origin,
    Problem,
    Report,
    Subject,
    Typed,
    UpgradeSummary,
    Verdict,
)
from upgradecheck.report import FORMATS
from upgradecheck.report.markup import Markup, element

HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    "</style><script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    '"onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "--><script>alert(1)</script><!--",
    "${alert(1)} $title $policy {{x}}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<iframe srcdoc='<script>parent.alert(1)</script>'>",
    "<base href=//example.com/><link rel=stylesheet href=//example.com/x.css>",
    "<meta http-equiv=refresh content='0;url=https://example.com'>",
    "<form id=filters><input name=text>",
)


def page_of(report: Report) -> str:
    return FORMATS["html"].render(report)


def hostile_report() -> Report:
    """A report in which everything that others may have written is hostile."""
    findings, plan, gaps = [], [], []
    for number, bad in enumerate(HOSTILE, start=1):
        step = Typed("before", f"kubectl get pod {bad}", note=f"`{bad}`", answers=(number,), fill=True)
        origin = Origin(bad, 1, bad)
        found = Object("v1", "Pod", bad, bad, {}, origin)
        findings.append(
            Finding(
                bad,
                bad,
                "error",
                bad,
                "observed",
                Subject(bad, bad, bad),
                bad,
                says=bad,
                objects=(found,),
                evidence=(seen(1, bad, bad),),
                remedy=(step,),
                why=f"{bad}\n\n    {bad}",
                references=(bad, "https://x.example/"),
                number=number,
                reason=bad,
            )
        )
        plan.append(step)
        gaps.append(Gap(bad, bad, bad, (bad,), True))
    bad = " ".join(HOSTILE)
    return Report(
        Verdict(False, "breaks", bad, bad, (bad,)),
        upgrades=(UpgradeSummary(bad, (bad,), bad, bad, (bad, bad)),),
        findings=tuple(findings),
        suppressed=tuple(findings),
        plan=tuple(plan),
        hops=(Hop(bad, bad, bad, bad, tuple(findings)),),
        gaps=tuple(gaps),
        problems=(Problem(Origin(bad), bad, bad),),
        notices=(Notice("x", bad, Origin(bad)),),
        examined=Examined((bad,), bad, bad, 1.0, {bad: 1}, (bad,), ((bad, bad),), (bad,), (bad,), {bad: bad}),
    )


class Elements(HTMLParser):
    """Every tag with its attributes, as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("report", [*SCREENS.values(), hostile_report()], ids=[*SCREENS, "hostile"])
def test_nothing_is_fetched_and_nothing_runs_but_our_own(report: Report) -> None:
    tags = Elements(page_of(report)).tags
    assert [tag for tag, _ in tags].count("script") == 1
    assert not {tag for tag, _ in tags} & {"img", "iframe", "object", "embed", "svg", "base", "audio", "video"}
    for tag, attributes in tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "srcdoc")], tag
        assert "src" not in attributes
        link = attributes.get("href") or "#"
        assert re.match(r"#[\w-]+\Z|https://[\w./-]+\Z|data:,\Z|#\Z", link), link


def test_markup_escapes_whatever_is_not_markup() -> None:
    told = element("a", "<b>&", [Markup("<i></i>"), None, "'\""], href='"><x>', hidden=True, id=None, data_x="1")
    assert told == '<a href="&quot;&gt;&lt;x&gt;" hidden data-x="1">&lt;b&gt;&amp;<i></i>&#x27;&quot;</a>'


def test_the_same_report_is_the_same_page_and_holds_everything() -> None:
    page = page_of(SPIDERPOOL)
    assert page == page_of(SPIDERPOOL)
    for finding in SPIDERPOOL.findings:
        assert f">{finding.rule}<" in page
    assert page.count('id="step-') == len(SPIDERPOOL.plan)


def test_a_report_of_a_scan_and_its_exit_code() -> None:
    folder = FIXTURES / "rules" / "kubeos" / "http-without-flagsafe" / "bad"
    ran = scan_case(folder, "-o", "html")
    assert ran.code == scan_case(folder, "-o", "json").code == 1
    assert ran.out.startswith("<!doctype html>")
    assert "os.yaml" in ran.out


# What follows needs a browser.


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("needs chromium: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Opened:
    """A page that is open, with everything that it asked for and complained about."""

    def __init__(self, chromium: Any, file: Path, **options: Any) -> None:
        self.context = chromium.new_context(**options)
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.stopped: list[tuple[str, str | None]] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", lambda request: self.stopped.append((request.url, request.failure)))
        self.page.on("dialog", lambda dialog: (self.complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.goto(file.as_uri())

    def shown(self) -> list[str]:
        return [card.get_attribute("id") for card in self.page.locator("#findings > .finding:visible").all()]


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Any]:
    pages: list[Opened] = []

    def open_page(report: Report, **options: Any) -> Opened:
        file = tmp_path / f"report{len(pages)}.html"
        file.write_text(page_of(report), encoding="utf-8")
        pages.append(Opened(chromium, file, **options))
        return pages[-1]

    yield open_page
    for page in pages:
        complaints = page.complaints
        others = [url for url in page.asked if not url.startswith(("file:", "data:"))]
        page.context.close()
        assert complaints == []
        assert others == []


@pytest.mark.parametrize("name", SCREENS)
def test_it_renders_without_a_complaint_and_never_scrolls_sideways(opened: Any, name: str) -> None:
    page = opened(SCREENS[name]).page
    for width in (320, 390, 800, 1400):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    word = "GO" if SCREENS[name].verdict.go else "STOP"
    assert page.locator(".verdict").inner_text() == word
    assert page.title().startswith(word)


def test_nothing_hostile_runs(opened: Any) -> None:
    report = hostile_report()
    opened_page = opened(report)
    page = opened_page.page
    for card in page.locator("#findings > .finding").all():
        card.hover()
    page.get_by_role("button", name="Expand all", exact=True).click()
    for link in page.locator("a[href^='#finding-']").all()[:5]:
        link.click()
    assert page.locator("img, iframe, svg, base").count() == 0
    assert page.locator("script").count() == 1
    assert page.locator("#findings > .finding").count() == len(HOSTILE)
    names = page.locator("#findings > .finding .rule").all_text_contents()
    assert names == list(HOSTILE)


def test_the_policy_stops_a_script_that_got_in_all_the_same(chromium: Any, tmp_path: Path) -> None:
    """As if something had not been escaped: the policy alone has to hold."""
    file = tmp_path / "report.html"
    inside = "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'><img src=https://example.com/x.png>"
    file.write_text(page_of(CALM).replace("<main>", f"<main>{inside}"), encoding="utf-8")
    broken = Opened(chromium, file)
    assert broken.page.evaluate("window.ran") is None
    assert len(broken.complaints) >= 2
    assert [why for url, why in broken.stopped if "example.com" in url] == ["csp"], "stopped before it left"
    broken.context.close()


def test_filters_by_severity_component_phase_and_text(opened: Any) -> None:
    other = replace(SEVERAL.findings[1], number=6, component="kubernetes")
    own = opened(replace(CILIUM, findings=(*CILIUM.findings, other)))
    page = own.page
    every = [f"finding-{number}" for number in range(1, 7)]
    assert own.shown() == every
    assert page.locator("#shown").inner_text() == "6 shown"
    page.get_by_label("error 2").uncheck()
    assert own.shown() == every[2:]
    assert page.locator("#shown").inner_text() == "4 of 6 shown"
    page.get_by_label("Component").select_option("kubernetes")
    assert own.shown() == ["finding-6"]
    page.get_by_role("button", name="Show all").click()
    assert own.shown() == every
    page.get_by_label("Phase").select_option("before")
    assert own.shown() == ["finding-1", "finding-2", "finding-3", "finding-5"]
    page.get_by_label("Phase").select_option("none")
    assert own.shown() == ["finding-4", "finding-6"]
    page.get_by_label("Phase").select_option("")
    page.get_by_label("Search").fill("Objects.yaml 9607")
    assert own.shown() == ["finding-1"]
    page.get_by_label("Search").fill("nowhere at all")
    assert own.shown() == []
    assert page.get_by_text("No finding is left by these filters.").is_visible()
    assert page.locator("#plan .command:visible").count() == sum(bool(typed.run) for typed in CILIUM.plan)


def test_a_link_to_a_finding_that_is_filtered_away_brings_it_back(opened: Any) -> None:
    own = opened(CILIUM)
    own.page.get_by_label("error 2").uncheck()
    own.page.locator("#plan a[href='#finding-1']").click()
    own.page.locator("#finding-1").wait_for(state="visible")
    assert "finding-1" in own.shown()


def test_every_command_is_copied_to_the_letter(opened: Any) -> None:
    own = opened(SEVERAL, permissions=["clipboard-read", "clipboard-write"])
    page = own.page
    runs = [typed.run for typed in SEVERAL.plan]
    buttons = page.locator("#plan .command button")
    assert buttons.count() == len(runs)
    for place, run in enumerate(runs):
        buttons.nth(place).click()
        page.locator("#plan .command button.done").nth(0).wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == run
    assert buttons.last.inner_text() == "Copied"


def test_a_selection_by_hand_gives_the_same_words(opened: Any) -> None:
    page = opened(SPIDERPOOL, viewport={"width": 320, "height": 800}).page
    for place, typed in enumerate(each for each in SPIDERPOOL.plan if each.run):
        told = page.evaluate(
            "(place) => { const code = document.querySelectorAll('#plan .command code')[place];"
            " const chosen = getSelection(), range = document.createRange();"
            " range.selectNodeContents(code); chosen.removeAllRanges();"
            " chosen.addRange(range); return chosen.toString(); }",
            place,
        )
        assert told == typed.run


def test_without_a_clipboard_the_command_is_selected(opened: Any) -> None:
    page = opened(CALM).page
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined}); document.execCommand = () => false"
    )
    page.locator("#plan .command button").first.click()
    page.get_by_text("Press Ctrl+C", exact=True).wait_for()
    assert page.evaluate("getSelection().toString()") == CALM.plan[0].run


def test_it_is_used_by_keyboard_alone(opened: Any) -> None:
    own = opened(CILIUM, permissions=["clipboard-read", "clipboard-write"])
    page = own.page
    focused = "document.activeElement.name || document.activeElement.textContent.trim()"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Skip to the findings"
    assert page.locator(".skip").first.bounding_box()["x"] >= 0, "it is seen once it has the focus"
    reached = []
    for _ in range(9):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(focused))
        assert (
            page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            or reached[-1] == "severity"
        )
    assert reached == ["Expand all", "Print", "Dark", "Copy", "text", "severity", "severity", "component", "phase"]
    page.keyboard.press("/")
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "text"
    page.keyboard.type("nil pointer")
    assert own.shown() == ["finding-2"]
    page.keyboard.press("Escape")
    assert len(own.shown()) == 5
    page.locator("#finding-1 summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("#finding-1 .why").first.is_visible()
    page.locator("#plan .command button").first.focus()
    page.keyboard.press("Enter")
    page.locator("#plan .command button.done").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == CILIUM.plan[0].run


def test_every_control_has_a_name(opened: Any) -> None:
    page = opened(SEVERAL).page
    nameless = page.evaluate(
        "[...document.querySelectorAll('button, input, select, a, summary')].filter((each) => !(each.ariaLabel ||"
        " each.textContent.trim() || [...(each.labels || [])].map((label) => label.textContent.trim()).join('')))"
        ".map((each) => each.outerHTML)"
    )
    assert nameless == []


def test_light_and_dark(opened: Any) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light, dark = (opened(CALM, color_scheme=scheme).page for scheme in ("light", "dark"))
    colours = [page.evaluate(ground) for page in (light, dark)]
    assert colours[0] != colours[1]
    light.get_by_role("button", name="Dark", exact=True).click()
    assert light.evaluate(ground) == colours[1]
    light.reload()
    assert light.evaluate(ground) == colours[1], "it is remembered"
    dark.get_by_role("button", name="Light", exact=True).click()
    assert dark.evaluate(ground) == colours[0]


CONTRAST = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c; } };
  const worst = [];
  for (const e of document.querySelectorAll("body *")) {
    if (!e.checkVisibility() || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    if (e.closest("script")) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) worst.push(`${e.className || e.tagName} ${ratio.toFixed(2)}`);
  }
  return [...new Set(worst)];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(opened: Any, scheme: str) -> None:
    """WCAG AA: 4.5 to 1."""
    for report in (SEVERAL, SPIDERPOOL, CALM):
        assert opened(report, color_scheme=scheme).page.evaluate(CONTRAST) == []


def test_print_has_everything_open_and_nothing_to_press(opened: Any) -> None:
    own = opened(CILIUM, color_scheme="dark")
    page = own.page
    page.get_by_label("Search").fill("reuse")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(own.shown()) == len(CILIUM.findings)
    assert page.locator("button:visible, input:visible").count() == 0
    assert page.locator(".why:visible").count() > 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator(".why:visible").count() == 0
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_without_javascript_everything_is_there_but_the_filters(opened: Any) -> None:
    own = opened(CILIUM, java_script_enabled=False)
    page = own.page
    assert len(own.shown()) == len(CILIUM.findings)
    assert page.locator("form:visible, button:visible").count() == 0
    page.locator("#finding-1 summary").click()
    assert page.locator("#finding-1 .why").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator("#finding-2 dl").is_visible()
