// One answer at a time. Everything that came from a student is set as text, never as HTML.

function element(kind, text, attributes = {}) {
  const made = document.createElement(kind);
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function button(text, key, action) {
  const made = element("button", text, { type: "button" });
  if (key) made.append(" ", element("kbd", key));
  made.addEventListener("click", action);
  return made;
}

function points(number) {
  return String(Math.round(number * 100) / 100);
}

function render({ model, el }) {
  // JupyterLab's own shortcuts keep out of here, so that keys reach the page.
  const root = element("div", undefined, {
    class: "autograder-mark", tabindex: "0", role: "region", "aria-label": "Marking", "data-lm-suppress-shortcuts": "true",
  });
  el.append(root);
  const ask = (request) => model.send(request);
  let comment = null;

  const leave = () => {
    if (comment && comment.value !== model.get("page").comment) ask({ comment: comment.value });
  };

  const go = (request) => { leave(); ask(request); };

  function draw() {
    const page = model.get("page");
    const focused = root.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    root.replaceChildren();
    const head = element("p");
    head.append(element("strong", `${page.lesson} · ${page.exercise}`), ` ${page.done} of ${page.total} marked`);
    head.setAttribute("role", "status");
    root.append(head, element("progress", undefined, {
      max: page.total || 1, value: page.done, "aria-label": "Marked so far",
    }));
    if (page.items === undefined) {
      root.append(element("p", "No answer has been graded yet: run `autograder grade` first."));
      return;
    }
    const columns = element("div", undefined, { class: "columns" });
    const answer = element("div", undefined, { class: "answer" });
    const title = page.count > 1 ? `${page.count} equal answers` : "One answer";
    answer.append(element("h4", `${title}, ${page.index + 1} of ${page.groups}${page.who ? `: ${page.who}` : ""}`));
    if (page.untouched) answer.append(element("p", "Not attempted: the cell is as it was released, or empty."));
    answer.append(element("pre", page.text, { tabindex: "0", role: "group", "aria-label": "The answer" }));
    const details = element("details");
    details.append(element("summary", "Model answer"), element("pre", page.model));
    answer.append(details);

    const rubric = element("div", undefined, { class: "rubric" });
    const where = page.elsewhere ? ", given in formgrader" : page.marked ? "" : ", not marked yet";
    rubric.append(element("h4", `${points(page.points)} of ${points(page.max)} points${where}`));
    page.items.forEach((item, number) => {
      const label = element("label");
      const box = element("input", undefined, { type: "checkbox", "data-focus": `item${number}` });
      box.checked = item.ticked;
      box.addEventListener("change", () => go({ tick: number }));
      const words = element("span");
      words.append(element("kbd", String(number + 1)), ` ${points(item.points)}: ${item.text}`);
      label.append(box, words);
      rubric.append(label);
    });
    rubric.append(button("No points", "0", () => go({ none: true })));
    const name = element("label", "Comment", { for: "autograder-comment" });
    comment = element("textarea", undefined, {
      id: "autograder-comment", list: "autograder-used", "data-focus": "comment",
    });
    comment.value = page.comment;
    comment.addEventListener("change", leave);
    rubric.append(name, comment);
    if (page.used.length) {
      const used = element("select", undefined, { "aria-label": "Comments used before", "data-focus": "used" });
      used.append(element("option", "Comments used before …", { value: "" }));
      page.used.forEach((text) => used.append(element("option", text, { value: text })));
      used.addEventListener("change", () => { if (used.value) ask({ comment: used.value }); });
      rubric.append(used);
    }
    columns.append(answer, rubric);
    root.append(columns);
    const bar = element("p", undefined, { class: "keys" });
    bar.append(
      button("Back", "k", () => go({ go: -1 })),
      button("Next", "j", () => go({ go: 1 })),
      button("Next unmarked", "n", () => go({ next: true })),
      " ", element("kbd", "c"), " comment, ", element("kbd", "Esc"), " leaves it",
    );
    root.append(bar);
    if (focused) {
      const again = root.querySelector(`[data-focus="${focused}"]`);
      (again || root).focus();
    } else if (drawn) {
      root.focus({ preventScroll: true });
    }
    drawn = true;
  }

  let drawn = false;
  root.addEventListener("keydown", (event) => {
    const typing = event.target.tagName === "TEXTAREA";
    if (event.key === "Escape" && typing) {
      leave();
      root.focus();
    } else if (typing || event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "SELECT") {
      return;
    } else if (event.key >= "1" && event.key <= "9") {
      go({ tick: Number(event.key) - 1 });
    } else if (event.key === "0") {
      go({ none: true });
    } else if (event.key === "j") {
      go({ go: 1 });
    } else if (event.key === "k") {
      go({ go: -1 });
    } else if (event.key === "n") {
      go({ next: true });
    } else if (event.key === "c" && comment) {
      comment.focus();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  model.on("change:page", draw);
  draw();
  return () => model.off("change:page", draw);
}

export default { render };
