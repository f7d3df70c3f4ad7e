// Bundles the editor into the folder that is named, with what went into it: manifest and licences.
// Usage: node build.js STATIC_FOLDER MANIFEST_FOLDER
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const [target, beside] = process.argv.slice(2);
const read = (file) => readFileSync(file, "utf8");

const result = await build({
  entryPoints: { editor: "editor.js" },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  outdir: target,
  write: false,
});
const style = await build({ entryPoints: ["editor.css"], minify: true, charset: "utf8", outdir: target, write: false });

// What esbuild really took, not what is merely installed.
const folders = [
  ...new Set(
    Object.entries(Object.values(result.metafile.outputs)[0].inputs)
      .filter(([file, { bytesInOutput }]) => bytesInOutput && file.startsWith("node_modules/"))
      .map(([file]) => file.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/)[0])
  ),
].sort();
const packages = folders.map((folder) => ({ folder, ...JSON.parse(read(`${folder}/package.json`)) }));

function described(name, contents) {
  const bytes = Buffer.from(contents);
  writeFileSync(`${target}/${name}`, bytes);
  return {
    name,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    bytes: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
  };
}

const own = JSON.parse(read("package.json"));
const manifest = {
  name: own.name,
  version: own.version,
  license: own.license,
  files: [
    described("editor.js", result.outputFiles[0].contents),
    described("editor.css", style.outputFiles[0].contents),
  ],
  packages: packages.map(({ name, version, license }) => ({ name, version, license })),
};
writeFileSync(`${beside}/manifest.json`, JSON.stringify(manifest, null, 2) + "\n");

const texts = packages.map(({ folder, name, version, license }) => {
  if (!existsSync(`${folder}/LICENSE`)) throw new Error(`${name} has no licence text`);
  return `${name} ${version} (${license})\n\n${read(`${folder}/LICENSE`).trim()}\n`;
});
writeFileSync(`${beside}/THIRD_PARTY.txt`, texts.join(`\n${"-".repeat(80)}\n\n`));
