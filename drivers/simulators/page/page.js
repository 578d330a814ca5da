"use strict";
// The hands of the simulated cabinet. The server only knows devices and actions; what is shown is decided here.

const hash = new URLSearchParams(location.hash.slice(1));
let token = hash.get("token") || sessionStorage.getItem("token") || "";
let lang = localStorage.getItem("lang") || "zh";
let state = null;
let people = [];
const pictures = new Map();
const $ = (id) => document.getElementById(id);
const t = (zh, en) => (lang === "zh" ? zh : en);

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

async function ask(path, body) {
  const options = { headers: { Authorization: `Bearer ${token}` } };
  if (body) Object.assign(options, { method: "POST", body: JSON.stringify(body) });
  const answer = await fetch(path, options);
  if (answer.status === 401) throw Object.assign(new Error("token"), { token: true });
  return answer;
}

let toastTimer = 0;
function toast(text, bad) {
  $("toast").textContent = text;
  $("toast").className = bad ? "bad" : "";
  $("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $("toast").hidden = true; }, bad ? 6000 : 2000);
}

async function act(device, action, parameters = {}) {
  try {
    const answer = await (await ask("/do", { device, action, ...parameters })).json();
    if (!answer.ok) toast(answer.error, true);
    else toast(t("好了", "Done"));
  } catch (error) {
    toast(String(error.message || error), true);
  }
  await refresh();
}

const press = (zh, en, device, action, parameters, kind = "") =>
  make("button", { type: "button", class: kind, onclick: () => act(device, action, parameters) }, t(zh, en));

function form(fields, label, submit, kind = "") {
  const inputs = fields.map((field) =>
    make("input", { name: field.name, placeholder: t(...field.hint), "aria-label": t(...field.hint), value: field.value, class: field.narrow ? "narrow" : "" }));
  const element = make("form", { class: "field" }, ...inputs, make("button", { class: kind }, label));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(Object.fromEntries(inputs.map((input) => [input.name, input.value.trim()])));
  });
  return element;
}

const FAULTS = {
  jam: ["卡纸", "jam"], skew: ["纸歪", "askew"], paperJam: ["卡纸", "paper jam"], cutterJam: ["切刀卡住", "cutter jam"], overheat: ["打印头过热", "overheated"],
  broken: ["损坏", "broken"], stall: ["不动", "stalled"], idle: ["就绪", "ready"], busy: ["正在走纸", "moving"], cover: ["门开", "door open"],
  error: ["需要复位", "needs a reset"], torn: ["只读到一半", "torn reply"], flip: ["误码", "flipped bit"], unknownLayout: ["未知版式", "unknown layout"],
  badCheck: ["校验码错", "bad check digit"], readFail: ["读卡失败", "read fails"], authFail: ["认证失败", "authentication fails"], samFail: ["安全模块故障", "SAM fails"],
};
Object.assign(FAULTS, { doubleFeed: ["双张", "double feed"], tornPage: ["页面中断", "torn page"], cut: ["断电", "power cut"], ioError: ["通信错误", "I/O error"], noMemory: ["内存不足", "no memory"], denied: ["拒绝访问", "denied"] });
const DOCUMENTS = { licence: ["营业执照", "Licence"], taxForm: ["申报表", "Tax form"], invoice: ["发票", "Invoice"], idCard: ["身份证", "ID card"], passport: ["护照", "Passport"], permit: ["居留证", "Permit"] };
const word = (name) => (FAULTS[name] ? t(...FAULTS[name]) : name);
const tag = (text, kind = "") => make("span", { class: `tag ${kind}` }, text);
const cable = (device) => [press("拔线", "Unplug", device, "unplug", {}, "fault"), press("插线", "Replug", device, "replug", {}, "mend")];
const mend = (device) => press("恢复正常", "Mend all", device, "clear", {}, "mend");
const silent = (device) => press("不回应", "Silent", device, "silent", { on: true }, "fault");
const noise = (device) => press("乱码", "Garbage", device, "garbage", {}, "fault");
const level = { full: ["纸满", "paper full", "good"], low: ["纸少", "paper low", "warn"], out: ["缺纸", "no paper", "bad"] };

