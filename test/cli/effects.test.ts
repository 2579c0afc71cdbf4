import { writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cairn, cairnJson } from './support/cairn.ts';
import { snapshot } from './support/snapshot.ts';
import { freshCompany } from '../e2e/support/company.ts';
import type { SampleCompany } from '../e2e/support/company.ts';

interface Received {
  readonly path: string;
  readonly key: string;
  readonly body: unknown;
  readonly authorization?: string | undefined;
}

/** An outside system that remembers what it was asked to do. */
class Shop {
  readonly received: Received[] = [];
  /** Called when something has been done, before it is answered. */
  onReceived: () => void = () => undefined;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const path = request.url ?? '';
        if (request.method === 'GET') {
          const key = decodeURIComponent(path.split('/').at(-1) ?? '');
          const found = this.received.findIndex((one) => one.key === key);
          response.writeHead(found < 0 ? 404 : 200).end(JSON.stringify({ id: `post-${found + 1}` }));
          return;
        }
        const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
        const { authorization } = request.headers;
        this.received.push({ path, key: String(request.headers['idempotency-key']), body, authorization });
        this.onReceived();
        response.writeHead(201).end(JSON.stringify({ id: `post-${this.received.length}` }));
      });
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

let company: SampleCompany;
let shop: Shop;
let url: string;
beforeEach(async () => {
  company = await freshCompany();
  shop = new Shop();
  url = await shop.open();
});
afterEach(async () => {
  await shop.close();
  await company.remove();
});

const write = (path: string, text: string) => writeFile(join(company.folder, path), text);

async function connector(publish: string): Promise<void> {
  await write(
    '.cairn/connectors/shop.yaml',
    `type: webhook\nurl: ${url}\noperations:\n  publish: ${publish}\n  unpublish: {path: "/posts/{id}/unpublish"}\n`,
  );
}

const announce = (compensate = '') =>
  write(
    '.cairn/workflows/announce.yaml',
    `name: Announce
steps:
  announce:
    effect: shop
    operation: publish
    with: {title: One price}
    file: briefs/one-price.md
${compensate}`,
  );

const only = async () =>
  (await cairnJson<{ runs: { id: string }[] }>(company.folder, ['runs'])).runs[0]?.id ?? '';

test('P1 P3: nothing leaves before what would be sent is approved; then it is sent as it was approved, once', async () => {
  await connector('{path: /posts}');
  await announce();
  const before = await snapshot(company.folder);
  const waiting = await cairn(company.folder, ['run', 'announce']);
  expect(waiting.code).toBe(3);
  expect(shop.received).toEqual([]);
  expect(await snapshot(company.folder)).toEqual(before);
  const run = await only();
  const { code, out } = await cairn(company.folder, ['approve', `${run}/1`]);
  expect({ code, out }).toMatchObject({ code: 0 });
  const { body } = shop.received[0] ?? {};
  expect(body).toMatchObject({
    title: 'One price',
    body: (await company.read('briefs/one-price.md')).trim(),
  });
  expect(shop.received).toHaveLength(1);
  expect(await company.read(`.cairn/outbox/${run}/announce.md`)).toContain('operation: publish');
  const shown = await readFile(join(company.folder, `.cairn/runs/${run}/journal.jsonl`), 'utf8');
  expect(shown).toContain('"receipt":{"status":201,"id":"post-1"}');
});

test('a secret that is not set pauses the effect for the operator; once it is, it is sent with it, and kept nowhere', async () => {
  await write(
    '.cairn/connectors/shop.yaml',
    `type: webhook\nurl: ${url}\nheaders: {authorization: {secret: shop-key, prefix: "Bearer "}}\noperations: {publish: {path: /posts}}\n`,
  );
  await announce();
  await cairn(company.folder, ['run', 'announce']);
  const run = await only();
  const paused = await cairn(company.folder, ['approve', `${run}/1`]);
  expect(paused.code).toBe(3);
  expect(paused.out).toContain('needs the secret “shop-key”, which is not set');
  expect(paused.out).toContain('CAIRN_SECRET_SHOP_KEY');
  expect(shop.received).toEqual([]);
  const doctor = await cairn(company.folder, ['doctor']);
  expect([doctor.code, doctor.out]).toEqual([1, expect.stringContaining('“shop-key” of shop is not set')]);
  const env = { CAIRN_SECRET_SHOP_KEY: 'plain-words-only' };
  const answer = ['answer', run, 'announce.deliver', 'It was not sent: send it now'];
  expect(await cairn(company.folder, answer, { env })).toMatchObject({ code: 0 });
  expect(shop.received.map(({ authorization }) => authorization)).toEqual(['Bearer plain-words-only']);
  const kept = await readFile(join(company.folder, `.cairn/runs/${run}/journal.jsonl`), 'utf8');
  expect(kept).not.toContain('plain-words-only');
  // A proposal that holds it is refused, whatever it looks like.
  await write('briefs/one-price.md', '# One price\n\nplain-words-only\n');
  const refused = await cairn(company.folder, ['run', 'announce'], { env });
  expect([refused.code, refused.out]).toEqual([1, expect.stringContaining('the secret “shop-key”')]);
});

