// Bundles what browsers load: `node Assets/build.mjs <output folder>`.
// Every file but the manifest carries a hash of its content in its name, so that it can be cached for ever,
// and lies beside its brotli and gzip copies, so that no request compresses anything.
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { compileAsync } from 'sass';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const output = resolve(process.argv[2] ?? join(root, 'obj/assets'));
const manifest = {};

await rm(output, { recursive: true, force: true });
await mkdir(output, { recursive: true });

const shared = {
  bundle: true,
  minify: true,
  metafile: true,
  target: ['chrome123', 'firefox121', 'safari17.5'],
  outdir: output,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  loader: { '.woff2': 'file' },
  legalComments: 'none',
  logLevel: 'warning',
};

function remember(result) {
  for (const [file, { entryPoint }] of Object.entries(result.metafile.outputs)) {
    if (!entryPoint) continue;
    const name = entryPoint.split(/[/:]/).pop().replace(/\.scss$/, '.css');
    manifest[name] = file.split('/').pop();
  }
}

const sass = {
  name: 'sass',
  setup(on) {
    on.onLoad({ filter: /\.scss$/ }, async ({ path }) => {
      const { css } = await compileAsync(path, { loadPaths: [join(root, 'node_modules')], quietDeps: true });
      return { contents: css, loader: 'css', resolveDir: dirname(path) };
    });
  },
};

const [app, styles] = await Promise.all([
  build({ ...shared, entryPoints: [join(here, 'app.js'), join(here, 'figures.js')], format: 'esm', splitting: true, loader: { ...shared.loader, '.css': 'empty' } }),
  build({ ...shared, entryPoints: [join(here, 'styles/guichet.scss')], plugins: [sass] }),
]);
[app, styles].forEach(remember);

async function own(name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8).toUpperCase();
  const file = name.replace(/(\.\w+)$/, `-${hash}$1`);
  manifest[name] = file;
  await writeFile(join(output, file), content);
}

// One sprite with the icons that are named in icons.txt, each a <symbol> that takes the colour of its text.
const names = (await readFile(join(here, 'icons.txt'), 'utf8')).split(/\s+/).filter(Boolean);
const symbols = await Promise.all(
  names.map(async (name) => {
    const [style, icon] = name.includes('/') ? name.split('/') : ['outline', name];
    const svg = await readFile(join(root, 'node_modules/@tabler/icons/icons', style, `${icon}.svg`), 'utf8');
    const shapes = svg.replace(/<!--[\s\S]*?-->/g, '').replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, '').replace(/\s+/g, ' ').trim();
    const paint = style === 'filled' ? 'fill="currentColor"' : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
    return `<symbol id="${icon}${style === 'filled' ? '-filled' : ''}" viewBox="0 0 24 24" ${paint}>${shapes}</symbol>`;
  }),
);
await own('icons.svg', `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`);
await own('favicon.svg', await readFile(join(here, 'favicon.svg')));

// Which communes a postcode serves, the largest first, and of what department and region they are: read by FrenchPostcodes, not served.
// A postcode's own department isn't always that of its first digits, and 20xxx is two.
async function postcodes() {
  const require = createRequire(import.meta.url);
  const data = async (name) => JSON.parse(await readFile(require.resolve(`@etalab/decoupage-administratif/data/${name}.json`), 'utf8'));
  const [communes, departments, regions] = await Promise.all(['communes', 'departements', 'regions'].map(data));
  const region = new Map(regions.map((one) => [one.code, one.nom]));
  const served = new Map();
  for (const commune of communes.filter((one) => one.type === 'commune-actuelle').sort((one, other) => (other.population ?? 0) - (one.population ?? 0))) {
    for (const postcode of commune.codesPostaux ?? []) served.set(postcode, [...(served.get(postcode) ?? []), `${commune.departement}:${commune.nom}`]);
  }
  return [
    departments.map((one) => [one.code, one.nom, region.get(one.region)].join('\t')),
    regions.map((one) => one.nom).sort((one, other) => one.localeCompare(other, 'fr')),
    [...served].sort(([one], [other]) => (one < other ? -1 : 1)).map(([postcode, cities]) => `${postcode}\t${cities.join(';')}`),
  ].map((lines) => lines.join('\n')).join('\n\n');
}
await writeFile(join(output, 'postcodes.txt.gz'), gzipSync(await postcodes(), { level: 9 }));

await Promise.all(
  (await readdir(output)).filter((file) => /\.(js|css|svg)$/.test(file)).map(async (file) => {
    const content = await readFile(join(output, file));
    await writeFile(join(output, `${file}.gz`), gzipSync(content, { level: 9 }));
    await writeFile(join(output, `${file}.br`), brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  }),
);
await writeFile(join(output, 'manifest.json'), JSON.stringify(manifest, null, 2));