// One entry a device: title, tags that say how it is, the hands' usual actions, and the troubles.
const DEVICES = {
  idReader: {
    title: ["身份证阅读器", "ID card reader"],
    tags: (d) => [d.card ? tag(t("卡在：", "card: ") + d.card.name, "good") : tag(t("无卡", "no card")), d.corrupt && tag(word(d.corrupt), "warn")],
    actions: () => [press("拿走身份证", "Remove card", "idReader", "remove")],
    troubles: () => ["torn", "flip", "unknownLayout", "badCheck", "readFail", "samFail"].map((mode) => press(FAULTS[mode][0], FAULTS[mode][1], "idReader", "corrupt", { mode }, "fault")),
    bad: (d) => d.corrupt === "samFail",
  },
  camera: {
    title: ["摄像头", "Camera"],
    tags: (d) => [tag(t({ person: "有人", still: "照片", black: "黑", frozen: "画面停住", none: "无人", covered: "遮住" }[d.scene], d.scene), { person: "good", none: "" }[d.scene] ?? "warn")],
    actions: () => [press("人走开", "Nobody", "camera", "none")],
    troubles: () => [press("黑屏", "Black", "camera", "black", {}, "fault"), press("遮住", "Covered", "camera", "covered", {}, "fault"), press("画面停住", "Frozen", "camera", "frozen", {}, "fault")],
  },
  barcode: {
    title: ["扫码器", "Scanner"],
    tags: (d) => [tag(t(`已扫 ${d.counts.scans} 次`, `${d.counts.scans} scans`))],
    actions: () => [form([{ name: "text", hint: ["要扫的码的内容", "content of the code"] }], t("扫码", "Scan"), (v) => act("barcode", "scan", { text: v.text }))],
    troubles: () => [],
  },
  smartCard: {
    title: ["智能卡阅读器", "Smart card reader"],
    tags: (d) => [d.card ? tag(t(`卡在，剩 ${d.card.tries} 次`, `card, ${d.card.tries} tries left`), d.card.tries ? "good" : "bad") : tag(t("无卡", "no card")), d.mute && tag(t("无复位应答", "mute"), "warn"), d.badAtr && tag(t("复位应答错", "bad ATR"), "warn")],
    actions: () => [press("插卡", "Insert card", "smartCard", "insert"), press("拔卡", "Remove card", "smartCard", "remove")],
    troubles: () => [press("应答中拔卡", "Tear out", "smartCard", "tear", {}, "fault"), press("无复位应答", "Mute", "smartCard", "mute", {}, "fault"), press("复位应答错", "Bad ATR", "smartCard", "corruptAtr", {}, "fault"), press("口令输错", "Wrong PIN", "smartCard", "wrongPin", {}, "fault")],
    bad: (d) => !d.plugged,
  },
  board: {
    title: ["机柜输入输出板", "Cabinet board"],
    tags: (d) => [
      tag(t({ open: "柜门开", closed: "柜门未锁", locked: "柜门锁好" }[d.doors.cabinet], `door ${d.doors.cabinet}`), { open: "bad", closed: "warn", locked: "good" }[d.doors.cabinet]),
      d.doors.front === "open" && tag(t("前门开", "front open"), "warn"), ...d.alarms.map((name) => tag(t({ tamper: "防拆", internalTamper: "内部防拆", seismic: "震动", heat: "过热" }[name], name), "bad")),
      d.operatorSwitch !== "run" && tag(t({ maintenance: "维护", supervisor: "管理" }[d.operatorSwitch], d.operatorSwitch), "warn"), d.near && tag(t("有人", "somebody near")), d.headset && tag(t("耳机", "headset")),
      ...Object.entries(d.lights).filter(([, how]) => how !== "off").map(([name, how]) => tag(`${name}: ${how}`, "good")), ...Object.entries(d.relays).filter(([, on]) => on).map(([name]) => tag(name)),
      d.watchdog > 0 && tag(t(`看门狗 ${d.watchdog} 秒`, `watchdog ${d.watchdog} s`)), d.powerCut && tag(t("看门狗已断电", "power cut"), "bad"),
    ],
    actions: () => [press("走近", "Approach", "board", "approach", { on: true }), press("走开", "Leave", "board", "approach", { on: false }), press("呼叫按钮", "Call button", "board", "press"), press("插耳机", "Plug headset", "board", "headset", { on: true }), press("拔耳机", "Unplug headset", "board", "headset", { on: false }), press("开柜门", "Open door", "board", "door", { state: "open" }), press("锁柜门", "Lock door", "board", "door", { state: "locked" }), press("运行", "Run", "board", "switch", { to: "run" }), press("维护", "Maintenance", "board", "switch", { to: "maintenance" }), press("管理", "Supervisor", "board", "switch", { to: "supervisor" })],
    troubles: () => [["tamper", "防拆"], ["seismic", "震动"], ["heat", "过热"]].map(([sensor, zh]) => press(zh, sensor, "board", "alarm", { sensor }, "fault")).concat([press("读卡灯失效", "Stuck card light", "board", "stick", { output: "contactless" }, "fault"), press("板断电", "Power off", "board", "power", { state: "off" }, "fault"), press("板上电", "Power on", "board", "power", { state: "on" }, "mend"), press("恢复供电", "Restore power", "board", "restorePower", {}, "mend")]),
    bad: (d) => d.alarms.length > 0 || d.power === "off" || d.powerCut,
    warn: (d) => d.doors.cabinet === "open",
  },
  ups: {
    title: ["不间断电源", "UPS"],
    tags: (d) => [tag(d.mains === "on" ? t("市电正常", "mains on") : t("市电中断", "on battery"), d.mains === "on" ? "good" : "bad"), tag(`${d.charge} %`, d.charge <= 20 ? "bad" : ""), d.failing !== "none" && tag(d.failing, "warn")],
    actions: () => [press("来电", "Mains on", "ups", "mains", { state: "on" }, "mend")],
    troubles: () => [press("停电", "Mains off", "ups", "mains", { state: "off" }, "fault"), press("电量 10 %", "Battery 10 %", "ups", "battery", { percent: 10 }, "fault"), press("数据过期", "Stale", "ups", "failing", { how: "stale" }, "fault"), press("驱动不在", "No driver", "ups", "failing", { how: "noDriver" }, "fault")],
    bad: (d) => d.mains === "off" || !d.plugged,
  },
  stamp: {
    title: ["盖章机", "Stamp unit"],
    tags: (d) => [tag(word(d.state), { idle: "good", busy: "" }[d.state] ?? "bad"), tag(t(`待盖 ${d.feeder} 张`, `${d.feeder} to stamp`), d.feeder ? "" : "warn"), tag(t(`已盖 ${d.counts.impressions} 次`, `${d.counts.impressions} impressions`)), d.ink !== "ok" && tag(t({ low: "印油少", out: "没印油" }[d.ink], `ink ${d.ink}`), d.ink === "out" ? "bad" : "warn"), d.tray.length > 0 && tag(t(`出口 ${d.tray.length} 张`, `tray ${d.tray.length}`), "warn")],
    actions: () => [press("放一张纸", "Insert sheet", "stamp", "insert", { count: 1 }), press("取走", "Take", "stamp", "take")],
    troubles: () => [press("进纸卡住", "Jam feeding", "stamp", "jamAt", { step: "feed" }, "fault"), press("盖时卡住", "Jam stamping", "stamp", "jamAt", { step: "stamp" }, "fault"), press("盖前断电", "Cut before", "stamp", "cutAt", { step: "stamp" }, "fault"), press("盖后断电", "Cut after", "stamp", "cutAt", { step: "stamp", late: true }, "fault"), press("没印油", "Ink out", "stamp", "ink", { level: "out" }, "fault"), press("开盖", "Open", "stamp", "cover", { state: "open" }, "fault"), press("上电", "Power on", "stamp", "power", { state: "on" }, "mend")],
    bad: (d) => ["jam", "cover"].includes(d.state) || d.power === "off" || d.ink === "out",
  },
  signaturePad: {
    title: ["手写签名屏", "Signature pad"],
    tags: (d) => [tag({ idle: t("空闲", "idle"), signing: t("等待签名", "waiting"), ended: t("已签", "signed"), error: t("损坏", "broken") }[d.state], { signing: "good", error: "bad" }[d.state] ?? ""), d.document && tag(d.document.slice(0, 8)), d.power === "off" && tag(t("断电", "no power"), "bad")],
    actions: () => [press("签名并确认", "Sign and confirm", "signaturePad", "sign", { seed: Date.now() % 1000 }), press("重签", "Clear", "signaturePad", "key", { key: "clear" }), press("不签", "Refuse", "signaturePad", "key", { key: "cancel" })],
    troubles: () => [press("只点一下", "Only a dot", "signaturePad", "sign", { how: "dot" }, "fault"), press("写出框外", "Out of the frame", "signaturePad", "sign", { how: "beyond" }, "fault"), press("丢 3 段笔迹", "Lose 3 blocks", "signaturePad", "loseBlocks", { count: 3 }, "fault"), press("感应损坏", "Broken", "signaturePad", "broken", {}, "fault"), press("断电", "Power off", "signaturePad", "power", { state: "off" }, "fault"), press("上电", "Power on", "signaturePad", "power", { state: "on" }, "mend")],
    bad: (d) => d.state === "error" || d.power === "off",
  },
  pinPad: {
    title: ["密码键盘", "PIN pad"],
    tags: (d) => [tag({ idle: t("空闲", "idle"), data: t("等待输入", "entry"), pin: t("等待密码", "PIN entry") }[d.mode], d.mode === "idle" ? "" : "good"), d.digits > 0 && tag("•".repeat(d.digits)), d.pin && tag(t("有密码", "PIN inside"), "warn"), tag(t(`密钥 ${d.keys.length}`, `${d.keys.length} keys`), d.keys.length ? "" : "bad"), d.security === "tampered" && tag(t("已自锁", "tampered"), "bad"), d.power === "off" && tag(t("断电", "no power"), "bad")],
    actions: () => [form([{ name: "digits", hint: ["按哪些数字", "digits"], value: "123456", narrow: true }], t("输入并确认", "Type and enter"), (v) => act("pinPad", "type", { digits: v.digits })), press("取消键", "Cancel", "pinPad", "type", { then: "cancel" }), press("注入主密钥", "Inject key", "pinPad", "inject")],
    troubles: () => [press("拆机", "Tamper", "pinPad", "tamper", {}, "fault"), press("厂家维修", "Service", "pinPad", "service", {}, "mend"), press("丢失密钥", "Lose keys", "pinPad", "loseKeys", {}, "fault"), press("丢 3 次按键", "Lose 3 keys", "pinPad", "loseNotices", { count: 3 }, "fault"), press("断电", "Power off", "pinPad", "power", { state: "off" }, "fault"), press("上电", "Power on", "pinPad", "power", { state: "on" }, "mend")],
    bad: (d) => d.security === "tampered" || d.power === "off",
    warn: (d) => !d.keys.length,
  },
  pos: {
    title: ["银行卡终端", "Bank-card terminal"],
    tags: (d) => [tag(t({ idle: "空闲", insertCard: "请插卡或扫码", cardInserted: "卡已读", tryAgain: "请重试", tryAnotherInterface: "请换读卡方式", multipleCards: "多张卡", pinEntry: "请输密码", processing: "正在联系银行", removeCard: "请取卡" }[d.stage], d.stage), d.stage === "idle" ? "" : "warn"), d.amountFen && tag(`¥${(d.amountFen / 100).toFixed(2)}`), d.host !== "reachable" && tag(t("银行不通", "no bank"), "bad"), !d.open && tag(t("未签到", "signed out"), "warn"), d.paper !== "full" && tag(t(level[d.paper][0], level[d.paper][1]), level[d.paper][2]), d.last && tag(`${d.last.state} ${d.last.result ?? ""}`)],
    actions: () => [press("插卡", "Insert card", "pos", "present"), press("挥卡", "Tap card", "pos", "present", { card: "credit", entry: "contactless" }), press("刷磁条", "Swipe", "pos", "present", { entry: "magstripe" }), press("出示付款码", "Show QR", "pos", "present", { card: "wallet", entry: "qr" }), press("按取消键", "Red key", "pos", "cancelKey"), press("换纸", "New roll", "pos", "paper", { level: "full" })],
    troubles: () => [press("余额不足的卡", "Poor card", "pos", "present", { card: "poor" }, "fault"), press("密码错", "Wrong PIN", "pos", "present", { pin: "wrong" }, "fault"), press("过期卡", "Expired card", "pos", "present", { card: "expired" }, "fault"), press("读不出", "Unreadable", "pos", "present", { fault: "unreadable" }, "fault"), press("拔走卡", "Tear card out", "pos", "present", { fault: "torn" }, "fault"), press("银行不通", "No bank", "pos", "host", { reachable: false }, "fault"), press("丢银行应答", "Lose bank's answer", "pos", "host", { loseAnswers: 1 }, "fault"), press("扣款后不回应", "Charge, say nothing", "pos", "loseReplies", {}, "fault"), press("扣款时断电", "Power cut at charge", "pos", "cutAt", { at: "charged" }, "fault"), press("扣款时断线", "Line cut at charge", "pos", "cutAt", { at: "charged", what: "line" }, "fault"), press("对账不平", "Totals differ", "pos", "mismatch", { fen: 100 }, "fault"), press("没纸", "Paper out", "pos", "paper", { level: "out" }, "fault"), press("断电", "Power off", "pos", "power", { state: "off" }, "fault"), press("上电", "Power on", "pos", "power", { state: "on" }, "mend")],
    bad: (d) => d.power === "off" || d.paper === "out",
    warn: (d) => d.host !== "reachable" || !d.open,
  },
  documentScanner: {
    title: ["文档扫描仪", "Document scanner"],
    tags: (d) => [tag(t(`纸 ${d.sheets} 张`, `${d.sheets} sheets`), d.sheets ? "good" : ""), d.cover === "open" && tag(t("盖开", "cover open"), "bad"), d.jammed && tag(d.doubleFeed ? t("双张", "double feed") : t("卡纸", "jam"), "bad"), d.lamp < 0.8 && tag(t("灯弱", "lamp fading"), "warn"), d.trouble && tag(word(d.trouble), "warn")],
    actions: () => [...Object.entries(DOCUMENTS).map(([kind, name]) => press(...name, "documentScanner", "lay", { kind })), press("取走", "Take all", "documentScanner", "take")],
    troubles: () => [...["jam", "doubleFeed", "tornPage", "cut", "stall", "busy", "ioError"].map((how) => press(...FAULTS[how], "documentScanner", "fail", { how }, "fault")), press("开盖", "Open cover", "documentScanner", "cover", { state: "open" }, "fault"), press("合盖", "Close cover", "documentScanner", "cover", { state: "closed" }, "mend"), press("灯变弱", "Lamp fading", "documentScanner", "lamp", {}, "fault")],
    bad: (d) => d.jammed || d.cover === "open",
  },
  documentCamera: {
    title: ["高拍仪", "Document camera"],
    tags: (d) => [tag(d.kind ? t(...DOCUMENTS[d.kind] || [d.kind, d.kind]) : t("空", "empty"), d.kind ? "good" : "")],
    actions: () => [...Object.entries(DOCUMENTS).map(([kind, name]) => press(...name, "documentCamera", "lay", { kind, angle: 6 })), press("拿走", "Take away", "documentCamera", "take")],
    troubles: () => [press("阴影", "Shadow", "documentCamera", "spoil", { shadow: 0.8 }, "fault"), press("反光", "Glare", "documentCamera", "spoil", { glare: 0.8 }, "fault"), press("模糊", "Blur", "documentCamera", "spoil", { blur: 6 }, "fault"), press("手挡住", "Hand", "documentCamera", "spoil", { hand: true }, "fault"), press("画面停住", "Frozen", "documentCamera", "frozen", {}, "fault")],
  },
  mrzReader: {
    title: ["护照阅读器", "Passport reader"],
    tags: (d) => [tag(t(`已刷 ${d.counts.swipes} 次`, `${d.counts.swipes} swipes`))],
    actions: () => [press("刷护照", "Passport", "mrzReader", "swipe", { kind: "passport" }), press("刷居留证", "Permit", "mrzReader", "swipe", { kind: "permit" })],
    troubles: () => [press("读错几个字", "Misread", "mrzReader", "swipe", { misread: 9 }, "fault")],
  },
  phone: {
    title: ["手机付款", "Phone"],
    tags: (d) => [tag(t(`已付 ${d.counts.payments} 笔`, `${d.counts.payments} paid`))],
    actions: () => [form([{ name: "qr", hint: ["屏幕上的付款码：http://127.0.0.1:…/p/…", "QR on the screen: http://127.0.0.1:…/p/…"] }], t("付款", "Pay"), (v) => act("phone", "pay", { qr: v.qr }))],
    bare: true,
  },
  receiptPrinter: {
    title: ["回单打印机", "Receipt printer"],
    tags: (d) => [tag(t(level[d.paper][0], level[d.paper][1]), level[d.paper][2]), d.cover === "open" && tag(t("盖开", "cover open"), "bad"), d.fault && tag(word(d.fault), "bad"), d.tray.length > 0 && tag(t(`待取 ${d.tray.length}`, `${d.tray.length} to take`), "warn")],
    actions: () => [press("换纸", "New roll", "receiptPrinter", "paper", { level: "full" }), press("取回单", "Take slip", "person", "takePaper", { from: "receiptPrinter" })],
    troubles: () => [press("纸快完", "Paper low", "receiptPrinter", "paper", { level: "low" }, "fault"), press("没纸", "Paper out", "receiptPrinter", "paper", { level: "out" }, "fault"), press("2 厘米后没纸", "Out in 2 cm", "receiptPrinter", "paper", { mm: 20 }, "fault"), press("卡纸", "Jam", "receiptPrinter", "jam", {}, "fault"), press("切刀故障", "Cutter", "receiptPrinter", "jam", { where: "cutter" }, "fault"), press("开盖", "Open cover", "receiptPrinter", "cover", { state: "open" }, "fault"), press("合盖", "Close cover", "receiptPrinter", "cover", { state: "closed" }, "mend"), press("断电", "Power off", "receiptPrinter", "power", { state: "off" }, "fault"), press("上电", "Power on", "receiptPrinter", "power", { state: "on" }, "mend")],
    bad: (d) => d.paper === "out" || d.cover === "open" || d.fault || d.power === "off",
    warn: (d) => d.paper === "low",
  },
  documentPrinter: {
    title: ["A4 打印机", "A4 printer"],
    tags: (d) => [tag(t(level[d.paper][0], level[d.paper][1]), level[d.paper][2]), d.toner <= 10 && tag(t("墨粉少", "toner low"), "warn"), d.fault && tag(word(d.fault), "bad"), d.backend !== "own" && tag(d.backend), d.tray.length > 0 && tag(t(`待取 ${d.tray.length}`, `${d.tray.length} to take`), "warn")],
    actions: () => [press("加纸", "Load paper", "documentPrinter", "load"), press("取文件", "Take sheets", "person", "takePaper", { from: "documentPrinter" })],
    troubles: () => [press("没纸", "No paper", "documentPrinter", "media-empty", {}, "fault"), press("卡纸", "Jam", "documentPrinter", "jam", {}, "fault"), press("墨粉少", "Toner low", "documentPrinter", "toner-low", {}, "fault"), press("接单不打", "Never finishes", "documentPrinter", "stall", {}, "fault"), press("谎报打完", "Lies", "documentPrinter", "lie", {}, "fault"), press("断电", "Power off", "documentPrinter", "power", { state: "off" }, "fault"), press("上电", "Power on", "documentPrinter", "power", { state: "on" }, "mend")],
    bad: (d) => d.paper === "out" || d.fault || d.power === "off",
    warn: (d) => d.paper === "low" || d.toner <= 10,
  },
  invoicePrinter: {
    title: ["针式发票打印机", "Invoice printer"],
    tags: (d) => [d.sheet ? tag(t(`票在机内：${d.sheet.number}`, `form inside: ${d.sheet.number}`), "good") : tag(t("无票", "no form")), d.cover === "open" && tag(t("盖开", "cover open"), "bad"), !d.online && tag(t("脱机", "off line"), "bad"), d.fault && tag(word(d.fault), "bad"), d.ribbon > 0 && tag(t("色带旧", "ribbon worn"), "warn"), d.lost > 0 && tag(t(`丢失 ${d.lost} 字节`, `${d.lost} bytes lost`), "bad"), d.tray.length > 0 && tag(t(`待取 ${d.tray.length}`, `${d.tray.length} to take`), "warn")],
    actions: () => [press("取票", "Take forms", "invoicePrinter", "take"), press("抽出", "Pull out", "invoicePrinter", "eject"), form([{ name: "code", hint: ["发票代码", "code"], value: "053002600104" }, { name: "number", hint: ["号码", "number"], value: "00012301", narrow: true }], t("放票", "Insert"), (v) => act("invoicePrinter", "insert", v))],
    troubles: () => [press("卡纸", "Jam", "invoicePrinter", "jam", {}, "fault"), press("再打 3 行卡纸", "Jam in 3 lines", "invoicePrinter", "jam", { afterPasses: 3 }, "fault"), press("放歪", "Insert askew", "invoicePrinter", "insert", { skew: 2 }, "fault"), press("色带旧", "Worn ribbon", "invoicePrinter", "ribbon", { wear: 0.6 }, "fault"), press("开盖", "Open cover", "invoicePrinter", "cover", { state: "open" }, "fault"), press("合盖", "Close cover", "invoicePrinter", "cover", { state: "closed" }, "mend"), press("脱机", "Off line", "invoicePrinter", "online", { on: false }, "fault"), press("联机", "On line", "invoicePrinter", "online", { on: true }, "mend"), press("断电", "Power off", "invoicePrinter", "power", { state: "off" }, "fault"), press("再打 3 行断电", "Power off in 3 lines", "invoicePrinter", "power", { state: "off", afterPasses: 3 }, "fault"), press("上电", "Power on", "invoicePrinter", "power", { state: "on" }, "mend")],
    bad: (d) => d.cover === "open" || d.fault || !d.online || d.power === "off",
    warn: (d) => d.ribbon > 0,
  },
  dispenser: {
    title: ["发票发放机", "Invoice dispenser"],
    tags: (d) => [tag(word(d.state), { idle: "good", busy: "", jam: "bad", cover: "bad", error: "bad" }[d.state]), ...Object.entries(d.units).map(([unit, u]) => tag(`${unit}: ${u.present ? u.count : "—"} ${u.runs[0] ? u.runs[0].first : ""}`, u.count === 0 ? "warn" : "")), d.tray.length > 0 && tag(t(`出口 ${d.tray.length} 张`, `tray ${d.tray.length}`), "warn"), d.reject.length > 0 && tag(t(`废票 ${d.reject.length}`, `reject ${d.reject.length}`)), d.retract.length > 0 && tag(t(`收回 ${d.retract.length}`, `retracted ${d.retract.length}`))],
    actions: () => [press("取发票", "Take invoices", "person", "takePaper", { from: "dispenser" }), form([{ name: "unit", hint: ["票仓", "unit"], value: "unit1", narrow: true }, { name: "code", hint: ["发票代码", "code"], value: "053002600104" }, { name: "first", hint: ["起始号码", "first"], value: "00012301", narrow: true }, { name: "count", hint: ["张数", "count"], value: "100", narrow: true }], t("装票", "Load"), (v) => act("dispenser", "load", { ...v, count: Number(v.count) }))],
    troubles: () => [press("下一张卡住", "Jam next", "dispenser", "jamAt", { k: 1 }, "fault"), press("第 2 张错号", "2nd wrong number", "dispenser", "wrongNumberAt", { k: 2 }, "fault"), press("下一次双张", "Double next", "dispenser", "doubleAt", { k: 1 }, "fault"), press("下一张读不出", "Unreadable next", "dispenser", "unreadableAt", { k: 1 }, "fault"), press("开门", "Open door", "dispenser", "cover", { state: "open" }, "fault"), press("关门", "Close door", "dispenser", "cover", { state: "closed" }, "mend"), press("断电", "Power off", "dispenser", "power", { state: "off" }, "fault"), press("上电", "Power on", "dispenser", "power", { state: "on" }, "mend")],
    bad: (d) => ["jam", "cover", "error"].includes(d.state) || d.power === "off",
    warn: (d) => Object.values(d.units).every((u) => u.count === 0),
  },
};

