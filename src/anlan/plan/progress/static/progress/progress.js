// Progress: drafts that save themselves, two people at one draft, ticking all, copying a text. All works without it too.
"use strict";
(() => {
  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-check-all]");
    if (!all) return;
    all.closest("form").querySelectorAll(`input[name=${all.dataset.checkAll}]`).forEach((one) => { one.checked = all.checked; });
  });

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-copy]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy);
    const told = () => { button.querySelector("span").textContent = button.dataset.copied; };
    text.select();
    // Without TLS a browser has no clipboard for pages; the old command still copies what is selected.
    if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(text.value).then(told, () => {});
    else if (document.execCommand("copy")) told();
  });

  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const PAUSE_MS = 2500, AGAIN_MS = 10000;
  const words = form.dataset;
  const status = form.querySelector("[data-status]");
  const lock = form.querySelector("input[name=lock]");
  const fields = [...form.querySelectorAll("input:not([type=hidden]):not([type=file]), textarea")];
  const read = () => Object.fromEntries(fields.map((one) => [one.name, one.value]));
  let saved = read();
  let timer = null, running = false, leaving = false, again = null;

  const changed = () => fields.some((one) => one.value !== saved[one.name]);
  const say = (text, wrong) => { status.textContent = text; status.classList.toggle("wrong", Boolean(wrong)); };
  const waiting = () => form.querySelector(".theirs[data-choose]") !== null;
  const later = (ms) => { clearTimeout(timer); timer = setTimeout(save, ms); };

  const body = () => {
    const data = new FormData();
    form.querySelectorAll("input[type=hidden]").forEach((one) => data.append(one.name, one.value));
    fields.forEach((one) => data.append(one.name, one.value));
    return data;
  };
  const mark = (errors) => {
    fields.forEach((one) => {
      const box = one.closest(".field");
      const old = box.querySelector("[data-live-error]");
      if (old) old.remove();
      one.classList.toggle("is-invalid", one.name in errors);
      if (!(one.name in errors)) return;
      const said = document.createElement("div");
      said.className = "field-error";
      said.dataset.liveError = "";
      said.textContent = errors[one.name].join(" ");
      box.append(said);
    });
  };

  // Where only one of the two changed a field, that one's text stands; where both did, the reader chooses.
  const merge = (answer, sent) => {
    lock.value = answer.lock;
    for (const { name, theirs } of answer.fields) {
      const one = fields.find((field) => field.name === name);
      if (!one) continue;
      if (one.value === saved[name]) { one.value = theirs; saved[name] = theirs; continue; }
      if (theirs === saved[name]) continue;
      choose(one, theirs);
    }
    for (const one of fields) {
      if (!answer.fields.some((field) => field.name === one.name)) saved[one.name] = sent[one.name];
    }
    say(`${answer.who} ${answer.at} ${words.collided}`, true);
  };
  const choose = (one, theirs) => {
    const box = one.closest(".field");
    const old = box.querySelector(".theirs");
    if (old) old.remove();
    const made = document.createElement("div");
    made.className = "theirs";
    made.dataset.choose = "";
    const text = document.createElement("p");
    text.textContent = words.theirs + (theirs || "—");
    made.append(text);
    const button = (label, then) => {
      const b = document.createElement("button");
      b.type = "button";
      b.className = "btn btn-sm";
      b.textContent = label;
      b.addEventListener("click", () => { then(); made.remove(); one.focus(); if (!waiting()) later(0); });
      made.append(b);
    };
    button(words.take, () => { one.value = theirs; });
    button(words.keep, () => {});
    box.append(made);
  };

  const save = async (hidden) => {
    if (running || waiting() || !changed()) return;
    running = true;
    const sent = read();
    say(words.saving);
    try {
      const answer = await fetch(words.save, {
        method: "POST", body: body(), credentials: "same-origin", keepalive: hidden === true,
        headers: { Accept: "application/json" }, redirect: "error",
      });
      if (answer.ok) {
        const told = await answer.json();
        lock.value = told.lock;
        saved = sent;
        mark(told.errors);
        say(Object.keys(told.errors).length ? words.wrong : `${words.saved} ${told.at}`, Object.keys(told.errors).length);
      } else if (answer.status === 409) {
        merge(await answer.json(), sent);
        if (!waiting()) later(0);
      } else if (answer.status === 422) {
        say(words.gone + (await answer.json()).problems.join(" "), true);
      } else {
        say(words.failed, true);
        later(AGAIN_MS);
      }
    } catch {
      say(words.failed, true);
      later(AGAIN_MS);
    } finally {
      running = false;
    }
    if (again) { const by = again; again = null; form.requestSubmit(by); return; }
    if (changed() && !waiting()) later(PAUSE_MS);
  };

  form.addEventListener("input", () => later(PAUSE_MS));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && !leaving) save(true); });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    // A save on its way would make this one look old: let it come back first.
    if (running) { event.preventDefault(); again = event.submitter; return; }
    leaving = true;
  });
  window.addEventListener("beforeunload", (event) => { if (!leaving && changed()) event.preventDefault(); });
  // A day of completion means that all is done.
  const done = form.querySelector("input[name=done_on]"), percent = form.querySelector("input[name=percent]");
  if (done && percent) done.addEventListener("change", () => { if (done.value && percent.value === "") percent.value = "100"; });
})();
