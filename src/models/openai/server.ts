import { modelFailures } from '../../base/failures/models.ts';

/** The server that a provider talks to, as far as behaviour depends on it. */
export interface Server {
  readonly baseUrl: string;
  /** Host and port, for people. */
  readonly host: string;
  readonly isOpenAi: boolean;
  /** On this machine or network, where nobody sends a bill. */
  readonly isLocal: boolean;
}

const LOCAL =
  /^(localhost|.*\.local|.*\.localhost|\[::1\]|0\.0\.0\.0|127\.[\d.]+|10\.[\d.]+|192\.168\.[\d.]+)$/;

/** Throws `AppError` `model.not-configured` for what is no web address. */
export function serverAt(baseUrl: string): Server {
  if (!URL.canParse(baseUrl)) throw modelFailures.badAddress();
  const url = new URL(baseUrl);
  return {
    baseUrl,
    host: url.host,
    isOpenAi: url.hostname === 'api.openai.com',
    isLocal: LOCAL.test(url.hostname),
  };
}