const opened = (name) => document.querySelector(`#devices [data-device="${name}"] details`)?.open;

function deviceCard(name) {
  const rule = DEVICES[name], d = state.devices[name];
  const off = d.plugged === false || d.silent;
  const lamp = off || rule.bad?.(d) ? "bad" : rule.warn?.(d) ? "warn" : "";
  const tags = [off && tag(d.silent ? t("不回应", "silent") : t("线已拔", "unplugged"), "bad"), ...rule.tags(d)].filter(Boolean);
  const troubles = rule.bare ? null : make("details", { open: opened(name) }, make("summary", {}, t("故障", "Troubles")),
    make("div", { class: "actions" }, ...rule.troubles(d), ...cable(name), silent(name), noise(name)));
  return make("article", { class: "card", "data-device": name },
    make("h3", {}, make("span", { class: `lamp ${lamp}` }), t(...rule.title)),
    make("div", { class: "facts" }, ...tags),
    make("div", { class: "actions" }, ...rule.actions(d), rule.bare ? null : mend(name)), troubles);
}

function drawDevices() {
  if ($("devices").contains(document.activeElement) && document.activeElement.matches("input")) return;
  $("devices").replaceChildren(...Object.keys(DEVICES).filter((name) => state.devices[name]).map(deviceCard));
}

