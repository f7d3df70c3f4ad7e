// Where in the YAML a place is: keys with their paths, read line by line, so that half-typed text does no harm.
// It only feeds completion and explanation; what is right or wrong the server says.

const KEY = /^(?:"([^"]*)"|'([^']*)'|([^\s"'{}[\],#&*!|>%@`][^#]*?))\s*:(?=\s|$)/;
const COMMENT = /(?:^|\s)#.*$/;

/**
 * Reads a text to its end.
 *
 * Gives `entries` ({path, key, from, to, value}: `path` is that of the mapping, `value` what stands on the line)
 * and `last`, what may be typed at the very end: {kind: "key" | "value" | "either" | "none", path, flow, indent}.
 */
export function scan(text) {
  const reader = new Reader(text);
  for (let from = 0; from <= text.length; ) {
    let to = text.indexOf("\n", from);
    if (to < 0) to = text.length;
    reader.line(from, to);
    from = to + 1;
  }
  return reader;
}

class Reader {
  entries = [];
  frames = []; // open mappings and list items: {indent, path, items}
  flow = []; // open { and [: {list, path, key, items}
  literal = -1; // the indent of the key whose | or > block is being read
  last = { kind: "none", path: [], flow: false, indent: 0 };

  constructor(text) {
    this.text = text;
  }

  line(from, to) {
    const raw = this.text.slice(from, to);
    const body = raw.trimStart();
    const indent = raw.length - body.length;
    if (this.flow.length) return this.inFlow(from, to);
    if (this.literal >= 0 && (!body || indent > this.literal)) return this.say("none", []);
    if (body.startsWith("#")) return this.say("none", []);
    if (!body) return this.say("key", this.under(indent), { indent });
    this.literal = -1;
    this.block(from + indent, to, indent);
  }

  block(from, to, indent) {
    while (/^-(?:\s|$)/.test(this.text.slice(from, to))) {
      const path = this.item(indent);
      const rest = this.text.slice(from + 1, to);
      const gap = 1 + rest.length - rest.trimStart().length;
      if (!rest.trim()) return this.say("either", path, { indent: indent + 2 });
      [from, indent] = [from + gap, indent + gap];
      if (this.text[from] === "{" || this.text[from] === "[") return this.open(from, to, path);
      if (!KEY.test(this.text.slice(from, to))) this.say(this.ended(from, to) ? "none" : "either", path, { indent });
    }
    const found = KEY.exec(this.text.slice(from, to));
    if (found) this.key(found, from, to, indent);
    else if (!this.frames.at(-1)?.item || this.frames.at(-1).indent >= indent)
      this.say(this.ended(from, to) ? "none" : "key", this.under(indent), { indent });
  }

  key(found, from, to, indent) {
    const name = found[1] ?? found[2] ?? found[3];
    const parent = this.above(indent);
    const path = [...parent, name];
    this.frames.push({ indent, path, items: 0 });
    const start = from + found[0].length;
    const rest = this.text.slice(start, to);
    const value = rest.trimStart();
    const at = start + rest.length - value.length;
    const entry = { path: parent, key: name, from, to: from + found[0].length, value: plain(value) };
    this.entries.push(entry);
    if (/^[|>]/.test(value)) this.literal = indent;
    if (/^[{[]/.test(value)) return this.open(at, to, path);
    if (!rest) return this.say("none", path);
    this.say(COMMENT.test(rest) || /^[|>]/.test(value) ? "none" : "value", path);
  }

  /** The path of the mapping that a key at a column belongs to; what is deeper ends there. */
  above(indent) {
    while (this.frames.length && this.frames.at(-1).indent >= indent) this.frames.pop();
    return this.frames.at(-1)?.path ?? [];
  }

  /** The same for a line that is not finished, and closes nothing. */
  under(indent) {
    return [...this.frames].reverse().find((frame) => frame.indent < indent)?.path ?? [];
  }

  item(indent) {
    const closes = (frame) => frame && (frame.indent > indent || (frame.indent === indent && frame.item));
    while (closes(this.frames.at(-1))) this.frames.pop();
    const list = this.frames.at(-1);
    const path = [...(list?.path ?? []), String(list ? list.items++ : 0)];
    this.frames.push({ indent, path, items: 0, item: true });
    return path;
  }

  ended(from, to) {
    return COMMENT.test(this.text.slice(from, to));
  }

  open(from, to, path) {
    this.flow = [];
    this.pending = path;
    this.inFlow(from, to);
  }

  inFlow(from, to) {
    let start = from;
    for (let at = from; at < to; at++) {
      const sign = this.text[at];
      const token = () => this.text.slice(start, at).trim();
      if ((sign === '"' || sign === "'") && !token()) {
        const end = this.text.indexOf(sign, at + 1);
        if (end < 0 || end >= to) return this.say("none", []);
        at = end;
      } else if (sign === "#" && (at === from || /\s/.test(this.text[at - 1]))) {
        return this.say("none", []);
      } else if (sign === "{" || sign === "[") {
        this.flow.push({ list: sign === "[", path: this.here(), key: null, items: 0 });
        start = at + 1;
      } else if (sign === "}" || sign === "]") {
        this.keep(token());
        this.flow.pop();
        if (!this.flow.length) return this.say("none", []);
        start = at + 1;
      } else if (sign === ",") {
        this.keep(token());
        const top = this.flow.at(-1);
        top.key = null;
        top.items++;
        start = at + 1;
      } else if (sign === ":" && /[\s,{}[\]]|^$/.test(this.text.slice(at + 1, at + 2))) {
        const top = this.flow.at(-1);
        if (!top.list && top.key === null) {
          top.key = plain(token());
          const first = start + this.text.slice(start, at).search(/\S|$/);
          this.entries.push({ path: top.path, key: top.key, from: first, to: at, value: "" });
          top.entry = this.entries.at(-1);
          start = at + 1;
        }
      }
    }
    const top = this.flow.at(-1);
    const isKey = !top.list && top.key === null;
    this.say(isKey ? "key" : top.list ? "either" : "value", isKey ? top.path : this.here(), { flow: true });
  }

  /** The path of the value that comes next inside brackets. */
  here() {
    const top = this.flow.at(-1);
    if (!top) return this.pending;
    return [...top.path, top.list ? String(top.items) : top.key ?? ""];
  }

  keep(token) {
    const top = this.flow.at(-1);
    if (!top.list && top.key !== null && token) top.entry.value = plain(token);
  }

  say(kind, path, more = {}) {
    this.last = { kind, path, flow: false, indent: 0, ...more };
  }
}

function plain(text) {
  const bare = text.replace(COMMENT, "").trim();
  return /^(["']).*\1$/.test(bare) ? bare.slice(1, -1) : bare;
}
