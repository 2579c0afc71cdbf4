import type { AddressObject, ParsedMail } from 'mailparser';
import { connectorProblems } from '../../base/failures/connectors.ts';
import type { ConnectorItem, ConnectorAnswer } from '../../contracts/connector.ts';
import type { DroppedFile } from '../drop-folder.ts';
import { htmlToText, parseMail, tidy } from '../mail-text.ts';
import { isoDate } from '../selection.ts';

/** A mail file as one item, its body as plain text. Attachments are named, not read. */
export async function readMail({ path, bytes }: DroppedFile): Promise<ConnectorAnswer> {
  const mail = await parseMail(bytes);
  if (!mail.from && !mail.subject && !mail.messageId) {
    return { items: [], problems: [connectorProblems.notMail(path)] };
  }
  const text = await bodyOf(mail);
  const problems = text === '' && mail.html ? [connectorProblems.noBody(path)] : [];
  return { items: [itemOf(path, mail, text)], problems };
}

/** The parser leaves HTML alone where it is one of several parts. */
async function bodyOf(mail: ParsedMail): Promise<string> {
  const text = tidy(mail.text ?? '');
  return text === '' && mail.html ? htmlToText(mail.html) : text;
}

function itemOf(path: string, mail: ParsedMail, text: string): ConnectorItem {
  const subject = mail.subject ?? 'No subject';
  const date = sentAt(mail);
  const attachments = mail.attachments.map(({ filename }) => filename ?? 'unnamed').join(', ');
  const fields = {
    from: addresses(mail.from),
    to: addresses(mail.to),
    subject,
    date,
    'message-id': mail.messageId,
    attachments: attachments === '' ? undefined : attachments,
  };
  return {
    id: path.slice(path.lastIndexOf('/') + 1),
    title: subject,
    text,
    uri: path,
    date,
    fields: Object.fromEntries(
      Object.entries(fields).flatMap(([key, value]) => (value ? [[key, value]] : [])),
    ),
  };
}

/** The date as the sender wrote it; the parser would take the present moment for a date it cannot read. */
function sentAt(mail: ParsedMail): string | undefined {
  const line = mail.headerLines.find(({ key }) => key === 'date')?.line;
  return isoDate(line?.slice(line.indexOf(':') + 1).trim());
}

function addresses(written: AddressObject | AddressObject[] | undefined): string {
  if (written === undefined) return '';
  return (Array.isArray(written) ? written : [written]).map(({ text }) => text).join(', ');
}
