/* Forms that answer while somebody types.

   data-fill="id" data-value="..."   puts the value into the field of that id
   data-dismiss                      takes the note away, until something else is typed
   data-same-place                   while ticked, the fields of a place hold the customer's and are locked;
                                     the customer's place stands on #meant as data-city="..." and so on
*/
"use strict";

(() => {
  const tell = (field) => ["input", "change"].forEach((name) => field.dispatchEvent(new Event(name, { bubbles: true })));

  document.addEventListener("click", (event) => {
    const fill = event.target.closest("[data-fill]");
    if (fill) {
      const field = document.getElementById(fill.dataset.fill);
      field.value = fill.dataset.value;
      field.focus();
      fill.closest(".note").remove();
      tell(field);
    }
    event.target.closest("[data-dismiss]")?.closest(".note").remove();
  });

  const same = document.querySelector("[data-same-place]");
  if (!same) return;
  const place = ["address1", "address2", "city", "state", "province", "postal_code", "country"];
  const typed = new Map();

  function follow() {
    const meant = document.getElementById("meant");
    const known = same.checked && meant?.dataset.place === "yes";
    place.forEach((name) => {
      const field = document.getElementById(`id_${name}`);
      if (!field.readOnly) typed.set(name, field.value);
      field.readOnly = known;
      field.value = known ? meant.getAttribute(`data-${name}`) ?? "" : typed.get(name) ?? "";
    });
  }

  same.addEventListener("change", follow);
  document.addEventListener("htmx:oobAfterSwap", follow);
})();
