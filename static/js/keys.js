/* The keyboard: one dispatcher for all pages, and the command palette.

   data-key="a"    the last visible element with that key is clicked (data-key="/" takes the focus)
   data-go="r"     G then R follows the link
   Onboarding.keys.add({"j": next, "shift+x": range, "ctrl+a": all, "escape": clear})
                   a page's own keys; they come first. A handler that returns false lets the key through.

   Keys are off inside fields and open dialogs. Single keys can be switched off for a person (WCAG 2.1.4);
   Escape, Enter and keys with Ctrl stay.
*/
"use strict";

(() => {
  const own = new Map();
  const G_MS = 1500;
  const FIND_MS = 150;
  let gPressed = 0;

  const visible = (element) => element.getClientRects().length > 0;
  const typing = (element) => Boolean(element.closest(
    "textarea, select, [contenteditable]:not([contenteditable=false]), input:not([type=checkbox], [type=radio], [type=button], [type=submit])"));
  const single = (name) => name.length === 1 || name.startsWith("shift+");
  const singleKeys = () => document.body.dataset.singleKeys !== "off";

  function nameOf(event) {
    const key = event.key.toLowerCase();
    const letter = /^[a-z]$/.test(key);
    return `${event.ctrlKey || event.metaKey ? "ctrl+" : ""}${event.shiftKey && (letter || key.length > 1) ? "shift+" : ""}${key}`;
  }

  function press(name) {
    const found = [...document.querySelectorAll("[data-key]")]
      .filter((element) => element.dataset.key === name && visible(element) && element.ariaDisabled !== "true").at(-1);
    if (!found) return false;
    if (found.matches("input, textarea, select")) found.focus();
    else found.click();
    return true;
  }

  function go(letter) {
    const link = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
    link?.click();
    return Boolean(link);
  }

  const everywhere = {
    "?": () => window.Onboarding.open("keys"),
    "g": () => { gPressed = Date.now(); },
    "/": () => press("/") || document.querySelector("main input[type=search]")?.focus(),
  };

  function handle(event, name) {
    if (single(name) && !singleKeys()) return false;
    if (single(name) && Date.now() - gPressed < G_MS) {
      gPressed = 0;
      if (go(name)) return true;
    }
    const act = own.get(name);
    if (act && act(event) !== false) return true;
    if (press(name)) return true;
    if (!(name in everywhere)) return false;
    everywhere[name](event);
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const name = nameOf(event);
    if (name === "ctrl+k") {
      event.preventDefault();
      window.Onboarding.open("palette");
      return;
    }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (name === "enter" && event.target.closest("a, button, summary, input")) return;
    if (handle(event, name)) event.preventDefault();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("input[data-single-keys]")) document.body.dataset.singleKeys = event.target.checked ? "on" : "off";
  });

  // ---- the palette: what is on the page already is filtered here, the rest is found by the server
  const palette = document.getElementById("palette");
  if (palette) {
    const input = palette.querySelector("input");
    const list = palette.querySelector("[role=listbox]");
    const none = palette.querySelector(".none");
    const options = () => [...list.querySelectorAll("[role=option]")];
    const shown = () => options().filter((option) => !option.hidden);
    let asking; // the search on its way
    let timer;
    let searched = Promise.resolve(); // Enter waits for what was typed to be looked for

    const choose = (option) => {
      options().forEach((other) => other.setAttribute("aria-selected", String(other === option)));
      if (option) input.setAttribute("aria-activedescendant", option.id);
      else input.removeAttribute("aria-activedescendant");
      option?.scrollIntoView({ block: "nearest" });
    };
    const filter = () => {
      const typed = input.value.trim();
      const words = typed.toLowerCase().split(/\s+/);
      options().forEach((option) => {
        if (option.dataset.search) {
          option.hidden = !typed;
          option.querySelector("b").textContent = typed;
        } else if (!("found" in option.dataset)) {
          const text = option.textContent.toLowerCase();
          option.hidden = !words.every((word) => text.includes(word));
        }
      });
      none.hidden = shown().length > 0;
      choose(shown()[0]);
    };
    const forget = () => list.querySelectorAll("[data-found]").forEach((option) => option.remove());

    // Before "Contacts matching ...", after the pages whose names fit.
    async function find() {
      const typed = input.value.trim();
      asking?.abort();
      if (!typed) return forget();
      asking = new AbortController();
      try {
        const answer = await fetch(`${input.dataset.anywhere}?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
        if (!answer.ok || answer.redirected) return undefined;
        const found = document.createRange().createContextualFragment(await answer.text());
        const chosen = selected();
        const kept = chosen && !chosen.dataset.search && !("found" in chosen.dataset);
        forget();
        list.querySelector("[data-search]")?.before(found) ?? list.append(found);
        none.hidden = shown().length > 0;
        choose(kept ? chosen : shown()[0]);
      } catch (error) {
        if (error.name !== "AbortError") forget(); // no connection: pages and actions are still here
      }
      return undefined;
    }

    // What the page at hand offers under a key of its own.
    function offer() {
      list.querySelectorAll("[data-press]").forEach((option) => option.remove());
      const keyed = [...document.querySelectorAll("[data-key]")].filter((element) =>
        visible(element) && element.ariaDisabled !== "true" && !element.matches("input, textarea, select") && !palette.contains(element));
      const first = list.firstElementChild;
      new Map(keyed.map((element) => [element.dataset.key, element])).forEach((element, key) => {
        const option = document.createElement("li");
        const words = document.createElement("span");
        const keys = document.createElement("span");
        const copy = element.cloneNode(true);
        copy.querySelectorAll("kbd, .vh").forEach((part) => part.remove());
        words.textContent = copy.textContent.trim();
        if (!words.textContent) return;
        keys.className = "n";
        key.split("+").forEach((part) => {
          const place = document.createElement("kbd");
          place.textContent = part.length === 1 ? part.toUpperCase() : part.replace(/^./, (letter) => letter.toUpperCase());
          keys.append(place, " ");
        });
        option.append(words, keys);
        option.id = `press-${key.replace("+", "-")}`;
        option.setAttribute("role", "option");
        option.dataset.press = key;
        first.before(option);
      });
    }

    const run = (option) => {
      if (!option) return;
      palette.close();
      if (option.dataset.press) press(option.dataset.press);
      else if (option.dataset.dialog) window.Onboarding.open(option.dataset.dialog);
      else if (option.dataset.search) location.assign(option.dataset.search + encodeURIComponent(input.value.trim()));
      else location.assign(option.dataset.url);
    };
    const selected = () => options().find((option) => option.ariaSelected === "true");
    async function enter() {
      if (selected()?.dataset.search) await searched;
      run(selected());
    }
    const move = (step) => {
      const places = shown();
      if (!places.length) return;
      const now = places.findIndex((option) => option.ariaSelected === "true");
      choose(places[(now + step + places.length) % places.length]);
    };

    input.addEventListener("input", () => {
      filter();
      clearTimeout(timer);
      asking?.abort();
      searched = new Promise((done) => { timer = setTimeout(() => find().then(done), FIND_MS); });
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") move(1);
      else if (event.key === "ArrowUp") move(-1);
      else if (event.key === "Enter") enter();
      else return;
      event.preventDefault();
    });
    palette.addEventListener("click", (event) => run(event.target.closest("[role=option]")));
    palette.addEventListener("opening", () => {
      input.value = "";
      forget();
      offer();
      filter();
    });
  }

  window.Onboarding.keys = { add: (keys) => Object.entries(keys).forEach(([name, act]) => own.set(name, act)) };
})();
