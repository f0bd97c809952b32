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
  let rested; // the answer after which keys were pressed last: it settles once for each of its parts
  // While rows are ticked, a decision is about all of them.
  const hold = (key) => () => {
    const bulk = document.querySelector(`[data-bulk]:not([hidden]) [data-bulk-key="${key}"]`);
    if (bulk) {
      bulk.click();
      return true;
    }
    if (!busy) return false;
    waiting.push(key);
    return true;
  };
  function rest(answer) {
    if (answer === rested) return;
    rested = answer;
    busy = false;
    const key = waiting.shift();
    if (!key) return;
    pane()?.querySelector(`[data-key="${key}"]`)?.click();
    if (key === "e") fillIn();
  }
  function giveUp() {
    busy = false;
    waiting.length = 0;
    typedAhead.length = 0;
  }

  // What is typed between E and the field's being there belongs into the field: no letter of it is a decision.
  const typedAhead = [];
  window.addEventListener("keydown", (event) => {
    const isText = event.key.length === 1 || event.key === "Enter" || event.key === "Backspace";
    if (waiting.at(-1) !== "e" || !isText || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    typedAhead.push(event.key);
  }, true);
  function fillIn() {
    const field = document.querySelector("[data-edit-form] [name=value]");
    const keys = typedAhead.splice(0);
    if (!field || !keys.length) return;
    const done = keys.indexOf("Enter");
    let text = "";
    keys.slice(0, done < 0 ? keys.length : done).forEach((key) => { text = key === "Backspace" ? text.slice(0, -1) : text + key; });
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (done >= 0) field.form.requestSubmit();
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
    if (!all.length) return false;
    const at = all.indexOf(current());
    open(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
    return true;
  }

  // Enter on the current row opens the contact: from the evidence, or as a page where there is no room for it.
  function enter() {
    const row = current();
    if (!row) return false;
    if (paneIsShown()) pane().querySelector("[data-open-contact]")?.click();
    else row.querySelector("[data-show]").click();
    return true;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-show]");
    if (!link || !paneIsShown() || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const row = link.closest("[data-finding]");
    if (event.detail === 0 && row === current()) enter(); // by Enter, not by a pointer
    else open(row);
  });

  // ---- ticking: rows of this page, or all of the filter
  let anchor = null; // where a range starts
  let all = false;
  const total = () => list()?.closest("form").dataset.total ?? "";

  function show() {
    const bar = document.querySelector("[data-bulk]");
    if (!bar) return;
    const ticked = rows().filter((row) => boxOf(row).checked);
    all = all && ticked.length === rows().length;
    const words = all ? total() : ticked.length.toLocaleString("en");
    rows().forEach((row) => row.classList.toggle("ticked", boxOf(row).checked));
    bar.hidden = ticked.length === 0;
    bar.querySelectorAll("[data-count]").forEach((place) => { place.textContent = words; });
    bar.querySelectorAll("[data-plural]").forEach((place) => { place.hidden = words === "1"; });
    bar.querySelectorAll("[data-all]").forEach((button) => { button.hidden = all || total() === words; });
    bar.querySelectorAll("[data-all-of-filter]").forEach((field) => { field.disabled = !all; });
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
    if (!row) return false;
    anchor = row;
    tick([row], !boxOf(row).checked);
    return true;
  }
  function between(one, other) {
    const every = rows();
    const [from, to] = [every.indexOf(one), every.indexOf(other)].sort((a, b) => a - b);
    return every.slice(Math.max(from, 0), to + 1);
  }
  // Ctrl A ticks this page; once more, all of the filter.
  function select() {
    if (!rows().length) return false;
    all = rows().every((row) => boxOf(row).checked) && Boolean(document.querySelector("[data-all-of-filter]"));
    tick(rows(), true);
    return true;
  }
  const range = () => tick(between(anchor ?? rows()[0], current()), true);
  function clear() {
    if (!rows().some((row) => boxOf(row).checked)) return false;
    tick(rows(), false);
    return true;
  }
  document.addEventListener("click", (event) => {
    const box = event.target.closest('[name="finding"]');
    if (box) {
      const row = box.closest("[data-finding]");
      tick(event.shiftKey && anchor?.isConnected ? between(anchor, row) : [row], box.checked);
      anchor = row;
    }
    else if (event.target.closest("[data-select-page]")) tick(rows(), event.target.checked);
    else if (event.target.closest("[data-clear]")) clear();
    else if (event.target.closest("[data-all]")) {
      all = true;
      tick(rows(), true);
      document.querySelector("[data-bulk] .btn.primary")?.focus();
    }
  });
  window.addEventListener("pageshow", show);

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
    ["a", "shift+a", "e", "d", "w", "c", "l", "r", "s", "m"].map((key) => [key, hold(key)])));
  window.Onboarding.keys.add({
    j: () => step(1),
    arrowdown: () => step(1),
    k: () => step(-1),
    arrowup: () => step(-1),
    enter,
    x: toggle,
    "shift+x": range,
    "ctrl+a": select,
    escape: clear,
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
    const all = rows();
    next = all[all.indexOf(row) + 1] ?? all[all.indexOf(row) - 1];
    row.classList.add("gone");
    next?.querySelector("[data-show]").focus({ preventScroll: true });
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
      if (event.detail.target === pane()) rest(event.detail.xhr);
      return;
    }
    // Sent once for each part of the answer: the first one opens the next row, the others find it.
    if (event.detail.xhr.status === 422) {
      giveUp();
      document.querySelector("[data-edit-form] [name=value]")?.select();
    }
    else if (list() && !rows().length && !list().querySelector(".over")) location.reload();
    else if (!current()) open(after());
    show();
  });

  // Refused: the row stands there with the reason. If it still waits it is looked at again, else the one after it;
  // keys that were pressed before the reason could be read do not count.
  function after() {
    const refused = list()?.querySelector("[data-refused]:not([data-told])");
    if (refused) {
      refused.dataset.told = "yes";
      giveUp();
      refused.scrollIntoView({ block: "nearest" });
      if (refused.matches("[data-finding]")) return refused;
    }
    return next?.isConnected ? next : rows()[0];
  }

  // An undo leads back to the row that it brought back.
  if (new URLSearchParams(location.search).has("current")) {
    const link = current()?.querySelector("[data-show]");
    link?.focus({ preventScroll: true });
    current()?.scrollIntoView({ block: "nearest" });
  }
})();
