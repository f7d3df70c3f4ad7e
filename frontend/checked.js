// What the server finds in the text: lines under the words, a list below the editor, fixes, and the picture.
import { setDiagnostics } from "@codemirror/lint";
import { ask, leap, offset, said } from "./asking.js";

const PAUSE = 300; // milliseconds after the last key

/** Asks after each pause in typing; an answer to an older text is dropped. */
export function checker(view, { area, words }) {
  const { check: address, problems: list, picture } = area.dataset;
  const shown = list && document.getElementById(list);
  let timer, asked, current = [];
  if (shown) shown.replaceChildren(Object.assign(document.createElement("p"), { role: "status" }), document.createElement("ul"));

  async function run() {
    clearTimeout(timer);
    asked?.abort();
    const mine = (asked = new AbortController());
    const doc = view.state.doc;
    const answer = await ask(address, { ...said(area), text: doc.toString() }, mine);
    if (mine !== asked || doc !== view.state.doc) return;
    if (!answer?.problems) return note(answer?.led ? words.out : words.unchecked);
    current = answer.problems.map((each) => placed(doc, each));
    view.dispatch(setDiagnostics(view.state, current.filter(isHere).map(underlined)));
    if (shown) shown.lastChild.replaceChildren(...current.map(item));
    note(answer.summary);
    const drawing = picture && answer.picture && drawn(answer.picture);
    if (drawing) document.getElementById(picture)?.replaceChildren(drawing);
  }

  function note(text) {
    if (shown && shown.firstChild.textContent !== text) shown.firstChild.textContent = text ?? "";
  }

  function underlined({ from, to, severity, message, hint, fixes }) {
    const actions = (view.state.readOnly ? [] : fixes).map((fix) => ({ name: fix.label, apply: () => mend(fix) }));
    return { from, to, severity, message: hint ? `${message}\n${hint}` : message, actions };
  }

  /** Whether a problem is in the text at hand; a change can also break what another file says. */
  function isHere({ file }) {
    return file === undefined || file === area.dataset.file;
  }

  function item(problem) {
    const { file, line, severity, message, hint, fixes } = problem;
    const row = Object.assign(document.createElement("li"), { className: severity });
    const place = words.line.replace("$", line);
    row.append(...(isHere(problem) ? [linked(line, place)] : [`${file}, ${place}`]), `: ${message}`);
    if (hint) row.append(Object.assign(document.createElement("p"), { className: "hint", textContent: hint }));
    for (const fix of view.state.readOnly ? [] : fixes) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "second small", textContent: fix.label });
      button.addEventListener("click", () => mend(fix));
      row.append(button);
    }
    return row;
  }

  function linked(line, text) {
    const link = Object.assign(document.createElement("a"), { href: `#baris-${line}`, textContent: text });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leap(view, line);
    });
    return link;
  }

  /** Puts in what is meant, unless the words there have become others since. */
  function mend({ from, to, was, insert }) {
    if (view.state.sliceDoc(from, to) !== was) return;
    view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: "input.fix", scrollIntoView: true });
    view.focus();
    run();
  }

  function changed(changes) {
    for (const { fixes } of current)
      for (const fix of fixes) [fix.from, fix.to] = [changes.mapPos(fix.from, 1), changes.mapPos(fix.to, -1)];
    clearTimeout(timer);
    timer = setTimeout(run, PAUSE);
  }

  run();
  return changed;
}

function placed(doc, problem) {
  const from = offset(doc, problem.line, problem.column);
  const to = Math.max(offset(doc, problem.line, problem.end_column), from);
  const fixes = problem.fixes.map((fix) => {
    const [start, end] = [fix.from, fix.to].map(({ line, column }) => offset(doc, line, column));
    return { ...fix, from: start, to: end, was: doc.sliceString(start, end) };
  });
  return { ...problem, from, to, fixes };
}

const ELEMENTS = new Set("svg g a path rect circle ellipse line polyline polygon text tspan title desc defs marker".split(" "));

/** The drawing in an answer, with nothing in it but shapes, words and links to places of this page. */
function drawn(text) {
  const { documentElement: svg } = new DOMParser().parseFromString(text, "image/svg+xml");
  if (svg.nodeName !== "svg" || svg.querySelector("parsererror")) return null;
  for (const each of [svg, ...svg.querySelectorAll("*")]) {
    if (!ELEMENTS.has(each.nodeName)) each.remove();
    for (const { name, value } of [...each.attributes])
      if (name.startsWith("on") || name === "style" || (name.endsWith("href") && !/^(#|\/(?!\/))/.test(value))) each.removeAttribute(name);
  }
  return document.importNode(svg, true);
}
