// The latent plane on a canvas: pointer and arrow keys move over it, the kernel decodes the current point.

const SIZE = 380;
const STEP = 1 / 60; // of the plane's width, for one press of an arrow key

function draw(model, canvas) {
  const context = canvas.getContext("2d");
  const scale = window.devicePixelRatio || 1;
  if (canvas.width !== SIZE * scale) { canvas.width = canvas.height = SIZE * scale; }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const style = getComputedStyle(canvas);
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, SIZE, SIZE);
  const points = floats(model.get("points"));
  const classes = bytes(model.get("classes"));
  const colors = model.get("colors");
  for (let pass = 0; pass < 2; pass++) { // the unknown first, so that they lie behind
    for (let i = 0; i < classes.length; i++) {
      if ((classes[i] === 10) !== (pass === 0)) continue;
      const [x, y] = toCanvas(model, points[2 * i], points[2 * i + 1]);
      context.fillStyle = colors[classes[i]];
      context.fillRect(x - 1.5, y - 1.5, 3, 3);
    }
  }
  context.strokeStyle = style.color;
  context.lineWidth = 2;
  const shown = model.get("shown");
  if (shown.index !== undefined) {
    const [x, y] = toCanvas(model, points[2 * shown.index], points[2 * shown.index + 1]);
    context.beginPath();
    context.arc(x, y, 6, 0, 2 * Math.PI);
    context.stroke();
  }
  const [x, y] = toCanvas(model, ...model.get("position"));
  context.beginPath();
  context.moveTo(x - 9, y); context.lineTo(x + 9, y);
  context.moveTo(x, y - 9); context.lineTo(x, y + 9);
  context.stroke();
}

function toCanvas(model, x, y) {
  const [left, right, bottom, top] = model.get("extent");
  return [((x - left) / (right - left)) * SIZE, ((top - y) / (top - bottom)) * SIZE];
}

function fromCanvas(model, x, y) {
  const [left, right, bottom, top] = model.get("extent");
  return [left + (x / SIZE) * (right - left), top - (y / SIZE) * (top - bottom)];
}

function bytes(view) { return new Uint8Array(view.buffer, view.byteOffset, view.byteLength); }
function floats(view) { return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength)); }

function show(canvas, pixels, [height, width]) {
  canvas.width = width; canvas.height = height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  bytes(pixels).forEach((ink, i) => {
    image.data.set([255 - ink, 255 - ink, 255 - ink, 255], 4 * i);
  });
  context.putImageData(image, 0, 0);
}

function chooser(model, axis) {
  const label = document.createElement("label");
  label.textContent = `${axis === 0 ? "across" : "up"}: `;
  const select = document.createElement("select");
  for (let i = 0; i < model.get("latent_dim"); i++) select.add(new Option(`z${i + 1}`, i, false, i === model.get("dims")[axis]));
  select.addEventListener("change", () => {
    const dims = [...model.get("dims")];
    dims[axis] = Number(select.value);
    model.set("dims", dims);
    model.save_changes();
  });
  label.append(select);
  return label;
}

function pane(parent, title) {
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  caption.textContent = title;
  const canvas = document.createElement("canvas");
  canvas.className = "vaelab-image";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", title);
  figure.append(caption, canvas);
  parent.append(figure);
  return canvas;
}

function render({ model, el }) {
  el.classList.add("vaelab-explorer");
  const plane = document.createElement("canvas");
  plane.className = "vaelab-plane";
  plane.tabIndex = 0;
  plane.setAttribute("role", "application");
  plane.setAttribute("aria-label", "Latent plane. Arrow keys move the point, with Shift in larger steps.");
  const side = document.createElement("div");
  side.className = "vaelab-side";
  const here = pane(side, "Decoded image");
  const neighbor = pane(side, "Nearest code, decoded");
  const words = document.createElement("p");
  words.setAttribute("aria-live", "polite");
  side.append(words);
  if (model.get("latent_dim") > 2) side.prepend(chooser(model, 0), chooser(model, 1));
  el.append(plane, side);

  function move(x, y) {
    const [left, right, bottom, top] = model.get("extent");
    model.set("position", [Math.min(Math.max(x, left), right), Math.min(Math.max(y, bottom), top)]);
    model.save_changes();
    draw(model, plane);
  }
  function follow(event) {
    const box = plane.getBoundingClientRect();
    move(...fromCanvas(model, ((event.clientX - box.left) / box.width) * SIZE, ((event.clientY - box.top) / box.height) * SIZE));
  }
  plane.addEventListener("pointerdown", event => { plane.setPointerCapture(event.pointerId); plane.focus(); follow(event); });
  plane.addEventListener("pointermove", event => { if (event.buttons) follow(event); });
  plane.addEventListener("keydown", event => {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!direction) return;
    event.preventDefault();
    event.stopPropagation();
    const [left, right, bottom, top] = model.get("extent");
    const step = STEP * (event.shiftKey ? 5 : 1);
    const [x, y] = model.get("position");
    move(x + direction[0] * step * (right - left), y + direction[1] * step * (top - bottom));
  });

  function update() {
    const shown = model.get("shown");
    if (!shown.image) return;
    show(here, shown.image, model.get("shape"));
    show(neighbor, shown.neighbor, model.get("shape"));
    const [x, y] = model.get("position");
    const known = shown.label ? `nearest known code: ${shown.label}, ` : "nearest known code ";
    words.textContent = `At (${x.toFixed(2)}, ${y.toFixed(2)}); ${known}${shown.distance.toFixed(2)} away.`;
    draw(model, plane);
  }
  model.on("change:shown", update);
  model.on("change:points", () => draw(model, plane));
  update();
  draw(model, plane);

  // The canvas keeps the colors it was drawn with: draw anew when JupyterLab, or the reader's system, turns light or dark.
  const redraw = () => draw(model, plane);
  const themes = new MutationObserver(redraw);
  themes.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", redraw);
  return () => { themes.disconnect(); dark.removeEventListener("change", redraw); };
}

export default { render };
