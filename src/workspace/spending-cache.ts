import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { companyPaths } from '../contracts/company.ts';
import { runSpendingSchema, type SpendingCache } from '../contracts/spending.ts';
import { ensureFolder, writeFileAtomic } from './atomic-file.ts';
import { parseJson } from './parse-json.ts';

const contentSchema = z.record(z.string(), runSpendingSchema);

/** `.cairn/cache/spending.json`. What cannot be read is no cache; of two processes that write, the last one's stays. */
export function openSpendingCache(root: string, log: (line: string) => void): SpendingCache {
  const path = join(root, companyPaths.cache, 'spending.json');
  return {
    read: async () => {
      const text = await readFile(path, 'utf8').catch(() => '');
      return new Map(Object.entries(contentSchema.safeParse(parseJson(text)).data ?? {}));
    },
    write: async (runs) => {
      try {
        await ensureFolder(dirname(path));
        await writeFileAtomic(path, JSON.stringify(Object.fromEntries(runs)), { durable: false });
      } catch (thrown) {
        log(`What was spent could not be cached: ${String(thrown)}`);
      }
    },
  };
}
