// Selecting characters of the document says what they are: offers the fields they may be, for the measure they stand in.
"use strict";
(() => {
  const room = document.querySelector("[data-room]");
  const tool = document.querySelector("[data-selecting]");
  if (!room || !tool) return;
  const text = room.querySelector(".room-text");

  // Places count code points of the document, as the server does; a string counts UTF-16 units.
  const place = (node, offset) => {
    const line = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".line-text");
    if (!line) return null;
    const before = document.createRange();
    before.setStart(line, 0);
    before.setEnd(node, offset);
    return Number(line.dataset.start) + [...before.toString()].length;
  };
  const measureAt = (node) => {
    const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-fields]");
    const keys = piece ? piece.dataset.fields.split(" ").filter((key) => /^m\d+$/.test(key)) : [];
    return keys.length ? room.querySelector(`article[data-fields="${keys[keys.length - 1]}"]`) : null;
  };
  const hide = () => { tool.hidden = true; };

  const look = () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return hide();
    const range = selection.getRangeAt(0);
    if (!text.contains(range.commonAncestorContainer)) return hide();
    let start = place(range.startContainer, range.startOffset);
    let end = place(range.endContainer, range.endOffset);
    const words = selection.toString().trim();
    if (start === null || end === null || end <= start || !words) return hide();
    const card = measureAt(range.startContainer) || measureAt(range.endContainer);
    tool.elements.start.value = start;
    tool.elements.end.value = end;
    tool.elements.measure.value = card ? card.dataset.fields.slice(1) : "";
    tool.elements.lock.value = card ? card.dataset.lock : "";
    tool.querySelector("[data-words]").textContent = words;
    tool.querySelector("[data-of]").textContent = card ? card.querySelector("h3 .field").textContent.trim() : "";
    tool.querySelector("[data-inside]").hidden = !card;
    tool.querySelector("[data-outside]").hidden = Boolean(card);
    tool.hidden = false;
    const box = range.getBoundingClientRect();
    const below = box.bottom + 8;
    const top = below + tool.offsetHeight < window.innerHeight ? below : Math.max(8, box.top - tool.offsetHeight - 8);
    tool.style.top = `${top}px`;
    tool.style.left = `${Math.min(Math.max(8, box.left), window.innerWidth - tool.offsetWidth - 8)}px`;
  };
  document.addEventListener("selectionchange", () => {
    // Not while the tool itself is used: a field of it may be selected.
    if (!tool.contains(document.activeElement)) window.requestAnimationFrame(look);
  });
  text.addEventListener("scroll", hide);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
})();
