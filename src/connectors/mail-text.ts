import { simpleParser, type ParsedMail } from 'mailparser';

/** HTML beyond this many characters is not turned into text. */
const htmlCharacters = 1024 * 1024;

export function parseMail(raw: Buffer | string): Promise<ParsedMail> {
  return simpleParser(raw, {
    skipTextToHtml: true,
    skipImageLinks: true,
    keepCidLinks: true,
    maxHtmlLengthToParse: htmlCharacters,
  });
}

/** HTML as plain text. A mail's body is the same problem, so the mail parser's converter is used for it. */
export async function htmlToText(html: string): Promise<string> {
  const head = 'Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n';
  const mail = await parseMail(head + Buffer.from(html).toString('base64'));
  return tidy(mail.text ?? '');
}

/** One kind of line end, no trailing blanks, no heap of empty lines. */
export function tidy(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
