// Turns every <textarea data-editor> into an editor for the YAML of the office; without it the textarea stays.
//
// Attributes of the textarea, all but the first of them as one likes:
//   data-editor               this textarea is an editor
//   data-file                 the name of the file, sent with every question
//   data-draft, data-version  which draft, and which version of it the page shows
//   data-check                where the text is checked: POST file, draft, text
//   data-problems             id of the element that lists what was found
//   data-picture              id of the element whose content is the picture in the answer
//   data-save, data-saved     where the draft is kept, and id of the element that says so
//   data-words                id of the <script type="application/json"> with the model of portal/editor
//   data-help                 id of the element that explains the key at the cursor
// A link to #baris-38 anywhere on the page goes to line 38.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentService, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { leap } from "./asking.js";
import { checker } from "./checked.js";
import { completing, explained, hovering } from "./complete.js";
import { keeper } from "./kept.js";
import { canStyle } from "./style.js";

const NARROW = matchMedia("(max-width:48rem)");
const EMPTY = { root: {}, defs: {}, helps: [], names: {}, aliases: {}, phrases: {}, words: {} };
const LINE = /^#baris-(\d+)$/;

function modelOf(area) {
  const holder = document.getElementById(area.dataset.words ?? "");
  return holder ? { ...EMPTY, ...JSON.parse(holder.textContent) } : EMPTY;
}

/** A new line begins where the one before began, deeper after a key without a value and inside a list. */
const indenting = indentService.of((context, pos) => {
  const before = context.state.doc.lineAt(pos);
  const text = pos > before.from || !context.simulatedBreak ? context.lineAt(pos, -1).text : before.text;
  const [, space, dash] = /^(\s*)((?:-\s+)*)/.exec(text);
  const bare = text.replace(/\s+#.*$/, "");
  return space.length + (/(?::|[|>][+-]?)\s*$/.test(bare) ? dash.length + 2 : dash.length);
});

const wrapping = new Compartment();
const wrap = () => (NARROW.matches ? EditorView.lineWrapping : []);

function extensions(area, model, listening) {
  const label = area.getAttribute("aria-label") ?? area.labels[0]?.textContent.trim() ?? "";
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    foldGutter(),
    indentUnit.of("  "),
    indenting,
    yaml(),
    syntaxHighlighting(classHighlighter),
    bracketMatching(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    search({ top: true }),
    lintGutter(),
    autocompletion({ override: [completing(model)], icons: false }),
    hovering(model),
    EditorState.phrases.of(model.phrases),
    // Tab is bound nowhere: it leaves the editor; Ctrl+] and Ctrl+[ move a line.
    keymap.of([...completionKeymap, ...lintKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...defaultKeymap]),
    EditorView.contentAttributes.of({
      "aria-label": label,
      autocapitalize: "off",
      ...(area.getAttribute("aria-describedby") && { "aria-describedby": area.getAttribute("aria-describedby") }),
    }),
    area.readOnly || area.disabled ? [EditorState.readOnly.of(true), EditorView.editable.of(false)] : [],
    wrapping.of(wrap()),
    EditorView.updateListener.of((update) => listening(update)),
  ];
}

function enhance(area) {
  const model = modelOf(area);
  const heard = [];
  const view = new EditorView({
    doc: area.value,
    extensions: extensions(area, model, (update) => heard.forEach((hear) => hear(update))),
  });
  const frame = Object.assign(document.createElement("div"), { className: "editor" });
  frame.append(view.dom);
  area.after(frame);
  area.hidden = true;
  view.scrollDOM.tabIndex = 0;
  NARROW.addEventListener("change", () => view.dispatch({ effects: wrapping.reconfigure(wrap()) }));
  area.labels[0]?.addEventListener("click", () => view.focus());
  area.form?.addEventListener("reset", () => setTimeout(() => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: area.value } })));
  const parts = { area, words: model.words };
  if (area.dataset.check) {
    const changed = checker(view, parts);
    heard.push(({ docChanged, changes }) => docChanged && changed(changes));
  }
  if (area.dataset.save && !view.state.readOnly) {
    const changed = keeper(view, parts);
    heard.push(({ docChanged }) => docChanged && changed());
  }
  const help = document.getElementById(area.dataset.help ?? "");
  heard.push((update) => {
    if (update.docChanged) area.value = update.state.doc.toString();
    if (update.docChanged && !area.dataset.save) area.dispatchEvent(new Event("input", { bubbles: true }));
    if (help && (update.docChanged || update.selectionSet)) explain(help, explained(model, update.state, update.state.selection.main.head));
  });
  return view;
}

function explain(place, found) {
  place.replaceChildren(...(found ? [Object.assign(document.createElement("code"), { textContent: found.key }), ` ${found.help}`] : []));
}

const views = canStyle ? [...document.querySelectorAll("textarea[data-editor]")].map(enhance) : [];

function jump(address) {
  const [, line] = LINE.exec(address ?? "") ?? [];
  if (line && views.length) leap(views.find((view) => view.hasFocus) ?? views[0], Number(line));
  return line && views.length;
}

document.addEventListener("click", (event) => {
  if (jump(event.target.closest?.("a")?.getAttribute("href"))) event.preventDefault();
});
addEventListener("hashchange", () => jump(location.hash));
jump(location.hash);