test.each([
  ['that can be looked for is looked for, and not done again', '{path: /posts, probe: "/keys/{key}"}', 0, 1],
  ['that is done once for one key is done again with the same', '{path: /posts, idempotent: true}', 0, 2],
  ['that is neither is asked about, and not done again', '{path: /posts}', 3, 1],
])('P3: an effect %s, when the process was killed while it was done', async (_what, publish, code, times) => {
  await connector(publish);
  await announce();
  await cairn(company.folder, ['run', 'announce']);
  const run = await only();
  const killed = await cairn(company.folder, ['approve', `${run}/1`], {
    onStart: (child) => {
      shop.onReceived = () => child.kill('SIGKILL');
    },
  });
  expect(killed.code).toBeNull();
  shop.onReceived = () => undefined;
  const resumed = await cairn(company.folder, ['resume', run]);
  expect({ ...resumed, code: resumed.code }).toMatchObject({ code });
  expect(shop.received).toHaveLength(times);
  expect(new Set(shop.received.map(({ key }) => key)).size).toBe(1);
});

test.each([
  ['It was sent', 1],
  ['It was not sent: send it now', 2],
  ['Go on without it', 1],
])('P3: what the operator says of an effect in doubt is what counts: “%s”', async (choice, times) => {
  await connector('{path: /posts}');
  await announce();
  await cairn(company.folder, ['run', 'announce']);
  const run = await only();
  await cairn(company.folder, ['approve', `${run}/1`], {
    onStart: (child) => {
      shop.onReceived = () => child.kill('SIGKILL');
    },
  });
  shop.onReceived = () => undefined;
  const asked = await cairn(company.folder, ['resume', run]);
  expect(asked.out).toContain('Was “publish” done through shop?');
  const answered = await cairn(company.folder, ['answer', run, 'announce.deliver', choice]);
  expect(answered).toMatchObject({ code: 0 });
  expect(shop.received).toHaveLength(times);
});

test('P8: what has left is taken back by what compensates it, the latest first, and what cannot be is told', async () => {
  await connector('{path: /posts}');
  const back =
    '    compensate: {operation: unpublish, with: {id: "{{ item.receipt.id }}", was: "{{ item.with.title }}"}}\n';
  await announce(`${back}
  second:
    effect: shop
    operation: publish
    needs: announce
    with: {title: Another}
${back}
  third:
    effect: shop
    operation: publish
    needs: second
    with: {title: For good}
`);
  const done = await cairn(company.folder, ['run', 'announce', '--yes']);
  expect(done).toMatchObject({ code: 0 });
  const reverted = await cairn(company.folder, ['revert', await only(), '--yes']);
  expect(reverted).toMatchObject({ code: 0 });
  expect(shop.received.slice(3).map(({ path, body }) => ({ path, body }))).toEqual([
    { path: '/posts/post-2/unpublish', body: { id: 'post-2', was: 'Another' } },
    { path: '/posts/post-1/unpublish', body: { id: 'post-1', was: 'One price' } },
  ]);
  expect(reverted.err).toContain('What cannot be taken back: Third (publish through shop)');
});

const back = (id: string) => `    compensate: {operation: unpublish, with: {id: "${id}"}}\n`;
const sent = () => shop.received.map(({ path, body }) => ({ path, body }));

/** Approves the announcement by a process that is killed while it is sent. */
async function killedInMidSend(): Promise<string> {
  await cairn(company.folder, ['run', 'announce']);
  const run = await only();
  const killed = await cairn(company.folder, ['approve', `${run}/1`], {
    onStart: (child) => {
      shop.onReceived = () => child.kill('SIGKILL');
    },
  });
  expect(killed.code).toBeNull();
  shop.onReceived = () => undefined;
  return run;
}

