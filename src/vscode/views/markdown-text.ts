/** Text that nobody of the house wrote, made harmless in Markdown: it shows as it is. */
export function plainMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&$:@]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
}

/** Text for a notification, where the editor makes links, and even commands, of Markdown's. */
export function plainNotice(text: string): string {
  return text.replaceAll('](', '] (').replace(/\s*\n\s*/g, ' ');
}
