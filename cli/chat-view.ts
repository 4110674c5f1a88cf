/** One bubble of a chat. */
export interface Bubble {
  readonly at: Date;
  /** Name of the group, or null in a direct chat. */
  readonly room: string | null;
  readonly speaker: string;
  /** With whom the direct chat is; null in a group or when the speaker is that person. */
  readonly to?: string | null;
  readonly bot: boolean;
  readonly text: string;
}

export interface ChatView {
  /** The lines to print for a bubble; a heading when the chat or the day is another than before. */
  bubble(bubble: Bubble): string;
  /** A line of stage direction. */
  note(text: string): string;
}

const paint = (colours: boolean) => {
  const code = (open: number) => (text: string) => (colours ? `\u001B[${open}m${text}\u001B[0m` : text);
  return { dim: code(2), green: code(32), cyan: code(36), bold: code(1) };
};

/** Columns that the text takes in a terminal: Chinese signs take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const sign of text) {
    if (/\p{Mark}|\p{Default_Ignorable_Code_Point}/u.test(sign)) continue;
    width +=
      /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u.test(
        sign,
      )
        ? 2
        : 1;
  }
  return width;
}

/** Breaks a line where it would be wider than `width` columns. */
export function wrap(line: string, width: number): string[] {
  const rows: string[] = [];
  let row = '';
  for (const sign of line) {
    // A closing mark doesn't begin a row.
    if (widthOf(row + sign) > width && !/[,.;:!?,。;:!?、)】」”%]/u.test(sign)) {
      rows.push(row);
      row = sign === ' ' ? '' : sign;
    } else row += sign;
  }
  return [...rows, row];
}

const clockTime = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/**
 * A dialogue as it reads on a phone, for a terminal: villagers on the left, the bot set in, a heading for each
 * change of chat. Colours only where the caller says that a person is looking.
 */
export function createChatView(options: { width?: number; colours?: boolean; dayOf: (at: Date) => string }): ChatView {
  const { dim, green, cyan, bold } = paint(options.colours ?? false);
  const width = Math.max(30, Math.min(options.width ?? 80, 100));
  let day = '';
  let chat = '';

  function heading(bubble: Bubble): string[] {
    const today = options.dayOf(bubble.at);
    const here = bubble.room ?? `与${bubble.to ?? bubble.speaker}的私聊`;
    const lines = [
      ...(today === day ? [] : ['', bold(today)]),
      ...(here === chat && today === day ? [] : ['', dim(`── ${here} ${'─'.repeat(Math.max(2, 40 - widthOf(here)))}`)]),
    ];
    day = today;
    chat = here;
    return lines;
  }

  return {
    bubble(bubble) {
      const inset = bubble.bot ? '        ' : '  ';
      const rows = bubble.text.split('\n').flatMap((line) => wrap(line, width - widthOf(inset) - 2));
      const name = bubble.bot ? green(bubble.speaker) : cyan(bubble.speaker);
      return [
        ...heading(bubble),
        `${inset}${name} ${dim(clockTime.format(bubble.at))}`,
        ...rows.map((row) => `${inset}${bubble.bot ? green('▏') : dim('▏')}${row}`),
      ].join('\n');
    },
    note: (text) => `\n${dim(`(${text})`)}`,
  };
}
