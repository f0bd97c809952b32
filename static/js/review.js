// The workbench's own moves: which row is current, what is ticked, what opens after a decision.
// Single keys (A, E, D, W, U ...) are named on the buttons by data-key and pressed by app.js.
(() => {
  const list = () => document.getElementById("findings");
  const rows = () => [...(list()?.querySelectorAll("[data-finding]") ?? [])];
  const current = () => list()?.querySelector("[data-finding].cur");

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
    const pane = document.getElementById("pane");
    if (!pane || getComputedStyle(pane).display === "none") return;
    htmx.ajax("GET", link.getAttribute("href"), { target: "#pane", swap: "innerHTML" });
  }

  function step(by) {
    const all = rows();
    const at = all.indexOf(current());
    open(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
  }

  function countTicked() {
    const bar = document.querySelector("[data-bulk]");
    if (!bar) return;
    const ticked = rows().filter((row) => row.querySelector('[name="finding"]').checked);
    for (const row of rows()) {
      row.setAttribute("aria-selected", String(ticked.includes(row)));
    }
    bar.hidden = ticked.length === 0;
    bar.querySelector("[data-count]").textContent = String(ticked.length);
  }

  function showEditor(pane, shown) {
    const form = pane.querySelector("[data-edit-form]");
    if (!form) return;
    form.hidden = !shown;
    pane.querySelector("[data-edit]")?.setAttribute("aria-expanded", String(shown));
    if (shown) form.querySelector('[name="value"]').select();
    else current()?.querySelector("[data-show]")?.focus();
  }

  function typing(target) {
    return target.closest("input:not([type=checkbox]), textarea, select, dialog");
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest("[data-edit-form]")) {
      showEditor(document, false);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.body.dataset.singleKeys === "off") return;
    if (event.key === "j" || event.key === "ArrowDown") step(1);
    else if (event.key === "k" || event.key === "ArrowUp") step(-1);
    else if (event.key === "x") current()?.querySelector('[name="finding"]').click();
    else return;
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-show]");
    if (link && getComputedStyle(document.getElementById("pane")).display !== "none") {
      event.preventDefault();
      open(link.closest("[data-finding]"));
    }
    if (event.target.closest("[data-edit]")) {
      const form = document.querySelector("[data-edit-form]");
      showEditor(document, form?.hidden ?? true);
    }
    if (event.target.closest("[data-edit-cancel]")) showEditor(document, false);
    if (event.target.closest("[data-clear]")) {
      for (const box of list().querySelectorAll('[name="finding"]')) box.checked = false;
      countTicked();
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-select-page]")) {
      for (const box of list()?.querySelectorAll('[name="finding"]') ?? []) {
        box.checked = event.target.checked;
      }
    }
    countTicked();
  });

  // A typed address that was refused is shown in the pane, not in place of the row.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status !== 422) return;
    event.detail.target = document.getElementById("pane");
    event.detail.swapOverride = "innerHTML";
  });

  // The decided row shrinks at once; the row after it becomes the current one.
  let next = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const target = event.detail.target;
    if (!target?.matches?.("[data-finding]")) return;
    next = target.nextElementSibling ?? target.previousElementSibling;
    target.classList.add("gone");
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.detail.requestConfig?.path?.match(/\/(accept|accept-alike|correct|keep|unknown|clear|left)\/$/)) return;
    if (event.detail.xhr.status === 422) {
      document.querySelector("[data-edit-form] [name=value]")?.select();
      return;
    }
    if (!list()) return;
    if (next && next.isConnected && !current()) open(next);
    else if (rows().length === 0) window.location.reload();
    countTicked();
  });
})();
