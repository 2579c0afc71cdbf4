/** Text that nobody of the house wrote, made harmless in Markdown: it shows as it is. */
export function plainMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&$:@]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
}
