"use strict";
(() => {
  const one = (selector, inside = document) => inside.querySelector(selector);
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const made = (name, text, properties = {}) => Object.assign(document.createElement(name), { textContent: text, type: "button" }, properties);

  const remembered = {
    get: () => { try { return localStorage.getItem("upgradecheck-theme"); } catch { return null; } },
    set: (value) => { try { localStorage.setItem("upgradecheck-theme", value); } catch { /* a file may not keep anything */ } },
  };

  // Theme: what the system says, until the person says otherwise.
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theme = made("button", "");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const named = () => { theme.textContent = isDark() ? "Light" : "Dark"; theme.title = `Switch to ${theme.textContent.toLowerCase()} colours`; };
  const kept = remembered.get();
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; remembered.set(root.dataset.theme); named(); });
  dark.addEventListener("change", named);
  named();

  // Everything open, for reading and for printing.
  const details = all("details");
  const expand = made("button", "");
  const expandNamed = () => { expand.textContent = details.some((each) => !each.open) ? "Expand all" : "Collapse all"; };
  expand.addEventListener("click", () => { const open = details.some((each) => !each.open); details.forEach((each) => { each.open = open; }); });
  details.forEach((each) => each.addEventListener("toggle", expandNamed));
  expandNamed();
  let closed = [];
  addEventListener("beforeprint", () => { closed = details.filter((each) => !each.open); closed.forEach((each) => { each.open = true; }); });
  addEventListener("afterprint", () => { closed.forEach((each) => { each.open = false; }); });
  const print = made("button", "Print");
  print.addEventListener("click", () => window.print());
  one("#tools").append(...(details.length ? [expand] : []), print, theme);

  // Copying: the clipboard where the browser gives it, a selection where it does not.
  const select = (node) => { const range = document.createRange(); range.selectNodeContents(node); const chosen = getSelection(); chosen.removeAllRanges(); chosen.addRange(range); };
  const copied = async (code) => {
    try { await navigator.clipboard.writeText(code.textContent); return true; } catch { /* no permission, or an old browser */ }
    select(code);
    try { return document.execCommand("copy"); } catch { return false; }
  };
  const told = made("div", "", { className: "skip" });
  told.setAttribute("role", "status");
  document.body.append(told);
  all(".command").forEach((box) => {
    const button = made("button", "Copy");
    const code = one("code", box);
    const first = code.textContent.split("\n")[0].slice(0, 80);
    button.setAttribute("aria-label", `Copy: ${first}`);
    box.classList.add("can-copy");
    box.append(button);
    button.addEventListener("click", async () => {
      const well = await copied(code);
      button.textContent = well ? "Copied" : "Press Ctrl+C";
      button.classList.toggle("done", well);
      told.textContent = well ? "Copied" : "Selected; press Ctrl+C to copy";
      setTimeout(() => { button.textContent = "Copy"; button.classList.remove("done"); told.textContent = ""; }, 2000);
    });
  });

  // Filters act on the findings alone: the plan is one order of typing, of which nothing may be hidden.
  const form = one("#filters");
  const cards = all("#findings > .finding");
  if (!cards.length) return;
  const texts = new Map(cards.map((card) => [card, card.textContent.toLowerCase()]));
  const { text, component, phase } = form.elements;
  const boxes = all('input[name="severity"]', form);
  const behind = one(".behind-here");
  const words = () => text.value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (card, wanted, severities) =>
    severities.has(card.dataset.severity) &&
    (!component.value || card.dataset.component === component.value) &&
    (!phase.value || card.dataset.phases.split(" ").includes(phase.value)) &&
    wanted.every((word) => texts.get(card).includes(word));
  const apply = () => {
    const wanted = words();
    const severities = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    cards.forEach((card) => { card.hidden = !fits(card, wanted, severities); });
    const shown = cards.filter((card) => !card.hidden);
    one("#shown").textContent = shown.length === cards.length ? `${cards.length} shown` : `${shown.length} of ${cards.length} shown`;
    one("#show-all").hidden = shown.length === cards.length;
    one("#nothing").hidden = shown.length > 0;
    if (behind) behind.hidden = !shown.some((card) => behind.compareDocumentPosition(card) & Node.DOCUMENT_POSITION_FOLLOWING);
  };
  const reset = () => { form.reset(); apply(); };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  one("#show-all").addEventListener("click", () => { reset(); text.focus(); });
  addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); text.focus(); }
    if (event.key === "Escape" && event.target === text) reset();
  });
  // A link to a finding that is filtered away shows it again.
  addEventListener("hashchange", () => { const target = document.getElementById(location.hash.slice(1)); if (target && target.hidden) { reset(); target.scrollIntoView(); } });
  form.hidden = false;
  reset();
})();
