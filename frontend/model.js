// What the server says of the language (portal/editor): nodes by path, names of things, explanations of keys.

/** Every alternative of a node, with its named parts looked up. */
export function alternatives(model, node) {
  if (!node) return [];
  if (node.d) return alternatives(model, model.defs[node.d]);
  if (node.a) return node.a.flatMap((each) => alternatives(model, each));
  return [node];
}

/** The nodes that describe the value at a path; `entries` are those of the text, where `type` decides. */
export function nodesAt(model, path, entries) {
  let nodes = alternatives(model, model.root);
  path.forEach((part, depth) => {
    nodes = kinds(model, nodes, path.slice(0, depth), entries).flatMap((node) =>
      alternatives(model, node.k?.[part]?.[1] ?? node.m ?? (/^\d+$/.test(part) ? node.l : null))
    );
  });
  return kinds(model, nodes, path, entries);
}

/** Replaces "one of several kinds" by the kind that the entry names; by all of them while it names none. */
function kinds(model, nodes, path, entries) {
  return nodes.flatMap((node) => {
    if (!node.t) return [node];
    const named = node.t[valueAt(entries, path, "type")];
    return (named ? [named] : Object.values(node.t)).flatMap((each) => alternatives(model, each));
  });
}

/** The keys that a mapping at a path may have: [key, [help, node, required]]. */
export function keysAt(model, path, entries) {
  const found = new Map();
  for (const node of nodesAt(model, path, entries))
    for (const [key, about] of Object.entries(node.k ?? {})) if (!found.has(key)) found.set(key, about);
  return [...found];
}

/** The explanation of a key in the mapping at a path: what the language or its own label says. */
export function helpOf(model, path, key, entries) {
  for (const node of nodesAt(model, path, entries)) {
    if (node.k?.[key]) return model.helps[node.k[key][0]] ?? "";
    if (node.i) return named(model, node.i, path, entries).get(key) ?? "";
  }
  return "";
}

/** Ids with labels that patterns such as `sops/@1/steps` stand for at a path, those just typed included. */
export function named(model, patterns, path, entries) {
  const found = new Map();
  for (const pattern of [patterns].flat()) {
    const place = aliased(model, pattern.replace(/@(-?\d+)/g, (_, index) => path.at(Number(index)) ?? ""));
    const names = model.names[place] ?? [];
    for (const [key, label] of typeof names === "string" ? model.names[names] : names) found.set(key, label);
    const parts = place.split("/");
    for (const { path: of, key } of entries)
      if (of.length === parts.length && of.every((part, index) => part === parts[index]) && !found.has(key))
        found.set(key, valueAt(entries, [...of, key], "label") ?? "");
  }
  return found;
}

/** The place whose names hold at another one: what a programme may ask is what its SOP may ask. */
function aliased(model, place) {
  const parts = place.split("/");
  const other = model.aliases[parts.slice(0, 2).join("/")];
  return other && parts.length > 2 ? [other, ...parts.slice(2)].join("/") : place;
}

export function valueAt(entries, path, key) {
  return entries.find(
    (entry) => entry.key === key && entry.path.length === path.length && entry.path.every((part, index) => part === path[index])
  )?.value;
}
