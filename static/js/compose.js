/* The text of a message or a template. Without it everything still works by typing and by links.

   data-insert="[Field]"  puts the field where the caret was last, in the subject or in the body
   data-wrap="**"         puts the signs around what is selected in the body
   data-dialog="id"       a link that opens the <dialog> of that id instead of loading its page
   data-show              a <dialog> that stands open when the page comes: it becomes modal
   data-preview           a button that shows the text in a frame; pressed by itself while one types
   data-fit               an <iframe> that takes the height of the message inside
*/
"use strict";

(() => {
  const fields = () => [...document.querySelectorAll("#id_subject, #id_preheader, #id_body")];
  let last = document.querySelector("#id_body");

  document.addEventListener("focusin", (event) => {
    if (fields().includes(event.target)) last = event.target;
  });

  function write(field, text, start, end, select) {
    field.setRangeText(text, start, end, select);
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("click", (event) => {
    const insert = event.target.closest("[data-insert]");
    if (insert && last) {
      write(last, insert.dataset.insert, last.selectionStart, last.selectionEnd, "end");
      insert.closest("details")?.removeAttribute("open");
    }
    const wrap = event.target.closest("[data-wrap]");
    const body = document.querySelector("#id_body");
    if (wrap && body) {
      const { selectionStart: start, selectionEnd: end, value } = body;
      const signs = wrap.dataset.wrap;
      write(body, signs + value.slice(start, end) + signs, start, end, "preserve");
      body.setSelectionRange(start + signs.length, end + signs.length);
    }
    const link = event.target.closest("a[data-dialog]");
    if (link) {
      event.preventDefault();
      window.Onboarding.open(link.dataset.dialog);
    }
    if (event.target.closest("a[data-close]")) event.preventDefault();
    document.querySelectorAll("details.pop[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    });
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.pop[open]");
    if (!menu) return;
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  });

  document.querySelectorAll("dialog[data-show]").forEach((dialog) => {
    dialog.close();
    dialog.showModal();
  });

  const shows = document.querySelector("[data-preview]");
  if (shows) {
    const show = () => shows.form.requestSubmit(shows);
    let timer;
    shows.form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(show, 600);
    });
    show();
  }

  function fit(frame) {
    const inside = frame.contentDocument?.documentElement;
    if (inside?.scrollHeight) frame.height = inside.scrollHeight + 2;
  }
  function mind(root) {
    root.querySelectorAll("iframe[data-fit]").forEach((frame) => {
      frame.addEventListener("load", () => fit(frame));
      fit(frame);
    });
  }
  document.addEventListener("htmx:load", (event) => mind(event.target.parentNode ?? document));
  window.addEventListener("resize", () => document.querySelectorAll("iframe[data-fit]").forEach(fit));
  mind(document);
})();
