import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../base/clock.ts';
import { AppError } from '../../base/failure.ts';
import { draftSchema, outputSchemas, roleSchema } from '../../contracts/agent.ts';
import { material, request, source } from '../request.fixture.ts';
import { decodeTarget, resolved } from './citation.ts';
import { splitDocument } from './front-matter.ts';
import { offlineProvider } from './provider.ts';
import { citedTargets } from './requirements.ts';
import { brief, notes } from './studio.fixture.ts';
import type { Role } from '../../contracts/agent.ts';
import type { Material } from '../../contracts/model.ts';

const provider = offlineProvider({ clock: new ManualClock() });
const never = new AbortController().signal;
const roles = roleSchema.options;

async function answer(given: Material): Promise<string> {
  return (await provider.complete(request({ material: given }), never)).text;
}

const studio = material({ sources: [brief, ...notes], sections: ['What changed', 'How to start'] });

describe('the offline model', () => {
  test('says what it is, and costs nothing', async () => {
    expect(provider).toMatchObject({ id: 'offline', label: 'Offline (extractive)' });
    const { usage } = await provider.complete(request({ material: studio }), never);
    expect(usage).toMatchObject({
      model: 'offline',
      provider: 'offline',
      tokensIn: 0,
      tokensOut: 0,
      costUsd: 0,
    });
  });

  test.each(roles)(
    'answers as %s in the schema of that role, with the same bytes each time',
    async (role) => {
      const given = { ...studio, role };
      const text = await answer(given);
      expect(outputSchemas[role].safeParse(JSON.parse(text)).error).toBeUndefined();
      expect(await answer(structuredClone(given))).toBe(text);
    },
  );

  test('a cancelled call ends with the reason that it was given', async () => {
    const reason = new AppError({ code: 'step.timed-out', message: 'Too slow.', retry: 'later' });
    await expect(provider.complete(request(), AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(provider.complete(request(), AbortSignal.abort())).rejects.toBeInstanceOf(AppError);
  });
});

const words = fc.constantFrom(
  'price',
  'studio',
  'TODO',
  'Anna',
  '“yes”',
  '[[x]]',
  '](y)',
  '{{ z }}',
  'is',
  '<!--',
  '12 €',
  '---',
);
const line = fc.array(words, { maxLength: 14 }).map((parts) => parts.join(' '));
const lineStart = fc.constantFrom('', '# ', '## Goal', '- ', '> ', '| ', '```', 'Deadline: ', '1. ');
const prose = fc
  .array(fc.tuple(lineStart, line, fc.constantFrom('.', '?', '!', ':', '')), { maxLength: 12 })
  .map((lines) => lines.map((parts) => parts.join('')).join('\n'));
const hostileText = fc.oneof(
  prose,
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ maxLength: 200 }),
);
const hostileSource = fc.record({
  id: fc.oneof(fc.stringMatching(/^[a-z-]{1,12}$/), fc.string({ minLength: 1, maxLength: 12 })),
  kind: fc.constantFrom('note' as const, 'file' as const, 'connector' as const, 'step' as const),
  title: fc.string({ maxLength: 30 }),
  text: hostileText,
  uri: fc.oneof(
    fc.constant('inbox/a b(1).eml'),
    fc.constant('https://x.example/a?b=%20'),
    fc.stringMatching(/^[a-z/.-]{1,20}$/),
  ),
  untrusted: fc.boolean(),
});
const findings = fc.array(
  fc.record({
    rule: fc.constantFrom('words', 'mentions', 'forbids', 'links'),
    passed: fc.boolean(),
    severity: fc.constant('error' as const),
    message: fc.constantFrom(
      'has 4 words, needs at least 90',
      'does not mention “price”',
      'says “is”, which is to be avoided',
      'links to “y”, but there is no y',
    ),
  }),
  { maxLength: 3 },
);
const hostileMaterial: fc.Arbitrary<Material> = fc
  .record({
    role: fc.constantFrom<Role[]>(...roles),
    objective: fc.oneof(
      fc.constantFrom('Publish it.', 'Reply to the mail.', 'Edit it.', 'Propose to the lead.'),
      hostileText,
    ),
    writes: fc.array(fc.constantFrom('drafts/a.md', 'drafts/**', '*', 'replies/x/y.md'), { maxLength: 2 }),
    sections: fc.array(fc.constantFrom('Why', 'Price and timing', '2. Next'), { maxLength: 3 }),
    expectations: fc.array(
      fc.constantFrom(
        'Write 20 to 60 words.',
        'Mention “Anna”.',
        'Do not write “studio” and “is”.',
        'Have the headings “Why”.',
        'Cite at least 2 different sources.',
      ),
      { maxLength: 5 },
    ),
    sources: fc.array(hostileSource, { maxLength: 8 }),
    files: fc.array(fc.record({ path: fc.constantFrom('drafts/a.md', 'other.md'), content: hostileText }), {
      maxLength: 2,
    }),
    feedback: fc.array(
      fc.record({
        from: fc.constantFrom('operator' as const, 'check' as const),
        text: hostileText,
        findings,
      }),
      { maxLength: 2 },
    ),
  })
  .map((parts) => material(parts));

describe('whatever the material is', () => {
  test('the answer fits its schema and is the same twice', async () => {
    await fc.assert(
      fc.asyncProperty(hostileMaterial, async (given) => {
        const text = await answer(given);
        expect(outputSchemas[given.role].safeParse(JSON.parse(text)).error).toBeUndefined();
        expect(await answer(given)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  test('a new draft cites nothing but sources of the material', async () => {
    await fc.assert(
      fc.asyncProperty(hostileMaterial, async (given) => {
        const draft = draftSchema.parse(
          JSON.parse(await answer({ ...given, role: 'executor', files: [], objective: 'Draft it.' })),
        );
        const ids = new Set(given.sources.map(({ id }) => id));
        const uris = new Set(given.sources.map(({ uri }) => decodeTarget(resolved([], decodeTarget(uri)))));
        expect(draft.sources.every((id) => ids.has(id))).toBe(true);
        for (const { path, content } of draft.files) {
          for (const target of citedTargets(splitDocument(content).body)) {
            const leadsTo = decodeTarget(resolved(path.split('/').slice(0, -1), decodeTarget(target)));
            const absolute = decodeTarget(resolved([], decodeTarget(target)));
            expect(ids.has(target) || uris.has(leadsTo) || uris.has(absolute), `${target} is a source`).toBe(
              true,
            );
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('much of it takes bounded time', async () => {
    const text = 'Every price of the studio is agreed before the first sketch is made. '.repeat(1500);
    const sources = Array.from({ length: 40 }, (_, i) => source({ id: `note-${i}`, text: `${i} ${text}` }));
    const files = [{ path: 'drafts/article.md', content: `---\nstatus: draft\n---\n\n# A\n\n${text}` }];
    const expectations = [
      'Write 400 to 500 words.',
      'Cite at least 9 different sources.',
      'Mention “zebra”.',
    ];
    const startedMs = performance.now();
    for (const role of roles) await answer(material({ role, sources, files, expectations }));
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });
});
