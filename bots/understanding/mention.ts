/** What may follow a mention: WeChat's own sign (phones U+2005, computers a space), an end, a mark. */
const ending = String.raw`(?=[\s\u2005,，:：、。.!！?？~～]|$)`;
const escape = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const mentionOf = (name: string, after: string): RegExp => new RegExp(`[@＠]${escape(name)}${after}`, 'u');

/** Whether the text itself addresses that name: `@小溪 报名`, `报名 @小溪`; not `@小溪流水`. */
export function mentionsName(text: string, name: string): boolean {
  return name !== '' && mentionOf(name, ending).test(text);
}

/**
 * The text without the mentions of the bot. Lines stay lines. A mention that ran into the next word
 * (`@小溪报名`) is taken out too, so call this only for a message that is known to mention the bot.
 */
export function removeMention(text: string, botName: string): string {
  if (botName === '') return text.trim();
  const marked = new RegExp(`[^\\S\\n]*${mentionOf(botName, ending).source}[^\\S\\n]*[,，:：、]?[^\\S\\n]*`, 'gu');
  const joined = new RegExp(mentionOf(botName, '').source, 'gu');
  const found = marked.test(text);
  return text
    .replace(found ? marked : joined, ' ')
    .replace(/[^\S\n]+$/gmu, '')
    .trim();
}
