// Reading room: pointing at a field lights it up on both sides; a click brings the other side into view.
"use strict";
(() => {
  document.querySelectorAll("[data-all]").forEach((all) => {
    all.addEventListener("change", () => {
      all.closest("form").querySelectorAll("input[name=question]").forEach((one) => { one.checked = all.checked; });
    });
  });

  const room = document.querySelector("[data-room]");
  if (!room) return;
  // A link to a measure that another part of a long document holds: the part is asked for by the measure.
  const wanted = /^#measure-(\d+)$/.exec(location.hash);
  if (wanted && "parts" in room.dataset && !document.getElementById(location.hash.slice(1))
      && !new URLSearchParams(location.search).has("measure")) {
    location.replace(`?measure=${wanted[1]}${location.hash}`);
    return;
  }
  const byField = new Map();
  room.querySelectorAll("[data-fields]").forEach((element) => {
    for (const field of element.dataset.fields.split(" ")) {
      if (!byField.has(field)) byField.set(field, []);
      byField.get(field).push(element);
    }
  });

  // The innermost field stands last: a duty inside a measure lights the duty, not the whole measure.
  const innermost = (element) => {
    const carrier = element.closest("[data-fields]");
    return carrier && room.contains(carrier) ? carrier.dataset.fields.split(" ").pop() : null;
  };
  let lit = null;
  const light = (field) => {
    if (field === lit) return;
    if (lit) byField.get(lit).forEach((one) => one.classList.remove("lit"));
    lit = field;
    if (lit) byField.get(lit).forEach((one) => one.classList.add("lit"));
  };
  room.addEventListener("pointerover", (event) => light(innermost(event.target)));
  room.addEventListener("pointerleave", () => light(null));
  room.addEventListener("focusin", (event) => light(innermost(event.target)));
  room.addEventListener("click", (event) => {
    const field = innermost(event.target);
    if (!field) return;
    const side = event.target.closest(".room-text, .room-measures");
    const other = byField.get(field).find((one) => !side.contains(one));
    if (!other) return;
    // Only the pane scrolls, not the page.
    const pane = other.closest(".room-text, .room-measures");
    if (pane.scrollHeight > pane.clientHeight) {
      const shift = other.getBoundingClientRect().top - pane.getBoundingClientRect().top;
      pane.scrollTop += shift - pane.clientHeight / 3;
    } else {
      other.scrollIntoView({ block: "center" });
    }
  });
})();
