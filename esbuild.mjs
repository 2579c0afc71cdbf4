import { chmod, copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, context } from 'esbuild';
import { licenseTexts } from './scripts/licenses.mjs';
import { root } from './scripts/setup.mjs';
import { Trouble, exists, main } from './scripts/system.mjs';

const out = join(root, 'dist');

/** Vectra's servers, fetchers, tokenizers and word models: 8 MB that the local index never calls. */
const vectraExtras =
  /^(@grpc\/|@huggingface\/|cheerio|gpt-tokenizer|json-colorizer|openai|protobufjs|turndown|wink-|yargs|dotenv)/;

/** @type {import('esbuild').Plugin} */
const withoutVectraExtras = {
  name: 'without-vectra-extras',
  setup(bundle) {
    bundle.onResolve({ filter: vectraExtras }, ({ path, importer }) =>
      importer.includes(join('node_modules', 'vectra')) ? { path, namespace: 'vectra-extra' } : undefined,
    );
    bundle.onLoad({ filter: /.*/, namespace: 'vectra-extra' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/**
 * Zod's messages in fifty languages, of which `z` would bundle all: Cairn speaks English.
 * @type {import('esbuild').Plugin}
 */
const withoutZodLocales = {
  name: 'without-zod-locales',
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.c?js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};

/**
 * The editor gives `vscode` to whoever requires it; that works in every version, in modules too.
 * @type {import('esbuild').Plugin}
 */
const vscodeByRequire = {
  name: 'vscode-by-require',
  setup(bundle) {
    bundle.onResolve({ filter: /^vscode$/ }, ({ kind, path }) =>
      kind === 'require-call' ? { path, external: true } : { path, namespace: 'by-require' },
    );
    bundle.onLoad({ filter: /.*/, namespace: 'by-require' }, ({ path }) => ({
      contents: `module.exports = require('${path}');`,
    }));
  },
};

/**
 * In a split bundle `import()` of a CommonJS package gives its default export alone, and the names are undefined.
 * @type {import('esbuild').Plugin}
 */
const noPackagesOnDemand = {
  name: 'no-packages-on-demand',
  setup(bundle) {
    bundle.onResolve({ filter: /^[^./]/ }, ({ kind, path, importer }) => {
      if (kind !== 'dynamic-import' || path.startsWith('node:') || importer.includes('node_modules'))
        return undefined;
      return {
        errors: [{ text: `import('${path}') by a file of your own, which names what it takes from it` }],
      };
    });
  },
};

const plugins = [noPackagesOnDemand, withoutVectraExtras, withoutZodLocales];

/** What packages written as CommonJS expect to be there. */
const commonJs = `import { createRequire as toRequire } from 'node:module';
const require = toRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`;

const extensionDoor = `const loading = import('./extension.mjs');
exports.activate = async (context) => (await loading).activate(context);
exports.deactivate = async () => (await loading).deactivate?.();
`;

await main(async () => {
  const { values } = parseArgs({ options: { watch: { type: 'boolean' }, minify: { type: 'boolean' } } });
  const bundles = await allBundles(values.minify ?? false);
  await removeChunks();
  await copyIcons();
  await writeDoors();
  if (values.watch) await watch(bundles);
  else await bundleOnce(bundles);
  return 0;
});

/**
 * @param {boolean} minify
 * @returns {Promise<import('esbuild').BuildOptions[]>}
 */
async function allBundles(minify) {
  /** @satisfies {import('esbuild').BuildOptions} */
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify,
    sourcemap: minify ? false : 'linked',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    plugins,
    define: { 'process.env.NODE_ENV': '"production"' },
  };
  return [
    {
      ...common,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      splitting: true,
      entryPoints: {
        extension: await entry('src/vscode/extension.ts'),
        cli: await entry('src/cli/main.ts'),
      },
      outdir: out,
      outExtension: { '.js': '.mjs' },
      banner: { js: commonJs },
      plugins: [...plugins, vscodeByRequire],
    },
    {
      ...common,
      platform: 'browser',
      format: 'iife',
      target: 'es2022',
      entryPoints: await webviewEntries(),
      outdir: out,
    },
  ];
}

/**
 * The bundles of Node are modules, because only those are split: what both shells share is shipped once, and what is
 * imported on demand is read on demand. VS Code and npm are pointed at these two doors.
 */
async function writeDoors() {
  await writeFile(join(out, 'extension.js'), extensionDoor);
  await writeFile(join(out, 'cli.js'), "#!/usr/bin/env node\nimport('./cli.mjs');\n");
  await chmod(join(out, 'cli.js'), 0o755);
}

/**
 * One script per folder of webview-ui that has a main.tsx: webview-ui/timeline becomes dist/webview/timeline.js.
 * @returns {Promise<Record<string, string>>}
 */
async function webviewEntries() {
  const folders = await readdir(join(root, 'webview-ui'), { withFileTypes: true }).catch(() => []);
  /** @type {Record<string, string>} */
  const entries = {};
  for (const { name } of folders) {
    const path = `webview-ui/${name}/main.tsx`;
    if (await exists(join(root, path))) entries[`webview/${name}`] = path;
  }
  if (Object.keys(entries).length === 0)
    throw new Trouble('No webview-ui/<view>/main.tsx exists to be bundled.');
  return entries;
}

/** @param {string} path */
async function entry(path) {
  if (!(await exists(join(root, path))))
    throw new Trouble(`${path} does not exist, and is what would be bundled.`);
  return path;
}

/** @param {readonly import('esbuild').BuildOptions[]} bundles */
async function bundleOnce(bundles) {
  const results = await Promise.all(bundles.map(buildOne));
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}));
  await writeFile(join(out, 'third-party-licenses.txt'), await licenseTexts(root, inputs));
  for (const { metafile } of results) printSizes(metafile?.outputs ?? {});
}

/** @param {import('esbuild').BuildOptions} options */
async function buildOne(options) {
  return build(options).catch(() => {
    throw new Trouble('The bundles could not be built; the reasons are above.');
  });
}

/** @param {readonly import('esbuild').BuildOptions[]} bundles */
async function watch(bundles) {
  for (const options of bundles) {
    const watched = await context({ ...options, logLevel: 'info' });
    await watched.watch();
  }
  console.log('Watching; Ctrl+C ends it.');
}

/** Chunks are named by their content, so those of an earlier build would stay. */
async function removeChunks() {
  await mkdir(out, { recursive: true });
  for (const name of await readdir(out)) {
    if (/\.mjs(\.map)?$/.test(name)) await rm(join(out, name));
  }
}

/** The icon font that webviews show, as it comes from Microsoft. */
async function copyIcons() {
  const from = join(root, 'node_modules', '@vscode', 'codicons', 'dist');
  await mkdir(join(out, 'webview'), { recursive: true });
  for (const file of ['codicon.css', 'codicon.ttf'])
    await copyFile(join(from, file), join(out, 'webview', file));
}

/**
 * The files worth a line, largest first, and the sum of all.
 * @param {import('esbuild').Metafile['outputs']} outputs
 */
function printSizes(outputs) {
  const files = Object.entries(outputs).filter(([path]) => !path.endsWith('.map'));
  const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1024).toFixed(0).padStart(5)} KB`;
  for (const [path, { bytes }] of files.sort(([, a], [, b]) => b.bytes - a.bytes)) {
    if (bytes >= 32 * 1024) console.log(`  ${kilobytes(bytes)}  ${path}`);
  }
  const sum = files.reduce((total, [, { bytes }]) => total + bytes, 0);
  console.log(`  ${kilobytes(sum)}  in ${files.length} files`);
}
