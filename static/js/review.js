/* The workbench: which row is current, what is ticked, what opens after a decision.

   Decisions are buttons with data-key (A, E, D, W ...), pressed by keys.js; here are the moves.
*/
"use strict";

(() => {
  const DECISION = /\/(accept|accept-alike|correct|keep|unknown|clear|left|ask|take|refuse)\/$/;
  const list = () => document.getElementById("findings");
  const rows = () => [...(list()?.querySelectorAll("[data-finding]") ?? [])];
  const current = () => list()?.querySelector("[data-finding].cur");
  const boxOf = (row) => row.querySelector('[name="finding"]');
  const pane = () => document.getElementById("pane");
  const paneIsShown = () => Boolean(pane()?.getClientRects().length);

  // ---- keys pressed while an answer is on its way are kept, and pressed when the next row is there
  let busy = false;
  const waiting = [];
  const hold = (key) => () => {
    if (!busy) return false;
    waiting.push(key);
    return true;
  };
  function rest() {
    busy = false;
    const key = waiting.shift();
    if (key) pane()?.querySelector(`[data-key="${key}"]`)?.click();
  }
  function giveUp() {
    busy = false;
    waiting.length = 0;
  }

  // ---- the current row, and its evidence beside the list
  function open(row) {
    if (!row) return;
    for (const other of rows()) {
      other.classList.toggle("cur", other === row);
      if (other === row) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
    const link = row.querySelector("[data-show]");
    link.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    busy = paneIsShown();
    if (busy) htmx.ajax("GET", link.getAttribute("href"), { target: "#pane", swap: "innerHTML" });
  }

  function step(by) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(current());
    open(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-show]");
    if (!link || !paneIsShown() || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open(link.closest("[data-finding]"));
  });

  // ---- ticking
  let anchor = null; // where a range starts

  function show() {
    const bar = document.querySelector("[data-bulk]");
    if (!bar) return;
    const ticked = rows().filter((row) => boxOf(row).checked);
    rows().forEach((row) => row.classList.toggle("ticked", boxOf(row).checked));
    bar.hidden = ticked.length === 0;
    bar.querySelectorAll("[data-count]").forEach((place) => { place.textContent = ticked.length.toLocaleString("en"); });
    const page = document.querySelector("[data-select-page]");
    if (page) {
      page.checked = ticked.length > 0 && ticked.length === rows().length;
      page.indeterminate = ticked.length > 0 && ticked.length < rows().length;
    }
  }
  function tick(some, checked) {
    some.forEach((row) => { boxOf(row).checked = checked; });
    show();
  }
  function toggle() {
    const row = current();
    if (!row) return;
    anchor = row;
    tick([row], !boxOf(row).checked);
  }
  function range() {
    const all = rows();
    const [from, to] = [all.indexOf(anchor ?? all[0]), all.indexOf(current())].sort((a, b) => a - b);
    tick(all.slice(Math.max(from, 0), to + 1), true);
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-select-page]")) tick(rows(), event.target.checked);
    else if (event.target.matches('[name="finding"]')) { anchor = event.target.closest("[data-finding]"); show(); }
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-clear]")) tick(rows(), false); });

  // ---- typing another address
  function edit(shown) {
    const form = document.querySelector("[data-edit-form]");
    if (!form) return;
    form.hidden = !shown;
    document.querySelector("[data-edit]")?.setAttribute("aria-expanded", String(shown));
    if (shown) form.querySelector('[name="value"]').select();
    else (current()?.querySelector("[data-show]") ?? document.querySelector("[data-edit]"))?.focus();
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-edit]")) edit(document.querySelector("[data-edit-form]")?.hidden ?? true);
    if (event.target.closest("[data-edit-cancel]")) edit(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest("[data-edit-form]")) edit(false);
  });

  window.Onboarding.keys.add(Object.fromEntries(
    ["a", "shift+a", "e", "d", "w", "c", "l", "r"].map((key) => [key, hold(key)])));
  window.Onboarding.keys.add({
    j: () => step(1),
    arrowdown: () => step(1),
    k: () => step(-1),
    arrowup: () => step(-1),
    enter: () => current()?.querySelector("[data-show]").click(),
    x: toggle,
    "shift+x": range,
    "ctrl+a": () => tick(rows(), true),
    escape: () => tick(rows(), false),
  });

  // ---- decisions: the row shrinks at once, the one after it becomes the current one
  let next = null;
  const isDecision = (event) => DECISION.test(event.detail.requestConfig?.path ?? event.detail.pathInfo?.requestPath ?? "");

  // The evidence was fetched by itself and does not know the filter: it stands in the page's address.
  document.addEventListener("htmx:configRequest", (event) => {
    if (list() && DECISION.test(event.detail.path)) event.detail.parameters.query = location.search.slice(1);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const row = event.detail.target;
    if (!isDecision(event) || !row?.matches?.("[data-finding]")) return;
    next = row.nextElementSibling ?? row.previousElementSibling;
    row.classList.add("gone");
    busy = true;
  });
  // The server did not take it: the row stands again as it was.
  ["htmx:sendError", "htmx:responseError"].forEach((name) => document.addEventListener(name, () => {
    rows().forEach((row) => row.classList.remove("gone"));
    giveUp();
  }));
  // Evidence about a row that is no longer the current one comes too late.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isDecision(event) || event.detail.target !== pane()) return;
    const wanted = current()?.querySelector("[data-show]").getAttribute("href");
    if (wanted && event.detail.requestConfig.path !== wanted) event.detail.shouldSwap = false;
  });
  // A typed address that was refused is shown in the pane, not in place of the row.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status !== 422 || !isDecision(event)) return;
    rows().forEach((row) => row.classList.remove("gone"));
    event.detail.target = pane();
    event.detail.swapOverride = "innerHTML";
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!isDecision(event)) {
      if (event.detail.target === pane()) rest();
      return;
    }
    // Sent once for each part of the answer: the first one opens the next row, the others find it.
    if (event.detail.xhr.status === 422) {
      giveUp();
      document.querySelector("[data-edit-form] [name=value]")?.select();
    }
    else if (list() && !rows().length) location.reload();
    else if (!current() && next?.isConnected) open(next);
    else if (!current()) open(rows()[0]);
    show();
  });
})();