async function picture(path) {
  if (!pictures.has(path)) {
    const answer = await ask(path);
    pictures.set(path, URL.createObjectURL(await answer.blob()));
  }
  return pictures.get(path);
}

function drawPeople() {
  const here = state.devices.person.persona;
  $("people").replaceChildren(...people.map((one) => {
    const image = make("img", { alt: "" });
    picture(`/face/${encodeURIComponent(one.id)}`).then((url) => { image.src = url; });
    const who = { persona: one.id };
    return make("li", { class: `card ${here === one.id ? "here" : ""}` }, image,
      make("div", {}, make("h3", {}, one.name), make("small", {}, one.note)),
      make("div", { class: "actions" },
        press("上前刷证", "Arrive", "person", "arrive", who, "main"), press("刷证", "Card", "person", "card", who),
        press("露脸", "Face", "person", "face", who), press("照片", "Photo", "person", "face", { ...who, photo: true }, "fault")));
  }));
  $("leave").hidden = !here;
}

const PLACES = { tray: ["待取", "to take", "warn"], taken: ["已取走", "taken", "good"], retracted: ["已收回", "retracted", "bad"], removed: ["员工取出", "removed by staff", ""] };

async function show(item) {
  const url = await picture(`/printed/${item.file}`);
  if (item.file.endsWith(".pdf")) { open(url); return; }
  $("sheet").querySelector("img").src = url;
  $("sheet").showModal();
}

