import { secretVariable } from '../base/failures/connectors.ts';
import type { SecretOf } from '../contracts/connector.ts';

/** The secrets of connectors on the command line: `crm-token` is `CAIRN_SECRET_CRM_TOKEN` of the environment. */
export function environmentSecrets(environment: Readonly<Record<string, string | undefined>>): SecretOf {
  return async (name) => environment[secretVariable(name)];
}
