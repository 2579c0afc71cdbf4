import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseConnector } from '../connector-file.ts';
import { openConnector } from '../open-connector.ts';
import { AppError } from '../../base/failure.ts';
import type { Effects } from '../../contracts/effect.ts';

const value = 'fine-"print"-93127';
const request = { operation: 'publish', key: 'k', with: {}, body: '' };
const { signal } = new AbortController();

/** An outside system that says back all that it is told. */
let server: Server;
let received: IncomingHttpHeaders[];
beforeEach(async () => {
  received = [];
  server = createServer(({ headers }, response) => {
    received.push(headers);
    response.end(JSON.stringify({ headers }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

function open(secret: string | undefined): Effects {
  const { port } = server.address() as AddressInfo;
  const text = `type: webhook
url: http://127.0.0.1:${port}
headers: {authorization: {secret: shop-key, prefix: "Bearer "}}
operations: {publish: {probe: /k}}
`;
  const config = parseConnector(text, { file: 'shop.yaml' });
  const { effects } = openConnector('shop', config, '/', async (name) =>
    name === 'shop-key' ? secret : undefined,
  );
  if (!effects) throw new Error('It does nothing');
  return effects;
}

async function failureOf(sending: Promise<unknown>) {
  const thrown: unknown = await sending.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof AppError)) throw new Error(`It threw ${String(thrown)}`);
  return thrown;
}

describe('a secret of a webhook', () => {
  test('goes along in its header, when it sends and when it looks', async () => {
    await open(value).send(request, signal);
    await open(value).probe(request, signal);
    expect(received.map(({ authorization }) => authorization)).toEqual([
      `Bearer ${value}`,
      `Bearer ${value}`,
    ]);
    expect(received[0]?.['idempotency-key']).toBe('k');
  });

  test('is taken out of what the other side says back', async () => {
    const sent = await open(value).send(request, signal);
    expect(JSON.stringify(sent)).not.toMatch(/fine|print|93127/);
    expect(sent).toMatchObject({ receipt: { headers: { authorization: 'Bearer ‹shop-key›' } } });
  });

  test('that is missing stops it before anything is sent, and says how to set it', async () => {
    for (const empty of [undefined, '']) {
      const { failure } = await failureOf(open(empty).send(request, signal));
      expect(failure).toMatchObject({ code: 'secret.missing', retry: 'operator', kept: 'Nothing was sent.' });
      expect(failure.remedy).toMatch(/Set Connector Secret.*CAIRN_SECRET_SHOP_KEY/);
    }
    expect(received).toEqual([]);
  });

  test('that no header can hold is not sent, and not told either', async () => {
    const thrown = await failureOf(open('zebra\nprint').send(request, signal));
    expect(thrown.failure.code).toBe('secret.missing');
    expect(JSON.stringify([thrown.failure, String(thrown), String(thrown.cause)])).not.toMatch(/zebra|print/);
    expect(received).toEqual([]);
  });

  test.each([
    [
      'plain HTTP',
      'url: http://example.com\nheaders: {authorization: {secret: key}}',
      /would be sent unencrypted/,
    ],
    ['no name', 'url: https://example.com\nheaders: {authorization: {secret: A KEY}}', /lower-case letters/],
    ['a value', 'url: https://example.com\nheaders: {authorization: Bearer abc}', /headers\.authorization/],
    [
      'a name that is none of a header',
      'url: https://example.com\nheaders: {"a b": {secret: key}}',
      /header/,
    ],
    ['a header of Cairn’s', 'url: https://example.com\nheaders: {Idempotency-Key: {secret: key}}', /header/],
  ])('%s is refused in the connector’s file', (_what, keys, message) => {
    const text = `type: webhook\n${keys}\noperations: {}\n`;
    expect(() => parseConnector(text, { file: 'shop.yaml' })).toThrowError(message);
  });
});