test('P8: what was sent before its step was made anew is taken back too, the latest first', async () => {
  await connector('{path: /posts}');
  await write(
    '.cairn/workflows/announce.yaml',
    `name: Announce
steps:
  draft:
    agent: executor
    with: {objective: Write the note., read: briefs/one-price.md}
    writes: drafts/note.md
  approve:
    needs: draft
    gate: Good?
  announce:
    needs: approve
    effect: shop
    operation: publish
    with: {title: One price}
    file: briefs/one-price.md
${back('{{ item.receipt.id }}')}
  after:
    needs: announce
    agent: executor
    with: {objective: Write what follows., read: briefs/one-price.md}
    writes: drafts/after.md
  check:
    needs: after
    check: [{words: {min: 100000}}]
    on-fail: {revise: draft, max: 1}
`,
  );
  shop.onReceived = () => writeFileSync(join(company.folder, 'briefs/one-price.md'), '# Another price\n');
  const done = await cairn(company.folder, ['run', 'announce', '--yes']);
  expect(done).toMatchObject({ code: 1, out: expect.stringContaining('Failed') });
  expect(sent().map(({ path }) => path)).toEqual(['/posts', '/posts']);
  const reverted = await cairn(company.folder, ['revert', await only(), '--yes']);
  expect(reverted).toMatchObject({ code: 0 });
  expect(sent().slice(2)).toEqual([
    { path: '/posts/post-2/unpublish', body: { id: 'post-2' } },
    { path: '/posts/post-1/unpublish', body: { id: 'post-1' } },
  ]);
});

test('P3: a run that is stopped after its process was killed in mid-send names what may have been sent', async () => {
  await connector('{path: /posts}');
  await announce();
  const run = await killedInMidSend();
  const doubt = 'May have been sent: Announce (publish through shop).';
  const stopped = await cairn(company.folder, ['cancel', run]);
  expect(stopped).toMatchObject({ code: 0, out: expect.stringContaining(doubt) });
  expect((await cairn(company.folder, ['show', run])).out).toContain(doubt);
  const { timeline } = await cairnJson<{ timeline: { inDoubt: string[] } }>(company.folder, ['show', run]);
  expect(timeline.inDoubt).toEqual(['Announce (publish through shop)']);
  const forked = await cairn(company.folder, ['fork', run]);
  expect(forked.out).toContain('may have been sent: Announce (publish through shop)');
  const reverted = await cairn(company.folder, ['revert', run, '--yes']);
  expect(reverted).toMatchObject({
    code: 0,
    err: expect.stringContaining('May have been sent, and cannot be taken back: Announce'),
  });
  expect(shop.received).toHaveLength(1);
});

test.each([
  ['It was sent', ['/posts', '/posts/One%20price/unpublish']],
  ['It was not sent', ['/posts']],
])(
  'P3: an undo asks whether an effect in doubt was sent, and does what “%s” means',
  async (choice, paths) => {
    await connector('{path: /posts}');
    await announce(back('{{ item.with.title }}'));
    const run = await killedInMidSend();
    await cairn(company.folder, ['cancel', run]);
    const asked = await cairn(company.folder, ['revert', run]);
    expect(asked).toMatchObject({
      code: 3,
      out: expect.stringContaining('Was Announce (publish through shop) sent?'),
    });
    const answered = await cairn(company.folder, ['answer', await only(), 'asked-1', choice, '--yes']);
    expect(answered).toMatchObject({ code: 0 });
    expect(sent().map(({ path }) => path)).toEqual(paths);
  },
);

test.each([
  ['that was sent takes back', true, ['/posts', '/posts/post-1/unpublish']],
  ['that was not sent leaves alone', false, ['/posts']],
])(
  'P3: an undo looks for an effect in doubt where the connector can: one %s',
  async (_what, arrived, paths) => {
    await connector('{path: /posts, probe: "/keys/{key}"}');
    await announce(back('{{ item.receipt.id }}'));
    const run = await killedInMidSend();
    await cairn(company.folder, ['cancel', run]);
    const [first] = shop.received;
    if (!arrived) shop.received.splice(0, 1, { path: '/posts', key: 'another', body: {} });
    expect(first?.key).toContain(run);
    expect(await cairn(company.folder, ['revert', run, '--yes'])).toMatchObject({ code: 0 });
    expect(sent().map(({ path }) => path)).toEqual(paths);
  },
);

test('P3: a fork tells what the other run has sent behind it, and does not tell what it builds on', async () => {
  await connector('{path: /posts}');
  await announce(`  second:
    effect: shop
    operation: publish
    needs: announce
    with: {title: Another}
`);
  await cairn(company.folder, ['run', 'announce', '--yes']);
  const run = await only();
  const { out } = await cairn(company.folder, ['fork', run, '--after', 'announce']);
  expect(out).toContain('sent: Second (publish through shop)');
  expect(out).not.toContain('sent: Announce');
  expect(out).toContain(`take it back: cairn revert ${run}`);
  const { forked } = await cairnJson<{ forked: { sent: unknown; inDoubt: unknown } }>(company.folder, [
    'fork',
    run,
    '--after',
    'announce',
  ]);
  expect(forked).toMatchObject({
    sent: [{ step: 'second.deliver', effect: 'Second (publish through shop)' }],
    inDoubt: [],
  });
});
