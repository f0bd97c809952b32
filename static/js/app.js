/* What every page does: forms, passwords, dialogs, toasts, trouble. No framework, nothing inline.

   data-open="id"            opens the <dialog> of that id; data-close closes the one around it
   data-show-password="id"   shows and hides what is typed
   data-focus                takes the focus when the page opens (error summaries)
   form[data-submit-on-change]   is sent when a choice in it changes (filters)
   form[data-many]           may be sent again at once (downloads), as by a button[data-many]; others only once
*/
"use strict";

(() => {
  const TOAST_MS = 12_000;
  const on = (name, act, where = document) => where.addEventListener(name, act);

  // ---- dialogs: focus goes in, and back to the opener on close
  function open(id) {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    dialog.dispatchEvent(new Event("opening")); // at once: "toggle" comes after the first letters typed
    dialog.showModal();
  }
  on("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) open(opener.dataset.open);
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    if (event.target.matches?.("dialog[open]")) event.target.close(); // the backdrop
  });

  // ---- a form is sent once, however often the button is pressed
  on("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || form.hasAttribute("data-many") || event.submitter?.hasAttribute("data-many") || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    setTimeout(() => { // after other listeners, so that a refused submit stays open
      if (event.defaultPrevented) return;
      form.dataset.sent = "yes";
      event.submitter?.setAttribute("aria-busy", "true");
    });
  });
  on("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
    document.querySelectorAll("button[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  }, window);

  on("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form && !event.target.matches("[type=search], [type=text]")) form.requestSubmit();
  });

  // ---- passwords
  on("click", (event) => {
    const button = event.target.closest("[data-show-password]");
    if (!button) return;
    const input = document.getElementById(button.dataset.showPassword);
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    button.firstChild.textContent = shown ? "Show" : "Hide";
  });

  // ---- toasts leave after a while, but not under the pointer or the focus
  function mind(toast) {
    let timer;
    const wait = () => { timer = setTimeout(() => leave(toast), TOAST_MS); };
    const hold = () => clearTimeout(timer);
    ["mouseenter", "focusin"].forEach((name) => on(name, hold, toast));
    ["mouseleave", "focusout"].forEach((name) => on(name, () => { hold(); wait(); }, toast));
    wait();
  }
  function leave(toast) {
    toast.classList.add("gone");
    setTimeout(() => toast.remove(), 250);
  }
  function toast(words) {
    const item = document.createElement("div");
    item.className = "toast";
    item.textContent = words;
    document.getElementById("toasts")?.append(item);
  }
  const toasts = document.getElementById("toasts");
  if (toasts) {
    toasts.querySelectorAll(".toast").forEach(mind);
    new MutationObserver((changes) => changes.forEach((change) =>
      change.addedNodes.forEach((node) => { if (node.matches?.(".toast")) mind(node); })
    )).observe(toasts, { childList: true });
  }

  // ---- when the server does not answer, say so in the page; never in a toast
  function trouble(words) {
    const place = document.getElementById("trouble");
    if (!place) return;
    const note = document.createElement("div");
    note.className = "note bad";
    const text = document.createElement("div");
    text.textContent = words;
    note.append(text);
    place.replaceChildren(note);
  }
  on("htmx:sendError", () => trouble("The server did not answer. Nothing was changed by the last click. Check the connection, then try again."));
  on("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401 || status === 403) trouble("You may not do that, or you were signed out. Load the page again.");
    else if (status === 404) trouble("This is no longer there. Load the page again.");
    else if (status === 429) trouble("That was too often in a short time. Wait a minute, then try again.");
    else trouble("The server could not do that. Nothing was half done. Try again, or load the page again.");
  });
  on("htmx:afterRequest", (event) => { if (event.detail.successful) document.querySelector("#trouble > .note")?.remove(); });

  // ---- focus what asks for it
  function settle(root) {
    root.querySelector("[data-focus]")?.focus();
  }
  on("htmx:afterSettle", (event) => settle(event.target));
  settle(document);

  window.Onboarding = { open, toast, trouble };
})();
