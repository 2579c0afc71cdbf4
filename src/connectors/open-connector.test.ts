import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import type { Connector } from '../contracts/connector.ts';
import { parseConnector } from './connector-file.ts';
import { openConnector } from './open-connector.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cairn-connector-'));
  await mkdir(join(root, 'drop'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

const drop = (): Connector => openConnector('inbox', { type: 'file-drop', folder: 'drop' }, root);
const feed = (): Connector => openConnector('news', { type: 'feed', file: 'drop/news.xml' }, root);
const put = (name: string, content: string | Buffer) => writeFile(join(root, 'drop', name), content);

async function failureOf(work: Promise<unknown>) {
  const thrown: unknown = await work.catch((reason: unknown) => reason);
  if (thrown instanceof AppError) return thrown.failure;
  throw new Error(`no AppError: ${String(thrown)}`);
}

const mail = (head: string, body: string) => `${head.trim().split('\n').join('\r\n')}\r\n\r\n${body}`;

async function titles(parameters: Record<string, string>): Promise<string[]> {
  return (await drop().read('mails', parameters)).items.map(({ title }) => title);
}

describe('mails of a file drop', () => {
  test('carry sender, subject, date and text', async () => {
    await put(
      'a.eml',
      mail(
        'From: Greta Lindqvist <greta@example.com>\nTo: hello@example.com\nSubject: =?utf-8?q?Men=C3=BC?=\nDate: Tue, 3 Nov 2026 09:30:00 +0100\nMessage-ID: <m1@example.com>',
        'Hello,\r\n\r\n\r\n\r\nhow far is the menu?  \r\n',
      ),
    );
    expect(await drop().read('mails', {})).toEqual({
      items: [
        {
          id: 'a.eml',
          title: 'Menü',
          text: 'Hello,\n\nhow far is the menu?',
          uri: 'drop/a.eml',
          date: '2026-11-03T08:30:00.000Z',
          fields: {
            from: '"Greta Lindqvist" <greta@example.com>',
            to: 'hello@example.com',
            subject: 'Menü',
            date: '2026-11-03T08:30:00.000Z',
            'message-id': '<m1@example.com>',
          },
        },
      ],
      problems: [],
    });
  });

  test('HTML becomes text, scripts are dropped, attachments are named', async () => {
    const html = '<p>Two <b>sizes</b></p><script>alert(1)</script><ul><li>small</li></ul>';
    const body = `--b\r\nContent-Type: text/html\r\n\r\n${html}\r\n--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="sign.png"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n`;
    await put('a.eml', mail('From: a@example.com\nContent-Type: multipart/mixed; boundary=b', body));
    const { items } = await drop().read('mails', {});
    expect(items[0]?.text).toBe('Two sizes\n\n * small');
    expect(items[0]?.fields.attachments).toBe('sign.png');
  });

  test('an unreadable date is none, not the present moment', async () => {
    await put('a.eml', mail('From: a@example.com\nDate: some day', 'Hi'));
    expect((await drop().read('mails', {})).items[0]?.date).toBeUndefined();
  });

  test('a bad file is a problem by name, the others are read', async () => {
    await put('a.eml', Buffer.from([0, 1, 2, 255]));
    await put('b.eml', mail('From: b@example.com\nSubject: Fine', 'Hi'));
    await put('c.eml', '');
    await truncate(join(root, 'drop', 'c.eml'), limits.connectorFileBytes + 1);
    await mkdir(join(root, 'drop', 'd.eml'));
    const { items, problems } = await drop().read('mails', {});
    expect(items.map(({ title }) => title)).toEqual(['Fine']);
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['drop/a.eml', 'drop/c.eml']);
  });

  test('the newest come first, and one may be named', async () => {
    for (const [name, day] of [
      ['a', '02'],
      ['b', '09'],
      ['c', '05'],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- the order of the files is the point
      await put(
        `${name}.eml`,
        mail(`From: x@example.com\nSubject: ${name}\nDate: ${day} Nov 2026 08:00:00 +0000`, 'Hi'),
      );
    }
    expect(await titles({})).toEqual(['a', 'b', 'c']);
    expect(await titles({ newest: '2' })).toEqual(['b', 'c']);
    expect(await titles({ limit: '1', file: '' })).toEqual(['a']);
    expect(await titles({ file: 'c.eml', newest: '1' })).toEqual(['c']);
    expect(await titles({ file: 'drop/a.eml' })).toEqual(['a']);
    expect(await titles({ where: 'subject=B' })).toEqual(['b']);
  });
});

describe('rows of a file drop', () => {
  test('are items with the columns as fields', async () => {
    await put('leads.csv', '\ufeffid,name,status\nL-1,"Mill, the",new\nL-2,Hafen,won\n');
    const { items, problems } = await drop().read('rows', { where: 'status=new' });
    expect(problems).toEqual([]);
    expect(items).toEqual([
      {
        id: 'L-1',
        title: 'Mill, the',
        text: '',
        uri: 'drop/leads.csv#L2',
        date: undefined,
        fields: { id: 'L-1', name: 'Mill, the', status: 'new' },
      },
    ]);
  });

  test('semicolons, dates, another encoding and repeated ids are understood', async () => {
    await put('leads.csv', Buffer.from('id;name;date\n1;Bäckerei;2026-11-02\n1;Café;x\n', 'latin1'));
    const { items } = await drop().read('rows', {});
    expect(items.map(({ id, title, date }) => [id, title, date])).toEqual([
      ['1', 'Bäckerei', '2026-11-02T00:00:00.000Z'],
      ['leads.csv#L3', 'Café', undefined],
    ]);
  });

  test('a row with too many cells is left out with its line, the others stay', async () => {
    await put('leads.csv', 'id,name\n1,a\n2,b,c\n3,d\n');
    const { items, problems } = await drop().read('rows', {});
    expect(items.map(({ id }) => id)).toEqual(['1', '3']);
    expect(problems).toEqual([expect.stringMatching(/^drop\/leads\.csv:3: the row is left out/)]);
  });

  test.each([
    ['a column twice', 'id,id\n1,2\n'],
    ['a column without a name', 'id,\n1,2\n'],
    ['nothing', ''],
  ])('a header with %s is a problem', async (_what, text) => {
    await put('leads.csv', text);
    const { items, problems } = await drop().read('rows', {});
    expect(items).toEqual([]);
    expect(problems[0]).toContain('drop/leads.csv needs a first row');
  });

  test('a quote that never ends is a problem, not a failure', async () => {
    await put('leads.csv', 'id,name\n1,"a\n');
    expect((await drop().read('rows', {})).problems).toHaveLength(1);
  });

  test('a column named like a built-in is a column', async () => {
    await put('leads.csv', 'id,__proto__,constructor\n1,x,y\n');
    const { items } = await drop().read('rows', { where: '__proto__=x' });
    expect(Object.entries(items[0]?.fields ?? {})).toEqual([
      ['id', '1'],
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  test('more than the limit are cut, and it is said', async () => {
    const rows = Array.from({ length: limits.connectorItems + 1 }, (_, i) => `L-${i},x`);
    await put('leads.csv', `id,name\n${rows.join('\n')}\n`);
    const { items, problems } = await drop().read('rows', {});
    expect(items).toHaveLength(limits.connectorItems);
    expect(problems).toEqual(['Of 501 items only the first 500 are read.']);
  });
});

describe('texts and the list of a file drop', () => {
  test('a text is titled by its heading and dated by its name', async () => {
    await put('2026-10-01-call.md', '# Call with Greta\r\n\r\nShe said yes.\r\n');
    const { items } = await drop().read('texts', {});
    expect(items[0]).toMatchObject({ title: 'Call with Greta', date: '2026-10-01T00:00:00.000Z' });
    expect(items[0]?.text).toBe('# Call with Greta\n\nShe said yes.');
  });

  test('the list names every file in order, without hidden ones', async () => {
    await put('b.txt', 'x');
    await put('a.eml', 'x');
    await put('.gitkeep', '');
    expect((await drop().read('list', {})).items.map(({ uri }) => uri)).toEqual(['drop/a.eml', 'drop/b.txt']);
  });
});

describe('a feed', () => {
  const rss = `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>https://example.com</link><description>d</description>
<item><title>Type &amp;amp; trade</title><link>https://example.com/a</link><guid>g1</guid><pubDate>Tue, 03 Nov 2026 09:00:00 GMT</pubDate><description><![CDATA[<p>Signs <b>sell</b>.</p>]]></description></item>
<item><title>Second</title><link>javascript:alert(1)</link><pubDate>Wed, 04 Nov 2026 09:00:00 GMT</pubDate></item></channel></rss>`;
  const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><id>n</id><updated>2026-11-01T00:00:00Z</updated><entry><title>One</title><id>e1</id><link href="https://example.com/1"/><updated>2026-11-02T00:00:00Z</updated><summary>Short</summary></entry></feed>`;
  const json = JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: 'N',
    items: [
      {
        id: 'j1',
        url: 'https://example.com/j',
        content_text: 'a < b',
        date_published: '2026-11-02T00:00:00Z',
      },
    ],
  });

  test('entries carry plain text, link and date; an unsafe link is dropped', async () => {
    await put('news.xml', rss);
    const { items } = await feed().read('entries', {});
    expect(items[0]).toEqual({
      id: 'g1',
      title: 'Type & trade',
      text: 'Signs sell.',
      uri: 'https://example.com/a',
      date: '2026-11-03T09:00:00.000Z',
      fields: { title: 'Type & trade', link: 'https://example.com/a', date: '2026-11-03T09:00:00.000Z' },
    });
    expect(items[1]).toMatchObject({ id: '2', uri: 'drop/news.xml#2' });
  });

  test('Atom and JSON feeds are read alike', async () => {
    await put('news.xml', atom);
    expect((await feed().read('entries', {})).items[0]).toMatchObject({
      id: 'e1',
      title: 'One',
      text: 'Short',
    });
    await put('news.xml', json);
    expect((await feed().read('entries', { newest: '1' })).items[0]).toMatchObject({
      id: 'j1',
      text: 'a < b',
    });
  });

  test.each(['', 'nothing like it', '<rss><channel>', '\0\0'])(
    'what is no feed fails with a remedy: “%s”',
    async (text) => {
      await put('news.xml', text);
      const failure = await failureOf(feed().read('entries', {}));
      expect(failure.code).toBe('connector.failed');
      expect(failure.message).toContain('drop/news.xml');
      expect(failure.remedy).toBeTruthy();
    },
  );
});

describe('what cannot be read at all', () => {
  test('a folder or feed that is missing', async () => {
    const absent = openConnector('inbox', { type: 'file-drop', folder: 'post' }, root);
    expect(await failureOf(absent.read('mails', {}))).toMatchObject({
      code: 'connector.failed',
      message: 'The connector “inbox” reads post, which is not there.',
    });
    expect((await failureOf(feed().read('entries', {}))).code).toBe('connector.failed');
  });

  test('a folder that is a link out of the company', async () => {
    await symlink(tmpdir(), join(root, 'out'));
    const outside = openConnector('inbox', { type: 'file-drop', folder: 'out' }, root);
    expect((await failureOf(outside.read('list', {}))).code).toBe('path.outside');
  });

  test('a file that is a link out of the company is left out', async () => {
    const secret = await mkdtemp(join(tmpdir(), 'cairn-outside-'));
    await writeFile(join(secret, 'a.txt'), 'private');
    await symlink(join(secret, 'a.txt'), join(root, 'drop', 'a.txt'));
    const { items, problems } = await drop().read('texts', {});
    await rm(secret, { recursive: true });
    expect(items).toEqual([]);
    expect(problems).toEqual(['drop/a.txt is not a plain file of the company and is left out.']);
  });

  test.each([
    ['an operation', 'mail', {}, 'there is no operation “mail”; did you mean “mails”?'],
    ['a parameter', 'mails', { newst: '1' }, 'there is no parameter “newst”; did you mean “newest”?'],
    ['a file', 'mails', { file: '../x.eml' }, 'there is no file “../x.eml”.'],
    ['a number', 'mails', { newest: 'all' }, '“newest” must be a whole number from 1, not “all”.'],
    ['a condition', 'mails', { where: 'new' }, '“where” must be “column=value”, not “new”.'],
    ['a column', 'rows', { where: 'stats=new' }, 'nothing has a “stats”; did you mean “status”?'],
  ])('%s that does not exist', async (_what, operation, parameters, message) => {
    await put('leads.csv', 'id,status\n1,new\n');
    const failure = await failureOf(drop().read(operation, parameters));
    expect(failure).toMatchObject({
      code: 'connector.invalid',
      message: `The connector “inbox”: ${message}`,
    });
    expect(failure.remedy).toBeTruthy();
  });
});

const parse = (text: string) => parseConnector(text, { file: '.cairn/connectors/inbox.yaml' });

describe('a connector file', () => {
  test('says what is read', () => {
    expect(parse('type: file-drop\nfolder: inbox\n')).toEqual({ type: 'file-drop', folder: 'inbox' });
  });

  test.each(['../inbox', '/etc', '.git', '.cairn/runs', 'C:/mail'])('may not read %s', (folder) => {
    expect(() => parse(`type: file-drop\nfolder: ${folder}\n`)).toThrowError(/not a path in the company/);
  });
});
