// A live count below each text whose length others limit. Without JavaScript the publish checks say the same.
"use strict";
const LINK = 24; // what a network counts for the link that is put behind a post
const LIGHT = [[0x0000, 0x10ff], [0x2000, 0x200d], [0x2010, 0x201f], [0x2032, 0x2037]];
const heavy = (sign) => !LIGHT.some(([low, high]) => sign >= low && sign <= high);
const COUNTS = {
  "in-post": (text) => [...text.normalize("NFC")].reduce((sum, sign) => sum + (heavy(sign.codePointAt(0)) ? 2 : 1), text && LINK),
  "in-mail-link": (text) => encodeURIComponent(text.replace(/\r?\n/g, "\r\n")).length,
};
const show = (field) => {
  let shown = field.nextElementSibling;
  if (!shown?.matches("output.count")) {
    shown = document.createElement("output");
    shown.className = "count";
    field.after(shown);
  }
  const count = field.value ? COUNTS[field.dataset.count](field.value) : 0;
  shown.textContent = `${count} / ${field.dataset.most}`;
  shown.classList.toggle("over", count > Number(field.dataset.most));
};
const all = () => document.querySelectorAll("[data-count]").forEach(show);
document.addEventListener("input", (event) => event.target.matches("[data-count]") && show(event.target));
document.addEventListener("formset:added", all);
all();
