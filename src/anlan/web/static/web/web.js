// The frame: folding the menu, opening it on a phone, closing what was opened. Everything else works without script.
"use strict";
(() => {
  const root = document.documentElement;
  const KEY = "anlan-side-folded";
  const folded = () => { try { return localStorage.getItem(KEY) === "1"; } catch { return false; } };
  // Before the page is painted, so that the menu does not jump.
  if (folded()) root.classList.add("side-folded");

  const tell = () => {
    const fold = document.querySelector('[data-side="fold"]');
    if (fold) fold.setAttribute("aria-expanded", String(!root.classList.contains("side-folded")));
    const open = document.querySelector('[data-side="open"]');
    if (open) open.setAttribute("aria-expanded", String(root.classList.contains("side-open")));
  };
  const drawer = (open) => {
    root.classList.toggle("side-open", open);
    tell();
    const goal = document.querySelector(open ? '[data-side="close"]' : '[data-side="open"]');
    if (goal) goal.focus();
  };
  const closeAll = (but) => {
    for (const one of document.querySelectorAll("details[data-closes][open]")) if (one !== but) one.open = false;
  };

  document.addEventListener("DOMContentLoaded", () => {
    tell();
    // A form that came back wrong begins at its summary.
    const wrong = document.querySelector(".form-errors");
    if (wrong) wrong.focus();
  });
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest("[data-side]");
    if (button) {
      if (button.dataset.side === "fold") {
        const now = root.classList.toggle("side-folded");
        try { localStorage.setItem(KEY, now ? "1" : "0"); } catch { /* a browser that keeps nothing still folds */ }
        tell();
      } else drawer(button.dataset.side === "open");
    } else if (root.classList.contains("side-open") && !event.target.closest("#side")) drawer(false);
    closeAll(event.target.closest("details[data-closes]"));
    const printer = event.target.closest("[data-print]");
    if (printer) window.print();
  });
  // Lists whose rows can be ticked: how many are, and buttons that need one.
  const count = (form) => {
    const all = form.querySelectorAll("[data-tick]");
    const ticked = [...all].filter((one) => one.checked).length;
    const told = form.querySelector("[data-tick-count]");
    told.textContent = ticked ? told.dataset.some.replace("#", ticked) : told.dataset.none;
    const whole = form.querySelector("[data-tick-all]");
    whole.checked = ticked === all.length;
    whole.indeterminate = ticked > 0 && ticked < all.length;
    for (const button of form.querySelectorAll("[data-needs-tick]")) button.disabled = !ticked;
  };
  const countAll = () => { for (const form of document.querySelectorAll("[data-bulk]")) count(form); };
  document.addEventListener("DOMContentLoaded", countAll);
  document.addEventListener("htmx:afterSettle", countAll);
  document.addEventListener("change", (event) => {
    const form = event.target instanceof Element && event.target.closest("[data-bulk]");
    if (!form) return;
    if (event.target.matches("[data-tick-all]"))
      for (const one of form.querySelectorAll("[data-tick]")) one.checked = event.target.checked;
    count(form);
  });
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-copies]");
    if (!button) return;
    const from = document.getElementById(button.dataset.copies);
    const done = () => { button.classList.add("copied"); button.setAttribute("aria-label", button.dataset.done); };
    // Without TLS a browser has no clipboard; the old way still copies what is selected.
    from.select();
    if (navigator.clipboard) navigator.clipboard.writeText(from.value).then(done, () => document.execCommand("copy"));
    else if (document.execCommand("copy")) done();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details[data-closes][open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
    else if (root.classList.contains("side-open")) drawer(false);
  });
  document.addEventListener("htmx:responseError", (event) => {
    // The session ended or the server said no: show its page instead of nothing.
    const path = event.detail.pathInfo && event.detail.pathInfo.finalRequestPath;
    if (path && event.detail.requestConfig.verb === "get") window.location.assign(path);
  });
})();
