import { parseArgs } from 'node:util';
import { build, ensureDependencies, packageExtension } from './setup.mjs';
import { main } from './system.mjs';

await main(async () => {
  const { values } = parseArgs({ options: { package: { type: 'boolean' } } });
  await ensureDependencies();
  await build();
  if (values.package) await packageExtension();
  return 0;
});
