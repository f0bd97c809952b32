/* Choosing rows of a list, over several pages, for the bulk bar.

   <form data-select="contacts">   the name and this page's filters say which list the choice belongs to
     input[data-page]              header checkbox: every row on this page
     input[name=id][data-row]      a row's checkbox
     [data-bulk]                   components/bulk.html: [data-count], [data-all], [data-clear]

   Sent with the form: one `id` for each chosen row, also of other pages, or `all=1` for every row that
   matches the filters. The choice lives in the browser's session; other filters start a new one.
*/
"use strict";

(() => {
  const POSITION = ["after", "before", "at", "sort"];

  function keyOf(form) {
    const query = new URLSearchParams(location.search);
    POSITION.forEach((name) => query.delete(name));
    query.sort();
    return `select:${form.dataset.select}:${query}`;
  }

  /* A choice made under other filters is given up, and that is said. */
  function forgetOthers(form, key) {
    const others = Object.keys(sessionStorage).filter((name) => name.startsWith(`select:${form.dataset.select}:`) && name !== key);
    others.forEach((name) => sessionStorage.removeItem(name));
    if (others.length) window.Onboarding.toast("Selection cleared: the filters changed");
  }

  function start(form) {
    const key = keyOf(form);
    forgetOthers(form, key);
    const read = () => JSON.parse(sessionStorage.getItem(key) ?? '{"ids": [], "all": false}');
    let { ids, all } = read();
    let chosen = new Set(ids);
    let last = null;
    const rows = () => [...form.querySelectorAll("input[data-row]")];
    const page = form.querySelector("input[data-page]");
    const total = form.dataset.total ?? "all";

    function keep() {
      if (all || chosen.size) sessionStorage.setItem(key, JSON.stringify({ ids: [...chosen], all }));
      else sessionStorage.removeItem(key);
    }
    function show() {
      const boxes = rows();
      boxes.forEach((box) => {
        box.checked = all || chosen.has(box.value);
        box.closest("tr, li")?.setAttribute("aria-selected", String(box.checked));
      });
      const ticked = boxes.filter((box) => box.checked).length;
      if (page) {
        page.checked = ticked > 0 && ticked === boxes.length;
        page.indeterminate = ticked > 0 && ticked < boxes.length;
      }
      form.classList.toggle("some", all || chosen.size > 0);
      form.querySelectorAll("[data-count]").forEach((place) => {
        place.textContent = all ? total : chosen.size.toLocaleString("en");
      });
      form.querySelectorAll("[data-all]").forEach((button) => { button.hidden = all; });
    }
    function set(boxes, checked) {
      if (all) { // leaving "all": what is on this page stays chosen
        all = false;
        chosen = new Set(rows().map((box) => box.value));
      }
      boxes.forEach((box) => (checked ? chosen.add(box.value) : chosen.delete(box.value)));
      keep();
      show();
    }
    function clear() {
      all = false;
      chosen.clear();
      keep();
      show();
    }

    form.addEventListener("click", (event) => {
      const box = event.target.closest("input[data-row]");
      if (box) {
        const list = rows();
        const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
        set(event.shiftKey && from >= 0 ? list.slice(from, to + 1) : [box], box.checked);
        last = box;
      } else if (event.target.closest("input[data-page]")) set(rows(), page.checked);
      else if (event.target.closest("[data-clear]")) clear();
      else if (event.target.closest("[data-all]")) { all = true; keep(); show(); }
    });
    form.addEventListener("formdata", (event) => {
      if (all) {
        event.formData.delete("id");
        event.formData.set("all", "1");
        return;
      }
      const here = new Set(rows().map((box) => box.value));
      chosen.forEach((id) => { if (!here.has(id)) event.formData.append("id", id); });
    });
    document.addEventListener("htmx:afterSettle", show);
    window.addEventListener("pageshow", () => {
      ({ ids, all } = read());
      chosen = new Set(ids);
      show();
    });
    window.Onboarding.keys?.add({
      "escape": () => { if (!form.classList.contains("some")) return false; clear(); return true; },
      "ctrl+a": () => set(rows(), true),
    });
    show();
  }

  document.querySelectorAll("form[data-select]").forEach(start);
})();
