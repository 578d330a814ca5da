// An inspection on the spot, on a phone. What is typed waits in this tab until the centre has it; each field goes there
// once it is left, each picture by itself, and again when the network is back. Nothing is decided here.
"use strict";

(() => {
  const form = document.getElementById("form");
  const number = form.dataset.number;
  const base = `/inspections/${number}`;
  const shelf = `inspection:${number}`;
  const at = (id) => document.getElementById(id);
  let stands = JSON.parse(at("stands").textContent);
  let unsent = false; // something was typed that the centre does not have
  let stuck = false; // the centre refused what was typed last
  let sending = null;
  let signs = false; // the pad was opened for what stands there

  // ---------------------------------------------------------------------------------- asking the centre

  class Refused extends Error {}

  async function ask(method, path, body, type) {
    const headers = type ? { "Content-Type": type } : {};
    const answer = await fetch(base + path, { method, body, headers, credentials: "same-origin", cache: "no-store" });
    const kind = answer.headers.get("content-type") || "";
    if (answer.ok && kind.startsWith("application/json")) return answer.json();
    if (answer.status >= 500) throw new TypeError("the centre is not there");
    const told = kind.startsWith("application/json") ? (await answer.json()).told : await answer.text();
    throw new Refused(told);
  }

  const asked = (method, path, value) => ask(method, path, JSON.stringify(value), "application/json");

  function tell(element, text) {
    element.hidden = !text;
    element.textContent = text;
  }

  function wrong(error) {
    tell(at("wrong"), error instanceof Refused ? error.message : form.dataset.waiting);
    at("wrong").scrollIntoView({ block: "nearest" });
  }

  // ---------------------------------------------------------------------------------- the form

  function entered() {
    const found = { cards: form.elements.cards.checked, answers: {}, counted: {}, notice: "", findings: "", outcome: "" };
    for (const field of form.querySelectorAll("[name]")) {
      if (field.type === "radio" && !field.checked) continue;
      const [part, key] = field.name.split(/\.(.*)/s);
      if (part === "answers" && field.value.trim()) found.answers[key] = field.value.trim();
      else if (part === "counted" && /^\d{1,7}$/.test(field.value.trim())) found.counted[key] = Number(field.value.trim());
      else if (part in { notice: 1, findings: 1, outcome: 1 }) found[part] = field.value.trim();
    }
    return found;
  }

  function filled(kept) {
    form.elements.cards.checked = kept.cards;
    for (const field of form.querySelectorAll("[name]")) {
      const [part, key] = field.name.split(/\.(.*)/s);
      const value = key === undefined ? kept[part] : kept[part][key];
      if (field.type === "radio") field.checked = field.value === value;
      else if (field.type !== "checkbox") field.value = value ?? "";
    }
  }

  function kept(word, bad) {
    at("kept").textContent = word;
    at("kept").className = `told ${bad ? "bad" : unsent ? "" : "good"}`;
  }

  function typed() {
    unsent = true;
    stuck = false;
    sessionStorage.setItem(shelf, JSON.stringify({ revision: stands.revision, entered: entered() }));
    kept(form.dataset.waiting);
    draw();
  }

  // One thing after the other: an answer's revision is what the next is made of.
  function inTurn(work) {
    const turn = (sending || Promise.resolve()).then(work, work);
    sending = turn.catch(() => {});
    return turn;
  }

  const send = () => inTurn(async () => {
    if (!unsent) return;
    const body = { revision: stands.revision, entered: entered() };
    kept(form.dataset.saving);
    try {
      stands = await asked("PUT", "/form", body);
    } catch (error) {
      stuck = error instanceof Refused;
      kept(stuck ? error.message : form.dataset.waiting, stuck);
      if (stuck) {
        unsent = false;
        sessionStorage.removeItem(shelf); // loading the page again shows what stands there
        draw();
      }
      return;
    }
    if (JSON.stringify(entered()) === JSON.stringify(body.entered)) {
      unsent = false;
      sessionStorage.removeItem(shelf);
      kept(form.dataset.saved);
    }
    draw();
  });

  // ---------------------------------------------------------------------------------- pictures

  const waiting = new Map(); // key: bytes that the centre does not have yet

  async function scaled(file) {
    try {
      const side = Number(form.dataset.side);
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, side / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((done) => canvas.toBlob((blob) => done(blob || file), "image/jpeg", 0.85));
    } catch {
      return file; // the centre says whether it can be read
    }
  }

  function thumb(key) {
    const row = document.createElement("li");
    row.dataset.key = key;
    const link = Object.assign(document.createElement("a"), { href: `${base}/pictures/${key}`, target: "_blank", rel: "noopener" });
    const alt = `${form.dataset.picture} ${at("thumbs").children.length + 1}`;
    link.append(Object.assign(document.createElement("img"), { src: `${base}/pictures/${key}`, alt }));
    const drop = Object.assign(document.createElement("button"), { type: "button", className: "act quiet drop", textContent: form.dataset.drop });
    row.append(link, drop);
    at("thumbs").append(row);
  }

  const sendPictures = () => inTurn(async () => {
    for (const [key, bytes] of waiting) {
      try {
        stands = await ask("PUT", `/pictures/${key}`, bytes, "application/octet-stream");
      } catch (error) {
        if (!(error instanceof Refused)) {
          tell(at("pictured"), form.dataset.pictureWaiting);
          return;
        }
        waiting.delete(key);
        tell(at("pictured"), error.message);
        continue;
      }
      waiting.delete(key);
      tell(at("pictured"), "");
      if (!at("thumbs").querySelector(`[data-key="${key}"]`)) thumb(key);
      draw();
    }
  });

  at("camera")?.addEventListener("change", async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    const bytes = await scaled(file);
    const large = bytes.size > Number(form.dataset.most);
    tell(at("pictured"), large ? form.dataset.large : "");
    if (large) return;
    waiting.set(crypto.randomUUID(), bytes);
    await send();
    await sendPictures();
  });

  at("thumbs").addEventListener("click", async (event) => {
    if (!event.target.classList.contains("drop")) return;
    const row = event.target.closest("li");
    await inTurn(async () => {
      try {
        stands = await ask("POST", `/pictures/${row.dataset.key}/drop`, "");
        row.remove();
        draw();
      } catch (error) {
        wrong(error);
      }
    });
  });

  // ---------------------------------------------------------------------------------- the hand

  const canvas = at("ink");
  const MM = 2540 / 96; // hundredths of a millimetre a CSS pixel
  let strokes = [];
  let began = 0;

  function sized() {
    if (!canvas || !canvas.offsetWidth) return;
    const more = devicePixelRatio || 1;
    canvas.width = canvas.offsetWidth * more;
    canvas.height = canvas.offsetHeight * more;
    const pen = canvas.getContext("2d");
    pen.scale(more, more);
    pen.lineWidth = 2.5;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#17202C";
    strokes = [];
    began = 0;
  }

  function put(event, begins) {
    const box = canvas.getBoundingClientRect();
    const x = Math.min(Math.max(event.clientX - box.left, 0), box.width);
    const y = Math.min(Math.max(event.clientY - box.top, 0), box.height);
    began = began || event.timeStamp;
    const point = [Math.round(x * MM), Math.round(y * MM), Math.round(event.timeStamp - began)];
    const pen = canvas.getContext("2d");
    if (begins) {
      strokes.push([point]);
    } else {
      const [lastX, lastY] = strokes.at(-1).at(-1);
      strokes.at(-1).push(point);
      pen.beginPath();
      pen.moveTo(lastX / MM, lastY / MM);
      pen.lineTo(x, y);
      pen.stroke();
    }
  }

  if (canvas) {
    canvas.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      put(event, true);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (canvas.hasPointerCapture(event.pointerId) && strokes.length && strokes.flat().length < 7000) put(event, false);
    });
    at("clear").addEventListener("click", sized);
    at("refuses").addEventListener("change", (event) => {
      at("why-label").hidden = !event.target.checked;
      at("ink-box").hidden = event.target.checked;
      if (!event.target.checked) sized();
    });
    at("sign-it").addEventListener("click", async () => {
      tell(at("wrong"), "");
      const refuses = at("refuses").checked;
      const hand = {
        content: stands.content,
        name: at("met-name").value.trim(),
        capacity: at("met-as").value.trim(),
        refusal: refuses ? at("why").value.trim() : "",
        width: Math.ceil(canvas.offsetWidth * MM),
        height: Math.ceil(canvas.offsetHeight * MM),
        strokes: refuses ? [] : strokes,
      };
      try {
        await asked("POST", "/sign", hand);
        location.reload();
      } catch (error) {
        wrong(error);
      }
    });
  }

  // ---------------------------------------------------------------------------------- the officers' word

  at("confirm")?.addEventListener("click", async () => {
    tell(at("wrong"), "");
    await send();
    try {
      await asked("POST", "/confirm", { whole: stands.whole });
      location.reload();
    } catch (error) {
      wrong(error);
    }
  });
  at("issue")?.addEventListener("click", async () => {
    tell(at("wrong"), "");
    try {
      await asked("POST", "/issue", {});
      location.reload();
    } catch (error) {
      wrong(error);
    }
  });

  // ---------------------------------------------------------------------------------- what is shown when

  function draw() {
    const whole = !stands.missing.length && !unsent && !stuck;
    if (at("signed")) at("signed").hidden = !stands.signed || unsent;
    if (at("sign")) {
      const pad = whole && stands.needed && !stands.signed;
      at("sign").hidden = stands.signed && !unsent;
      tell(at("lacking"), whole ? "" : `${form.dataset.left} ${stands.missing.join(" · ") || form.dataset.waiting}`);
      if (whole && !stands.needed) tell(at("lacking"), form.dataset.nothingLeft);
      at("pad").hidden = !pad;
      if (pad !== signs) {
        signs = pad;
        if (pad) sized();
      }
    }
    const ready = whole && (stands.signed || !stands.needed);
    if (at("confirm")) at("confirm").disabled = !ready;
  }

  if (at("kept")) {
    form.addEventListener("input", typed);
    form.addEventListener("change", send);
    form.addEventListener("submit", (event) => event.preventDefault());
    const typedBefore = sessionStorage.getItem(shelf);
    if (typedBefore) {
      const { revision, entered: was } = JSON.parse(typedBefore);
      if (revision === stands.revision) {
        filled(was);
        unsent = true;
        send();
      } else {
        sessionStorage.removeItem(shelf); // the other officer's stands there now
      }
    }
    const again = () => send().then(sendPictures);
    addEventListener("online", again);
    setInterval(() => (unsent || waiting.size) && again(), 10000);
    addEventListener("beforeunload", (event) => waiting.size && event.preventDefault());
  }
  draw();
})();
