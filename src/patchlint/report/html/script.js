// SPDX-License-Identifier: GPL-2.0-or-later
// Comfort only: the page is whole without it.
"use strict";
(() => {
  const all = (what) => Array.from(document.querySelectorAll(what));
  const root = document.documentElement;
  const remarks = all(".remark");
  const isSeen = (element) => element.getClientRects().length > 0;

  // Light and dark stay what they were, where the browser lets us keep that.
  const key = "patchlint-light";
  const lights = all('input[name="light"]');
  const keep = (id) => {
    try {
      localStorage.setItem(key, id);
    } catch {
      /* a file without storage */
    }
  };
  try {
    const kept = lights.find((light) => light.id === localStorage.getItem(key));
    if (kept) kept.checked = true;
  } catch {
    /* a file without storage */
  }
  for (const light of lights) light.addEventListener("change", () => keep(light.id));

  // How many remarks the filters leave.
  const status = document.getElementById("status");
  const boxes = all('.filters input[type="checkbox"]');
  const isOn = (remark) =>
    boxes.every((box) => box.checked || box.id === "quiet" || !remark.classList.contains(box.id));
  const count = () => {
    const seen = remarks.filter(isOn).length;
    if (status) {
      status.textContent =
        seen === remarks.length ? "" : `${seen} of ${remarks.length} remarks shown`;
    }
  };
  for (const box of boxes) box.addEventListener("change", count);

  // Buttons that would do nothing without this script are made by it.
  const tools = document.getElementById("tools");
  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", act);
    tools?.append(made);
  };
  const proofs = all(".remark details");
  const rules = boxes.filter((box) => box.id.startsWith("k"));
  const check = (on) => {
    for (const box of rules) box.checked = on;
    count();
  };
  if (proofs.length) {
    button("unfold proofs", () => {
      const open = proofs.some((proof) => !proof.open);
      for (const proof of proofs) proof.open = open;
    });
  }
  if (rules.length > 1) {
    button("all rules", () => check(true));
    button("no rules", () => check(false));
  }

  // j and k go to the next remark and the one before.
  const go = (step) => {
    const seen = remarks.filter(isSeen);
    if (!seen.length) return;
    const at = seen.findIndex((remark) => `#${remark.id}` === location.hash);
    const next = at < 0 ? (step > 0 ? 0 : seen.length - 1) : at + step;
    if (next < 0 || next >= seen.length) return;
    location.hash = seen[next].id;
    seen[next].focus({ preventScroll: true });
  };
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("textarea, select, input:not([type=checkbox], [type=radio])");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") go(1);
    if (event.key === "k") go(-1);
  });

  // A jump into something folded unfolds it.
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    const isHidden = !isSeen(target);
    let outer = target.closest("details");
    while (outer) {
      outer.open = true;
      outer = outer.parentElement.closest("details");
    }
    if (isHidden) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  // Paper does not unfold.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    for (const detail of folded) detail.open = true;
  });
  addEventListener("afterprint", () => {
    for (const detail of folded) detail.open = false;
  });

  root.classList.add("script");
  count();
})();
