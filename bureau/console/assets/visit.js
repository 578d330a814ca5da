// An inspection on the spot, on a phone. What is typed waits in this tab until the centre has it; each field goes there
// once it is left, each picture by itself, and again when the network is back. Nothing is decided here.
//
// Two officers may fill in one form. Whatever the centre answers says how the form stands there, and the page shows it
// before anybody signs or confirms: nobody stands for what their own phone does not show.
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
  let old = false; // the page was drawn of what does not stand there any more
  let sent = {}; // what went to the centre and was not answered: the centre may have it
  let sending = null;
  let signs = false; // the pad was opened for what stands there

  // ---------------------------------------------------------------------------------- asking the centre

  class Refused extends Error {}
  class Over extends Error {} // signed out meanwhile: what waits goes on waiting

  async function ask(method, path, body, type) {
    const headers = type ? { "Content-Type": type } : {};
    const answer = await fetch(base + path, { method, body, headers, credentials: "same-origin", cache: "no-store" });
    const plain = !(answer.headers.get("content-type") || "").startsWith("application/json");
    if (answer.status === 401 || (answer.status === 403 && plain)) throw new Over(form.dataset.over);
    if (answer.status >= 500 || (answer.ok && plain)) throw new TypeError("the centre is not there");
    if (plain) throw new Refused(await answer.text());
    const said = await answer.json();
    if (answer.ok) return said;
    throw Object.assign(new Refused(said.told), { now: said.stands });
  }

  const asked = (method, path, value) => ask(method, path, JSON.stringify(value), "application/json");

  function tell(element, text) {
    element.hidden = !text;
    element.textContent = text;
  }

  function wrong(error) {
    if (error.now) took(error.now);
    tell(at("wrong"), error instanceof TypeError ? form.dataset.offline : error.message);
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

  // By the fields' names.
  function flat({ answers, counted, ...others }) {
    const found = { ...others };
    for (const [key, value] of Object.entries(answers)) found[`answers.${key}`] = value;
    for (const [key, value] of Object.entries(counted)) found[`counted.${key}`] = value;
    return found;
  }

  const changed = (one, other) =>
    [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => (one[name] ?? "") !== (other[name] ?? ""));

  const fields = (name) => form.querySelectorAll(`[name="${CSS.escape(name)}"]`);

  function put(name, value) {
    for (const field of fields(name)) {
      if (field.type === "radio") field.checked = field.value === value;
      else if (field.type === "checkbox") field.checked = value === true;
      else field.value = value;
    }
  }

  // A field and what was filled in there, in the form's words.
  function inWords(name, value) {
    const [field] = fields(name);
    if (!field) return "";
    if (field.type === "checkbox") return field.closest("label").textContent.trim();
    if (field.type !== "radio") return `${field.closest("label").firstChild.textContent.trim()} ${value}`;
    const chosen = [...fields(name)].find((one) => one.value === value);
    return `${field.closest("fieldset").querySelector("legend").textContent} ${chosen ? chosen.closest("label").textContent.trim() : ""}`;
  }

  // What was typed here on top of what stands at the centre. Where the other officer has changed the same field, or
  // somebody has signed meanwhile, what stands there stays, and what was typed here is shown beside the form.
  function joined(before, mine, hand) {
    const there = flat(stands.entered);
    const lost = [];
    for (const name of changed(before, mine)) {
      const value = mine[name] ?? "";
      if (value === (there[name] ?? "")) continue;
      const theirs = changed({ [name]: before[name] }, { [name]: there[name] }).length && (there[name] ?? "") !== sent[name];
      if (theirs || (stands.hand && stands.hand !== hand)) lost.push(inWords(name, value));
      else there[name] = value;
    }
    for (const name of changed(flat(entered()), there)) put(name, there[name] ?? "");
    unsent = changed(flat(stands.entered), there).length > 0;
    keep();
    if (lost.some(Boolean)) {
      const noted = [...JSON.parse(sessionStorage.getItem(`${shelf}:lost`) || "[]"), ...lost.filter(Boolean)];
      sessionStorage.setItem(`${shelf}:lost`, JSON.stringify([...new Set(noted)]));
    }
    apart();
  }

  function apart() {
    const lost = JSON.parse(sessionStorage.getItem(`${shelf}:lost`) || "[]");
    at("apart").hidden = !lost.length;
    at("apart-what").replaceChildren(...lost.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  }

  function keep() {
    if (unsent) {
      const waits = { before: flat(stands.entered), mine: flat(entered()), hand: stands.hand, sent };
      sessionStorage.setItem(shelf, JSON.stringify(waits));
    } else sessionStorage.removeItem(shelf);
  }

  // How it stands at the centre by now. `before`: what the fields here were filled in on top of.
  function took(now, before = flat(stands.entered)) {
    const was = stands;
    const mine = at("kept") ? flat(entered()) : null;
    stands = now;
    if (mine) {
      joined(before, mine, was.hand);
      for (const row of [...at("thumbs").children]) if (!now.pictures.includes(row.dataset.key)) row.remove();
      for (const key of now.pictures) if (!at("thumbs").querySelector(`[data-key="${key}"]`)) thumb(key);
    }
    if (now.hand ? now.hand !== was.hand : false) old = true;
    if (now.known !== was.known || now.state !== was.state) old = true;
    renewed();
    draw();
  }

  // The page is drawn anew of what stands there, once no picture would be lost by that.
  function renewed() {
    if (old && !waiting.size) location.reload();
  }

  function kept(word, bad) {
    at("kept").textContent = word;
    at("kept").className = `told ${bad ? "bad" : unsent ? "" : "good"}`;
  }

  function typed() {
    unsent = true;
    stuck = false;
    keep();
    kept(form.dataset.waiting);
    draw();
  }

  // One thing after the other: an answer's revision is what the next is made of.
  function inTurn(work) {
    const turn = (sending || Promise.resolve()).then(work, work);
    sending = turn.catch(() => {});
    return turn;
  }

  const TRIES = 3;

  const send = () => inTurn(async () => {
    for (let tries = 0; tries < TRIES && unsent && !stuck; tries += 1) {
      const body = { revision: stands.revision, entered: entered() };
      kept(form.dataset.saving);
      sent = { ...sent, ...flat(body.entered) };
      keep();
      try {
        const now = await asked("PUT", "/form", body);
        sent = {};
        took(now, flat(body.entered));
        kept(unsent ? form.dataset.waiting : form.dataset.saved);
        return;
      } catch (error) {
        if (error.now) {
          took(error.now);
          sent = {};
          kept(unsent ? form.dataset.waiting : form.dataset.saved);
          continue;
        }
        stuck = error instanceof Refused;
        kept(error instanceof TypeError ? form.dataset.waiting : error.message, !(error instanceof TypeError));
        draw();
        return;
      }
    }
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
      let now;
      try {
        now = await ask("PUT", `/pictures/${key}`, bytes, "application/octet-stream");
      } catch (error) {
        if (!(error instanceof Refused)) {
          tell(at("pictured"), `${form.dataset.pictureWaiting} ${error instanceof Over ? error.message : ""}`.trim());
          return;
        }
        waiting.delete(key);
        tell(at("pictured"), error.message);
        draw();
        continue;
      }
      waiting.delete(key);
      tell(at("pictured"), "");
      took(now);
    }
    renewed();
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
    draw();
    await send();
    await sendPictures();
  });

  at("thumbs").addEventListener("click", async (event) => {
    if (!event.target.classList.contains("drop")) return;
    const row = event.target.closest("li");
    await inTurn(async () => {
      try {
        took(await ask("POST", `/pictures/${row.dataset.key}/drop`, ""));
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
  let wide = 0; // in CSS pixels, when it was cleared last

  function sized() {
    if (!canvas || !canvas.offsetWidth) return;
    wide = canvas.offsetWidth;
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

  function drew(event, begins) {
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
      drew(event, true);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (canvas.hasPointerCapture(event.pointerId) && strokes.length && strokes.flat().length < 7000) drew(event, false);
    });
    at("clear").addEventListener("click", sized);
    addEventListener("resize", () => canvas.offsetWidth && canvas.offsetWidth !== wide && sized()); // the phone was turned
    const met = ["met-name", "met-as", "why"].map(at);
    const metBefore = JSON.parse(sessionStorage.getItem(`${shelf}:met`) || "[]");
    met.forEach((field, place) => (field.value = metBefore[place] ?? ""));
    for (const field of met) {
      field.addEventListener("input", () => sessionStorage.setItem(`${shelf}:met`, JSON.stringify(met.map((one) => one.value))));
    }
    at("refuses").addEventListener("change", (event) => {
      at("why-label").hidden = !event.target.checked;
      at("ink-box").hidden = event.target.checked;
      if (!event.target.checked) sized();
    });
    at("sign-it").addEventListener("click", () => inTurn(async () => {
      tell(at("wrong"), "");
      if (at("pad").hidden) return; // something came in between
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
        sessionStorage.removeItem(`${shelf}:met`);
        location.reload();
      } catch (error) {
        if (error.now) sized(); // what was signed does not stand there: it is read, and signed, again
        wrong(error);
      }
    }));
  }

  // ---------------------------------------------------------------------------------- the officers' word

  at("confirm")?.addEventListener("click", () => inTurn(async () => {
    tell(at("wrong"), "");
    if (at("confirm").disabled) return; // something came in between
    try {
      await asked("POST", "/confirm", { whole: stands.whole });
      location.reload();
    } catch (error) {
      wrong(error);
    }
  }));
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
    const whole = !stands.missing.length && !unsent && !stuck && !old && !waiting.size;
    if (at("signed")) at("signed").hidden = !stands.signed || unsent;
    if (at("sign")) {
      const pad = whole && stands.needed && !stands.signed;
      const waits = waiting.size && !unsent ? form.dataset.pictureWaiting : form.dataset.waiting;
      at("sign").hidden = stands.signed && !unsent;
      tell(at("lacking"), whole ? "" : `${form.dataset.left} ${stands.missing.join(" · ") || waits}`);
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
    at("apart-seen").addEventListener("click", () => {
      sessionStorage.removeItem(`${shelf}:lost`);
      apart();
    });
    const waited = JSON.parse(sessionStorage.getItem(shelf) || "null");
    if (waited?.before) {
      sent = waited.sent;
      joined(waited.before, waited.mine, waited.hand);
      send();
    }
    apart();
    const again = () => send().then(sendPictures);
    addEventListener("online", again);
    setInterval(() => (unsent || waiting.size) && again(), 10000);
    addEventListener("beforeunload", (event) => waiting.size && event.preventDefault());
  }
  draw();
})();
