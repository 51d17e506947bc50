// What a page does beyond links, forms and htmx. Everything here only makes things quicker: pages work without it.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

  // --- saying something ------------------------------------------------------------------------------------------
  function say(sentence, { tone = "bad", link = null } = {}) {
    const box = $("#messages");
    if (!box) return;
    const notice = document.createElement("div");
    notice.className = `notice notice--${tone}`;
    notice.setAttribute("role", "alert");
    const text = document.createElement("p");
    text.textContent = sentence;
    notice.append(text);
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link.href;
      anchor.target = "_blank";
      anchor.textContent = link.word;
      notice.append(anchor);
    }
    // In an open dialog the page's own messages lie behind it.
    const dialog = $("#dialog[open] .dialog");
    if (dialog) {
      $(".notice[data-said]", dialog)?.remove();
      notice.dataset.said = "";
      dialog.prepend(notice);
    } else {
      box.replaceChildren(notice);
      notice.scrollIntoView({ block: "nearest" });
    }
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dismiss]");
    if (button) button.closest(".notice").remove();
  });

  // --- trouble on the way ----------------------------------------------------------------------------------------
  const unreachable = "We could not reach Keito Books. What you typed is still here; try again in a moment.";
  document.addEventListener("htmx:sendError", () => say(navigator.onLine ? unreachable : offline));
  document.addEventListener("htmx:timeout", () => say(unreachable));
  document.addEventListener("htmx:responseError", (event) => {
    const answer = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    const sentence = $("[data-sentence]", answer)?.textContent.trim();
    const title = $("[data-trouble] h1", answer)?.textContent.trim();
    const number = $("[data-reference]", answer)?.textContent.trim();
    const link = event.detail.xhr.status === 401 ? { href: "/account/login/", word: "Sign in" } : null;
    const whole = [title && `${title}.`, sentence, number && `(Reference ${number})`].filter(Boolean).join(" ");
    say(whole || unreachable, { link });
  });
  const offline = "You are offline. What you typed is still here and can be saved when the connection is back.";
  window.addEventListener("offline", () => say(offline, { tone: "warn" }));
  window.addEventListener("online", () => say("You are online again.", { tone: "good" }));

  // --- dialogs ---------------------------------------------------------------------------------------------------
  let opener = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target?.id === "dialog" && !$("#dialog").open) opener = event.detail.elt;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id !== "dialog") return;
    const dialog = $("#dialog");
    if (!dialog.open) dialog.showModal();
    ($("[aria-invalid=true]", dialog) || $("[autofocus]", dialog) || $("input:not([type=hidden]), select, textarea, .button--danger-main", dialog))?.focus();
  });
  document.addEventListener("click", (event) => {
    const opens = event.target.closest("[data-opens]");
    if (opens) { opener = opens; document.getElementById(opens.dataset.opens)?.showModal(); }
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    // Cancel is a link back for pages; in the dialog the page is already behind it.
    const cancel = event.target.closest("dialog [data-close-link]");
    if (cancel) { event.preventDefault(); cancel.closest("dialog").close(); }
  });
  document.addEventListener("close", (event) => {
    if (event.target.id === "dialog") event.target.replaceChildren();
    opener?.focus();
    opener = null;
  }, true);

  // --- menus -----------------------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of document.querySelectorAll("[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  // --- keys ------------------------------------------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.key === "Escape") {
      const menu = target.closest?.("[data-menu][open]");
      if (menu) { menu.open = false; $("summary", menu).focus(); }
      else if (target.matches?.("[data-search]")) target.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!typing(target) && !$("dialog[open]")) {
      if (event.key === "/" && $("[data-search]")) { event.preventDefault(); $("[data-search]").select(); $("[data-search]").focus(); return; }
      const pressed = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key);
      if (pressed && !pressed.disabled && pressed.getClientRects().length) { event.preventDefault(); pressed.click(); return; }
      if (event.key === "x" && togglePick(event)) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") moveAlongRows(event);
    }
    if (event.key === "Enter" && target.closest?.("[data-line]")) nextLine(event);
  });
  function moveAlongRows(event) {
    const links = [...document.querySelectorAll("[data-rows] .row-link")];
    if (!links.length) return;
    const at = links.indexOf(document.activeElement?.closest("tr")?.querySelector(".row-link"));
    if (at < 0 && !document.activeElement.matches("body, main")) return;
    event.preventDefault();
    links[Math.min(links.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)))].focus();
  }
  document.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-href]");
    if (!row || event.target.closest("a, button, input, label, select, summary, form")) return;
    if (window.getSelection().toString()) return;
    if (event.metaKey || event.ctrlKey) window.open(row.dataset.href);
    else window.location.assign(row.dataset.href);
  });

  // --- ticked rows -----------------------------------------------------------------------------------------------
  // Without a script the boxes and the buttons work as a form; with it the bar counts, and whole pages can be ticked.
  const counted = (number) => `${number.toLocaleString("en-GB")} invoice${number === 1 ? "" : "s"}`;
  let takesAll = false;
  let lastPick = null;
  function showPicks() {
    const bar = $("[data-bulk]");
    if (!bar) return;
    const boxes = [...document.querySelectorAll("[data-pick]")];
    const ticked = boxes.filter((box) => box.checked).length;
    const isWhole = ticked === boxes.length;
    takesAll &&= isWhole;
    const number = takesAll ? Number(bar.dataset.matching) : ticked;
    $("[data-bulk-count]", bar).textContent = takesAll ? `All ${counted(number)} that match are selected` : `${counted(number)} selected`;
    $("[data-bulk-copy] span", bar).textContent = `Copy ${counted(number)} to Xero`;
    const all = $("[data-bulk-all]", bar);
    if (all) all.hidden = takesAll || !isWhole;
    const whole = $("[data-pick-all]");
    if (whole) { whole.checked = isWhole; whole.indeterminate = ticked > 0 && !isWhole; }
    for (const box of boxes) box.closest("tr").classList.toggle("selected", box.checked);
  }
  function togglePick(event) {
    const box = event.target.closest?.("tr")?.querySelector("[data-pick]");
    if (!box) return false;
    box.click();
    return true;
  }
  document.addEventListener("click", (event) => {
    const all = event.target.closest("[data-bulk-all]");
    if (all) { event.preventDefault(); takesAll = true; showPicks(); $("[data-bulk-copy]").focus(); return; }
    const box = event.target.closest("[data-pick]");
    if (!box) return;
    const boxes = [...document.querySelectorAll("[data-pick]")];
    const [from, to] = [boxes.indexOf(lastPick), boxes.indexOf(box)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
    lastPick = box;
    showPicks();
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-pick-all]")) return;
    for (const box of document.querySelectorAll("[data-pick]")) box.checked = event.target.checked;
    showPicks();
  });
  // What the button says is what it sends: all that match, or the ticked ones and nothing else.
  document.addEventListener("formdata", (event) => {
    if (!event.target.matches("[data-bulk]") || !takesAll) return;
    event.formData.delete("invoice");
    event.formData.set("matching", "1");
  });
  function beginPicks() {
    takesAll = false;
    for (const each of document.querySelectorAll("[data-needs-script]")) each.hidden = false;
    showPicks();
  }
  document.addEventListener("DOMContentLoaded", beginPicks);
  document.addEventListener("htmx:load", beginPicks);
  window.addEventListener("pageshow", showPicks);

  // --- forms -----------------------------------------------------------------------------------------------------
  // The second of two quick clicks is dropped; the server would ignore it too.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post") || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
    if (event.target.matches("[data-shows]")) showIf(event.target);
  });
  function showIf(select) {
    const part = document.getElementById(select.dataset.shows);
    if (part) part.hidden = select.value !== select.dataset.showsFor;
  }
  const prepare = (root) => { for (const select of root.querySelectorAll("[data-shows]")) showIf(select); };
  document.addEventListener("DOMContentLoaded", () => prepare(document));
  document.addEventListener("htmx:load", (event) => prepare(event.target.parentElement ?? event.target));
  document.addEventListener("htmx:oobAfterSwap", () => prepare(document));

  // --- invoice lines ---------------------------------------------------------------------------------------------
  function nextLine(event) {
    if (event.target.matches("textarea, button, summary, a")) return;
    event.preventDefault();
    const line = event.target.closest("[data-line]");
    const following = line.nextElementSibling;
    if (following?.matches("[data-line]")) $("textarea", following)?.focus();
    else $("[data-add-line]")?.click();
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove-line]");
    if (!button) return;
    const lines = document.querySelectorAll("[data-line]");
    if (lines.length < 2) return;
    event.preventDefault();
    const line = button.closest("[data-line]");
    const neighbour = line.nextElementSibling?.matches("[data-line]") ? line.nextElementSibling : line.previousElementSibling;
    line.remove();
    $("[data-remove-line]", neighbour)?.focus();
    window.htmx?.trigger("#totals", "refresh");
  });
  // The totals bring the amounts of the lines; a line may have gone while they travelled.
  function spreadAmounts() {
    for (const each of document.querySelectorAll("#totals [data-amount-of]")) {
      const place = document.getElementById(each.dataset.amountOf);
      if (place) place.textContent = each.value;
    }
  }
  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target?.id === "totals") spreadAmounts(); });
  document.addEventListener("htmx:oobAfterSwap", spreadAmounts);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id === "lines") $("#lines [data-line]:last-child textarea")?.focus();
  });
})();
