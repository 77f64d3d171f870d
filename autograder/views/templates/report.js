// A click on a column's name sorts by it, a second click the other way round.
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.querySelectorAll("thead th")];
  heads.forEach((head, column) => head.firstElementChild.addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") === "ascending";
    heads.forEach(other => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const numbers = head.classList.contains("number");
    const rows = [...table.tBodies[0].rows].map(row => [row.cells[column].textContent.trim(), row]);
    rows.sort(([a], [b]) => numbers ? (parseFloat(a) || 0) - (parseFloat(b) || 0) : a < b ? -1 : a > b ? 1 : 0);
    if (down) rows.reverse();
    table.tBodies[0].append(...rows.map(([, row]) => row));
  }));
}
// What is typed into a filter leaves the rows that hold all of its words.
for (const input of document.querySelectorAll("input[data-filters]")) {
  const table = document.getElementById(input.dataset.filters);
  const rows = [...table.tBodies[0].rows].map(row => [row, row.textContent.toLowerCase()]);
  const said = document.getElementById(input.dataset.filters + "-count");
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [row, text] of rows) {
      row.hidden = !words.every(word => text.includes(word));
      if (!row.hidden) shown++;
    }
    said.textContent = `${shown} of ${rows.length} shown`;
  });
}
