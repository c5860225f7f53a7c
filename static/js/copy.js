// A button beside each text that is there to be copied. Without JavaScript the text is marked and copied by hand.
"use strict";
for (const source of document.querySelectorAll("[data-copy]:not(body)")) {
  const button = document.createElement("button");
  const words = document.body.dataset;
  button.type = "button";
  button.className = "second";
  button.textContent = words.copy;
  button.addEventListener("click", async () => {
    const text = "value" in source ? source.value : source.innerText;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = words.copied;
    } catch {
      if ("select" in source) source.select();
    }
  });
  source.after(button);
}
