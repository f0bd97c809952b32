/* Tells us that a person looks at an invitation: once, at the first touch, key or move of the mouse.
   Programs that open every link of an email do not touch the page, so they count as nobody. */
"use strict";

(() => {
  const form = document.querySelector("form[data-opened]");
  if (!form) return;
  const signs = ["pointerdown", "pointermove", "keydown", "touchstart"];
  const tell = (event) => {
    if (!event.isTrusted) return;
    signs.forEach((name) => document.removeEventListener(name, tell));
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    fetch(form.dataset.opened, { method: "POST", body, credentials: "same-origin", keepalive: true }).catch(() => {});
  };
  signs.forEach((name) => document.addEventListener(name, tell, { passive: true }));
})();
