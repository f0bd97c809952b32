/* Deciding conflicts by keyboard, and counting what is decided.

   [data-conflict]   one conflict: radios ours and theirs, a field for another value
   J K               next and previous      O ours      T theirs      E another value      Ctrl Enter send
   A typed value outweighs the radios: they are let go while something stands in the field.
*/
"use strict";

(() => {
  const form = document.querySelector("form[data-conflicts]");
  if (!form) return;
  const items = [...form.querySelectorAll("[data-conflict]")];
  const button = document.querySelector("[data-decide]");
  const told = form.querySelector("[data-decided]");
  let now = -1;

  const other = (item) => item.querySelector("input[name^=other-]");
  const radio = (item, value) => item.querySelector(`input[type=radio][value=${value}]`);
  const decided = (item) => Boolean(other(item)?.value.trim() || item.querySelector(":checked"));

  function count() {
    const n = items.filter(decided).length;
    const words = n === 1 ? "1 decision" : `${n} decisions`;
    if (button) button.textContent = n ? `Apply ${words}` : "Apply decisions";
    if (told) told.textContent = n ? `${n} of ${items.length} on this page decided.` : "Nothing is decided yet.";
  }

  function go(step) {
    now = Math.max(0, Math.min(items.length - 1, now + step));
    const item = items[now];
    items.forEach((one) => one.toggleAttribute("data-now", one === item));
    (radio(item, "ours") ?? other(item))?.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }

  function choose(value) {
    if (now < 0) go(1);
    const choice = radio(items[now], value);
    if (!choice) return;
    const typed = other(items[now]);
    if (typed) typed.value = "";
    choice.checked = true;
    count();
  }

  form.addEventListener("input", (event) => {
    const item = event.target.closest("[data-conflict]");
    if (!item) return;
    if (event.target === other(item)) {
      if (event.target.value.trim()) item.querySelectorAll("input[type=radio]").forEach((one) => { one.checked = false; });
    } else if (other(item)) {
      other(item).value = "";
    }
    count();
  });
  form.addEventListener("focusin", (event) => {
    const item = event.target.closest("[data-conflict]");
    if (item) now = items.indexOf(item);
  });
  window.Onboarding.keys.add({
    "j": () => go(1),
    "k": () => go(-1),
    "o": () => choose("ours"),
    "t": () => choose("theirs"),
    "e": () => { if (now < 0) go(1); other(items[now])?.focus(); },
    "ctrl+enter": () => form.requestSubmit(),
  });
  count();
})();