function drawPaper() {
  const items = state.printed.slice(-40).reverse();
  if (!items.length) { $("paper").replaceChildren(make("li", { class: "empty" }, t("还没有", "Nothing yet"))); return; }
  $("paper").replaceChildren(...items.map((item) => {
    const thumb = make("button", { type: "button", class: "thumb", onclick: () => show(item), "aria-label": item.file });
    if (item.file.endsWith(".pdf")) thumb.append("PDF");
    else picture(`/printed/${item.file}`).then((url) => thumb.append(make("img", { src: url, alt: "" })));
    const [zh, en, kind] = PLACES[item.place] || [item.place, item.place, ""];
    const what = { certificate: item.name, invoice: `${item.code} ${item.number}`, form: `${item.code} ${item.number}`, slip: t("回单", "slip") + ` ${Math.round(item.dots / 8)} mm` }[item.kind];
    return make("li", {}, thumb, make("div", {}, make("strong", {}, what || item.kind), make("small", {}, item.file, " · ", item.at.slice(11, 19)), tag(t(zh, en), kind)));
  }));
}

let drawn = "";
async function refresh() {
  try {
    const text = await (await ask("/state")).text();
    state = JSON.parse(text);
    $("link").textContent = "";
    $("token").hidden = true;
    delete state.devices.camera.counts;
    const now = JSON.stringify(state) + lang;
    if (now === drawn) return;
    drawn = now;
    const person = state.devices.person;
    const who = people.find((one) => one.id === person.persona);
    $("visitor").textContent = who ? `${who.name} · ${person.card === "reader" ? t("身份证在阅读器上", "card on the reader") : t("身份证在手里", "card in hand")}` : t("无人", "nobody");
    drawDevices(); drawPeople(); drawPaper();
  } catch (error) {
    if (error.token) { $("token").hidden = false; return; }
    $("link").textContent = t("机柜没有运行", "the cabinet is not running");
  }
}

function speak() {
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-zh]")) element.textContent = element.dataset[lang];
  $("lang").textContent = t("English", "中文");
  drawn = "";
}

async function begin() {
  if (hash.has("token")) { sessionStorage.setItem("token", token); history.replaceState(null, "", "/"); }
  speak();
  $("lang").addEventListener("click", () => { lang = lang === "zh" ? "en" : "zh"; localStorage.setItem("lang", lang); speak(); refresh(); });
  $("leave").addEventListener("click", () => act("person", "leave"));
  $("take").addEventListener("click", () => act("person", "takePaper"));
  $("token").addEventListener("submit", (event) => { event.preventDefault(); token = $("token-text").value.trim(); sessionStorage.setItem("token", token); load(); });
  await load();
  setInterval(refresh, 1000);
}

async function load() {
  try {
    people = await (await ask("/personas")).json();
  } catch (error) {
    if (error.token) $("token").hidden = false;
  }
  await refresh();
}

begin();
